// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static io.paxos.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.driver.Outcome;
import io.paxos.driver.RecordLog;
import io.paxos.model.SlotRange;
import io.paxos.runtime.FaultyParts.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fault case 56, hazard V7: whatever is thrown, wherever: within a second no frame leaves any more, every caller is told,
 * the listener is told once, and the node stays dead.
 */
@Timeout(60)
class FailStopTest {

    private static final long PATIENCE_SECONDS = 30;
    private static final long PATIENCE_MILLIS = 1_000 * PATIENCE_SECONDS;

    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

    static Stream<Arguments> everyThrowableEverywhere() {
        return Stream.of(Place.APPLY, Place.APPEND, Place.SEND, Place.FLUSH, Place.READ)
                .flatMap(place -> throwables().map(throwable -> Arguments.of(place, throwable)));
    }

    private static Stream<Throwable> throwables() {
        return Stream.of(
                new IllegalStateException("bug"),
                new OutOfMemoryError("Java heap space"),
                new StackOverflowError(),
                new NoClassDefFoundError("io/host/Missing"),
                new IOException("disk"));
    }

    @ParameterizedTest(name = "{1} from {0}")
    @MethodSource("everyThrowableEverywhere")
    void anythingThrownStopsTheNodeWithinASecond(Place place, Throwable throwable) throws Exception {
        // Frames leave only if there are others; something is read only if there is something to replay.
        boolean needsOthers = place == Place.SEND || place == Place.FLUSH;
        RecordLog log = place == Place.READ ? logOfAnEarlierBoot() : new RecordLog();
        FaultyParts parts = new FaultyParts(needsOthers ? 3 : 1, log, 2);
        NodeRuntime node = parts.assemble();
        if (place == Place.READ) {
            parts.arm(place, throwable);
        }
        node.start();
        if (place == Place.APPLY || place == Place.APPEND) {
            assertTrue(node.awaitReady(PATIENCE_MILLIS));
        }
        // A node that has failed already refuses at once instead.
        Stream.ofNullable(submit(node, "x")).forEach(outcomes::add);
        parts.arm(place, throwable);
        Stream.ofNullable(submit(node, "y")).forEach(outcomes::add);

        assertTrue(parts.thrown.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(parts.failed.await(1, TimeUnit.SECONDS), "the listener was told within a second");
        assertEquals(1, parts.failedCalls.get());
        assertSame(throwable, parts.cause);
        Outcome outcome = lastOutcome();
        assertSame(throwable, assertInstanceOf(Outcome.Failed.class, outcome).cause());

        node.close();
        assertEquals(parts.sentWhenFailed.get(), parts.sent.get(), "frames sent after the failure");
        assertTrue(parts.transportClosed && parts.journalClosed);
        assertInstanceOf(Outcome.Failed.class, submit(node, "later"));
        assertEquals(1, parts.failedCalls.get());
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Place.class,
            names = {"LEADER_CHANGED", "READY"})
    void anErrorFromTheListenerStopsTheNode(Place place) throws Exception {
        FaultyParts parts = new FaultyParts(1, new RecordLog(), 1);
        parts.arm(place, new OutOfMemoryError("Java heap space"));
        NodeRuntime node = parts.assemble();
        node.start();
        assertTrue(parts.thrown.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(parts.failed.await(1, TimeUnit.SECONDS));
        node.close();
        assertEquals(1, parts.failedCalls.get());
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(
            value = Place.class,
            names = {"LEADER_CHANGED", "READY"})
    void anExceptionFromTheListenerIsOnlyLogged(Place place) throws Exception {
        FaultyParts parts = new FaultyParts(1, new RecordLog(), 1);
        parts.arm(place, new IllegalStateException("the listener's bug"));
        NodeRuntime node = parts.assemble();
        node.start();
        assertTrue(parts.thrown.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(node.awaitReady(PATIENCE_MILLIS));
        assertNull(submit(node, "x"));
        assertInstanceOf(Outcome.Applied.class, outcomes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
        node.close();
        assertEquals(0, parts.failedCalls.get());
    }

    @Test
    void anErrorFromTheCompletionExecutorStopsTheNodeAndLosesNoCaller() throws Exception {
        FaultyParts parts = new FaultyParts(1, new RecordLog(), 1);
        Error noThread = new OutOfMemoryError("unable to create native thread");
        parts.completionExecutor = telling -> {
            throw noThread;
        };
        NodeRuntime node = parts.assemble();
        node.start();
        assertTrue(node.awaitReady(PATIENCE_MILLIS));
        assertNull(submit(node, "x"));
        assertInstanceOf(Outcome.Applied.class, outcomes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(parts.failed.await(1, TimeUnit.SECONDS));
        assertSame(noThread, parts.cause);
        node.close();
    }

    /** Hazard V8: the transport blocks the core against its contract, so the core cannot stop itself. */
    @Test
    void aCoreThatHangsIsStoppedByAnotherThread() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        FaultyParts parts = new FaultyParts(3, new RecordLog(), 1);
        parts.onSend = () -> awaitUninterruptibly(never);
        NodeRuntime node = parts.assemble();
        node.start();
        submit(node, "x");
        assertTrue(parts.failed.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        assertTrue(parts.reason.startsWith("the core thread hangs"), parts.reason);
        assertInstanceOf(Outcome.Failed.class, outcomes.poll(1, TimeUnit.SECONDS));
        never.countDown();
        node.close();
    }

    @Test
    void closingIsNoFailure() throws Exception {
        FaultyParts parts = new FaultyParts(3, new RecordLog(), 1);
        NodeRuntime node = parts.assemble();
        node.start();
        submit(node, "x");
        node.close();
        assertEquals(new Outcome.Closed(), outcomes.poll(1, TimeUnit.SECONDS));
        assertEquals(0, parts.failedCalls.get());
        assertTrue(parts.transportClosed && parts.journalClosed);
    }

    private RecordLog logOfAnEarlierBoot() throws Exception {
        RecordLog log = new RecordLog();
        NodeRuntime node = new FaultyParts(1, log, 1).assemble();
        node.start();
        assertTrue(node.awaitReady(PATIENCE_MILLIS));
        submit(node, "before");
        assertInstanceOf(Outcome.Applied.class, outcomes.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
        // The mark from which a restart replays follows when the node has been idle for a while.
        eventually("the known-chosen mark is durable", () -> {
            synchronized (log) {
                return !log.readChosen(new SlotRange(3, 3), 1).isEmpty();
            }
        });
        node.close();
        return log;
    }

    private Outcome submit(NodeRuntime node, String command) {
        return node.submit(command.getBytes(StandardCharsets.UTF_8), 60_000, outcomes::add);
    }

    /** The outcome of the second command; the first may have been applied before the node failed. */
    private Outcome lastOutcome() throws InterruptedException {
        assertNotNull(outcomes.poll(1, TimeUnit.SECONDS), "the first caller was told within a second");
        Outcome second = outcomes.poll(1, TimeUnit.SECONDS);
        assertNotNull(second, "the second caller was told within a second");
        return second;
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }
}
