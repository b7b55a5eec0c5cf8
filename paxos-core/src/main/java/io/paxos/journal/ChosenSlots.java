// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Batch;
import io.paxos.model.CorruptValueException;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What other threads see of a journal while it is written: the slots whose chosen value may be read, and the damage that
 * was found, at the start or by a read (hazard S14). The bounds are raised after a force, never before.
 */
final class ChosenSlots {

    private static final int DAMAGE_DESCRIBED_MAX = 1_000;

    private final ChosenReader reader;
    private final Doubt doubt;
    private final CopyOnWriteArrayList<JournalDamage> damage;
    private volatile Bounds readable = new Bounds(0, 0);

    /** Slots whose chosen value may be read: above the floor, up to the known-chosen mark. */
    private record Bounds(long floor, long knownChosen) {}

    /**
     * None so far.
     *
     * @param found damage that the start met
     */
    ChosenSlots(ChosenReader reader, Doubt doubt, List<JournalDamage> found) {
        this.reader = reader;
        this.doubt = doubt;
        this.damage = new CopyOnWriteArrayList<>(found);
    }

    /** Every record that the marks are made of is forced. The writing thread only. */
    void raiseTo(Marks marks) {
        readable = new Bounds(marks.floor(), marks.knownChosen());
    }

    List<JournalDamage> damage() {
        return List.copyOf(damage);
    }

    /** As {@link Journal#readChosen}. */
    List<Proposal> read(SlotRange slots, int bytesMax) throws IOException {
        Bounds now = readable;
        long last = Math.min(slots.last(), now.knownChosen);
        if (slots.first() <= now.floor || slots.first() > last) {
            // At or below the floor there may be old votes for slots whose value came with a snapshot.
            return List.of();
        }
        return readKnown(slots.first(), last, bytesMax);
    }

    private List<Proposal> readKnown(long first, long last, int bytesMax) throws IOException {
        try {
            return reader.read(first, last, bytesMax, doubt);
        } catch (ChosenReader.DamagedValueException found) {
            if (first <= readable.floor()) {
                return List.of(); // trimmed under the reader
            }
            if (found.isCertain()) {
                doubt.valueLost(first, found.ballot());
            }
            if (damage.size() < DAMAGE_DESCRIBED_MAX) {
                damage.add(found.damage());
            }
            throw new UnknownSlotsException(
                    new SlotRange(first, first), found.damage().toString());
        }
    }

    /** The stamp of the batch in the last slot of the known-chosen prefix; 0 if there is none. */
    static long lastStamp(Storage storage, ChosenReader reader, long slot, StateFold fold) throws IOException {
        if (slot <= fold.marks().floor()) {
            return 0;
        }
        List<Proposal> last = reader.read(slot, slot, 0, fold.doubt());
        try {
            return last.isEmpty() ? 0 : Batch.agreedTimeMillisOf(last.get(0).value());
        } catch (CorruptValueException noBatch) {
            throw new JournalException(
                    JournalException.Kind.DAMAGED,
                    "journal directory " + storage + ": the value of slot " + slot + " is no batch: "
                            + noBatch.getMessage(),
                    noBatch);
        }
    }
}
