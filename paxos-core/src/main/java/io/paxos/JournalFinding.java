// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.journal.JournalDamage;
import io.paxos.model.SlotRange;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in a node's log that is not as it was written: a bit was flipped, a sector lost, a file removed. Found when the
 * log was read at the node's start, or later, when a value was read back. Immutable; what it says of slots is as of the
 * moment of its {@link NodeStatus}.
 *
 * <p>What is damaged is never served and never taken for "nothing was there". The other members send the values of the slots
 * concerned, and the node writes them down anew, without being asked to. The place stays in the list until the node is
 * started again, and for as long as the damaged file is kept.
 *
 * @param file name of the file in the node's directory
 * @param offset of the first byte in it that is known to be wrong, or of the record it is in
 * @param kind in a few words, those of the table in {@code docs/durability.md}: {@code value damaged}, {@code records
 *     damaged}, {@code header damaged}, {@code segment missing}, or {@code read failed} for bytes that the system could not
 *     read
 * @param reason a sentence for an operator
 * @param slots of which something may have been lost there; ascending, empty if nothing was lost
 * @param unknown those of them that the node still knows nothing certain of: it makes no promise for them that would say
 *     "nothing accepted", and serves no value; ascending
 */
public record JournalFinding(
        String file, long offset, String kind, String reason, List<SlotRange> slots, List<SlotRange> unknown) {

    public JournalFinding {
        slots = List.copyOf(slots);
        unknown = List.copyOf(unknown);
    }

    static JournalFinding of(JournalDamage damage, List<SlotRange> unknownHere) {
        List<SlotRange> slots = damage.slots() == null ? List.of() : List.of(damage.slots());
        List<SlotRange> unknown = new ArrayList<>();
        for (SlotRange concerned : slots) {
            for (SlotRange each : unknownHere) {
                long first = Math.max(concerned.first(), each.first());
                long last = Math.min(concerned.last(), each.last());
                if (first <= last) {
                    unknown.add(new SlotRange(first, last));
                }
            }
        }
        return new JournalFinding(damage.file(), damage.offset(), damage.kind(), damage.reason(), slots, unknown);
    }

    /**
     * The slots that are known again: another member sent the value, this one voted in it anew, or later records of the log
     * tell all there is to know. Ascending.
     */
    public List<SlotRange> refilled() {
        List<SlotRange> refilled = new ArrayList<>();
        for (SlotRange concerned : slots) {
            long next = concerned.first();
            for (SlotRange each : unknown) {
                if (each.first() > next) {
                    refilled.add(new SlotRange(next, each.first() - 1));
                }
                next = each.last() + 1;
            }
            if (next <= concerned.last()) {
                refilled.add(new SlotRange(next, concerned.last()));
            }
        }
        return refilled;
    }

    /** One line that names all of it. */
    @Override
    public String toString() {
        return "journal file " + file + " at offset " + offset + ": " + kind + ", "
                + (slots.isEmpty() ? "no slot is concerned" : "slots " + slots + ", still unknown " + unknown);
    }
}
