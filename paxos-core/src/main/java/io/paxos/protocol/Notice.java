// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Ballot;
import io.paxos.model.FoundingId;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.model.SlotRange;

/** What a step tells the driver beside writes, messages and chosen slots. */
public sealed interface Notice {

    /**
     * This replica follows another leader now, or leads, or knows none.
     *
     * @param leader the leader's ballot, or {@link Ballot#NONE} if none is known
     * @param leadsHere whether this replica is the leader and takes commands; while it hands over it is the leader and
     *     takes none
     */
    record LeaderChanged(Ballot leader, boolean leadsHere) implements Notice {}

    /**
     * This replica leads and hands over: from now on it takes no commands.
     *
     * @param ballot at which it leads
     */
    record HandOverBegan(Ballot ballot) implements Notice {}

    /**
     * A hand-over is over, or there was none to begin.
     *
     * @param target to whom leadership was offered, or who was asked for; {@link NodeId#NONE} if nobody was
     * @param result how it ended
     */
    record HandOverEnded(NodeId target, Result result) implements Notice {

        /** How a hand-over can end. */
        public enum Result {
            /** A higher ballot was promised; most likely the target's. */
            TAKEN,
            /** Nobody took over within an election timeout, or the quorum was lost: this replica resigned. */
            NOT_TAKEN,
            /** No member that could take over was heard lately. The replica leads on, unless it may not vote. */
            NOBODY_FIT,
            /** It was asked for, but this replica does not lead. */
            NOT_LEADING
        }
    }

    /**
     * Commands of a session that sent them through this node were refused, here or by the leader they were forwarded to.
     * The session keeps them and sends everything from {@code firstSequence} on again, after a while or when the leader
     * changes.
     *
     * @param session whose
     * @param firstSequence session sequence of the first refused command
     * @param reason why
     */
    record CommandsRefused(SessionId session, long firstSequence, RefusalReason reason) implements Notice {}

    /**
     * Whatever was answered to anybody before this node wanted to know is in the slots up to the point.
     *
     * @param nonce of the {@link Event.ReadPointWanted}
     * @param point a slot, at or above this replica's known-chosen prefix or below it
     * @param leaseEndMillis if it is so by a lease: the core's time at which that ends; else 0
     */
    record ReadPointReady(long nonce, long point, long leaseEndMillis) implements Notice {}

    /**
     * A member asks for chosen values: read them from the journal and send it a {@code CatchUpPage}. The core keeps no
     * values below the known-chosen prefix.
     *
     * @param to who asked
     * @param nonce of the request
     * @param slots to read; all known chosen
     */
    record CatchUpRead(NodeId to, long nonce, SlotRange slots) implements Notice {}

    /**
     * Values that are missing here are in nobody's log any more, as far as is known: a snapshot is needed.
     *
     * @param from a member that has one
     * @param floor everything at or below is in it
     */
    record SnapshotNeeded(NodeId from, long floor) implements Notice {}

    /**
     * The chosen value of a slot, which the journal had lost, was fetched and is journalled anew.
     *
     * @param slot which
     * @param from the member that had it
     */
    record Refilled(long slot, MemberId from) implements Notice {}

    /**
     * The founding was activated: this replica votes from now on.
     *
     * @param id the founding
     */
    record FoundingActivated(FoundingId id) implements Notice {}

    /**
     * This replica follows a founding without a vote, from now on for good.
     *
     * @param id the founding
     */
    record Follows(FoundingId id) implements Notice {}

    /**
     * This replica is a learner of a founding, and hears what it chooses from now on.
     *
     * @param id the founding
     */
    record Learns(FoundingId id) implements Notice {}

    /**
     * This replica cannot go on: a founding conflict, or a configuration that differs from the other members'. The node
     * stops and says so.
     *
     * @param reason a sentence for the operator
     */
    record MustStop(String reason) implements Notice {}

    /**
     * A member refuses this replica, because it is not of the founding: its directory was wiped, most likely. It goes on
     * waiting, without a vote.
     *
     * @param by who refuses
     * @param founding the founding of that member
     */
    record Refused(MemberId by, FoundingId founding) implements Notice {}
}
