// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotsTest {

    private static final long MAX = 4611686018427387904L;

    @Test
    void aSlotIsFromOneToMaxAndAPrefixMayBeNothing() {
        assertEquals(MAX, Slots.MAX);
        for (long slot : new long[] {1, 2, MAX - 1, MAX}) {
            assertEquals(slot, Slots.requireSlot(slot));
            assertEquals(slot, Slots.requirePrefix(slot));
        }
        assertEquals(0, Slots.requirePrefix(0));
        assertEquals("slot: 0 is outside the allowed range 1.." + MAX, slotRefusal(0));
        assertEquals("slot: -1 is outside the allowed range 1.." + MAX, slotRefusal(-1));
        assertEquals("slot: 4611686018427387905 is outside the allowed range 1.." + MAX, slotRefusal(MAX + 1));
        for (long prefix : new long[] {-1, MAX + 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            assertEquals(
                    "slot prefix: " + prefix + " is outside the allowed range 0.." + MAX,
                    assertThrows(IllegalArgumentException.class, () -> Slots.requirePrefix(prefix))
                            .getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1",
        "3, 7, 3..7",
        "1, 4611686018427387904, 1..",
        "4611686018427387903, 4611686018427387904, 4611686018427387903..",
        "4611686018427387904, 4611686018427387904, 4611686018427387904"
    })
    void aRangeIsClosedAndReadsAsItsEnds(long first, long last, String text) {
        SlotRange range = new SlotRange(first, last);
        assertEquals(text, range.toString());
        assertEquals(false, range.contains(first - 1));
        assertTrue(range.contains(first));
        assertTrue(range.contains(last));
        assertEquals(false, range.contains(last + 1));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "-1, 1", "2, 1", "1, 0", "1, -1", "1, 4611686018427387905", "5, 4"})
    void aRangeOutOfOrderOrOutOfTheLogIsRefused(long first, long last) {
        assertEquals(
                "slot range: " + first + ".." + last + " is not within 1.." + MAX + ", in order",
                assertThrows(IllegalArgumentException.class, () -> new SlotRange(first, last))
                        .getMessage());
    }

    @Test
    void positionsAreOrderedBySlotThenIndex() {
        List<Position> ascending =
                List.of(new Position(1, 0), new Position(1, 1), new Position(1, 10), new Position(2, 0));
        for (int i = 0; i < ascending.size(); i++) {
            for (int j = 0; j < ascending.size(); j++) {
                assertEquals(
                        Integer.compare(i, j), Integer.signum(ascending.get(i).compareTo(ascending.get(j))));
            }
        }
        assertEquals("2:0", ascending.get(3).toString());
        assertThrows(IllegalArgumentException.class, () -> new Position(0, 0));
        assertThrows(IllegalArgumentException.class, () -> new Position(1, -1));
    }

    private static String slotRefusal(long slot) {
        return assertThrows(IllegalArgumentException.class, () -> Slots.requireSlot(slot))
                .getMessage();
    }
}
