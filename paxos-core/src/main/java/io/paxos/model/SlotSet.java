// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A set of slots, kept as disjoint ranges that do not touch. One thread at a time. */
public final class SlotSet {

    private final TreeMap<Long, Long> lastByFirst = new TreeMap<>();

    /** An empty set. */
    public SlotSet() {}

    public boolean isEmpty() {
        return lastByFirst.isEmpty();
    }

    public boolean contains(long slot) {
        return lowestFrom(slot) == slot;
    }

    /** The lowest range, or null if the set is empty. */
    public @Nullable SlotRange lowest() {
        Map.Entry<Long, Long> range = lastByFirst.firstEntry();
        return range == null ? null : new SlotRange(range.getKey(), range.getValue());
    }

    /** The lowest slot of the set that is not below this one; 0 if there is none. */
    public long lowestFrom(long slot) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(slot);
        if (range != null && range.getValue() >= slot) {
            return slot;
        }
        Long next = lastByFirst.ceilingKey(slot);
        return next == null ? 0 : next;
    }

    /**
     * The part of the range around a slot that lies within bounds.
     *
     * @throws IllegalArgumentException if the slot is not in the set
     */
    public SlotRange around(long slot, long least, long most) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(slot);
        if (range == null || slot > range.getValue()) {
            throw new IllegalArgumentException("slot " + slot + " is not in the set");
        }
        return new SlotRange(Math.max(range.getKey(), least), Math.min(range.getValue(), most));
    }

    /** All ranges, ascending. */
    public List<SlotRange> ranges() {
        List<SlotRange> ranges = new ArrayList<>();
        lastByFirst.forEach((first, last) -> ranges.add(new SlotRange(first, last)));
        return ranges;
    }

    public void add(SlotRange slots) {
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

    /** Takes one slot out; returns whether it was in. */
    public boolean remove(long slot) {
        Map.Entry<Long, Long> range = lastByFirst.floorEntry(slot);
        if (range == null || range.getValue() < slot) {
            return false;
        }
        lastByFirst.remove(range.getKey());
        if (range.getKey() < slot) {
            lastByFirst.put(range.getKey(), slot - 1);
        }
        if (slot < range.getValue()) {
            lastByFirst.put(slot + 1, range.getValue());
        }
        return true;
    }

    /** Takes out every slot up to this one. */
    public void removeUpTo(long slot) {
        for (Map.Entry<Long, Long> each = lastByFirst.firstEntry();
                each != null && each.getKey() <= slot;
                each = lastByFirst.firstEntry()) {
            lastByFirst.remove(each.getKey());
            if (each.getValue() > slot) {
                lastByFirst.put(slot + 1, each.getValue());
            }
        }
    }

    /**
     * Fills gaps between ranges, from below, until there are at most so many ranges: so the memory is bounded, and the set only
     * ever grows by it. Whoever calls this must be safe with a set that is too large.
     */
    public void fillGapsBeyond(int rangesMax) {
        while (lastByFirst.size() > rangesMax) {
            Map.Entry<Long, Long> lowest = lastByFirst.pollFirstEntry();
            Map.Entry<Long, Long> next = lastByFirst.pollFirstEntry();
            lastByFirst.put(lowest.getKey(), next.getValue());
        }
    }
}
