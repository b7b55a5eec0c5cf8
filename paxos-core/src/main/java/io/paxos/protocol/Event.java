// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message;
import io.paxos.model.Command;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that can happen to a {@link Replica}. */
public sealed interface Event {

    /**
     * A message arrived, perhaps late, twice or out of order. The driver has checked the founding and the group.
     *
     * @param from who sent it; the replica's own id for messages it addressed to itself
     * @param message what it says
     */
    record MessageArrived(MemberId from, Message message) implements Event {}

    /**
     * A member was heard at a higher boot than before: it started again. Comes before its first message.
     *
     * @param peer the member, of the same incarnation as before
     */
    record PeerStarted(MemberId peer) implements Event {}

    /**
     * Time is now this. The driver says so at the start of each turn in which time moved on.
     *
     * @param nowMillis monotonic, from 0, with an arbitrary origin; never goes back
     */
    record TimeIsNow(long nowMillis) implements Event {
        public TimeIsNow {
            if (nowMillis < 0) {
                throw new IllegalArgumentException("time: " + nowMillis + " ms is negative");
            }
        }
    }

    /**
     * The journal had these chosen values, and cannot read them any more.
     *
     * @param slots at or below the known-chosen prefix
     */
    record ValuesUnknown(SlotRange slots) implements Event {}

    /**
     * Snapshots of this member hold everything at or below that slot, and will hold it: the journal may let go of the values.
     *
     * @param floor at or below the known-chosen prefix
     */
    record SnapshotTaken(long floor) implements Event {
        public SnapshotTaken {
            Slots.requirePrefix(floor);
        }
    }

    /**
     * The state machine was replaced by a snapshot that another member sent, or was restored from this member's own at a
     * start. It is durable here.
     *
     * @param slot everything at or below is in it
     * @param agreedTimeMillis agreed time at that slot
     */
    record SnapshotInstalled(long slot, long agreedTimeMillis) implements Event {
        public SnapshotInstalled {
            Slots.requireSlot(slot);
        }
    }

    /**
     * Sessions that are attached to this node have commands to propose, here or at the leader.
     *
     * @param commands in the order of each session, several sessions mixed; at least one
     */
    record CommandsSubmitted(List<Command> commands) implements Event {
        public CommandsSubmitted {
            commands = List.copyOf(commands);
            if (commands.isEmpty()) {
                throw new IllegalArgumentException("commands submitted: none");
            }
        }
    }

    /**
     * As the log is applied here, sessions expire when agreed time reaches this. A leader that has nothing else to propose by
     * then proposes a tick, so that they do.
     *
     * @param agreedMillis agreed time; {@link Long#MAX_VALUE} if no session can expire
     */
    record NextExpiry(long agreedMillis) implements Event {}

    /**
     * This node wants to know from which slot on its state is not old. {@link Notice.ReadPointReady} tells, if anybody can
     * be asked and answers; else nothing does, and the driver wants again.
     *
     * @param nonce which the driver never uses again
     * @param byLease if so, it is told in this very step or not at all: without asking anybody, where this replica leads and
     *     holds a lease
     */
    record ReadPointWanted(long nonce, boolean byLease) implements Event {}

    /**
     * The node stood still before this, and time was lost: {@link TimeIsNow} tells less than has passed. Comes before it.
     */
    record TimeWasLost() implements Event {}

    /**
     * The disk is not what it was. A replica begins with all true; the driver tells of changes only.
     *
     * @param fitToLead if false, the replica hands leadership over and does not stand
     * @param mayVote if false, it moreover writes nothing: it promises nothing, votes for nothing, and takes no value in
     * @param keepsUp if false, too much waits for the disk: the replica opens no slots, should it lead
     */
    record FitnessChanged(boolean fitToLead, boolean mayVote, boolean keepsUp) implements Event {}

    /**
     * The host wants another member to lead. {@link Notice.HandOverEnded} tells how it ended, also if this replica does
     * not lead.
     *
     * @param target who; null for the member that is best prepared
     */
    record HandOverAsked(@Nullable NodeId target) implements Event {}
}
