// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.VoterSet;
import java.util.List;

/**
 * Which membership governs which slot. Every tally asks here, for its own slot. There is only the founding membership so
 * far; a change chosen at slot i will govern slots ≥ i + α.
 */
final class Memberships {

    private final MemberId self;
    private final Membership founding;
    private final List<NodeId> others;

    Memberships(MemberId self, Membership founding) {
        this.self = self;
        this.founding = founding;
        this.others = founding.voters().stream()
                .map(MemberId::node)
                .filter(node -> !node.equals(self.node()))
                .toList();
    }

    MemberId self() {
        return self;
    }

    Membership forSlot(long slot) {
        return founding;
    }

    /** Every voter but this one, in ascending order: who is asked for promises and votes. */
    List<NodeId> others() {
        return others;
    }

    /** Those without a vote, in ascending order: who is told what was chosen, and asked for nothing. */
    List<NodeId> learners() {
        return founding.learners();
    }

    /** Whether what that member says of promises, votes and leaders may be listened to at all. */
    boolean knows(MemberId member) {
        return founding.isVoter(member);
    }

    /** Whether it is a learner of the membership. */
    boolean isLearner(MemberId member) {
        return founding.isLearner(member.node());
    }

    /**
     * Whether that one may follow without a vote: a learner, or one that runs in the place of a voter, and is another
     * incarnation. It is told what was chosen, and its commands are taken; nothing else that it says is heard.
     */
    boolean mayFollow(MemberId other) {
        return !knows(other) && (others.contains(other.node()) || isLearner(other));
    }

    boolean isPhase1Quorum(long slot, VoterSet set) {
        return forSlot(slot).isPhase1Quorum(set);
    }

    boolean isPhase2Quorum(long slot, VoterSet set) {
        return forSlot(slot).isPhase2Quorum(set);
    }

    VoterSet add(long slot, VoterSet set, MemberId member) {
        return forSlot(slot).add(set, member);
    }
}
