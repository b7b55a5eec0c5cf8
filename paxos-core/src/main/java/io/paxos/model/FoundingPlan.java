// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.List;

/**
 * What every founding member is configured with before the founding: the same on each of them.
 *
 * @param voters node ids of the founding voters, ascending, no duplicates, 1 to {@link Membership#VOTERS_MAX}
 * @param learners node ids of the founding learners, ascending, no voter among them, at most {@link Membership#LEARNERS_MAX}
 * @param quorums fits the number of voters
 * @param alpha slots that may be open above the chosen prefix, 1 to {@link Membership#ALPHA_MAX}
 */
public record FoundingPlan(List<NodeId> voters, List<NodeId> learners, QuorumSystem quorums, int alpha) {

    public FoundingPlan {
        voters = voters.stream().sorted().toList();
        if (voters.isEmpty() || voters.size() > Membership.VOTERS_MAX) {
            throw new IllegalArgumentException(
                    "founding voters: " + voters.size() + " is outside the allowed range 1.." + Membership.VOTERS_MAX);
        }
        requireDistinct("founding voters", voters);
        learners = learners.stream().sorted().toList();
        if (learners.size() > Membership.LEARNERS_MAX) {
            throw new IllegalArgumentException("founding learners: " + learners.size()
                    + " is outside the allowed range 0.." + Membership.LEARNERS_MAX);
        }
        requireDistinct("founding learners", learners);
        for (NodeId learner : learners) {
            if (voters.contains(learner)) {
                throw new IllegalArgumentException(
                        "founding learners: " + learner + " is one of the founding voters " + voters);
            }
        }
        if (alpha < 1 || alpha > Membership.ALPHA_MAX) {
            throw new IllegalArgumentException(
                    "founding alpha: " + alpha + " slots is outside the allowed range 1.." + Membership.ALPHA_MAX);
        }
        quorums.requireFits(voters.size());
    }

    /** A plan without learners. */
    public FoundingPlan(List<NodeId> voters, QuorumSystem quorums, int alpha) {
        this(voters, List.of(), quorums, alpha);
    }

    private static void requireDistinct(String field, List<NodeId> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).isNone() || (i > 0 && nodes.get(i).equals(nodes.get(i - 1)))) {
                throw new IllegalArgumentException(field + ": " + nodes.get(i) + " is named twice, or is none");
            }
        }
    }

    /** Whether that membership is what this plan leads to, whatever the incarnations. */
    public boolean matches(Membership membership) {
        return membership.voters().stream().map(MemberId::node).toList().equals(voters)
                && membership.learners().equals(learners)
                && membership.quorums().equals(quorums)
                && membership.alpha() == alpha;
    }

    /** Whether that node learns without a vote. */
    public boolean isLearner(NodeId node) {
        return learners.contains(node);
    }

    /** The founder: the founding voter with the lowest id. */
    public NodeId founder() {
        return voters.get(0);
    }

    /** The same on two members exactly if their plans are, up to chance: 64 bits of FNV-1a over the plan's text. */
    public long checksum() {
        long hash = 0xcbf29ce484222325L;
        String text = voters + " " + quorums + " " + alpha + (learners.isEmpty() ? "" : " " + learners);
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
