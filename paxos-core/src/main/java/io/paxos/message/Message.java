// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.Ballot;
import io.paxos.model.Command;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import java.util.List;

/**
 * Everything members say to each other. The family is sealed: a new message does not compile until it is handled
 * everywhere. Who sent a message is not in it; the frame says that.
 *
 * <p>Every reply repeats what makes its request unique (ballot and slot, or a nonce), so that late, duplicated and
 * replayed replies change nothing. Every acknowledgement carries the sender's promise; every refusal names the leader
 * the sender follows and its known-chosen prefix.
 */
public sealed interface Message {

    // ---- founding: before anybody may promise --------------------------------------------------------------

    /**
     * "I am here, and this is how far I am with the founding." Sent to every founding node until activated.
     *
     * @param adopted the founding this member adopted, or {@link FoundingId#NONE}
     * @param configuration checksum over the founding nodes, quorum system and α that this member was configured with;
     *     members that differ stop and say so
     */
    record FoundingGreeting(FoundingId adopted, long configuration) implements Message {}

    /** The founder asks: adopt this. */
    record FoundingOffer(Founding founding) implements Message {}

    /** "I adopted it, durably." */
    record FoundingAdopted(FoundingId id) implements Message {
        public FoundingAdopted {
            requireFounding(id);
        }
    }

    /** "Every founding member adopted it: promises and votes are allowed." Relayed by any activated member. */
    record FoundingActivation(FoundingId id) implements Message {
        public FoundingActivation {
            requireFounding(id);
        }
    }

    /**
     * "You are not of this founding": the answer of an activated member to a stranger, such as a wiped member that came
     * back with another incarnation.
     *
     * @param id the founding of the member that refuses
     */
    record FoundingRefusal(FoundingId id) implements Message {
        public FoundingRefusal {
            requireFounding(id);
        }
    }

    // ---- following without a vote --------------------------------------------------------------------------

    /**
     * "I have no vote; what founding do you follow, and how far are you?" Sent to one member at a time, again and again, by a
     * learner, and by a node whose directory was formatted to follow: the latter is told nothing else.
     *
     * @param adopted the founding it follows already, or {@link FoundingId#NONE}
     */
    record FollowRequest(FoundingId adopted) implements Message {}

    /**
     * An activated member's answer to a {@link FollowRequest}.
     *
     * @param founding of the member
     * @param leader whom the member follows, or is; its ballot, or {@link Ballot#NONE}
     * @param knownChosen the member's known-chosen prefix
     */
    record FollowAnswer(Founding founding, Ballot leader, long knownChosen) implements Message {
        public FollowAnswer {
            Slots.requirePrefix(knownChosen);
        }
    }

    // ---- election: nothing durable changes -----------------------------------------------------------------

    /**
     * "Would you promise?"
     *
     * @param nonce of this canvass
     * @param knownChosen the candidate's known-chosen prefix
     */
    record Canvass(long nonce, long knownChosen) implements Message {
        public Canvass {
            Slots.requirePrefix(knownChosen);
        }
    }

    /**
     * Answer to a canvass.
     *
     * @param nonce of the canvass
     * @param granted yes or no
     * @param promised the sender's promise
     * @param leader whom the sender follows; its ballot, or {@link Ballot#NONE}
     * @param knownChosen the sender's known-chosen prefix
     */
    record CanvassReply(long nonce, boolean granted, Ballot promised, Ballot leader, long knownChosen)
            implements Message {
        public CanvassReply {
            Slots.requirePrefix(knownChosen);
        }
    }

    // ---- phase 1 -------------------------------------------------------------------------------------------

    /**
     * Phase 1a (Paxos Made Simple, section 2.2), for all slots from {@code from} on.
     *
     * @param ballot the attempt's ballot
     * @param attempt nonce of the attempt
     * @param from first slot of the page asked for
     */
    record Prepare(Ballot ballot, long attempt, long from) implements Message {
        public Prepare {
            requireAttempt(ballot);
            Slots.requireSlot(from);
        }
    }

