// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.cost;

import io.paxos.NodeStatus;
import io.paxos.Outcome;
import io.paxos.PaxosNode;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.NettyTransport;
import io.paxos.transport.netty.NettyTransportBuilder;
import io.paxos.transport.netty.NettyTransportCounters;
import io.paxos.transport.netty.Ports;
import io.paxos.transport.netty.client.NettyClientEndpoint;
import io.paxos.transport.netty.client.PaxosClient;
import io.paxos.transport.netty.client.PaxosClientBuilder;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Three nodes with real directories and sockets between them, and one remote client, all in this JVM. Each node serves clients, and
 * the client goes to whichever leads: the leadership may change while they start, and what goes through a follower costs more.
 */
final class SocketCluster implements Closeable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOOPBACK = "127.0.0.1";

    private final List<NettyTransport> transports = new ArrayList<>();
    private final List<PaxosNode> nodes = new ArrayList<>();
    private final List<NettyClientEndpoint> endpoints = new ArrayList<>();
    private final PaxosClient client;

    SocketCluster(Path directory) throws IOException {
        Map<NodeId, Integer> ports = new TreeMap<>();
        for (int number = 1; number <= 3; number++) {
            ports.put(new NodeId(number), Ports.free());
        }
        for (NodeId id : ports.keySet()) {
            NettyTransportBuilder transport = NettyTransport.builder().bind(LOOPBACK, ports.get(id));
            ports.forEach((peer, port) -> {
                if (!peer.equals(id)) {
                    transport.peer(peer, LOOPBACK, port);
                }
            });
            transports.add(transport.build());
            nodes.add(PaxosNode.builder()
                    .cluster("cost")
                    .node(id)
                    .voters(List.copyOf(ports.keySet()))
                    .directory(directory.resolve(id.toString()))
                    .formatIfEmpty(true)
                    // Quieter than usual, so that a slow machine sees no more heartbeats for each command than a fast
                    // one.
                    .heartbeat(Duration.ofMillis(400))
                    .electionTimeout(Duration.ofMillis(1_500), Duration.ofMillis(2_000))
                    .transport(transports.get(transports.size() - 1))
                    .stateMachine(entry -> new byte[Long.BYTES])
                    .start());
        }
        nodes.forEach(node -> node.awaitReady(PATIENCE));
        PaxosClientBuilder dialling = PaxosClient.builder();
        for (PaxosNode node : nodes) {
            NettyClientEndpoint endpoint =
                    NettyClientEndpoint.on(LOOPBACK, 0).gateway(node.clients()).start();
            endpoints.add(endpoint);
            dialling.address(LOOPBACK, endpoint.localAddress().getPort());
        }
        client = dialling.cluster("cost")
                .executor(Runnable::run)
                .inFlightCommandsMax(8_192)
                .connect();
    }

    /** Whether a thread of that name is one of the leader's, as of now. */
    boolean isLeaders(String thread) {
        return nodes.stream()
                .map(PaxosNode::status)
                .anyMatch(each ->
                        each.role() == NodeStatus.Role.LEADING && thread.startsWith("paxos-" + each.node() + "-"));
    }

    /** Whether a thread of that name is one of a follower's. */
    boolean isFollowers(String thread) {
        return thread.startsWith("paxos-n") && !isLeaders(thread);
    }

    /** Frames that all members sent so far. */
    long framesSent() {
        return counters().stream().mapToLong(NettyTransportCounters::framesSent).sum();
    }

    /** Bytes that all members sent each other so far. */
    long bytesSent() {
        return counters().stream().mapToLong(NettyTransportCounters::bytesSent).sum();
    }

    private List<NettyTransportCounters> counters() {
        return transports.stream().map(NettyTransport::counters).toList();
    }

    /** Has the client execute so many commands, with that many under way all the time, and waits for their end. */
    void load(int commands, int outstanding, int bytes) throws InterruptedException {
        Lanes lanes = new Lanes(commands, bytes);
        for (int lane = 0; lane < outstanding; lane++) {
            lanes.next();
        }
        if (!lanes.done.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(lanes.done.getCount() + " of " + commands + " commands are not done yet");
        }
    }

    private final class Lanes {

        private final int bytes;
        private final AtomicInteger left;
        private final CountDownLatch done;

        Lanes(int commands, int bytes) {
            this.bytes = bytes;
            this.left = new AtomicInteger(commands);
            this.done = new CountDownLatch(commands);
        }

        void next() {
            if (left.getAndDecrement() > 0) {
                var unused = client.execute(new byte[bytes]).whenComplete(this::told);
            }
        }

        private void told(Outcome outcome, Throwable failure) {
            if (!(outcome instanceof Outcome.Done)) {
                throw new IllegalStateException(String.valueOf(outcome), failure);
            }
            done.countDown();
            next();
        }
    }

    @Override
    public void close() {
        client.close();
        endpoints.forEach(NettyClientEndpoint::close);
        nodes.forEach(PaxosNode::close);
    }
}
