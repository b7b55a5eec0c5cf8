// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.Ballot;
import io.paxos.model.FoundingId;
import io.paxos.model.NodeId;
import java.util.List;

/**
 * What a replica says of itself, for status pages and logs; the protocol never looks at it.
 *
 * @param role what it is doing
 * @param founding the founding it adopted, or {@link FoundingId#NONE}
 * @param waitingFor while founding: the nodes it has not heard from, or that have not adopted yet; without a vote: the members of which none has answered yet
 * @param promised its promise
 * @param leader the ballot of the leader it follows, or is; {@link Ballot#NONE} if it knows none
 * @param knownChosen its known-chosen prefix
 * @param highestVote highest slot it voted in, or the prefix
 * @param inFlightSlots slots open at this leader
 * @param pendingBytes commands waiting at this leader for a place in the window
 * @param unknownSlot the lowest slot that was lost to damage and holds this member up: one that is known chosen and whose
 *     value it is asking the others for, or else one above in which it may propose nothing, since too many members do not
 *     know what they voted for; 0 if there is none
 * @param highestHeard the highest slot that anybody said is chosen; not below {@code knownChosen}
 * @param learners how far each learner of the membership said it is; empty at those who have no vote
 */
public record ReplicaStatus(
        Role role,
        FoundingId founding,
        List<NodeId> waitingFor,
        Ballot promised,
        Ballot leader,
        long knownChosen,
        long highestVote,
        int inFlightSlots,
        long pendingBytes,
        long unknownSlot,
        long highestHeard,
        List<LearnerProgress> learners) {

    /**
     * What a voter knows of a learner.
     *
     * @param node the learner
     * @param knownChosen how far it said it is; 0 if it was not heard since this replica started
     * @param silentMillis how long ago it said so; -1 if it was not heard
     */
    public record LearnerProgress(NodeId node, long knownChosen, long silentMillis) {}

    /** What a replica can be doing. */
    public enum Role {
        /** Not activated yet: promises and votes nothing. */
        FOUNDING,
        /** Follows a leader, or waits for one. */
        FOLLOWER,
        /** Asked whether the others would promise. */
        CANVASSING,
        /** Asked for promises. */
        PREPARING,
        /** Has its promises and finishes what earlier leaders began. */
        RECOVERING,
        /** Leads and takes commands. */
        LEADING,
        /** Still leads, takes no commands, and waits for its successor. */
        HANDING_OVER,
        /** Has no vote, for its directory stands in the place of one that was lost; applies what the others choose. */
        FOLLOWER_WITHOUT_VOTE,
        /** Has no vote, as the membership says; applies what the voters choose. */
        LEARNER
    }

    public ReplicaStatus {
        waitingFor = List.copyOf(waitingFor);
        learners = List.copyOf(learners);
    }
}
