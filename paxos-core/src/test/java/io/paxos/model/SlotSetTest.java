// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Its ranges; that it is a set is held against a plain one by {@code HolesTest}. */
class SlotSetTest {

    @Provide
    Arbitrary<List<Long>> slots() {
        return Arbitraries.longs().between(1, 60).list().ofMaxSize(40);
    }

    @Property(tries = 300)
    void filledGapsMakeItSmallAndLoseNothing(@ForAll("slots") List<Long> slots) {
        SlotSet set = new SlotSet();
        slots.forEach(slot -> set.add(new SlotRange(slot, slot)));
        List<SlotRange> before = set.ranges();
        set.fillGapsBeyond(3);
        assertEquals(Math.min(3, before.size()), set.ranges().size());
        slots.forEach(slot -> assertTrue(set.contains(slot)));
        // Filled from below: what was added lies under the highest ranges, which are as they were.
        int kept = Math.min(2, before.size());
        assertEquals(
                before.subList(before.size() - kept, before.size()),
                set.ranges().subList(set.ranges().size() - kept, set.ranges().size()));
    }

    @Property(tries = 300)
    void rangesDoNotTouch(@ForAll("slots") List<Long> slots) {
        SlotSet set = new SlotSet();
        slots.forEach(slot -> set.add(new SlotRange(slot, slot)));
        List<SlotRange> ranges = set.ranges();
        for (int i = 1; i < ranges.size(); i++) {
            assertTrue(ranges.get(i - 1).last() + 1 < ranges.get(i).first());
        }
        assertEquals(
                new TreeSet<>(slots).size(),
                ranges.stream()
                        .mapToLong(range -> range.last() - range.first() + 1)
                        .sum());
    }

    @Test
    void theRangeAroundASlotIsCutToBounds() {
        SlotSet set = new SlotSet();
        set.add(new SlotRange(5, 20));
        assertEquals(new SlotRange(8, 12), set.around(10, 8, 12));
        assertEquals(new SlotRange(5, 20), set.around(10, 1, 100));
        assertThrows(IllegalArgumentException.class, () -> set.around(21, 1, 100));
    }
}