    /**
     * Phase 1b, one page of it. Slots outside {@code covered}, and slots in {@code unknown}, are not promised by this
     * page. Slots at or below {@code knownChosen} are chosen: they are fetched, never free.
     *
     * @param ballot of the prepare
     * @param attempt of the prepare
     * @param covered the slots this page speaks for; up to {@link Slots#MAX} on the last page
     * @param floor everything at or below is in a snapshot
     * @param knownChosen the sender's known-chosen prefix at that moment
     * @param votes the last vote in each covered slot above the prefix that has one, ascending
     * @param chosen covered slots above the prefix known chosen, with their value, ascending; overrides ballots
     * @param unknown covered slots whose vote may have been damaged
     */
    record Promise(
            Ballot ballot,
            long attempt,
            SlotRange covered,
            long floor,
            long knownChosen,
            List<Proposal> votes,
            List<Proposal> chosen,
            List<SlotRange> unknown)
            implements Message {
        public Promise {
            requireAttempt(ballot);
            Slots.requirePrefix(floor);
            Slots.requirePrefix(knownChosen);
            votes = List.copyOf(votes);
            chosen = List.copyOf(chosen);
            unknown = List.copyOf(unknown);
            requireAscending("votes", votes, covered);
            requireAscending("chosen", chosen, covered);
            requireAscending(unknown, covered);
        }

        public boolean isLast() {
            return covered.last() == Slots.MAX;
        }
    }

    // ---- phase 2 -------------------------------------------------------------------------------------------

    /** Phase 2a. */
    record Accept(Proposal proposal) implements Message {}

    /**
     * Phase 2b: the sender voted at {@code ballot} in every slot of the range, durably.
     *
     * @param ballot of the accepts
     * @param slots one or more neighbouring slots
     * @param promised the sender's promise
     * @param knownChosen the sender's known-chosen prefix
     */
    record Accepted(Ballot ballot, SlotRange slots, Ballot promised, long knownChosen) implements Message {
        public Accepted {
            requireAttempt(ballot);
            Slots.requirePrefix(knownChosen);
        }
    }

    /**
     * A prepare or an accept was refused: the sender promised a higher ballot, or knows the slot chosen already.
     *
     * @param ballot of the refused message
     * @param attempt nonce of the refused prepare; 0 for an accept
     * @param slot of the refused message
     * @param promised the sender's promise
     * @param leader whom the sender follows; its ballot, or {@link Ballot#NONE} if no live leader
     * @param knownChosen the sender's known-chosen prefix
     */
    record Rejected(Ballot ballot, long attempt, long slot, Ballot promised, Ballot leader, long knownChosen)
            implements Message {
        public Rejected {
            requireAttempt(ballot);
            Slots.requireSlot(slot);
            Slots.requirePrefix(knownChosen);
        }
    }

    // ---- leading -------------------------------------------------------------------------------------------

    /**
     * "I lead at this ballot."
     *
     * @param ballot the leader's
     * @param sequence counts the heartbeats of this ballot, from 1
     * @param hasQuorum whether a phase-2 quorum acknowledged within an election timeout
     * @param knownChosen the leader's known-chosen prefix
     */
    record Heartbeat(Ballot ballot, long sequence, boolean hasQuorum, long knownChosen) implements Message {
        public Heartbeat {
            requireAttempt(ballot);
            Slots.requirePrefix(knownChosen);
        }
    }

    /**
     * Answer to a heartbeat. It counts only if {@code promised} is the leader's ballot.
     *
     * @param ballot of the heartbeat
     * @param sequence of the heartbeat
     * @param promised the sender's promise
     * @param leader whom the sender follows; its ballot, or {@link Ballot#NONE}
     * @param knownChosen the sender's known-chosen prefix
     * @param fit whether the sender's disk is well, so that it could lead
     */
    record HeartbeatAck(Ballot ballot, long sequence, Ballot promised, Ballot leader, long knownChosen, boolean fit)
            implements Message {
        public HeartbeatAck {
            requireAttempt(ballot);
            Slots.requirePrefix(knownChosen);
        }
    }

