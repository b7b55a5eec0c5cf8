// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feeds chosen slots to the state machine, in order and without a gap, and holds at most a bounded number of bytes for
 * it. What does not fit is dropped and read from the journal again later (hazard V1); the replay of the log at a start
 * takes the same path, since nothing of it was ever fed.
 *
 * <pre>
 *   chosen here ──▶ room, and nothing left out before it? ──yes──▶ apply
 *                                  │ no                             ▲
 *                                  ▼                                │
 *                              dropped ── room again ──▶ journal ───┘
 * </pre>
 */
final class ApplyFeed {

    private final long backlogBytesMax;
    private final int pageBytesMax;
    private final int pageSlotsMax;

    /** The next slot the state machine is to see. */
    private long next;

    /** Every slot up to here is known chosen. */
    private long knownChosen;

    private long applied;
    private long backlogBytes;
    private boolean reading;
    private boolean suspended;
    private long readAgainAtMillis = Long.MIN_VALUE;

    /**
     * @param restored the slot that the state machine stands at
     * @param knownChosen as remembered
     */
    ApplyFeed(long restored, long knownChosen, long backlogBytesMax, int pageBytesMax, int pageSlotsMax) {
        this.next = restored + 1;
        this.applied = restored;
        this.knownChosen = Math.max(restored, knownChosen);
        this.backlogBytesMax = backlogBytesMax;
        this.pageBytesMax = pageBytesMax;
        this.pageSlotsMax = pageSlotsMax;
    }

    /**
     * Slots that the core found chosen. Returns those that are to be applied now; the rest is left to the journal.
     *
     * @throws IllegalStateException if they do not go on where the last ones ended
     */
    List<Proposal> chosen(List<Proposal> chosen) {
        List<Proposal> fed = new ArrayList<>(chosen.size());
        for (Proposal proposal : chosen) {
            if (proposal.slot() != knownChosen + 1) {
                throw new IllegalStateException(
                        "slot " + proposal.slot() + " was reported chosen after slot " + knownChosen);
            }
            knownChosen++;
            if (proposal.slot() == next && !reading && !suspended && hasRoomFor(proposal)) {
                feed(proposal, fed);
            }
        }
        return fed;
    }

    private boolean hasRoomFor(Proposal proposal) {
        return backlogBytes == 0 || backlogBytes + proposal.value().length() <= backlogBytesMax;
    }

    private void feed(Proposal proposal, List<Proposal> fed) {
        next++;
        backlogBytes += proposal.value().length();
        fed.add(proposal);
    }

    /** What to read from the journal now, or null: one page at a time, once half of the room is free. */
    @Nullable
    JournalRead nextRead(long id, long nowMillis) {
        if (reading
                || suspended
                || next > knownChosen
                || backlogBytes > backlogBytesMax / 2
                || nowMillis < readAgainAtMillis) {
            return null;
        }
        reading = true;
        long last = Math.min(knownChosen, next + pageSlotsMax - 1);
        return new JournalRead(id, new SlotRange(next, last), pageBytesMax);
    }

    /**
     * A page came. The journal returns nothing for slots whose known-chosen mark it has not got yet; then it is asked
     * again a little later.
     */
    List<Proposal> read(List<Proposal> page, long readAgainAtMillis) {
        reading = false;
        if (suspended) {
            return List.of();
        }
        this.readAgainAtMillis = page.isEmpty() ? readAgainAtMillis : Long.MIN_VALUE;
        List<Proposal> fed = new ArrayList<>(page.size());
        for (Proposal proposal : page) {
            if (proposal.slot() != next || proposal.slot() > knownChosen) {
                throw new IllegalStateException("the journal returned slot " + proposal.slot() + " where slot " + next
                        + " was wanted, with " + knownChosen + " known chosen");
            }
            feed(proposal, fed);
        }
        return fed;
    }

    /** The state machine is done with the slots up to that one. */
    void applied(long slot, long bytes) {
        if (slot < applied || slot >= next || bytes > backlogBytes) {
            throw new IllegalStateException("slot " + slot + " was reported applied after slot " + applied
                    + ", with slot " + next + " to be fed next");
        }
        applied = slot;
        backlogBytes -= bytes;
    }

    /** Nothing more is fed: a snapshot is on its way to the state machine, or it has no state to go on from. */
    void suspend() {
        suspended = true;
    }

    /** The snapshot was older than what was applied meanwhile: goes on where it was. */
    void resume() {
        suspended = false;
    }

    /**
     * The state machine stands at that slot now, by a snapshot, and sees nothing at or below it any more (hazard R1).
     *
     * @throws IllegalStateException if it was beyond that before
     */
    void installed(long slot) {
        if (slot <= applied || backlogBytes != 0) {
            throw new IllegalStateException("a snapshot of slot " + slot + " was installed after slot " + applied
                    + " was applied, with " + backlogBytes + " bytes still to be");
        }
        suspended = false;
        reading = false; // what is being read is in the snapshot, and will not be handed in here
        applied = slot;
        next = slot + 1;
        knownChosen = Math.max(knownChosen, slot);
    }

    long applied() {
        return applied;
    }

    /** Every slot up to here was handed to the state machine, or is in what it was restored from. */
    long handed() {
        return next - 1;
    }

    long knownChosen() {
        return knownChosen;
    }

    /** Whether everything known chosen was handed to the state machine. */
    boolean isCaughtUp() {
        return next > knownChosen;
    }
}
