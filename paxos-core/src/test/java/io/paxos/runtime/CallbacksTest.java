// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.driver.Outcome;
import io.paxos.driver.Read;
import io.paxos.driver.ReadFailure;
import io.paxos.driver.RecordLog;
import io.paxos.driver.Submission;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** Whatever becomes of the threads that tell callers: each caller is told, once. */
class CallbacksTest {

    private static final Outcome OUTCOME = new Outcome.NeverApplied();

    private final StopSignal stop = new StopSignal();
    private final List<String> told = new ArrayList<>();
    private final List<Runnable> waiting = new ArrayList<>();
    private final OutOfMemoryError noThread = new OutOfMemoryError("unable to create native thread");
    private final Executor without = telling -> {
        throw noThread;
    };

    private Callbacks callbacks(Executor completions, Executor own) {
        return new Callbacks(
                "n1", completions, new Callbacks.Own(own, waiting, 2), new FaultyParts(1, new RecordLog(), 1), stop);
    }

    private Submission.Completion caller(String name) {
        return outcome -> {
            assertSame(OUTCOME, outcome);
            told.add(name);
        };
    }

    @Test
    void anExecutorThatRefusesIsReplaced() {
        Executor closed = telling -> {
            throw new RejectedExecutionException("shut down");
        };
        Callbacks callbacks = callbacks(closed, Runnable::run);
        callbacks.complete(caller("a"), OUTCOME);
        callbacks.complete(caller("b"), OUTCOME);
        assertEquals(List.of("a", "b"), told);
        assertFalse(stop.isRequested());
    }

    @Test
    void anErrorFromTheHostsExecutorStopsTheNodeAndTheCallerIsToldByTheLibrarys() {
        callbacks(without, Runnable::run).complete(caller("a"), OUTCOME);
        assertEquals(List.of("a"), told);
        assertNotNull(stop.reason());
        assertSame(noThread, stop.reason().cause());
    }

    @Test
    void whileAsManyWaitAsMayBeNoReadIsTakenWhoseCallerWouldWaitBehindThem() {
        Callbacks callbacks = callbacks(null, waiting::add);
        OpenReads reads = new OpenReads(10, callbacks);
        callbacks.complete(caller("a"), OUTCOME);
        assertFalse(callbacks.isBehind());
        assertNotNull(reads.open(new Unread(), true));
        callbacks.complete(caller("b"), OUTCOME);
        assertTrue(callbacks.isBehind());
        assertNull(reads.open(new Unread(), true));
        assertNotNull(reads.open(new Unread(), false), "it tells by itself");
        waiting.remove(0).run();
        assertFalse(callbacks.isBehind());
    }

    private static final class Unread implements Read.Reader {
        @Override
        public void read() {}

        @Override
        public void answered(long slot, long ageMillis) {}

        @Override
        public void failed(ReadFailure failure) {}
    }

    @Test
    void withoutAnyThreadCallersAreToldWhenTheNodeHasEnded() {
        Callbacks callbacks = callbacks(null, without);
        OpenSubmissions open = new OpenSubmissions(callbacks);
        open.open(caller("a")).complete(OUTCOME);
        open.open(caller("b"));
        open.open(caller("c"));
        open.completeAll(OUTCOME); // none of them keeps the next from its turn
        assertEquals(List.of(), told);
        assertNotNull(stop.reason());
        assertSame(noThread, stop.reason().cause());
        callbacks.end();
        callbacks.complete(caller("d"), OUTCOME); // submitted behind the end
        callbacks.end();
        assertEquals(List.of("a", "b", "c", "d"), told.stream().sorted().toList());
    }
}
