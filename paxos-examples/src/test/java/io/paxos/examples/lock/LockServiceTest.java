// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.NodeStartException;
import io.paxos.examples.kv.ClusterOption;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.client.PaxosClient;
import io.paxos.transport.netty.client.PaxosClientBuilder;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Three nodes of the lock service in this JVM, over real sockets. */
@Timeout(120)
class LockServiceTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration LONG_LEASE = Duration.ofMinutes(10);
    private static final Duration SHORT_LEASE = Duration.ofMillis(300);

    @TempDir
    Path home;

    private final List<LockServer> servers = new ArrayList<>();

    /** A port that was free may be taken by the time it is bound: by a client's port, say, which takes any. */
    @BeforeEach
    void start() throws IOException {
        for (int attempt = 1; servers.size() < 3; attempt++) {
            try {
                startAll();
            } catch (NodeStartException taken) {
                if (attempt == 5 || !String.valueOf(taken.getMessage()).contains("cannot bind")) {
                    throw taken;
                }
                stop();
                servers.clear();
            }
        }
        servers.forEach(server -> server.node().awaitReady(PATIENCE));
    }

    private void startAll() throws IOException {
        Path directories = Files.createTempDirectory(home, "attempt");
        int[] ports = freePorts();
        ClusterOption cluster = ClusterOption.parse(
                "n1=127.0.0.1:" + ports[0] + ",n2=127.0.0.1:" + ports[1] + ",n3=127.0.0.1:" + ports[2]);
        for (int i = 1; i <= 3; i++) {
            servers.add(LockServer.start(new NodeId(i), cluster, directories.resolve("n" + i), "127.0.0.1", 0));
        }
    }

    private static int[] freePorts() throws IOException {
        try (ServerSocket a = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket b = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ServerSocket c = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return new int[] {a.getLocalPort(), b.getLocalPort(), c.getLocalPort()};
        }
    }

    @AfterEach
    void stop() {
        servers.forEach(LockServer::close);
    }

    private LockClient client(String owner) {
        PaxosClientBuilder builder = PaxosClient.builder();
        servers.forEach(server -> builder.address("127.0.0.1", server.clientPort()));
        return new LockClient(builder.connect(), owner);
    }

    /**
     * Why the token matters. A has the lock, and is paused for longer than its lease (a garbage collection, a suspended machine:
     * it notices nothing). B gets the lock, rightly, and does its work. A wakes up in the middle of its own.
     */
    @Test
    void writeOfAHolderThatWasPausedIsRefusedByWhoChecksTheToken() throws Exception {
        FencedStorage checks = new FencedStorage();
        List<String> believes = new ArrayList<>();
        try (LockClient a = client("A");
                LockClient b = client("B")) {
            Lease leaseOfA = a.acquire("report", SHORT_LEASE, Duration.ZERO).orElseThrow();
            assertTrue(checks.append(leaseOfA.token(), "A begins"));
            believes.add("A begins");

            Lease leaseOfB = b.acquire("report", LONG_LEASE, PATIENCE).orElseThrow();
            assertTrue(leaseOfB.token().compareTo(leaseOfA.token()) > 0);
            for (String line : List.of("B begins", "B ends")) {
                assertTrue(checks.append(leaseOfB.token(), line));
                believes.add(line);
            }

            believes.add("A ends");
            assertFalse(checks.append(leaseOfA.token(), "A ends"));
            assertEquals(List.of("A begins", "B begins", "B ends"), checks.lines());
            assertEquals(List.of("A begins", "B begins", "B ends", "A ends"), believes, "two at a time: corrupted");

            assertTrue(a.renew(leaseOfA, LONG_LEASE).isEmpty(), "and A is told, if it asks");
            assertFalse(a.release("report", leaseOfA.token()));
            assertEquals("B", a.holder("report").owner());
        }
    }

    @Test
    void lockGoesOnToWhoWaitsForItWhenItIsReleased() throws Exception {
        try (LockClient a = client("A");
                LockClient b = client("B")) {
            Lease first = a.acquire("door", LONG_LEASE, Duration.ZERO).orElseThrow();
            assertTrue(first.seemsInForce());
            assertTrue(b.acquire("door", LONG_LEASE, Duration.ZERO).isEmpty());
            Lease renewed = a.renew(first, LONG_LEASE).orElseThrow();
            assertEquals(first.token(), renewed.token());
            assertTrue(a.release("door", first.token()));
            Lease second = b.acquire("door", LONG_LEASE, PATIENCE).orElseThrow();
            assertTrue(second.token().compareTo(first.token()) > 0);
        }
    }

    @Test
    void commandLineAcquiresWatchesAndReleases() {
        String where = servers.stream()
                .map(server -> "127.0.0.1:" + server.clientPort())
                .collect(Collectors.joining(","));
        Run acquired = run("acquire", "backup", "--servers", where, "--owner", "me", "--lease-millis", "600000");
        assertEquals(0, acquired.code, acquired.err);
        String token = acquired.out.strip();

        Run again = run("acquire", "backup", "--servers", where);
        assertEquals(3, again.code);
        assertEquals("lock backup is held by me", again.err.strip());

        Run watched = run("watch", "backup", "--servers", where, "--changes", "1");
        assertEquals("backup is held by me under token " + token, watched.out.strip());

        assertEquals(0, run("release", "backup", token, "--servers", where).code);
        assertEquals(3, run("release", "backup", token, "--servers", where).code);
        Run wrong = run("release", "backup", "yesterday", "--servers", where);
        assertEquals(2, wrong.code);
        assertTrue(wrong.err.contains("token: 'yesterday' is not of the form 17:0"), wrong.err);
    }

    private record Run(int code, String out, String err) {}

    private static Run run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = new CommandLine(new LockCli())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
        return new Run(code, out.toString(), err.toString());
    }
}
