// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.model.VoterSet;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Phase 2 of a leader: the slots it keeps open, up to a bound, chosen in any order. First come the slots that earlier
 * leaders left open, with the values that phase 1 demands, then new batches of whatever is queued when a place frees.
 *
 * <p>The leader's own vote is cast by its own acceptor in the same step, but counts only when it comes back after the
 * force. The others may vote before that: they do not depend on this disk.
 */
final class Window {

    private static final int RESENDS_PER_TURN_MAX = 64;

    /** So many times as long as for the first one of a leader are votes waited for, at most. */
    private static final int PATIENCE_TIMES_MAX = 8;

    private final Limits limits;
    private final Timing timing;
    private final Memberships memberships;
    private final Acceptor acceptor;
    private final Learner learner;
    private final PendingCommands pending;
    private final Expiry expiry;
    private final Fitness fitness;
    private final TreeMap<Long, Flight> flights = new TreeMap<>();
    private final TreeMap<Long, Value> recovered = new TreeMap<>();
    private final Pushes pushes;
    private final List<Proposal> chosenInStep = new ArrayList<>();
    private final ChosenNews news;
    private long bytesInFlight;
    private Ballot ballot = Ballot.NONE;
    private long nextSlot;
    private long recoveryEnd;
    private long timeBaseMillis;
    private long startedMillis;

    /**
     * How long votes are waited for before an accept is repeated: twice as long as the last slot took. Where the link is slower than
     * the window is large, repeating what is under way would only make it slower.
     */
    private long patienceMillis;

    private static final class Flight {
        final Proposal proposal;
        final long openedMillis;
        VoterSet votes = VoterSet.EMPTY;
        long sentMillis;

        Flight(Proposal proposal, long openedMillis) {
            this.proposal = proposal;
            this.openedMillis = openedMillis;
            this.sentMillis = openedMillis;
        }
    }

    Window(
            Limits limits,
            Timing timing,
            Memberships memberships,
            Acceptor acceptor,
            Learner learner,
            PendingCommands pending,
            Pushes pushes,
            Expiry expiry,
            Fitness fitness) {
        this.limits = limits;
        this.timing = timing;
        this.memberships = memberships;
        this.acceptor = acceptor;
        this.learner = learner;
        this.pending = pending;
        this.pushes = pushes;
        this.expiry = expiry;
        this.fitness = fitness;
        this.news = new ChosenNews(timing.noticeMillis());
    }

    /**
     * Opens the window of a new leader.
     *
     * @param values what phase 1 demands, by slot; may reach further than the window
     * @param next first slot that is free for new batches
     * @param timeBase no batch gets an earlier stamp than this
     */
    void start(Ballot ballot, SortedMap<Long, Value> values, long next, long timeBase, long nowMillis) {
        clear();
        this.ballot = ballot;
        recovered.putAll(values);
        nextSlot = next;
        timeBaseMillis = timeBase;
        startedMillis = nowMillis;
        patienceMillis = timing.retransmitMillis();
        expiry.leads();
        // One slot of its own ballot shows that the leader can choose, even if nobody submits anything.
        recovered.put(nextSlot, Batch.noOp(timeBase).encode());
        recoveryEnd = nextSlot;
        nextSlot++;
    }

    void clear() {
        flights.clear();
        bytesInFlight = 0;
        recovered.clear();
        chosenInStep.clear();
        news.clear();
    }

    private boolean hasRoom() {
        return flights.size() < limits.inFlightSlotsMax()
                && bytesInFlight < limits.inFlightBytesMax()
                && fitness.mayOpenSlots();
    }

    /** Whether {@link #fill} would open a slot, unless a tick is all there is to propose. */
    boolean hasWork() {
        return hasRoom() && (!recovered.isEmpty() || (!pending.isEmpty() && mayPropose(nextSlot)));
    }

    /** Fills free places: recovered slots first, then whatever is queued. */
    void fill(Outbox out) {
        while (hasRoom()) {
            if (!recovered.isEmpty()) {
                long slot = recovered.firstKey();
                if (!learner.knows(slot) && !mayPropose(slot)) {
                    return;
                }
                Value value = recovered.remove(slot);
                if (value != null && !learner.knows(slot)) {
                    open(new Proposal(slot, ballot, value), out);
                }
            } else if (!pending.isEmpty() && mayPropose(nextSlot)) {
                propose(pending.takeBatch(), out);
            } else if (expiry.isDue(stamp(out)) && mayPropose(nextSlot)) {
                propose(List.of(Command.tick()), out);
            } else {
                return;
            }
        }
    }

