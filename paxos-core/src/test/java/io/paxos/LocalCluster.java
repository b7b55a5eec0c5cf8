// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.Entry;
import io.paxos.model.NodeId;
import io.paxos.transport.InProcessNetwork;
import java.io.Closeable;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Several nodes in this JVM, each with its directory, on one in-process network. */
final class LocalCluster implements Closeable {

    static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Applies by remembering, and answers how many commands it has seen. */
    static final class Remembering implements StateMachine {

        private final List<String> applied = new CopyOnWriteArrayList<>();

        @Override
        public byte[] apply(Entry entry) {
            applied.add(text(entry.command()));
            return bytes(Integer.toString(applied.size()));
        }

        List<String> applied() {
            return applied;
        }
    }

    private final Path directory;
    private final List<NodeId> voters = new ArrayList<>();
    private final List<NodeId> learners = new ArrayList<>();
    private final InProcessNetwork network = new InProcessNetwork();
    private final Map<Integer, PaxosNode> nodes = new TreeMap<>();
    private final Map<Integer, Remembering> machines = new TreeMap<>();

    LocalCluster(Path directory, int size) {
        this(directory, size, 0);
    }

    /** The learners' numbers follow the voters'. */
    LocalCluster(Path directory, int size, int learnersSize) {
        this.directory = directory;
        for (int number = 1; number <= size; number++) {
            voters.add(new NodeId(number));
        }
        for (int number = size + 1; number <= size + learnersSize; number++) {
            learners.add(new NodeId(number));
        }
    }

    /** Starts every node and waits until all are ready. */
    LocalCluster startAll() {
        voters.forEach(voter -> start(voter.number()));
        learners.forEach(learner -> start(learner.number()));
        nodes.values().forEach(node -> node.awaitReady(PATIENCE));
        return this;
    }

    InProcessNetwork network() {
        return network;
    }

    NodeBuilder builder(int number) {
        return PaxosNode.builder()
                .cluster("test")
                .node(new NodeId(number))
                .voters(voters)
                .learners(learners)
                .directory(directory.resolve("n" + number))
                .formatIfEmpty(true)
                .transport(network.transport(new NodeId(number)));
    }

    PaxosNode start(int number) {
        Remembering machine = new Remembering();
        machines.put(number, machine);
        return start(number, builder(number).stateMachine(machine));
    }

    /** With leases, for clocks that drift by a thousandth. */
    PaxosNode startLeased(int number) {
        Remembering machine = new Remembering();
        machines.put(number, machine);
        return start(number, builder(number).stateMachine(machine).leasedReads(1_000));
    }

    PaxosNode start(int number, NodeBuilder builder) {
        PaxosNode node = builder.start();
        nodes.put(number, node);
        return node;
    }

    void stop(int number) {
        nodes.remove(number).close();
    }

    PaxosNode node(int number) {
        return nodes.get(number);
    }

    Remembering machine(int number) {
        return machines.get(number);
    }

    /** The number of the node that leads now. */
    int leader() {
        AtomicInteger leading = new AtomicInteger();
        Eventually.eventually("somebody leads", () -> {
            nodes.values().stream()
                    .map(PaxosNode::status)
                    .filter(status -> status.role() == NodeStatus.Role.LEADING)
                    .findFirst()
                    .ifPresent(status -> leading.set(status.node().number()));
            return leading.get() != 0;
        });
        return leading.get();
    }

    @Override
    public void close() {
        nodes.values().forEach(PaxosNode::close);
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
