// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class StateBytesTest {

    private static class Base {
        @SuppressWarnings("UnusedVariable") // read by reflection
        private long hidden;
    }

    private static final class Thing extends Base {
        @SuppressWarnings("UnusedVariable") // read by reflection
        private final Object held;

        Thing(long hidden, Object held) {
            super.hidden = hidden;
            this.held = held;
        }
    }

    private static void assertDiffer(Object a, Object b) {
        assertFalse(Arrays.equals(StateBytes.of(a), StateBytes.of(b)), () -> a + " and " + b);
    }

    @Test
    void everyFieldCountsInheritedAndPrivateOnesToo() {
        assertArrayEquals(StateBytes.of(new Thing(1, List.of("x"))), StateBytes.of(new Thing(1, List.of("x"))));
        assertDiffer(new Thing(1, "x"), new Thing(2, "x"));
        assertDiffer(new Thing(1, "x"), new Thing(1, "y"));
        assertDiffer(new Thing(1, "x"), new Thing(1, null));
        assertDiffer(new Thing(1, 1), new Thing(1, 1L));
        assertDiffer(new Thing(1, List.of()), new Thing(1, new TreeMap<>()));
        assertDiffer(List.of(List.of("x"), List.of()), List.of(List.of(), List.of("x")));
    }

    @Test
    void whetherTwoFieldsHoldTheSameObjectCounts() {
        Thing shared = new Thing(1, "x");
        assertDiffer(List.of(shared, shared), List.of(shared, new Thing(1, "x")));
    }

    @Test
    void aTypeThatItDoesNotKnowIsRefused() {
        Thing odd = new Thing(1, new BitSet());
        assertEquals(
                "no bytes for a class java.util.BitSet",
                assertThrows(IllegalStateException.class, () -> StateBytes.of(odd))
                        .getMessage());
        Thing array = new Thing(1, new long[1]);
        assertThrows(IllegalStateException.class, () -> StateBytes.of(array));
    }

    /** A name that has changed would let the field in again, and states that are one would be many. */
    @Test
    void whatIsLeftOutIsThere() throws ReflectiveOperationException {
        for (String each : StateBytes.LEFT_OUT) {
            int dot = each.lastIndexOf('.');
            String field = each.substring(dot + 1);
            assertEquals(
                    field,
                    Class.forName(each.substring(0, dot))
                            .getDeclaredField(field)
                            .getName());
        }
    }
}