    /**
     * Every slot of the range is chosen at this ballot. A learner believes it only for slots in which it voted at
     * exactly that ballot (hazard P5).
     *
     * @param ballot at which they were chosen
     * @param slots one or more neighbouring slots
     * @param knownChosen the sender's known-chosen prefix
     */
    record ChosenNotice(Ballot ballot, SlotRange slots, long knownChosen) implements Message {
        public ChosenNotice {
            requireAttempt(ballot);
            Slots.requirePrefix(knownChosen);
        }
    }

    /**
     * "I lead at this ballot and want to lead no longer: stand now, without a canvass." No more than a hint: acceptors
     * promise a higher ballot as always, whether or not anybody was asked to stand.
     *
     * @param ballot the leader's
     * @param nonce of the hand-over; the same in every repetition of it, another in every other one
     * @param knownChosen the leader's known-chosen prefix; who knows less is not to stand yet
     */
    record LeadershipOffer(Ballot ballot, long nonce, long knownChosen) implements Message {
        public LeadershipOffer {
            requireAttempt(ballot);
            Slots.requirePrefix(knownChosen);
        }
    }

    // ---- reads ---------------------------------------------------------------------------------------------

    /**
     * The leader asks: "do you still promise nothing above my ballot?" A quorum that answers yes proves that nobody else
     * could choose anything before this was sent (and, if it grants, before the lease is over).
     *
     * @param ballot the leader's
     * @param round counts the rounds of this ballot, from 1; a repetition has the same
     * @param leaseMillis how long the member shall promise nobody else from when it hears this; 0 if no lease is asked for
     */
    record ReadRound(Ballot ballot, long round, long leaseMillis) implements Message {
        public ReadRound {
            requireAttempt(ballot);
            if (round < 1 || leaseMillis < 0) {
                throw new IllegalArgumentException(
                        "read round: round " + round + " or lease of " + leaseMillis + " ms is out of range");
            }
        }
    }

    /**
     * "When I heard that, I had promised nothing above the ballot." One that has says nothing. It reveals no promise.
     *
     * @param ballot of the round
     * @param round of the round
     * @param granted whether the lease was granted that was asked for
     */
    record ReadRoundAnswer(Ballot ballot, long round, boolean granted) implements Message {
        public ReadRoundAnswer {
            requireAttempt(ballot);
        }
    }

    /**
     * "From which slot on is what I have not old?" Goes to the leader, perhaps over one relay.
     *
     * @param relays how many members may still pass it on; 1 or 0
     * @param origin who wants to know; the answer goes there
     * @param nonce of this request; the origin never uses it again
     */
    record ReadPointRequest(int relays, NodeId origin, long nonce) implements Message {
        public ReadPointRequest {
            if (relays < 0 || relays > 1) {
                throw new IllegalArgumentException(
                        "read point request relays: " + relays + " is outside the allowed range 0..1");
            }
        }
    }

    /**
     * Whatever was answered to anybody before the request was sent is in the slots up to the point.
     *
     * @param origin of the request, for a relay to pass the answer on
     * @param nonce of the request
     * @param ballot of the leader that had it confirmed
     * @param point the slot
     */
    record ReadPointAnswer(NodeId origin, long nonce, Ballot ballot, long point) implements Message {
        public ReadPointAnswer {
            requireAttempt(ballot);
            Slots.requirePrefix(point);
        }
    }

    /**
     * "The leader of that ballot reads by its lease no more, and never will again": who granted it is free. Sent by that
     * leader before it hands over, and by its successor before it asks for promises.
     *
     * @param ballot the leader's
     */
    record LeaseSurrender(Ballot ballot) implements Message {
        public LeaseSurrender {
            requireAttempt(ballot);
        }
    }

    // ---- catch-up ------------------------------------------------------------------------------------------

    /**
     * "Send me chosen values." Any member answers that knows them.
     *
     * @param nonce of this request
     * @param slots what is wanted; the answer may cover less
     * @param knownChosen the sender's known-chosen prefix: slots in it were here once, and their values are lost
     */
    record CatchUpRequest(long nonce, SlotRange slots, long knownChosen) implements Message {
        public CatchUpRequest {
            Slots.requirePrefix(knownChosen);
        }
    }

