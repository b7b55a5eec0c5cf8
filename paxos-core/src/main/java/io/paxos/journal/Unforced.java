// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.DurableRecord;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What was added to a segment since its last force: where the records are, and what they say of slots in doubt. All of it
 * comes true at once, when the force has returned; before that nobody may read those bytes, or take a slot for known by
 * them, since a crash may take them back. One thread.
 */
final class Unforced {

    private final SlotIndex index;
    private final Doubt doubt;
    private final List<DurableRecord> records = new ArrayList<>();
    private long[] lengths = new long[64];
    private long[] valueSlots = new long[64];
    private int count;
    private long offset;
    private long knownChosen;
    private boolean trims;

    /**
     * Nothing so far.
     *
     * @param knownChosen the known-chosen mark as of the last forced record
     */
    Unforced(SlotIndex index, Doubt doubt, long knownChosen) {
        this.index = index;
        this.doubt = doubt;
        this.knownChosen = knownChosen;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /**
     * The next record of the segment; it follows the one before without a gap.
     *
     * @param offset where it begins
     * @param length in bytes
     * @param valueSlot the slot whose value it holds, or 0
     */
    void add(long offset, long length, long valueSlot) {
        if (count == 0) {
            this.offset = offset;
        } else if (count == lengths.length) {
            lengths = Arrays.copyOf(lengths, count * 2);
            valueSlots = Arrays.copyOf(valueSlots, count * 2);
        }
        lengths[count] = length;
        valueSlots[count] = valueSlot;
        count++;
    }

    /** What the record added last says. Not to be told of copies: what they say was taken in when they were read. */
    void says(DurableRecord record) {
        records.add(record);
        trims |= record instanceof DurableRecord.Trimmed;
    }

    /**
     * All of it is forced. It is indexed before doubts end: a reader would take for the chosen value what is left of the slot
     * otherwise.
     *
     * @param segment that it was added to
     * @return whether the floor rose
     */
    boolean forced(long segment) {
        if (count > 0) {
            index.add(segment, offset, lengths, valueSlots, count);
        }
        boolean settles = !doubt.isEmpty();
        for (DurableRecord record : records) {
            if (record instanceof DurableRecord.KnownChosen mark) {
                knownChosen = Math.max(knownChosen, mark.slot());
            } else if (settles) {
                settle(record);
            }
        }
        boolean trimmed = trims;
        clear();
        return trimmed;
    }

    /** Nothing again. */
    void clear() {
        count = 0;
        records.clear();
        trims = false;
    }

    private void settle(DurableRecord record) {
        if (record instanceof DurableRecord.Accepted accepted) {
            doubt.voted(accepted.proposal(), knownChosen);
        } else if (record instanceof DurableRecord.Chosen chosen) {
            doubt.known(chosen.proposal().slot());
        }
    }
}
