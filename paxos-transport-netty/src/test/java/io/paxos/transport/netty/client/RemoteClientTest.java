// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.CommandToken;
import io.paxos.Outcome;
import io.paxos.ReadLevel;
import io.paxos.ReadRefusal;
import io.paxos.model.NodeId;
import io.paxos.session.SessionReceiver;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients and endpoints on real sockets, in front of gateways that do what they are told. */
@Timeout(60)
class RemoteClientTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    private final FakeCluster cluster = new FakeCluster(3);
    private final List<NettyClientEndpoint> endpoints = new ArrayList<>();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeEach
    void serve() throws Exception {
        for (int i = 1; i <= 3; i++) {
            endpoints.add(endpoint(i).start());
        }
    }

    private NettyClientEndpointBuilder endpoint(int number) {
        return NettyClientEndpoint.on("127.0.0.1", 0).gateway(cluster.node(number));
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
        endpoints.forEach(NettyClientEndpoint::close);
        cluster.close();
    }

    private int port(int number) {
        return endpoints.get(number - 1).localAddress().getPort();
    }

    private static PaxosClientBuilder builder(int... ports) {
        PaxosClientBuilder builder = PaxosClient.builder().answerMillis(300).silenceMillis(600);
        for (int port : ports) {
            builder.address("127.0.0.1", port);
        }
        return builder;
    }

    private PaxosClient client(int... ports) {
        return opened(builder(ports).connect());
    }

    private <C extends AutoCloseable> C opened(C something) {
        opened.add(0, something);
        return something;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void until(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + LONG.toNanos();
        CountDownLatch never = new CountDownLatch(1);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() < deadline, "not in time: " + what);
            boolean unused = never.await(2, TimeUnit.MILLISECONDS);
        }
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "c" + i).toList();
    }

    private static List<CompletableFuture<Outcome>> execute(PaxosClient client, int from, int to) {
        List<CompletableFuture<Outcome>> futures = new ArrayList<>();
        for (String name : names(from, to)) {
            futures.add(client.execute(bytes(name), LONG));
        }
        return futures;
    }

    private static void assertAllDone(int from, List<CompletableFuture<Outcome>> futures) throws Exception {
        for (int i = 0; i < futures.size(); i++) {
            Outcome outcome = futures.get(i).get(40, TimeUnit.SECONDS);
            Outcome.Done done = assertInstanceOf(Outcome.Done.class, outcome, () -> String.valueOf(outcome));
            assertEquals("c" + (from + i), new String(done.result(), StandardCharsets.US_ASCII));
            assertTrue(done.position().slot() > 0);
        }
    }

    @Test
    void pipelinedCommandsTakeEffectOnceInOrderThroughTheLeader() throws Exception {
        cluster.leads(2);
        PaxosClient client = client(port(1), port(2), port(3));
        until("the leader is known", () -> client.leader().isPresent());
        assertAllDone(0, execute(client, 0, 2_000));
        assertEquals(names(0, 2_000), cluster.effects());
        assertTrue(cluster.node(2).submitted.get() >= 2_000, "through the leader");
        assertTrue(
                cluster.node(2).submissions.get() < 1_000,
                "in batches: " + cluster.node(2).submissions.get());
    }

    @Test
    void theClientFollowsTheLeader() throws Exception {
        PaxosClient client = client(port(1), port(2), port(3));
        assertAllDone(0, execute(client, 0, 100));
        cluster.leads(3);
        until("it is known", () -> client.leader().equals(Optional.of(new NodeId(3))));
        int before = cluster.node(3).submitted.get();
        assertAllDone(100, execute(client, 100, 200));
        assertTrue(cluster.node(3).submitted.get() >= before + 100, "through the new one");
        assertEquals(names(0, 200), cluster.effects());
    }

    @Test
    void aLeaderThatTheClientWasNotToldOfIsFoundThroughTheNodes() throws Exception {
        cluster.leads(3);
        NettyClientEndpoint knowing = opened(
                endpoint(1).clientAddress(new NodeId(3), "127.0.0.1", port(3)).start());
        PaxosClient client = client(knowing.localAddress().getPort());
        until("the leader is known", () -> client.leader().equals(Optional.of(new NodeId(3))));
        assertAllDone(0, execute(client, 0, 50));
        assertTrue(cluster.node(3).submitted.get() >= 50);
    }

    @Test
    void cutConnectionsLoseNothingAndRepeatNothing() throws Exception {
        List<Proxy> proxies = new ArrayList<>();
        for (int i = 1; i <= 3; i++) {
            proxies.add(opened(new Proxy(port(i))));
        }
        PaxosClient client = client(
                proxies.get(0).port(), proxies.get(1).port(), proxies.get(2).port());
        List<CompletableFuture<Outcome>> futures = new ArrayList<>();
        for (int round = 0; round < 20; round++) {
            futures.addAll(execute(client, round * 100, round * 100 + 100));
            futures.get(round * 100 + round).get(30, TimeUnit.SECONDS);
            proxies.get(round % 3).cut();
            cluster.leads(1 + (round / 5) % 3);
        }
        assertAllDone(0, futures);
        assertEquals(names(0, 2_000), cluster.effects());
    }

    @Test
    void aNodeThatFallsSilentIsLeft() throws Exception {
        Proxy proxy = opened(new Proxy(port(1)));
        PaxosClient client = client(proxy.port(), port(2), port(3));
        until("the leader is known", () -> client.leader().isPresent());
        assertAllDone(0, execute(client, 0, 10));
        proxy.hold(true);
        assertAllDone(10, execute(client, 10, 100));
        proxy.hold(false);
        assertEquals(names(0, 100), cluster.effects());
    }

    @Test
    void aNodeThatTakesAndNeverAppliesIsLeft() throws Exception {
        PaxosClient client = client(port(1), port(2), port(3));
        assertAllDone(0, execute(client, 0, 10));
        cluster.node(1).loses = true;
        assertAllDone(10, execute(client, 10, 100));
        assertEquals(names(0, 100), cluster.effects());
    }

    /** The home passes commands on to a leader that is gone; then it leads itself, so that the client stays where it is. */
    @Test
    void whatWentToALeaderThatIsGoneIsSentAgainWhenTheHomeBeginsToLead() throws Exception {
        cluster.leads(3);
        PaxosClient client = opened(builder(port(1)).answerMillis(120_000).connect());
        assertAllDone(0, execute(client, 0, 10));
        FakeCluster.Node home = cluster.node(1);
        home.loses = true;
        int before = home.submitted.get();
        List<CompletableFuture<Outcome>> futures = execute(client, 10, 100);
        until("all were sent", () -> home.submitted.get() >= before + 90);
        assertEquals(names(0, 10), cluster.effects());
        home.loses = false;
        cluster.leads(1);
        assertAllDone(10, futures);
        assertEquals(names(0, 100), cluster.effects());
    }

    @Test
    void aNodeThatStopsIsLeft() throws Exception {
        PaxosClient client = client(port(1), port(2), port(3));
        assertAllDone(0, execute(client, 0, 10));
        cluster.node(1).stop();
        assertAllDone(10, execute(client, 10, 100));
        assertEquals(names(0, 100), cluster.effects());
    }

    @Test
    void refusalsAreTriedAgainLater() throws Exception {
        PaxosClient client = client(port(1), port(2), port(3));
        assertAllDone(0, execute(client, 0, 10));
        for (int i = 1; i <= 3; i++) {
            cluster.node(i).refuses = SessionReceiver.Refusal.NO_LEADER;
        }
        List<CompletableFuture<Outcome>> futures = execute(client, 10, 100);
        int asked = cluster.node(1).submissions.get();
        until("it asks again", () -> cluster.node(1).submissions.get() > asked + 2);
        for (int i = 1; i <= 3; i++) {
            cluster.node(i).refuses = null;
        }
        assertAllDone(10, futures);
        assertEquals(names(0, 100), cluster.effects());
    }

    @Test
    void whileTheNodeHasNoRoomTheClientWaitsAndItsConnectionStays() throws Exception {
        PaxosClient client = opened(builder(port(1))
                .silenceMillis(6 * EndpointLimits.BUSY_MILLIS)
                .answerMillis(60_000)
                .connect());
        assertAllDone(0, execute(client, 0, 10));
        cluster.node(1).hasNoRoom = true;
        List<CompletableFuture<Outcome>> futures = execute(client, 10, 3_000);
        CountDownLatch never = new CountDownLatch(1);
        boolean unused = never.await(12L * EndpointLimits.BUSY_MILLIS, TimeUnit.MILLISECONDS);
        assertFalse(futures.get(0).isDone());
        cluster.node(1).hasNoRoom = false;
        assertAllDone(10, futures);
        assertEquals(1, cluster.node(1).attached.get());
        assertEquals(names(0, 3_000), cluster.effects());
    }

    @Test
    void whatIsTooLargeOrTooMuchIsRefusedAtOnce() throws Exception {
        PaxosClient client = opened(builder(port(1))
                .inFlightCommandsMax(3)
                .inFlightBytesMax(200_000)
                .connect());
        assertAllDone(0, execute(client, 0, 1));
        assertEquals(
                Outcome.Reason.TOO_LARGE,
                refused(client.execute(new byte[200_001]).get()));
        assertEquals(
                Outcome.Reason.TOO_LARGE,
                refused(client.execute(new byte[FakeCluster.COMMAND_BYTES_MAX + 1])
                        .get()));
        cluster.node(1).hasNoRoom = true;
        List<CompletableFuture<Outcome>> three = execute(client, 1, 4);
        assertEquals(
                Outcome.Reason.OVERLOADED, refused(client.execute(bytes("c")).getNow(null)));
        assertEquals(Outcome.Reason.OVERLOADED, refused(client.executeAndWait(bytes("c"), Duration.ofMillis(50))));
        cluster.node(1).hasNoRoom = false;
        assertAllDone(1, three);
        assertEquals(names(0, 4), cluster.effects());
    }

    private static Outcome.Reason refused(Outcome outcome) {
        return assertInstanceOf(Outcome.Refused.class, outcome).reason();
    }

    @Test
    void deadlinesAreKeptAndToldHonestly() throws Exception {
        PaxosClient nowhere = client(1);
        Outcome unsent = nowhere.executeAndWait(bytes("x"), Duration.ofMillis(100));
        assertEquals(Outcome.Reason.NO_LEADER, refused(unsent));
        PaxosClient client = client(port(1));
        assertAllDone(0, execute(client, 0, 1));
        cluster.node(1).loses = true;
        Outcome.Unknown unknown =
                assertInstanceOf(Outcome.Unknown.class, client.executeAndWait(bytes("c1"), Duration.ofMillis(100)));
        CommandToken token = unknown.token().orElseThrow();
        assertEquals(3, token.sequence());
        assertEquals(
                unknown.token(),
                assertInstanceOf(
                                Outcome.Unknown.class,
                                client.ask(token, Duration.ofMillis(50)).get())
                        .token());
        CompletableFuture<Outcome> asked = client.ask(token, LONG);
        cluster.node(1).loses = false;
        assertInstanceOf(Outcome.Done.class, asked.get(30, TimeUnit.SECONDS));
        assertInstanceOf(Outcome.Done.class, client.ask(token, LONG).get(30, TimeUnit.SECONDS));
        // It was sent, so it is sent on until it is applied: what comes after it in the session waits for that.
        assertAllDone(2, execute(client, 2, 3));
        assertEquals(names(0, 3), cluster.effects());
    }

    @Test
    void anExpiredSessionIsToldAndReplaced() throws Exception {
        Proxy proxy = opened(new Proxy(port(1)));
        PaxosClient client = opened(
                builder(proxy.port()).sessionTimeout(Duration.ofMinutes(1)).connect());
        assertAllDone(0, execute(client, 0, 10));
        cluster.node(1).loses = true;
        List<CompletableFuture<Outcome>> sent = execute(client, 10, 12);
        int before = cluster.node(1).submitted.get();
        until(
                "they were sent",
                () -> cluster.node(1).submitted.get() > before
                        || cluster.node(1).submitted.get() >= 12);
        proxy.cut();
        cluster.pass(120_000);
        cluster.node(1).loses = false;
        for (CompletableFuture<Outcome> each : sent) {
            assertInstanceOf(Outcome.Unknown.class, each.get(30, TimeUnit.SECONDS));
        }
        assertAllDone(12, execute(client, 12, 20));
        List<String> expected = new ArrayList<>(names(0, 10));
        expected.addAll(names(12, 20));
        assertEquals(expected, cluster.effects());
    }

    @Test
    void readsAreSpreadOverAllNodesAndAskedAgainElsewhere() throws Exception {
        PaxosClient client = client(port(1), port(2), port(3));
        until("all are connected", () -> endpoints.stream().allMatch(each -> each.connections() == 1));
        for (int i = 0; i < 30; i++) {
            String answer = text(client, ReadLevel.LOCAL);
            assertTrue(answer.endsWith("LOCAL q"), answer);
        }
        for (int i = 1; i <= 3; i++) {
            assertTrue(
                    cluster.node(i).reads.get() >= 9,
                    "n" + i + ": " + cluster.node(i).reads.get());
        }
        cluster.node(1).refusesReads = ReadRefusal.NO_LEADER;
        cluster.node(2).silentAboutReads = true;
        for (int i = 0; i < 6; i++) {
            assertTrue(text(client, ReadLevel.LOCAL).startsWith("n3 LOCAL"));
        }
        cluster.node(2).silentAboutReads = false;
        cluster.node(1).refusesReads = null;
        for (int i = 0; i < 6; i++) {
            assertTrue(text(client, ReadLevel.LEASED).startsWith("n1 LEASED"), "the leader has the lease");
            assertTrue(text(client, ReadLevel.LINEARIZABLE).startsWith("n1 LINEARIZABLE"), "the leader confirms");
        }
    }

    private static String text(PaxosClient client, ReadLevel level) throws Exception {
        return new String(client.queryAndWait(level, bytes("q"), LONG).value(), StandardCharsets.US_ASCII);
    }

    @Test
    void aReadThatNobodyAnswersFailsAtItsDeadlineAndOneThatThrewAtOnce() throws Exception {
        PaxosClient client = client(port(1));
        assertAllDone(0, execute(client, 0, 1));
        cluster.node(1).refusesReads = ReadRefusal.NO_LEADER;
        RemoteReadException late = assertThrows(
                RemoteReadException.class,
                () -> client.queryAndWait(ReadLevel.LINEARIZABLE, bytes("q"), Duration.ofMillis(100)));
        assertEquals(ReadRefusal.NO_LEADER, late.reason());
        cluster.node(1).refusesReads = ReadRefusal.THREW;
        RemoteReadException threw = assertThrows(
                RemoteReadException.class, () -> client.queryAndWait(ReadLevel.LINEARIZABLE, bytes("q"), LONG));
        assertEquals(ReadRefusal.THREW, threw.reason());
    }

    /** Sent, it would end the connection for all that is under way on it, again and again until its deadline. */
    @Test
    void whatIsLongerThanTheFramesOfANodeFailsAndNothingElseDoes() throws Exception {
        NettyClientEndpoint small = opened(endpoint(1).frameBytesMax(8_192).start());
        PaxosClient client = client(small.localAddress().getPort());
        assertAllDone(0, execute(client, 0, 1));
        RemoteReadException query = assertThrows(
                RemoteReadException.class, () -> client.queryAndWait(ReadLevel.LOCAL, new byte[8_192], LONG));
        assertEquals(ReadRefusal.TOO_LARGE, query.reason());
        assertEquals("TOO_LARGE: query: 8192 bytes are outside the allowed range 0..8127", query.getMessage());
        Outcome.Refused command = assertInstanceOf(Outcome.Refused.class, client.executeAndWait(new byte[8_192], LONG));
        assertEquals(Outcome.Reason.TOO_LARGE, command.reason());
        int longest = FramePacking.commandBytesMax(8_192);
        assertInstanceOf(Outcome.Done.class, client.executeAndWait(new byte[longest], LONG));
        assertTrue(client.queryAndWait(ReadLevel.LOCAL, new byte[8_127], LONG).value().length > 8_127);
    }

    /** It waited for the thread that it was called on. */
    @Test
    void aClientIsClosedByAContinuationOnItsOwnThread() throws Exception {
        PaxosClient client = opened(builder(port(1)).executor(Runnable::run).connect());
        CompletableFuture<Void> closed = client.execute(bytes("c0")).thenRun(client::close);
        closed.get(4, TimeUnit.SECONDS);
        until("it is gone", () -> endpoints.get(0).connections() == 0);
        assertEquals(
                Outcome.Reason.CLOSED,
                assertInstanceOf(
                                Outcome.Refused.class,
                                client.execute(bytes("c1")).get(30, TimeUnit.SECONDS))
                        .reason());
    }

    @Test
    void anErrorFromTheExecutorLosesNoCaller() throws Exception {
        AtomicInteger errors = new AtomicInteger(3);
        PaxosClient client = opened(builder(port(1), port(2), port(3))
                .executor(work -> {
                    if (errors.getAndDecrement() > 0) {
                        throw new OutOfMemoryError("planted: no thread can be made");
                    }
                    work.run();
                })
                .connect());
        for (int i = 0; i < 5; i++) {
            assertInstanceOf(Outcome.Done.class, client.execute(bytes("c" + i)).get(20, TimeUnit.SECONDS));
        }
        assertTrue(errors.get() < 0, "the executor was asked after its errors");
    }

    @Test
    void manyThreadsShareAClientAndFuturesCompleteOnTheirExecutor() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor(work -> new Thread(work, "mine"));
        opened(() -> executor.shutdown());
        PaxosClient client =
                opened(builder(port(1), port(2), port(3)).executor(executor).connect());
        Set<String> threads = ConcurrentHashMap.newKeySet();
        List<Thread> callers = new ArrayList<>();
        List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
        for (int caller = 0; caller < 16; caller++) {
            int number = caller;
            Thread thread = new Thread(() -> {
                try {
                    for (int i = 0; i < 50; i++) {
                        Outcome outcome = client.executeAndWait(bytes(number + "/" + i), LONG);
                        assertInstanceOf(Outcome.Done.class, outcome);
                    }
                    client.execute(bytes("last"))
                            .thenRun(() -> threads.add(Thread.currentThread().getName()))
                            .get();
                } catch (Throwable failed) { // an assertion counts as well
                    failures.add(failed);
                }
            });
            callers.add(thread);
            thread.start();
        }
        for (Thread caller : callers) {
            caller.join();
        }
        assertEquals(List.of(), failures);
        threads.removeIf(name -> name.startsWith("Thread-")); // completed before the continuation was added
        assertTrue(threads.isEmpty() || threads.equals(Set.of("mine")), () -> threads.toString());
        assertEquals(16 * 51, cluster.effects().size());
    }

    @Test
    void closingSettlesEverythingAndEndsTheSession() throws Exception {
        PaxosClient client = client(port(1), port(2), port(3));
        List<CompletableFuture<Outcome>> futures = execute(client, 0, 500);
        client.close();
        assertAllDone(0, futures);
        assertEquals(
                Outcome.Reason.CLOSED, refused(client.execute(bytes("late")).get(5, TimeUnit.SECONDS)));
        until("the connections are gone", () -> endpoints.stream().allMatch(each -> each.connections() == 0));
        client.close();
    }

    @Test
    void anEndpointThatClosesIsLeftAndItsPortIsFree() throws Exception {
        PaxosClient client = client(port(1), port(2), port(3));
        assertAllDone(0, execute(client, 0, 10));
        int port = port(1);
        endpoints.get(0).close();
        assertAllDone(10, execute(client, 10, 100));
        endpoints.set(
                0,
                NettyClientEndpoint.on("127.0.0.1", port)
                        .gateway(cluster.node(1))
                        .start());
        until("it comes back", () -> endpoints.get(0).connections() == 1);
        assertEquals(names(0, 100), cluster.effects());
    }

    @Test
    void oneClientTooManyIsRefusedAndComesInWhenAnotherGoes() throws Exception {
        NettyClientEndpoint small = opened(endpoint(1).connectionsMax(1).start());
        PaxosClient first = client(small.localAddress().getPort());
        assertAllDone(0, execute(first, 0, 1));
        PaxosClient second = client(small.localAddress().getPort());
        assertEquals(Outcome.Reason.NO_LEADER, refused(second.executeAndWait(bytes("x"), Duration.ofMillis(200))));
        first.close();
        assertAllDone(1, execute(second, 1, 2));
    }

    @Test
    void aClientOfAnotherClusterIsRefused() throws Exception {
        PaxosClient client = opened(builder(port(1)).cluster("other").connect());
        assertEquals(Outcome.Reason.NO_LEADER, refused(client.executeAndWait(bytes("x"), Duration.ofMillis(200))));
        assertEquals(0, endpoints.get(0).connections());
    }

    @Test
    void aStrangerIsClosedAndNobodyElseNoticesIt() throws Exception {
        PaxosClient client = client(port(1));
        assertAllDone(0, execute(client, 0, 1));
        try (Socket stranger = new Socket(InetAddress.getLoopbackAddress(), port(1))) {
            OutputStream out = stranger.getOutputStream();
            out.write(bytes("GET / HTTP/1.1\r\n\r\n"));
            InputStream in = stranger.getInputStream();
            assertEquals(-1, in.read());
        }
        assertAllDone(1, execute(client, 1, 2));
    }
}
