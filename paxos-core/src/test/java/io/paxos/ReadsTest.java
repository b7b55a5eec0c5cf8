// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import static io.paxos.LocalCluster.PATIENCE;
import static io.paxos.LocalCluster.bytes;
import static io.paxos.LocalCluster.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Entry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ReadsTest {

    @TempDir
    Path directory;

    private static <R> R valueOf(CompletableFuture<ReadResult<R>> read) throws Exception {
        return read.get(30, TimeUnit.SECONDS).value();
    }

    private static Throwable failureOf(CompletableFuture<?> read) {
        return assertThrows(ExecutionException.class, () -> read.get(30, TimeUnit.SECONDS))
                .getCause();
    }

    private static void assertUnapplied(Class<? extends PaxosException> kind, CompletableFuture<?> read) {
        PaxosException thrown = assertInstanceOf(kind, failureOf(read));
        assertFalse(thrown.mayHaveBeenApplied());
    }

    @Test
    void everyNodeReadsWhatWasAnsweredOnAnyNodeBefore() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            for (int number = 1; number <= 3; number++) {
                cluster.node(number).submitAndWait(bytes("from n" + number), PATIENCE);
                for (int reader = 1; reader <= 3; reader++) {
                    LocalCluster.Remembering machine = cluster.machine(reader);
                    ReadResult<Integer> read = cluster.node(reader)
                            .read(ReadLevel.LINEARIZABLE, () -> machine.applied()
                                    .size())
                            .get(30, TimeUnit.SECONDS);
                    assertEquals(number, read.value());
                    assertEquals(Duration.ZERO, read.age().orElseThrow());
                }
            }
        }
    }

    private static long slotOf(PaxosNode node) throws Exception {
        return node.read(ReadLevel.LINEARIZABLE, () -> 7)
                .get(30, TimeUnit.SECONDS)
                .slot();
    }

    @Test
    void readsLeaveNothingInTheLog() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 1).startAll()) {
            cluster.node(1).submitAndWait(bytes("a"), PATIENCE);
            long before = slotOf(cluster.node(1));
            for (int i = 0; i < 100; i++) {
                assertEquals(before, slotOf(cluster.node(1)));
            }
        }
    }

    @Test
    void aReadAtTheSlotOfAnotherNeverSeesLessOnAnyNode() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            for (int i = 1; i <= 20; i++) {
                cluster.node(1).submitAndWait(bytes("x" + i), PATIENCE);
                LocalCluster.Remembering first = cluster.machine(1);
                ReadResult<Integer> seen = cluster.node(1)
                        .read(ReadLevel.LOCAL, () -> first.applied().size())
                        .get(30, TimeUnit.SECONDS);
                LocalCluster.Remembering second = cluster.machine(2);
                ReadResult<Integer> later = cluster.node(2)
                        .read(ReadLevel.atLeast(seen.slot()), () -> second.applied()
                                .size())
                        .get(30, TimeUnit.SECONDS);
                assertTrue(later.value() >= seen.value(), later + " after " + seen);
                assertTrue(later.slot() >= seen.slot(), later + " after " + seen);
            }
        }
    }

    @Test
    void withoutAQuorumOnlyLocalReadsAreAnsweredAndTheirAgeGrows() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            cluster.node(1).submitAndWait(bytes("a"), PATIENCE);
            cluster.stop(2);
            cluster.stop(3);
            PaxosNode alone = cluster.node(1);
            assertUnapplied(
                    NoLeaderException.class, alone.read(ReadLevel.LINEARIZABLE, () -> 1, Duration.ofMillis(1_500)));
            ReadResult<Integer> local = alone.read(ReadLevel.LOCAL, () -> 1).get(30, TimeUnit.SECONDS);
            assertTrue(local.age().orElseThrow().toMillis() >= 500, local.toString());
            assertUnapplied(
                    ReadTimedOutException.class,
                    alone.read(ReadLevel.atLeast(local.slot() + 1_000), () -> 1, Duration.ofMillis(50)));
        }
    }

    @Test
    void leasedReadsSeeWhatWasAnsweredBefore() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3)) {
            for (int number = 1; number <= 3; number++) {
                cluster.startLeased(number);
            }
            for (int number = 1; number <= 3; number++) {
                cluster.node(number).awaitReady(PATIENCE);
            }
            for (int i = 1; i <= 30; i++) {
                int asked = 1 + i % 3;
                cluster.node(asked).submitAndWait(bytes("x" + i), PATIENCE);
                int reader = 1 + (i / 3) % 3;
                LocalCluster.Remembering machine = cluster.machine(reader);
                assertEquals(i, valueOf(cluster.node(reader).read(ReadLevel.LEASED, () -> machine.applied()
                        .size())));
            }
        }
    }

    @Test
    void aQueryIsAnsweredByTheStateMachineAndOneThatAnswersNoneSaysSo() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 1)) {
            List<String> applied = new ArrayList<>();
            cluster.start(1, cluster.builder(1).stateMachine(new StateMachine() {
                @Override
                public byte[] apply(Entry entry) {
                    applied.add(text(entry.command()));
                    return new byte[0];
                }

                @Override
                public byte[] query(byte[] query) {
                    return bytes(text(query) + applied);
                }
            }));
            cluster.node(1).submitAndWait(bytes("a"), PATIENCE);
            byte[] question = bytes("all: ");
            CompletableFuture<ReadResult<byte[]>> answer = cluster.node(1).query(ReadLevel.LINEARIZABLE, question);
            question[0] = 'X';
            assertEquals("all: [a]", text(valueOf(answer)));
        }
        try (LocalCluster cluster = new LocalCluster(directory.resolve("none"), 1).startAll()) {
            assertInstanceOf(
                    UnsupportedOperationException.class,
                    failureOf(cluster.node(1).query(ReadLevel.LOCAL, new byte[0])));
        }
    }

    /** What remote clients' queries were answered, one line each. */
    private static final class Heard implements ReadReceiver {
        private final List<String> lines = new ArrayList<>();
        private final CountDownLatch all;

        Heard(int queries) {
            all = new CountDownLatch(queries);
        }

        @Override
        public void answered(int query, byte[] result, long slot, long ageMillis) {
            lines.add(query + " " + text(result));
            all.countDown();
        }

        @Override
        public void refused(int query, ReadRefusal reason, String detail) {
            lines.add(query + " " + reason);
            all.countDown();
        }

        List<String> lines() throws InterruptedException {
            assertTrue(all.await(30, TimeUnit.SECONDS), lines.toString());
            return lines;
        }
    }

    @Test
    void queriesThatComeTogetherAreAnsweredOneByOneAndTakenAllOrNone() throws Exception {
        CountDownLatch busy = new CountDownLatch(1);
        try (LocalCluster cluster = new LocalCluster(directory, 1)) {
            PaxosNode node = cluster.start(1, cluster.builder(1).readsMax(3).stateMachine(new StateMachine() {
                @Override
                public byte[] apply(Entry entry) {
                    return new byte[0];
                }

                @Override
                public byte[] query(byte[] query) {
                    if (query.length == 0) {
                        throw new IllegalArgumentException("nothing asked");
                    }
                    return query;
                }
            }));
            node.awaitReady(PATIENCE);
            ClientGateway gateway = node.clients();
            Heard heard = new Heard(3);
            gateway.read(ReadLevel.LINEARIZABLE, List.of(bytes("a"), bytes(""), bytes("c")), 30_000, heard);
            assertEquals(List.of("0 a", "1 THREW", "2 c"), heard.lines());
            assertThrows(
                    IllegalArgumentException.class,
                    () -> gateway.read(ReadLevel.LOCAL, Collections.nCopies(4, bytes("a")), 30_000, heard));
            CompletableFuture<ReadResult<Integer>> first = node.read(ReadLevel.LOCAL, () -> {
                try {
                    busy.await();
                } catch (InterruptedException gone) {
                    throw new IllegalStateException(gone);
                }
                return 1;
            });
            Heard refused = new Heard(3);
            gateway.read(ReadLevel.LOCAL, Collections.nCopies(3, bytes("a")), 30_000, refused);
            assertEquals(List.of("0 OVERLOADED", "1 OVERLOADED", "2 OVERLOADED"), refused.lines());
            Heard taken = new Heard(2);
            gateway.read(ReadLevel.LOCAL, Collections.nCopies(2, bytes("a")), 30_000, taken);
            busy.countDown();
            assertEquals(List.of("0 a", "1 a"), taken.lines());
            assertEquals(1, valueOf(first));
        } finally {
            busy.countDown();
        }
    }

    /** A few hundred questions of one client could fill the heap with their answers. */
    @Test
    void queriesWhoseAnswersAreTooLongTogetherAreAskedInPart() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 1)) {
            PaxosNode node = cluster.start(1, cluster.builder(1).stateMachine(new StateMachine() {
                @Override
                public byte[] apply(Entry entry) {
                    return new byte[0];
                }

                @Override
                public byte[] query(byte[] query) {
                    return new byte[5 << 20];
                }
            }));
            node.awaitReady(PATIENCE);
            AtomicInteger answered = new AtomicInteger();
            CountDownLatch all = new CountDownLatch(10);
            List<String> refused = new ArrayList<>();
            node.clients()
                    .read(ReadLevel.LINEARIZABLE, Collections.nCopies(10, bytes("a")), 30_000, new ReadReceiver() {
                        @Override
                        public void answered(int query, byte[] result, long slot, long ageMillis) {
                            answered.incrementAndGet();
                            all.countDown();
                        }

                        @Override
                        public void refused(int query, ReadRefusal reason, String detail) {
                            refused.add(query + " " + reason);
                            all.countDown();
                        }
                    });
            assertTrue(all.await(30, TimeUnit.SECONDS));
            assertEquals(4, answered.get());
            assertEquals("4 OVERLOADED", refused.get(0));
            assertEquals("9 OVERLOADED", refused.get(5));
        }
    }

    /** A continuation that does not return; the node must not heap up what it has to tell behind it. */
    @Test
    void whileCallersAreNotToldNoMoreIsTaken() throws Exception {
        CountDownLatch chained = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        try (LocalCluster cluster = new LocalCluster(directory, 1)) {
            PaxosNode node = cluster.start(
                    1, cluster.builder(1).submittedCommandsMax(3).readsMax(2).stateMachine(entry -> {
                        assertTrue(await(chained, 30_000));
                        return entry.command();
                    }));
            node.awaitReady(PATIENCE);
            CompletableFuture<Void> first = node.submit(bytes("a")).thenRun(() -> await(goOn, 60_000));
            chained.countDown();
            List<CompletableFuture<?>> taken = new ArrayList<>();
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            int refused = 0;
            while (refused < 20) { // neither of the two, so often: no longer since its window is full
                boolean isTaken = isTaken(node.submit(bytes("b")), taken);
                isTaken |= isTaken(node.read(ReadLevel.LOCAL, () -> 1), taken);
                refused = isTaken ? 0 : refused + 1;
                assertTrue(taken.size() < 3 + 2 + 3 + 2, "taken: " + taken.size());
                assertTrue(System.nanoTime() < deadline, "taken: " + taken.size());
                assertFalse(await(goOn, 5));
            }
            goOn.countDown();
            first.get(30, TimeUnit.SECONDS);
            for (CompletableFuture<?> each : taken) {
                Object unused = each.get(30, TimeUnit.SECONDS);
            }
            assertTrue(isTaken(node.submit(bytes("c")), taken));
        } finally {
            chained.countDown();
            goOn.countDown();
        }
    }

    private static boolean isTaken(CompletableFuture<?> asked, List<CompletableFuture<?>> taken) {
        boolean isTaken = !asked.isCompletedExceptionally();
        if (isTaken) {
            taken.add(asked);
        }
        return isTaken;
    }

    private static boolean await(CountDownLatch latch, long millis) {
        try {
            return latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException gone) {
            throw new IllegalStateException(gone);
        }
    }

    @Test
    void whatAReaderThrowsReachesItsCallerAndTheNodeGoesOn() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 1).startAll()) {
            IllegalStateException mine = new IllegalStateException("mine");
            assertSame(mine, failureOf(cluster.node(1).read(ReadLevel.LOCAL, () -> {
                throw mine;
            })));
            assertNull(valueOf(cluster.node(1).<Object>read(ReadLevel.LINEARIZABLE, ReadsTest::nothing)));
        }
    }

    @SuppressWarnings("NullAway")
    private static Object nothing() {
        return null;
    }

    @Test
    void tooManyAreRefusedAndTheOthersEndWithTheNode() throws Exception {
        LocalCluster cluster = new LocalCluster(directory, 1);
        CountDownLatch busy = new CountDownLatch(1);
        try {
            PaxosNode node = cluster.start(
                    1, cluster.builder(1).stateMachine(entry -> new byte[0]).readsMax(2));
            node.awaitReady(PATIENCE);
            CompletableFuture<ReadResult<Integer>> first = node.read(ReadLevel.LOCAL, () -> {
                try {
                    busy.await();
                } catch (InterruptedException gone) {
                    throw new IllegalStateException(gone);
                }
                return 1;
            });
            CompletableFuture<ReadResult<Integer>> second = node.read(ReadLevel.LOCAL, () -> 2, Duration.ofMillis(300));
            assertUnapplied(OverloadedException.class, node.read(ReadLevel.LOCAL, () -> 3));
            assertUnapplied(ReadTimedOutException.class, second);
            busy.countDown();
            assertEquals(1, valueOf(first));
            CompletableFuture<ReadResult<Integer>> never = node.read(ReadLevel.atLeast(1_000_000), () -> 4);
            node.close();
            assertUnapplied(NodeClosedException.class, never);
            assertUnapplied(NodeClosedException.class, node.read(ReadLevel.LOCAL, () -> 5));
        } finally {
            busy.countDown();
            cluster.close();
        }
    }
}
