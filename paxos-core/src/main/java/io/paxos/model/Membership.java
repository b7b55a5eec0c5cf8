// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Who votes, who only learns, what a quorum is, and how far ahead of the chosen prefix a leader may propose. Chosen at
 * slot <i>i</i> it governs slots ≥ <i>i</i> + α (Lamport, Malkhi, Zhou: Reconfiguring a State Machine, 2010).
 *
 * @param version from 1, one higher with every change
 * @param voters in ascending order of member id, 1 to {@link #VOTERS_MAX}, one incarnation a node
 * @param learners in ascending order, no voter among them; by node alone, for nothing depends on what a learner remembers:
 *     one whose directory was lost is the same learner again
 * @param quorums fits the number of voters
 * @param alpha slots that may be open above the chosen prefix, 1 to {@link #ALPHA_MAX}
 */
public record Membership(long version, List<MemberId> voters, List<NodeId> learners, QuorumSystem quorums, int alpha) {

    /** Most voters a membership can have. */
    public static final int VOTERS_MAX = 31;

    /** Most learners a membership can have. */
    public static final int LEARNERS_MAX = 64;

    /** Largest α, in slots. */
    public static final int ALPHA_MAX = 65_536;

    public Membership {
        voters = sorted(voters);
        learners = sorted(learners);
        if (version < 1) {
            throw new IllegalArgumentException("membership version: " + version + " is below 1");
        }
        if (voters.isEmpty() || voters.size() > VOTERS_MAX) {
            throw new IllegalArgumentException(
                    "membership voters: " + voters.size() + " is outside the allowed range 1.." + VOTERS_MAX);
        }
        if (learners.size() > LEARNERS_MAX) {
            throw new IllegalArgumentException(
                    "membership learners: " + learners.size() + " is outside the allowed range 0.." + LEARNERS_MAX);
        }
        if (alpha < 1 || alpha > ALPHA_MAX) {
            throw new IllegalArgumentException(
                    "membership alpha: " + alpha + " slots is outside the allowed range 1.." + ALPHA_MAX);
        }
        requireDistinctNodes(voters, learners);
        quorums.requireFits(voters.size());
    }

    private static <T extends Comparable<T>> List<T> sorted(List<T> members) {
        List<T> copy = new ArrayList<>(members);
        Collections.sort(copy);
        return List.copyOf(copy);
    }

    private static void requireDistinctNodes(List<MemberId> voters, List<NodeId> learners) {
        List<NodeId> nodes = new ArrayList<>(learners);
        for (MemberId member : voters) {
            nodes.add(member.node());
        }
        Collections.sort(nodes);
        for (int i = 0; i < nodes.size(); i++) {
            if (nodes.get(i).isNone() || (i > 0 && nodes.get(i).equals(nodes.get(i - 1)))) {
                throw new IllegalArgumentException("membership: node " + nodes.get(i) + " is named twice, or is none");
            }
        }
    }

    /** The voter's bit in a {@link VoterSet}, or -1 if that member does not vote here. */
    public int indexOf(MemberId member) {
        return Math.max(-1, Collections.binarySearch(voters, member));
    }

    public boolean isVoter(MemberId member) {
        return indexOf(member) >= 0;
    }

    /** Whether that node learns without a vote, whatever its incarnation. */
    public boolean isLearner(NodeId node) {
        return Collections.binarySearch(learners, node) >= 0;
    }

    /** Whether the member votes or learns. */
    public boolean contains(MemberId member) {
        return isVoter(member) || isLearner(member.node());
    }

    /** The set with the member's bit set; members that do not vote here change nothing. */
    public VoterSet add(VoterSet set, MemberId member) {
        int index = indexOf(member);
        return index < 0 ? set : set.with(index);
    }

    public boolean isPhase1Quorum(VoterSet set) {
        return quorums.isPhase1Quorum(set, voters.size());
    }

    public boolean isPhase2Quorum(VoterSet set) {
        return quorums.isPhase2Quorum(set, voters.size());
    }
}
