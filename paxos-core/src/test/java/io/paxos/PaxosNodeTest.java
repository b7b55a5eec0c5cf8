// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import static io.paxos.Eventually.eventually;
import static io.paxos.LocalCluster.PATIENCE;
import static io.paxos.LocalCluster.bytes;
import static io.paxos.LocalCluster.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.ClusterId;
import io.paxos.model.NodeId;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class PaxosNodeTest {

    @TempDir
    Path directory;

    // ---- the whole path -------------------------------------------------------------------------------------

    @Test
    void aSingleNodeAppliesWhatIsSubmittedAndRemembersItAcrossARestart() {
        try (LocalCluster cluster = new LocalCluster(directory, 1).startAll()) {
            assertEquals("1", text(cluster.node(1).submitAndWait(bytes("a"), PATIENCE)));
            assertEquals("2", text(cluster.node(1).submitAndWait(bytes("b"), PATIENCE)));
            cluster.stop(1);
            cluster.start(1).awaitReady(PATIENCE);
            assertEquals(List.of("a", "b"), cluster.machine(1).applied());
            assertEquals("3", text(cluster.node(1).submitAndWait(bytes("c"), PATIENCE)));
            assertEquals(2, cluster.node(1).status().boot());
        }
    }

    @Test
    void threeNodesGoOnWithoutTheirLeaderAndAgreeWhenItIsBack() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            for (int number = 1; number <= 3; number++) {
                cluster.node(number).submitAndWait(bytes("from n" + number), PATIENCE);
            }
            int leader = cluster.leader();
            cluster.stop(leader);
            int other = leader == 1 ? 2 : 1;
            for (int i = 0; i < 20; i++) {
                cluster.node(other).submitAndWait(bytes("without " + i), PATIENCE);
            }
            cluster.start(leader).awaitReady(PATIENCE);
            cluster.node(leader).submitAndWait(bytes("back"), PATIENCE);
            for (int number = 1; number <= 3; number++) {
                LocalCluster.Remembering machine = cluster.machine(number);
                eventually(
                        "all 24 commands are applied", () -> machine.applied().size() == 24);
                assertEquals(cluster.machine(leader).applied(), machine.applied());
            }
        }
    }

    @Test
    void everythingSubmittedIsAppliedOnceAndInTheOrderOfItsSubmitter() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            List<CompletableFuture<byte[]>> results = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                results.add(cluster.node(1 + i % 3).submit(bytes(i % 3 + ":" + i)));
            }
            for (CompletableFuture<byte[]> result : results) {
                result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            for (int number = 1; number <= 3; number++) {
                LocalCluster.Remembering machine = cluster.machine(number);
                eventually("all are applied", () -> machine.applied().size() == 3_000);
                for (int submitter = 0; submitter < 3; submitter++) {
                    String prefix = submitter + ":";
                    List<String> expected = IntStream.iterate(submitter, i -> i < 3_000, i -> i + 3)
                            .mapToObj(i -> prefix + i)
                            .toList();
                    assertEquals(
                            expected,
                            machine.applied().stream()
                                    .filter(command -> command.startsWith(prefix))
                                    .toList());
                }
            }
            eventually(
                    "no room is held any more", () -> cluster.node(1).status().submittedCommands() == 0);
            assertEquals(0, cluster.node(1).status().submittedBytes());
        }
    }

    @Test
    void allNodesStopOneAfterAnotherAndNothingIsLost() {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            for (int round = 0; round < 3; round++) {
                for (int number = 1; number <= 3; number++) {
                    cluster.stop(number);
                    int other = number == 1 ? 2 : 1;
                    cluster.node(other).submitAndWait(bytes("r" + round + "n" + number), PATIENCE);
                    cluster.start(number).awaitReady(PATIENCE);
                }
            }
            for (int number = 1; number <= 3; number++) {
                LocalCluster.Remembering machine = cluster.machine(number);
                eventually("all 9 commands are applied", () -> machine.applied().size() == 9);
                assertEquals(
                        List.of("r0n1", "r0n2", "r0n3", "r1n1", "r1n2", "r1n3", "r2n1", "r2n2", "r2n3"),
                        machine.applied());
            }
        }
    }

    // ---- leadership -----------------------------------------------------------------------------------------

    @Test
    void leadershipGoesWhereItIsAskedToAndCommandsGoOn() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            int leader = cluster.leader();
            cluster.node(leader).submitAndWait(bytes("before"), PATIENCE);
            NodeId target = new NodeId(leader == 3 ? 2 : 3);
            List<CompletableFuture<byte[]>> meanwhile = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                meanwhile.add(cluster.node(1 + i % 3).submit(bytes("c" + i), PATIENCE));
            }
            CompletableFuture<NodeId> transfer = cluster.node(leader).transferLeadership(target);
            assertEquals(target, transfer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
            for (CompletableFuture<byte[]> each : meanwhile) {
                each.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            }
            // What nodes say of themselves is up to a tick old.
            eventually("the target leads, as everybody says", () -> cluster.leader() == target.number());

            NodeId next =
                    cluster.node(target.number()).transferLeadership().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            assertFalse(next.equals(target));
            assertEquals("102", text(cluster.node(1).submitAndWait(bytes("after"), PATIENCE)));
        }
    }

    @Test
    void leadershipThatIsNotHereOrThatNobodyCanTakeStaysWhereItIs() {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            int leader = cluster.leader();
            int other = leader == 1 ? 2 : 1;
            NodeId third = new NodeId(6 - leader - other);
            assertEquals(
                    "no transfer: this node does not lead",
                    refusal(cluster.node(other).transferLeadership(third)));
            assertThrows(
                    IllegalArgumentException.class, () -> cluster.node(leader).transferLeadership(new NodeId(leader)));
            assertThrows(
                    IllegalArgumentException.class, () -> cluster.node(leader).transferLeadership(new NodeId(4)));
            cluster.stop(third.number());
            eventually("the third is missed", () -> refusal(
                            cluster.node(cluster.leader()).transferLeadership(third))
                    .contains("was not heard"));
            cluster.node(other).submitAndWait(bytes("still there"), PATIENCE);
            PaxosNode closed = cluster.node(leader);
            cluster.stop(leader);
            assertEquals("no transfer: the node has ended", refusal(closed.transferLeadership()));
        }
    }

    /** What a transfer is refused with; empty if it succeeded. */
    private static String refusal(CompletableFuture<NodeId> transfer) {
        try {
            transfer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return "";
        } catch (ExecutionException refused) {
            return assertInstanceOf(IllegalStateException.class, refused.getCause())
                    .getMessage();
        } catch (InterruptedException | TimeoutException never) {
            throw new AssertionError(never);
        }
    }

    // ---- a state machine with a bug -------------------------------------------------------------------------

    /** Fault case 51, on one node: it stops, and the others go on. */
    @Test
    void aStateMachineThatThrowsOnOneNodeStopsThatNodeOnly() throws Exception {
        CountDownLatch failed = new CountDownLatch(1);
        try (LocalCluster cluster = new LocalCluster(directory, 3)) {
            PaxosNode victim = cluster.start(
                    1,
                    cluster.builder(1)
                            .stateMachine(entry -> {
                                if (text(entry.command()).equals("poison")) {
                                    throw new IllegalStateException("a bug on n1 only");
                                }
                                return entry.command();
                            })
                            .listener(new NodeListener() {
                                @Override
                                public void failed(String reason, Throwable cause) {
                                    failed.countDown();
                                }
                            }));
            cluster.start(2);
            cluster.start(3);
            victim.awaitReady(PATIENCE);
            CompletableFuture<byte[]> poison = victim.submit(bytes("poison"));
            ExecutionException failure = assertThrows(ExecutionException.class, () -> poison.get(30, TimeUnit.SECONDS));
            NodeFailedException nodeFailed = assertInstanceOf(NodeFailedException.class, failure.getCause());
            assertTrue(nodeFailed.mayHaveBeenApplied());
            assertEquals("a bug on n1 only", nodeFailed.getCause().getMessage());
            assertTrue(failed.await(30, TimeUnit.SECONDS));
            assertFalse(victim.health().isLive());
            assertFalse(victim.status().isReady());
            assertThrows(NodeFailedException.class, () -> victim.awaitReady(PATIENCE));

            cluster.node(2).submitAndWait(bytes("after"), PATIENCE);
            LocalCluster.Remembering third = cluster.machine(3);
            eventually("n3 applies both", () -> third.applied().size() == 2);
            assertEquals(List.of("poison", "after"), third.applied());
        }
    }

    /** Fault case 51, on all nodes: every one of them halts at that slot, and so again after a restart. */
    @Test
    void aPoisonCommandHaltsTheNodeAtItsSlotAlsoAfterARestart() {
        LocalCluster cluster = new LocalCluster(directory, 1);
        StateMachine poisoned = entry -> {
            if (text(entry.command()).equals("poison")) {
                throw new IllegalStateException("at " + entry.position());
            }
            return entry.command();
        };
        try (PaxosNode node = cluster.builder(1).stateMachine(poisoned).start()) {
            node.submitAndWait(bytes("good"), PATIENCE);
            assertThrows(NodeFailedException.class, () -> node.submitAndWait(bytes("poison"), PATIENCE));
        }
        try (PaxosNode node = cluster.builder(1).stateMachine(poisoned).start()) {
            eventually("it halts again", () -> !node.health().isLive());
            assertTrue(node.health().reasons().get(0).contains("IllegalStateException: at "), node.health()::toString);
        }
    }

    // ---- outcomes -------------------------------------------------------------------------------------------

    @Test
    void withoutAMajorityACommandFailsAndCertainlyWasNotApplied() {
        try (LocalCluster cluster = new LocalCluster(directory, 3)) {
            PaxosNode alone = cluster.start(1);
            PaxosException failure = assertThrows(
                    NoLeaderException.class, () -> alone.submitAndWait(bytes("x"), Duration.ofMillis(200)));
            assertFalse(failure.mayHaveBeenApplied());
            NodeHealth health = alone.health();
            assertTrue(health.isLive());
            assertFalse(health.isReady());
            assertEquals(List.of("the cluster is not founded yet; waiting for [n2, n3]"), health.reasons());
            NoLeaderException notReady =
                    assertThrows(NoLeaderException.class, () -> alone.awaitReady(Duration.ofMillis(10)));
            assertTrue(notReady.getMessage().contains("waiting for [n2, n3]"), notReady.getMessage());
        }
    }

    @Test
    void aCommandThatWasSentAndNotAnsweredIsUnknown() {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            int leader = cluster.leader();
            IntStream.rangeClosed(1, 3).filter(number -> number != leader).forEach(number -> cluster.network()
                    .cut(new NodeId(leader), new NodeId(number)));
            UnknownOutcomeException unknown = assertThrows(UnknownOutcomeException.class, () -> cluster.node(leader)
                    .submitAndWait(bytes("x"), Duration.ofMillis(200)));
            assertTrue(unknown.mayHaveBeenApplied());
            assertEquals(leader, unknown.session().owner());
            assertEquals(1, unknown.boot());
            assertEquals(2, unknown.sequence());
        }
    }

    @Test
    void aCommandThatFitsNoBatchIsRefused() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 1).startAll()) {
            int max = (1 << 20) - 20 - 45;
            cluster.node(1).submitAndWait(new byte[max], PATIENCE);
            ExecutionException failure = assertThrows(
                    ExecutionException.class,
                    () -> cluster.node(1).submit(new byte[max + 1]).get(1, TimeUnit.SECONDS));
            assertInstanceOf(CommandTooLargeException.class, failure.getCause());
            assertEquals(
                    "command: 1048512 bytes is outside the allowed range 0..1048511",
                    failure.getCause().getMessage());
        }
    }

    @Test
    void moreThanTheWindowHoldsIsRefusedAtOnce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        LocalCluster cluster = new LocalCluster(directory, 1);
        try (PaxosNode node = cluster.builder(1)
                .submittedCommandsMax(10)
                .stateMachine(entry -> {
                    awaitQuietly(go);
                    return entry.command();
                })
                .start()) {
            node.awaitReady(PATIENCE);
            List<CompletableFuture<byte[]>> taken = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                taken.add(node.submit(bytes("c" + i)));
            }
            ExecutionException failure = assertThrows(ExecutionException.class, () -> node.submit(bytes("one more"))
                    .get());
            assertInstanceOf(OverloadedException.class, failure.getCause());
            go.countDown();
            for (int i = 0; i < 10; i++) {
                assertEquals("c" + i, text(taken.get(i).get(30, TimeUnit.SECONDS)));
            }
            node.submitAndWait(bytes("later"), PATIENCE);
        }
    }

    @Test
    void closingWhileBusyTellsEveryCallerSomethingTrueWithinSeconds() throws Exception {
        LocalCluster cluster = new LocalCluster(directory, 3).startAll();
        List<CompletableFuture<byte[]>> results = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            results.add(cluster.node(1).submit(bytes("c" + i)));
        }
        long before = System.nanoTime();
        cluster.stop(1);
        assertTrue(System.nanoTime() - before < TimeUnit.SECONDS.toNanos(8));
        int answered = 0;
        for (CompletableFuture<byte[]> result : results) {
            try {
                result.get(10, TimeUnit.SECONDS);
                answered++;
            } catch (ExecutionException failure) {
                boolean honest = failure.getCause() instanceof UnknownOutcomeException
                        || failure.getCause() instanceof NodeClosedException;
                assertTrue(honest, () -> "not honest: " + failure.getCause());
            }
        }
        List<String> applied = cluster.machine(2).applied();
        int atLeast = answered;
        eventually("everything answered is applied elsewhere", () -> applied.size() >= atLeast);
        cluster.close();
    }

    @Test
    void aClosedNodeSaysSo() throws Exception {
        LocalCluster cluster = new LocalCluster(directory, 1).startAll();
        PaxosNode node = cluster.node(1);
        node.close();
        node.close();
        ExecutionException failure = assertThrows(
                ExecutionException.class, () -> node.submit(bytes("x")).get());
        assertInstanceOf(NodeClosedException.class, failure.getCause());
        assertThrows(NodeClosedException.class, () -> node.awaitReady(PATIENCE));
        assertFalse(node.health().isLive());
        assertEquals(new NodeId(1), node.status().node());
    }

    @Test
    void anInterruptedCallerKeepsItsInterruptAndLearnsThatNothingIsKnown() {
        try (LocalCluster cluster = new LocalCluster(directory, 1).startAll()) {
            Thread.currentThread().interrupt();
            UnknownOutcomeException unknown = assertThrows(
                    UnknownOutcomeException.class, () -> cluster.node(1).submitAndWait(bytes("x"), PATIENCE));
            assertTrue(Thread.interrupted());
            assertEquals(0, unknown.sequence());
        }
    }

    // ---- threads of the host --------------------------------------------------------------------------------

    @Test
    void futuresCompleteOnTheHostsExecutor() throws Exception {
        LocalCluster cluster = new LocalCluster(directory, 1);
        Executor executor = work -> new Thread(work, "host").start();
        try (PaxosNode node = cluster.builder(1)
                .completionExecutor(executor)
                .stateMachine(entry -> entry.command())
                .start()) {
            node.awaitReady(PATIENCE);
            CompletableFuture<byte[]> result = new CompletableFuture<>();
            CompletableFuture<String> thread =
                    result.thenApply(unused -> Thread.currentThread().getName());
            node.submit(bytes("x")).thenAccept(result::complete).get(30, TimeUnit.SECONDS);
            assertTrue(List.of("host", Thread.currentThread().getName()).contains(thread.get(30, TimeUnit.SECONDS)));
        }
    }

    @Test
    void anExecutorThatRefusesCostsNoResult() {
        LocalCluster cluster = new LocalCluster(directory, 1);
        Executor executor = work -> {
            throw new RejectedExecutionException("shut down");
        };
        try (PaxosNode node = cluster.builder(1)
                .completionExecutor(executor)
                .stateMachine(entry -> entry.command())
                .start()) {
            assertEquals("x", text(node.submitAndWait(bytes("x"), PATIENCE)));
        }
    }

    @Test
    void completingTheFutureWithdrawsNothing() {
        try (LocalCluster cluster = new LocalCluster(directory, 1).startAll()) {
            cluster.node(1).submit(bytes("a")).cancel(true);
            cluster.node(1).submitAndWait(bytes("b"), PATIENCE);
            assertEquals(List.of("a", "b"), cluster.machine(1).applied());
        }
    }

    // ---- starting -------------------------------------------------------------------------------------------

    @Test
    void anEmptyDirectoryIsNotFormattedByAccident() {
        LocalCluster cluster = new LocalCluster(directory, 1);
        NodeBuilder builder = cluster.builder(1).formatIfEmpty(false).stateMachine(new LocalCluster.Remembering());
        NodeStartException failure = assertThrows(NodeStartException.class, builder::start);
        assertTrue(failure.getMessage().contains("formatIfEmpty(true)"), failure.getMessage());
        assertFalse(Files.exists(directory.resolve("n1")));
        PaxosNode.format(directory.resolve("n1"), new ClusterId("test"), new NodeId(1));
        try (PaxosNode node = builder.start()) {
            node.awaitReady(PATIENCE);
        }
    }

    @Test
    void aFormattedDirectoryIsNotFormattedAgain() {
        PaxosNode.format(directory, new ClusterId("test"), new NodeId(1));
        NodeStartException failure = assertThrows(
                NodeStartException.class, () -> PaxosNode.format(directory, new ClusterId("test"), new NodeId(1)));
        assertTrue(failure.getMessage().contains(directory.toString()), failure.getMessage());
    }

    @Test
    void aDirectoryOfAnotherClusterOrInUseIsRefusedInOneSentence() {
        try (LocalCluster cluster = new LocalCluster(directory, 1).startAll()) {
            NodeBuilder other = cluster.builder(1).stateMachine(new LocalCluster.Remembering());
            NodeStartException inUse = assertThrows(NodeStartException.class, other::start);
            assertFalse(inUse.getMessage().contains("\n"));
            cluster.node(1).close();
            NodeStartException foreign = assertThrows(
                    NodeStartException.class, () -> other.cluster("another").start());
            assertTrue(foreign.getMessage().contains("another"), foreign.getMessage());
        }
    }

    @Test
    void aTransportThatCannotBeOpenedLeavesTheDirectoryFree() {
        try (LocalCluster cluster = new LocalCluster(directory, 1).startAll()) {
            Path other = directory.resolve("other");
            NodeBuilder taken = cluster.builder(1).directory(other).stateMachine(new LocalCluster.Remembering());
            NodeStartException failure = assertThrows(NodeStartException.class, taken::start);
            assertTrue(failure.getMessage().startsWith("the transport cannot be opened: "), failure.getMessage());
            cluster.node(1).close();
            try (PaxosNode node = cluster.builder(1)
                    .directory(other)
                    .stateMachine(new LocalCluster.Remembering())
                    .start()) {
                node.awaitReady(PATIENCE);
            }
        }
    }

    /** The disk of n3 is lost, and n3 comes back as somebody else under its id: it gets no vote, and the others go on. */
    @Test
    void aMemberWhoseDirectoryWasLostIsNotTakenBack() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            cluster.node(1).submitAndWait(bytes("before"), PATIENCE);
            cluster.stop(3);
            try (Stream<Path> files = Files.list(directory.resolve("n3"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            PaxosNode stranger = cluster.start(3);
            cluster.node(1).submitAndWait(bytes("after"), PATIENCE);
            assertThrows(NoLeaderException.class, () -> stranger.awaitReady(Duration.ofSeconds(1)));
            assertEquals(NodeStatus.Role.FOUNDING, stranger.status().role());
            assertEquals(List.of(), cluster.machine(3).applied());
            assertTrue(stranger.health().isLive());
            assertTrue(
                    stranger.health().reasons().get(0).contains("is not of its founding"), stranger.health()::toString);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException never) {
            throw new AssertionError(never);
        }
    }
}