    /**
     * A bounded page of chosen values.
     *
     * @param nonce of the request
     * @param from first slot wanted
     * @param chosen values of {@code from}, {@code from} + 1, … without a gap; empty if the sender has none
     * @param floor everything at or below comes as a snapshot
     * @param knownChosen the sender's known-chosen prefix
     */
    record CatchUpPage(long nonce, long from, List<Proposal> chosen, long floor, long knownChosen) implements Message {
        public CatchUpPage {
            Slots.requireSlot(from);
            Slots.requirePrefix(floor);
            Slots.requirePrefix(knownChosen);
            chosen = List.copyOf(chosen);
            for (int i = 0; i < chosen.size(); i++) {
                if (chosen.get(i).slot() != from + i) {
                    throw new IllegalArgumentException("catch-up page from slot " + from + ": entry " + i
                            + " is for slot " + chosen.get(i).slot());
                }
            }
        }
    }

    // ---- learners -------------------------------------------------------------------------------------------

    /**
     * A leader tells a learner what it saw chosen a moment ago, values and all: a learner voted for none of them.
     *
     * @param chosen ascending, at least one; gaps are fetched
     * @param knownChosen the sender's known-chosen prefix
     */
    record ChosenValues(List<Proposal> chosen, long knownChosen) implements Message {
        public ChosenValues {
            Slots.requirePrefix(knownChosen);
            chosen = List.copyOf(chosen);
            if (chosen.isEmpty()) {
                throw new IllegalArgumentException("chosen values: none");
            }
            for (int i = 1; i < chosen.size(); i++) {
                if (chosen.get(i).slot() <= chosen.get(i - 1).slot()) {
                    throw new IllegalArgumentException(
                            "chosen values: slot " + chosen.get(i).slot() + " after "
                                    + chosen.get(i - 1).slot() + " is out of order");
                }
            }
        }
    }

    /**
     * A learner says how far it is: it holds every chosen value up to there, durably. It counts for nothing; it bounds what the
     * leader sends it unasked, and status pages show it.
     *
     * @param knownChosen the sender's known-chosen prefix
     */
    record Learned(long knownChosen) implements Message {
        public Learned {
            Slots.requirePrefix(knownChosen);
        }
    }

    // ---- snapshots -----------------------------------------------------------------------------------------

    /**
     * "Send me a piece of a snapshot." Whoever asks decides how much is under way.
     *
     * @param nonce of this request
     * @param wanted which; {@link SnapshotId#NONE} for the newest there is
     * @param offset where the piece begins, in bytes
     * @param length at most so many bytes
     */
    record SnapshotRequest(long nonce, SnapshotId wanted, long offset, int length) implements Message {
        public SnapshotRequest {
            if (offset < 0 || length < 1) {
                throw new IllegalArgumentException(
                        "snapshot request: offset " + offset + " or length " + length + " is out of range");
            }
        }
    }

    /**
     * A piece of a snapshot.
     *
     * @param nonce of the request
     * @param id which it is of; {@link SnapshotId#NONE} if the sender has not got what was asked for
     * @param offset where the piece begins, in bytes
     * @param piece its bytes, which may be fewer than asked for; none if {@code id} is none or the offset is its end
     */
    record SnapshotPiece(long nonce, SnapshotId id, long offset, Value piece) implements Message {
        public SnapshotPiece {
            if (offset < 0 || offset > id.bytes() || piece.length() > id.bytes() - offset) {
                throw new IllegalArgumentException("snapshot piece of " + id + ": offset " + offset + " with "
                        + piece.length() + " bytes is out of range");
            }
        }
    }

    // ---- forwarding ----------------------------------------------------------------------------------------

    /**
     * Commands on their way to the leader. Nothing is lost if this is: their session sends them again.
     *
     * @param relays how many members may still pass it on; 1 or 0
     * @param commands in the order of each session, several sessions mixed; at least one
     */
    record Forward(int relays, List<Command> commands) implements Message {
        public Forward {
            if (relays < 0 || relays > 1) {
                throw new IllegalArgumentException("forward relays: " + relays + " is outside the allowed range 0..1");
            }
            commands = List.copyOf(commands);
            if (commands.isEmpty()) {
                throw new IllegalArgumentException("forward: no commands");
            }
        }
    }

