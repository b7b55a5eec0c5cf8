// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.SlotRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A set of slots as disjoint ranges. Holds at most {@link #RANGES_MAX}: when there would be more, the gaps between them are
 * filled, from below, so that the set only ever grows by it. Whoever uses it must be safe with a set that is too large.
 */
final class SlotSet {

    static final int RANGES_MAX = 1_024;

    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    boolean isEmpty() {
        return lastByFirst.isEmpty();
    }

    boolean contains(long slot) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(slot);
        return range != null && slot <= range.getValue();
    }

    /** The part of the range around a slot of the set that lies within bounds. */
    SlotRange around(long slot, long least, long most) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(slot);
        if (range == null || slot > range.getValue()) {
            throw new IllegalArgumentException("slot " + slot + " is not in the set");
        }
        return new SlotRange(Math.max(range.getKey(), least), Math.min(range.getValue(), most));
    }

    void add(long first, long last) {
        long from = first;
        long to = last;
        Map.Entry<Long, Long> before = lastByFirst.floorEntry(from);
        if (before != null && before.getValue() >= from - 1) {
            from = before.getKey();
            to = Math.max(to, before.getValue());
        }
        for (Map.Entry<Long, Long> each = lastByFirst.ceilingEntry(from);
                each != null && each.getKey() <= to + 1;
                each = lastByFirst.higherEntry(from)) {
            to = Math.max(to, each.getValue());
            lastByFirst.remove(each.getKey());
        }
        lastByFirst.put(from, to);
        bound();
    }

    private void bound() {
        while (lastByFirst.size() > RANGES_MAX) {
            Map.Entry<Long, Long> lowest = lastByFirst.pollFirstEntry();
            Map.Entry<Long, Long> next = lastByFirst.pollFirstEntry();
            lastByFirst.put(lowest.getKey(), next.getValue());
        }
    }

    void remove(long slot) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(slot);
        if (range == null || slot > range.getValue()) {
            return;
        }
        lastByFirst.remove(range.getKey());
        if (range.getKey() < slot) {
            lastByFirst.put(range.getKey(), slot - 1);
        }
        if (slot < range.getValue()) {
            lastByFirst.put(slot + 1, range.getValue());
        }
        bound();
    }

    void removeUpTo(long slot) {
        Map.Entry<Long, Long> lowest = lastByFirst.firstEntry();
        while (lowest != null && lowest.getKey() <= slot) {
            lastByFirst.remove(lowest.getKey());
            if (lowest.getValue() > slot) {
                lastByFirst.put(slot + 1, lowest.getValue());
                return;
            }
            lowest = lastByFirst.firstEntry();
        }
    }

    /** Ascending. */
    List<SlotRange> ranges() {
        List<SlotRange> ranges = new ArrayList<>();
        lastByFirst.forEach((first, last) -> ranges.add(new SlotRange(first, last)));
        return ranges;
    }
}
