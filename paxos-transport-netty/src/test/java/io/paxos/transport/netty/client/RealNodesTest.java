// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.Outcome;
import io.paxos.PaxosNode;
import io.paxos.ReadLevel;
import io.paxos.StateMachine;
import io.paxos.model.Entry;
import io.paxos.model.NodeId;
import io.paxos.transport.InProcessNetwork;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients of real nodes, over real sockets; the nodes talk to each other in this process. */
@Timeout(120)
class RealNodesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] ONE = {1};

    @TempDir
    private Path directory;

    private final InProcessNetwork network = new InProcessNetwork();
    private final Map<Integer, PaxosNode> nodes = new TreeMap<>();
    private final Map<Integer, NettyClientEndpoint> endpoints = new TreeMap<>();
    private final List<Integer> ports = new ArrayList<>();

    /** Adds up what it is sent. */
    private static final class Sum implements StateMachine {
        private long sum;

        @Override
        public byte[] apply(Entry entry) {
            sum += entry.command()[0];
            return query(entry.command());
        }

        @Override
        public byte[] query(byte[] query) {
            return ByteBuffer.allocate(Long.BYTES).putLong(sum).array();
        }
    }

    @BeforeEach
    void found() throws IOException {
        for (int number = 1; number <= 3; number++) {
            ports.add(0);
            start(number);
        }
        nodes.values().forEach(node -> node.awaitReady(PATIENCE));
    }

    private void start(int number) throws IOException {
        NodeId id = new NodeId(number);
        PaxosNode node = PaxosNode.builder()
                .cluster("real")
                .node(id)
                .voters(List.of(new NodeId(1), new NodeId(2), new NodeId(3)))
                .directory(directory.resolve("n" + number))
                .formatIfEmpty(true)
                .transport(network.transport(id))
                .stateMachine(new Sum())
                .start();
        nodes.put(number, node);
        NettyClientEndpoint endpoint = NettyClientEndpoint.on("127.0.0.1", ports.get(number - 1))
                .gateway(node.clients())
                .start();
        endpoints.put(number, endpoint);
        ports.set(number - 1, endpoint.localAddress().getPort());
    }

    private void stop(int number) {
        endpoints.remove(number).close();
        nodes.remove(number).close();
    }

    @AfterEach
    void close() {
        endpoints.values().forEach(NettyClientEndpoint::close);
        nodes.values().forEach(PaxosNode::close);
    }

    private PaxosClient client() {
        PaxosClientBuilder builder = PaxosClient.builder().cluster("real");
        ports.forEach(port -> builder.address("127.0.0.1", port));
        return builder.connect();
    }

    private static long sum(Outcome outcome) {
        Outcome.Done done = assertInstanceOf(Outcome.Done.class, outcome, () -> String.valueOf(outcome));
        return ByteBuffer.wrap(done.result()).getLong();
    }

    @Test
    void pipelinedCommandsAreAppliedOnceInOrder() throws Exception {
        try (PaxosClient client = client()) {
            List<CompletableFuture<Outcome>> futures = new ArrayList<>();
            for (int i = 0; i < 3_000; i++) {
                futures.add(client.execute(ONE, PATIENCE));
            }
            for (int i = 0; i < futures.size(); i++) {
                assertEquals(i + 1, sum(futures.get(i).get(60, TimeUnit.SECONDS)));
            }
        }
    }

    @Test
    void nodesThatStopAndComeBackCostNoCommandAndRepeatNone() throws Exception {
        try (PaxosClient client = client();
                PaxosClient another = client()) {
            List<CompletableFuture<Outcome>> futures = new ArrayList<>();
            for (int round = 0; round < 6; round++) {
                for (int i = 0; i < 200; i++) {
                    futures.add(client.execute(ONE, PATIENCE));
                    futures.add(another.execute(ONE, PATIENCE));
                }
                assertTrue(sum(futures.get(round * 400 + 50).get(60, TimeUnit.SECONDS)) > 0);
                int stopped = 1 + round % 3;
                stop(stopped);
                futures.add(client.execute(ONE, PATIENCE));
                futures.add(another.execute(ONE, PATIENCE));
                assertTrue(sum(client.executeAndWait(new byte[1], PATIENCE)) > 0);
                start(stopped);
                nodes.get(stopped).awaitReady(PATIENCE);
            }
            long last = 0;
            for (CompletableFuture<Outcome> future : futures) {
                last = Math.max(last, sum(future.get(60, TimeUnit.SECONDS)));
            }
            assertEquals(futures.size(), last);
            assertEquals(futures.size(), sum(client.executeAndWait(new byte[1], PATIENCE)));
        }
    }

    @Test
    void everyLevelOfReadSeesWhatItPromisesOnAnyNode() throws Exception {
        try (PaxosClient writer = client();
                PaxosClient reader = client()) {
            for (int i = 1; i <= 200; i++) {
                Outcome.Done done = assertInstanceOf(Outcome.Done.class, writer.executeAndWait(ONE, PATIENCE));
                assertEquals(i, read(reader, ReadLevel.LINEARIZABLE));
                assertEquals(i, read(reader, ReadLevel.LEASED));
                assertEquals(i, read(reader, ReadLevel.atLeast(done.position())));
                assertTrue(read(reader, ReadLevel.LOCAL) <= i);
            }
        }
    }

    private static long read(PaxosClient client, ReadLevel level) throws InterruptedException {
        return ByteBuffer.wrap(client.queryAndWait(level, new byte[0], PATIENCE).value())
                .getLong();
    }
}