    private void propose(List<Command> commands, Outbox out) {
        long stamp = stamp(out);
        expiry.proposed(stamp);
        open(new Proposal(nextSlot, ballot, new Batch(0, stamp, 0, commands).encode()), out);
        nextSlot++;
    }

    /** Agreed time as this leader has it: it goes on from where the log was when its recovery ended. */
    private long stamp(Outbox out) {
        return timeBaseMillis + (out.nowMillis() - startedMillis);
    }

    /** A leader proposes slot s only when it knows every slot ≤ s − α chosen. */
    private boolean mayPropose(long slot) {
        return slot <= learner.knownChosen() + memberships.forSlot(slot).alpha();
    }

    private void open(Proposal proposal, Outbox out) {
        flights.put(proposal.slot(), new Flight(proposal, out.nowMillis()));
        bytesInFlight += proposal.value().length();
        Accept accept = new Accept(proposal);
        for (NodeId other : memberships.others()) {
            out.sendNow(other, accept);
        }
        acceptor.onAccept(acceptor.self(), accept, out);
    }

    /** Counts votes: at this ballot, for open slots, each voter of the slot's own membership once. */
    void onAccepted(MemberId from, Accepted accepted, Outbox out) {
        if (!accepted.ballot().equals(ballot)) {
            return;
        }
        SlotRange slots = accepted.slots();
        List<Flight> voted = new ArrayList<>(
                flights.subMap(slots.first(), true, slots.last(), true).values());
        for (Flight flight : voted) {
            long slot = flight.proposal.slot();
            flight.votes = memberships.add(slot, flight.votes, from);
            if (memberships.isPhase2Quorum(slot, flight.votes)) {
                flights.remove(slot);
                bytesInFlight -= flight.proposal.value().length();
                took(out.nowMillis() - flight.openedMillis);
                learner.learn(flight.proposal, out);
                chosenInStep.add(flight.proposal);
            }
        }
    }

    private void took(long millis) {
        long most = PATIENCE_TIMES_MAX * timing.retransmitMillis();
        patienceMillis = Math.min(most, Math.max(timing.retransmitMillis(), 2 * millis));
    }

    /** Drops slots that became known chosen some other way: fetched, or noticed. */
    void dropKnown() {
        while (!flights.isEmpty() && flights.firstKey() <= learner.knownChosen()) {
            bytesInFlight -=
                    flights.pollFirstEntry().getValue().proposal.value().length();
        }
    }

    /** Passes on what this step chose: the values to the learners at once, the word of it to the others in good time. */
    void announce(boolean atOnce, Outbox out) {
        boolean recovers = false; // who waited for a leader is not to wait for its first command, too
        for (Proposal each : chosenInStep) {
            news.chosen(each.slot(), out.nowMillis());
            recovers |= each.slot() <= recoveryEnd;
        }
        pushes.push(chosenInStep, learner.knownChosen(), out);
        chosenInStep.clear();
        if (news.isDue(atOnce || recovers, out.nowMillis())) {
            news.tell(ballot, learner.knownChosen(), memberships.others(), out);
        }
    }

    /** Repeats accepts that have been open for too long, to those who have not voted. */
    void retransmit(Outbox out) {
        int resends = 0;
        for (Flight flight : flights.values()) {
            if (out.nowMillis() - flight.sentMillis < patienceMillis) {
                continue;
            }
            flight.sentMillis = out.nowMillis();
            long slot = flight.proposal.slot();
            for (MemberId voter : memberships.forSlot(slot).voters()) {
                int index = memberships.forSlot(slot).indexOf(voter);
                if (flight.votes.contains(index)) {
                    continue;
                }
                if (!voter.equals(memberships.self())) {
                    out.sendNow(voter.node(), new Accept(flight.proposal));
                } else if (!acceptor.hasVoted(flight.proposal)) {
                    // Its table was full when the slot was opened, and the others may not suffice without it.
                    acceptor.onAccept(voter, new Accept(flight.proposal), out);
                }
            }
            if (++resends >= RESENDS_PER_TURN_MAX) {
                return;
            }
        }
    }

    /** First slot that is free for a new batch. */
    long nextSlot() {
        return nextSlot;
    }

    int openSlots() {
        return flights.size();
    }

    /** Whether everything that earlier leaders left, and one slot of this ballot, is known chosen. */
    boolean isRecovered() {
        return learner.knownChosen() >= recoveryEnd;
    }
}