    /** Why a forward went no further. */
    enum RefusalReason {
        /** The receiver neither leads nor may relay, or knows no leader. */
        NO_LEADER,
        /** The leader's queue is full. */
        OVERLOADED
    }

    /**
     * Commands of a node's session were refused: those from that sequence on.
     *
     * @param reason why
     * @param firstSequence session sequence of the first refused command
     * @param origin whose session it is, for a relay to pass the refusal on
     * @param leader whom the sender follows; its ballot, or {@link Ballot#NONE}
     * @param knownChosen the sender's known-chosen prefix
     */
    record ForwardRefused(RefusalReason reason, long firstSequence, MemberId origin, Ballot leader, long knownChosen)
            implements Message {
        public ForwardRefused {
            Slots.requirePrefix(knownChosen);
        }
    }

    /**
     * Commands of a client were refused: those of that session from that sequence on. A forward may hold several sessions.
     *
     * @param reason why
     * @param session whose; its owner is 0
     * @param firstSequence session sequence of the first refused command
     * @param leader whom the sender follows; its ballot, or {@link Ballot#NONE}
     * @param knownChosen the sender's known-chosen prefix
     */
    record ClientRefused(RefusalReason reason, SessionId session, long firstSequence, Ballot leader, long knownChosen)
            implements Message {
        public ClientRefused {
            Slots.requirePrefix(knownChosen);
        }
    }

    // ---- what the records check ----------------------------------------------------------------------------

    private static void requireFounding(FoundingId id) {
        if (id.isNone()) {
            throw new IllegalArgumentException("founding id: none, where a founding must be named");
        }
    }

    /** Nobody prepares, votes or leads at {@link Ballot#NONE}. */
    private static void requireAttempt(Ballot ballot) {
        if (ballot.isNone()) {
            throw new IllegalArgumentException("ballot: none, where the ballot of an attempt must stand");
        }
    }

    private static void requireAscending(String field, List<Proposal> proposals, SlotRange covered) {
        long previous = 0;
        for (Proposal proposal : proposals) {
            if (proposal.slot() <= previous || !covered.contains(proposal.slot())) {
                throw new IllegalArgumentException("promise " + field + ": slot " + proposal.slot() + " after "
                        + previous + " is out of order, or outside the covered " + covered);
            }
            previous = proposal.slot();
        }
    }

    private static void requireAscending(List<SlotRange> unknown, SlotRange covered) {
        long previous = 0;
        for (SlotRange range : unknown) {
            if (range.first() <= previous || !covered.contains(range.first()) || !covered.contains(range.last())) {
                throw new IllegalArgumentException("promise unknown: slots " + range + " after " + previous
                        + " are out of order, or outside the covered " + covered);
            }
            previous = range.last();
        }
    }

    // ---- comparing state ------------------------------------------------------------------------------------

    /**
     * "This is what I came to." A member that most others contradict is wrong and stops.
     *
     * @param slot everything up to here is applied
     * @param digest hash of what was applied, of its results and of the state
     */
    record AppliedDigest(long slot, long digest) implements Message {
        public AppliedDigest {
            Slots.requireSlot(slot);
        }
    }

    // ---- memory of each other --------------------------------------------------------------------------------

    /**
     * "This is what I saw you make durable." Told to a member that started again, or that answers as if it had
     * forgotten. One that remembers less was put back from an older copy of its directory, and must stop (hazard S20).
     *
     * @param promised the highest promise it told the sender
     * @param slot the highest slot in which it told the sender of a vote; 0 for none
     * @param voted the ballot of that vote
     */
    record Remembered(Ballot promised, long slot, Ballot voted) implements Message {
        public Remembered {
            if (slot < 0 || slot > Slots.MAX) {
                throw new IllegalArgumentException(
                        "remembered: slot " + slot + " is outside the allowed range 0.." + Slots.MAX);
            }
        }
    }
}
