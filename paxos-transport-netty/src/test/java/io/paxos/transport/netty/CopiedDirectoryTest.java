// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.Fixtures.until;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.NodeListener;
import io.paxos.PaxosNode;
import io.paxos.model.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node's directory is copied to another host, and both are started (S21). Whole nodes over real sockets; the copy listens
 * on a port of its own, as the other host would at another address.
 */
class CopiedDirectoryTest {

    private static final String LOOPBACK = "127.0.0.1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    private Path directory;

    private final List<Integer> ports = new ArrayList<>();
    private final List<PaxosNode> started = new ArrayList<>();

    /** Why nodes failed. */
    private final List<String> failures = new CopyOnWriteArrayList<>();

    @BeforeEach
    void found() throws IOException {
        for (int i = 0; i < 4; i++) {
            ports.add(Ports.free());
        }
        List<PaxosNode> founding = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            founding.add(start(number, ports.get(number - 1), "n" + number));
        }
        founding.forEach(node -> node.awaitReady(PATIENCE));
    }

    @AfterEach
    void close() {
        started.forEach(PaxosNode::close);
    }

    @Test
    void theSecondOfTwoCopiesWithTheSameBootStopsAndTheFirstGoesOn() throws IOException {
        started.get(2).close();
        copy("n3", "copy");
        PaxosNode first = start(3, ports.get(2), "n3");
        first.awaitReady(PATIENCE);
        PaxosNode second = start(3, ports.get(3), "copy");

        until("the copy has stopped", () -> !failures.isEmpty());
        String reason = failures.get(0);
        assertTrue(
                reason.matches("two processes run on copies of one directory, and the other one was there first\\."
                        + " n[12] refuses this one: n3/\\w+ is at /127\\.0\\.0\\.1:\\d+ with boot 2, with which another"
                        + " process is connected from /127\\.0\\.0\\.1:\\d+\\. Keep the other process; .*"),
                reason);
        assertFalse(second.health().isLive());
        assertTrue(first.health().isLive());
        first.submitAndWait("x".getBytes(StandardCharsets.UTF_8), PATIENCE);
    }

    @Test
    void theCopyWithTheHigherBootWinsAndTheOlderOneStops() throws IOException {
        PaxosNode older = started.get(2);
        copy("n3", "copy");
        PaxosNode copy = start(3, ports.get(3), "copy");

        until("the older one has stopped", () -> !failures.isEmpty());
        String reason = failures.get(0);
        assertTrue(
                reason.matches(
                        "this process runs on an older copy of its directory\\. n[12] refuses this one: n3/\\w+ is"
                                + " at /127\\.0\\.0\\.1:\\d+ with boot 1, but was heard from /127\\.0\\.0\\.1:\\d+ with boot 2\\."
                                + " Keep the other process; .*"),
                reason);
        assertFalse(older.health().isLive());
        assertTrue(copy.health().isLive());
    }

    @Test
    void aProcessThatIsKilledAndStartedAgainIsNoCopy() {
        for (int boot = 2; boot <= 4; boot++) {
            started.get(started.size() - 1).close();
            start(3, ports.get(2), "n3").awaitReady(PATIENCE);
        }
        assertTrue(failures.isEmpty(), failures::toString);
    }

    private PaxosNode start(int number, int port, String name) {
        NettyTransportBuilder transport =
                NettyTransport.builder().bind(LOOPBACK, port).reconnectMillis(1, 100);
        for (int peer = 1; peer <= 3; peer++) {
            if (peer != number) {
                transport.peer(new NodeId(peer), LOOPBACK, ports.get(peer - 1));
            }
        }
        PaxosNode node = PaxosNode.builder()
                .cluster("copies")
                .node(new NodeId(number))
                .voters("n1", "n2", "n3")
                .directory(directory.resolve(name))
                .formatIfEmpty(true)
                .transport(transport.build())
                .stateMachine(entry -> entry.command())
                .listener(new NodeListener() {
                    @Override
                    public void failed(String reason, @Nullable Throwable cause) {
                        failures.add(reason);
                    }
                })
                .start();
        started.add(node);
        return node;
    }

    private void copy(String from, String to) throws IOException {
        Path target = Files.createDirectory(directory.resolve(to));
        try (Stream<Path> files = Files.list(directory.resolve(from))) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }
}
