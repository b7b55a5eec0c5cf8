// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.paxos.model.NodeId;
import io.paxos.model.Position;
import io.paxos.simulation.check.CasRegister;
import io.paxos.simulation.check.Counter;
import io.paxos.simulation.check.KeyValue;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Answer;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Forged clients of a map: what the oracle must hear of, and what it must not. */
class ClientsSeeOneOrderTest {

    private static final NodeId NODE = new NodeId(1);

    private final ClientsSeeOneOrder property = new ClientsSeeOneOrder();

    private void write(int client, long operation) {
        asks(client, operation, new CasRegister.Write<>(operation));
    }

    private void asks(int client, long operation, CasRegister.Input<Long> input) {
        Object at = new KeyValue.At<>("x", input);
        assertNull(property.observe(new TraceEvent.ClientInvoked(1, operation, client, NODE, at)));
    }

    private void executed(long operation, long slot) {
        assertNull(property.observe(new TraceEvent.Executed(2, NODE, 1, operation, new Position(slot, 0), 0)));
    }

    private @Nullable String answered(int client, long operation, Object output) {
        return property.observe(new TraceEvent.ClientAnswered(3, operation, client, NODE, Answer.DONE, output));
    }

    private @Nullable String read(int client, long operation, Optional<Long> value) {
        asks(client, operation, new CasRegister.Read<>());
        return answered(client, operation, new CasRegister.Value<>(value));
    }

    private void written(int client, long operation, long slot) {
        write(client, operation);
        executed(operation, slot);
        assertNull(answered(client, operation, "done"));
    }

    @Test
    void aStaleReadOfAnotherClientIsRefused() {
        written(1, 1, 5);
        written(1, 2, 6);
        assertNull(read(2, 3, Optional.of(2L)));
        assertEquals(
                "real-time order: client 3 read version 83886081 of key x, but version 100663297 had been told before it"
                        + " asked",
                read(3, 4, Optional.of(1L)));
    }

    @Test
    void aValueThatNobodyWroteOrThatTookEffectNowhereIsRefused() {
        assertEquals("client 2 read 9, which nobody wrote", read(2, 1, Optional.of(9L)));
        write(1, 2);
        assertEquals("client 2 read 2, which took effect nowhere", read(2, 3, Optional.of(2L)));
        assertEquals("write 1/2 is answered and took effect nowhere", answered(1, 2, "done"));
    }

    @Test
    void aCompareAndSetThatDidNotSwapWroteNothing() {
        asks(1, 1, new CasRegister.CompareAndSet<>(Optional.of(7L), 1L));
        executed(1, 5);
        assertNull(answered(1, 1, new CasRegister.Swapped<>(false)));
        assertNull(read(2, 2, Optional.empty()));
        assertEquals(
                "no phantom values: client 2 read write 1/1 from key x, but it had been refused",
                read(2, 3, Optional.of(1L)));
    }

    @Test
    void aWriteOfUnknownOutcomeMayBeReadOrNot() {
        write(1, 1);
        assertNull(property.observe(new TraceEvent.ClientAnswered(3, 1, 1, NODE, Answer.UNKNOWN, "Unknown")));
        assertNull(read(2, 2, Optional.empty()));
        executed(1, 9);
        assertNull(read(2, 3, Optional.of(1L)));
    }

    @Test
    void inputsOfOtherModelsAreIgnored() {
        assertNull(property.observe(new TraceEvent.ClientInvoked(1, 1, 1, NODE, new Counter.Add(3))));
        assertNull(answered(1, 1, 3L));
    }
}
