// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.ChosenNotice;
import io.paxos.model.Batch;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What this replica knows to be chosen. It keeps the <em>known-chosen prefix</em>, the highest slot up to which every
 * value is known, and the few known values above it; as the prefix grows it hands the values out, in order, to be
 * applied.
 *
 * <p>A notice that slots are chosen is believed only where this replica voted at exactly the notice's ballot. Why: A
 * leads at ballot 1 and C votes for w in slot 7. B leads at ballot 2, and x is chosen in slot 7 by the others. C hears "7
 * is chosen", still holds w, and would apply it. So the notice says "at ballot 2", C sees that its vote is from ballot 1,
 * and fetches x (hazard P5).
 *
 * <p>A value learnt any other way than by an own vote at its ballot is journalled as chosen before the prefix moves over
 * it; otherwise a restart would take the old vote for the chosen value.
 */
final class Learner {

    private final OpenVotes votes;
    private final int openSlotsMax;
    private final Fitness fitness;
    private final TreeMap<Long, Proposal> chosenAbove = new TreeMap<>();
    private long knownChosen;
    private long marked;
    private long lastTimeMillis;
    private long floor;
    private long markDueMillis;

    Learner(DurableState remembered, OpenVotes votes, int openSlotsMax, Fitness fitness) {
        this.votes = votes;
        this.openSlotsMax = openSlotsMax;
        this.fitness = fitness;
        this.knownChosen = remembered.knownChosen();
        this.marked = remembered.knownChosen();
        this.floor = remembered.floor();
        this.lastTimeMillis = remembered.lastChosenTimeMillis();
        for (Proposal chosen : remembered.chosen()) {
            chosenAbove.put(chosen.slot(), chosen);
        }
    }

    /** Everything up to here is known chosen, with its value. */
    long knownChosen() {
        return knownChosen;
    }

    /** Everything up to here is in a snapshot. */
    long floor() {
        return floor;
    }

    /** Stamp of the last slot of the prefix. */
    long lastTimeMillis() {
        return lastTimeMillis;
    }

    /** Whether a value that was fetched would be kept: without room for it, fetching is in vain. */
    boolean takesValuesIn() {
        return fitness.mayVote();
    }

    boolean knows(long slot) {
        return slot <= knownChosen || chosenAbove.containsKey(slot);
    }

    SortedMap<Long, Proposal> knownFrom(long slot) {
        return chosenAbove.tailMap(slot);
    }

    /**
     * Believes what it can of a notice.
     *
     * @return the highest slot of the notice that could not be proven, and has to be fetched; 0 if there is none
     */
    long onChosenNotice(ChosenNotice notice, Outbox out) {
        SlotRange slots = notice.slots();
        long unproven = 0;
        long last = Math.min(slots.last(), knownChosen + openSlotsMax);
        for (long slot = Math.max(slots.first(), knownChosen + 1); slot <= last; slot++) {
            if (knows(slot)) {
                continue;
            }
            Proposal vote = votes.in(slot);
            if (vote != null && vote.ballot().equals(notice.ballot())) {
                learn(vote, out);
            } else {
                unproven = slot;
            }
        }
        return Math.max(unproven, slots.last() > last ? slots.last() : 0);
    }

    /** Takes a proposal that is proven chosen: by a phase-2 quorum, or because a member that knows it sent the value. */
    void learn(Proposal proposal, Outbox out) {
        long slot = proposal.slot();
        if (slot <= knownChosen) {
            return;
        }
        Proposal known = chosenAbove.get(slot);
        if (known != null) {
            InvariantViolation.require(
                    known.value().equals(proposal.value()), "two values chosen in a slot", known, proposal);
            return;
        }
        if (slot > knownChosen + 1 && chosenAbove.size() >= openSlotsMax) {
            return; // it will be fetched when the prefix comes near
        }
        Proposal vote = votes.in(slot);
        if (vote == null || !vote.ballot().equals(proposal.ballot())) {
            InvariantViolation.require(
                    vote == null
                            || proposal.ballot().isAbove(vote.ballot())
                            || vote.value().equals(proposal.value()),
                    "a vote above the chosen ballot holds another value",
                    vote,
                    proposal);
            if (!fitness.mayVote()) {
                return; // no room for it; it will be fetched when there is
            }
            out.write(new DurableRecord.Chosen(proposal));
        } else {
            InvariantViolation.require(
                    vote.value().equals(proposal.value()), "two values at one ballot", vote, proposal);
        }
        chosenAbove.put(slot, proposal);
        advance(out);
    }

    /** Moves the prefix over what became contiguous; also called once at start. */
    void advance(Outbox out) {
        Proposal next = chosenAbove.remove(knownChosen + 1);
        while (next != null) {
            knownChosen = next.slot();
            lastTimeMillis = Math.max(lastTimeMillis, Batch.agreedTimeMillisOf(next.value()));
            votes.forget(knownChosen);
            out.chosen(next);
            next = chosenAbove.remove(knownChosen + 1);
        }
    }

    /** Everything up to there is in snapshots of this member: its values may go. */
    void trim(long slot, Outbox out) {
        InvariantViolation.require(slot <= knownChosen, "a snapshot above the known-chosen prefix", slot, knownChosen);
        if (slot > floor) {
            floor = slot;
            out.write(new DurableRecord.Trimmed(floor));
        }
    }

    /**
     * The state up to there came as a snapshot. What this replica holds above it stays what it was: votes are votes (hazard
     * R2). What it holds at or below it is of no use any more.
     */
    void install(long slot, long timeMillis, Outbox out) {
        lastTimeMillis = Math.max(lastTimeMillis, timeMillis); // also where nothing is left of the log that would tell
        if (slot > knownChosen) {
            knownChosen = slot;
            votes.forgetUpTo(slot);
            chosenAbove.headMap(slot, true).clear();
            advance(out); // what was known above the gap that the snapshot closed
        }
        trim(slot, out);
    }

    /**
     * Writes the durable mark "known chosen up to here". It rides along with other writes; alone it goes only when the
     * replica has been idle for a while, so that a restart finds it.
     */
    void mark(Outbox out, long idleMillis) {
        boolean behind = knownChosen > marked && fitness.mayVote();
        boolean due = behind && out.nowMillis() >= markDueMillis;
        if (behind && (out.hasWrites() || due)) {
            out.write(new DurableRecord.KnownChosen(knownChosen));
            marked = knownChosen;
        }
        if (!behind || out.hasWrites()) {
            markDueMillis = out.nowMillis() + idleMillis;
        }
    }
}
