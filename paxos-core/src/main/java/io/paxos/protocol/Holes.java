// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.SlotRange;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Slots of the known-chosen prefix whose values this member's journal lost. They are chosen, so the prefix does not go back
 * for them, but they cannot be served.
 *
 * <p>How far this member can vouch for the log therefore depends on where somebody begins to read it. A lost 5 of a million:
 * whoever asks for what follows 900,000 gets it all; to whoever asks from 3 on, A can give 3 and 4.
 */
final class Holes {

    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    void add(SlotRange slots) {
        long first = slots.first();
        long last = slots.last();
        Map.Entry<Long, Long> before = lastByFirst.floorEntry(first);
        if (before != null && before.getValue() >= first - 1) {
            first = before.getKey();
            last = Math.max(last, before.getValue());
        }
        for (Map.Entry<Long, Long> each = lastByFirst.ceilingEntry(first);
                each != null && each.getKey() <= last + 1;
                each = lastByFirst.ceilingEntry(first)) {
            last = Math.max(last, each.getValue());
            lastByFirst.remove(each.getKey());
        }
        lastByFirst.put(first, last);
    }

    /** Fills one slot. Returns whether it was lost. */
    boolean remove(long slot) {
        Map.Entry<Long, Long> hole = lastByFirst.floorEntry(slot);
        if (hole == null || hole.getValue() < slot) {
            return false;
        }
        lastByFirst.remove(hole.getKey());
        if (hole.getKey() < slot) {
            lastByFirst.put(hole.getKey(), slot - 1);
        }
        if (slot < hole.getValue()) {
            lastByFirst.put(slot + 1, hole.getValue());
        }
        return true;
    }

    /** Nobody asks for these any more. */
    void removeUpTo(long slot) {
        for (Map.Entry<Long, Long> each = lastByFirst.firstEntry();
                each != null && each.getKey() <= slot;
                each = lastByFirst.firstEntry()) {
            lastByFirst.remove(each.getKey());
            if (each.getValue() > slot) {
                lastByFirst.put(slot + 1, each.getValue());
            }
        }
    }

    boolean isEmpty() {
        return lastByFirst.isEmpty();
    }

    boolean contains(long slot) {
        return lowestFrom(slot) == slot;
    }

    /** The lowest lost slots that lie together, or null. */
    @Nullable
    SlotRange lowest() {
        Map.Entry<Long, Long> hole = lastByFirst.firstEntry();
        return hole == null ? null : new SlotRange(hole.getKey(), hole.getValue());
    }

    /** The lowest lost slot that is not below this one, or 0. */
    long lowestFrom(long slot) {
        Map.Entry<Long, Long> hole = lastByFirst.floorEntry(slot);
        if (hole != null && hole.getValue() >= slot) {
            return slot;
        }
        Long next = lastByFirst.ceilingKey(slot);
        return next == null ? 0 : next;
    }

    /**
     * How much of a prefix this member can vouch for, to somebody who reads from that slot on: all of it, or what lies below
     * the first value that it would miss.
     */
    long prefixFor(long from, long knownChosen) {
        long hole = lowestFrom(from > knownChosen ? 1 : from);
        return hole == 0 ? knownChosen : hole - 1;
    }
}
