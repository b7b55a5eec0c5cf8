// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class HistoryTest {
    private static final Counter.Input ADD = Counter.increment();
    private static final Counter.Input GET = new Counter.Get();

    private final History.Builder<Counter.Input, Long> builder = History.builder();

    @Test
    void whatIsRecordedIsTheHistory() {
        int add = builder.invoke(1, ADD, 10);
        int get = builder.invoke(2, GET, 11);
        builder.respond(get, 0L, 12);
        builder.acknowledge(add, 13);
        builder.invoke(1, ADD, 14);
        assertEquals(
                List.of(
                        Operation.acknowledged(1, ADD, 10, 13),
                        Operation.answered(2, GET, 0L, 11, 12),
                        Operation.open(1, ADD, 14)),
                builder.build().operations());
        assertEquals("""
                client 1: add(1) -> ok [10, 13]
                client 2: get() -> 0 [11, 12]
                client 1: add(1) -> unknown [14, open]
                """, builder.build().toString());
    }

    @Test
    void theOrderOfTheCallsDecidesNotTheTimes() {
        builder.acknowledge(builder.invoke(1, ADD, 5), 5);
        builder.acknowledge(builder.invoke(2, ADD, 5), 5);
        assertTrue(builder.build().precedes(0, 1));
        assertFalse(builder.build().precedes(1, 0));
    }

    @Test
    void withoutARecordingTimesDecideAndEqualTimesOverlap() {
        History<Counter.Input, Long> history = History.ofTimes(List.of(
                Operation.acknowledged(2, ADD, 6, 8),
                Operation.acknowledged(1, ADD, 0, 5),
                Operation.acknowledged(3, ADD, 5, 6)));
        assertEquals(
                List.of(1L, 3L, 2L),
                history.operations().stream().map(Operation::client).toList());
        assertFalse(history.precedes(0, 1));
        assertTrue(history.precedes(0, 2));
        assertFalse(history.precedes(1, 2));
    }

    @Test
    void anOpenOperationPrecedesNothing() {
        History<Counter.Input, Long> history =
                History.ofTimes(List.of(Operation.open(1, ADD, 0), Operation.acknowledged(2, ADD, 100, 101)));
        assertFalse(history.precedes(0, 1));
    }

    @Test
    void anOperationThatNeverTookEffectIsNotInTheHistory() {
        int refused = builder.invoke(1, ADD, 0);
        builder.neverTookEffect(refused);
        builder.respond(builder.invoke(1, GET, 1), 0L, 2);
        assertEquals(
                List.of(Operation.answered(1, GET, 0L, 1, 2)), builder.build().operations());
    }

    @Test
    void aClientThatGaveUpMayGoOn() {
        builder.leaveOpen(builder.invoke(1, ADD, 0));
        builder.respond(builder.invoke(1, GET, 1), 1L, 2);
        Judged.accepted(new Counter(), builder.build());
    }

    @Test
    void recordingMayGoOnAfterAHistoryWasTaken() {
        int add = builder.invoke(1, ADD, 0);
        History<Counter.Input, Long> early = builder.build();
        builder.acknowledge(add, 1);
        assertTrue(early.operations().get(0).isOpen());
        assertFalse(builder.build().operations().get(0).isOpen());
    }

    @Test
    void aSecondOperationInFlightIsRefused() {
        builder.invoke(1, ADD, 0);
        builder.invoke(2, ADD, 0);
        refused(
                IllegalStateException.class,
                "client 1 invokes get() at 3 with 1 operations in flight, of 1 allowed; respond to one or leave it open first",
                () -> builder.invoke(1, GET, 3));
    }

    @Test
    void severalOperationsInFlightAreAllowedIfAskedFor() {
        History.Builder<Counter.Input, Long> wide = History.builder(2);
        wide.invoke(1, ADD, 0);
        wide.invoke(1, ADD, 0);
        assertThrows(IllegalStateException.class, () -> wide.invoke(1, GET, 3));
        refused(IllegalArgumentException.class, "inFlightPerClientMax: 0 is less than 1", () -> History.builder(0));
    }

    @Test
    void aResponseBeforeItsInvocationIsRefused() {
        int add = builder.invoke(1, ADD, 10);
        refused(
                IllegalArgumentException.class,
                "operation 0 (add(1) of client 1) is answered with 7 at 9, outside the allowed range 10 (its invocation).."
                        + (Long.MAX_VALUE - 1),
                () -> builder.respond(add, 7L, 9));
        refused(
                IllegalArgumentException.class,
                "operation respondedAt: 9 is before its invocation at 10 (add(1) of client 1)",
                () -> Operation.acknowledged(1, ADD, 10, 9));
        builder.respond(add, 7L, 10);
    }

    @Test
    void aSecondEndIsRefused() {
        int add = builder.invoke(1, ADD, 10);
        builder.leaveOpen(add);
        refused(
                IllegalStateException.class,
                "operation 0 (add(1) of client 1) is answered with 7, but before it is left open",
                () -> builder.respond(add, 7L, 11));
        assertThrows(IllegalStateException.class, () -> builder.neverTookEffect(add));
        assertTrue(builder.build().operations().get(0).isOpen());
    }

    @Test
    void anEndOfNothingIsRefused() {
        builder.invoke(1, ADD, 10);
        refused(
                IllegalArgumentException.class,
                "operation 1 is acknowledged, but 1 operations were invoked, numbered from 0",
                () -> builder.acknowledge(1, 11));
    }

    @Test
    void anOpenOperationHasNoOutput() {
        refused(
                IllegalArgumentException.class,
                "operation output: 7 of add(1) of client 1 has no response time, but only an operation without output may be open",
                () -> Operation.answered(1, ADD, 7L, 0, Operation.OPEN));
        assertThrows(IllegalArgumentException.class, () -> Operation.acknowledged(1, ADD, 0, Operation.OPEN));
        assertThrows(IllegalArgumentException.class, () -> Operation.open(1, ADD, Operation.OPEN));
    }

    private static void refused(Class<? extends Exception> type, String message, Executable action) {
        assertEquals(message, assertThrows(type, action).getMessage());
    }
}
