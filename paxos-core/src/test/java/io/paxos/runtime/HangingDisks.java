// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static io.paxos.Eventually.eventually;

import io.paxos.driver.DiskPatience;
import io.paxos.driver.DiskReport;
import io.paxos.driver.Divergence;
import io.paxos.driver.DriverOptions;
import io.paxos.driver.RecordLog;
import io.paxos.journal.Journal;
import io.paxos.journal.JournalDamage;
import io.paxos.journal.JournalSpace;
import io.paxos.journal.MemoryStorage;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterId;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.FoundingPlan;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Limits;
import io.paxos.protocol.ReplicaStatus;
import io.paxos.protocol.Timing;
import io.paxos.snapshot.SnapshotStore;
import io.paxos.transport.InProcessNetwork;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

/** Several running nodes over journals in memory whose force can be made to hang, and to go on. */
final class HangingDisks {

    private static final Timing TIMING = new Timing(20, 200, 300, 50);
    private static final DiskPatience PATIENCE = new DiskPatience(300, 600, 60_000);

    private final InProcessNetwork network = new InProcessNetwork();
    private final List<NodeId> voters;
    private final List<Node> nodes = new ArrayList<>();

    HangingDisks(int size) throws IOException {
        voters = IntStream.rangeClosed(1, size).mapToObj(NodeId::new).toList();
        for (NodeId voter : voters) {
            nodes.add(new Node(voter));
        }
    }

    /** One node with its disk, its state machine and its listener. */
    final class Node implements Journal, RuntimeListener {

        private final RecordLog log = new RecordLog();
        private final MemberId self;
        private final List<DiskReport> disks = new CopyOnWriteArrayList<>();
        private final List<String> commands = new CopyOnWriteArrayList<>();
        private final NodeRuntime runtime;
        private volatile CountDownLatch hanging = new CountDownLatch(0);
        private volatile JournalSpace space = JournalSpace.ENOUGH;

        private Node(NodeId id) throws IOException {
            self = new MemberId(id, new Incarnation(100 + id.number()));
            runtime = new NodeRuntime(new NodeParts(
                    new ClusterId("test"),
                    new FoundingPlan(voters, new QuorumSystem.Majority(), 1_024),
                    this,
                    SnapshotStore.open(new MemoryStorage()),
                    network.transport(id),
                    entry -> {
                        commands.add(new String(entry.command(), StandardCharsets.UTF_8));
                        return entry.command();
                    },
                    DriverOptions.of(TIMING, Limits.DEFAULT, 1 << 20, 1 << 20, PATIENCE),
                    100,
                    1 << 20,
                    100,
                    100,
                    1 << 24,
                    null,
                    this));
        }

        NodeRuntime runtime() {
            return runtime;
        }

        /** What the listener was told of the disk. */
        List<DiskReport> disks() {
            return disks;
        }

        List<String> commands() {
            return List.copyOf(commands);
        }

        /** From now on no force returns. */
        void hang() {
            hanging = new CountDownLatch(1);
        }

        void goOn() {
            hanging.countDown();
        }

        /** From now on there is no space for a next segment. */
        void fill() {
            space = new JournalSpace(true, "no next segment: 0 bytes are left");
        }

        void free() {
            space = JournalSpace.ENOUGH;
        }

        @Override
        public DurableState recovered() {
            return log.recover(self, 1);
        }

        @Override
        public void append(List<DurableRecord> records) throws IOException {
            try {
                hanging.await();
            } catch (InterruptedException never) {
                throw new IOException("interrupted", never);
            }
            synchronized (log) {
                log.append(records);
            }
        }

        @Override
        public void markIdle() {}

        @Override
        public void prepare() {}

        @Override
        public JournalSpace space() {
            return space;
        }

        @Override
        public List<JournalDamage> damage() {
            return List.of();
        }

        @Override
        public List<SlotRange> unknown() {
            return List.of();
        }

        @Override
        public List<Proposal> readChosen(SlotRange slots, int bytesMax) {
            synchronized (log) {
                return log.readChosen(slots, bytesMax);
            }
        }

        @Override
        public void close() {}

        @Override
        public void leaderChanged(Ballot leader, boolean leadsHere) {}

        @Override
        public void ready() {}

        @Override
        public void diskChanged(DiskReport disk) {
            disks.add(disk);
        }

        @Override
        public void diverged(Divergence divergence) {}

        @Override
        public void failed(String reason, Throwable cause) {}
    }

    /** Starts all, and waits until everyone is ready. */
    void start() throws IOException, InterruptedException {
        for (Node node : nodes) {
            node.runtime.start();
        }
        for (Node node : nodes) {
            if (!node.runtime.awaitReady(30_000)) {
                throw new AssertionError("not ready: " + node.runtime.status());
            }
        }
    }

    List<Node> nodes() {
        return nodes;
    }

    Node leader() {
        eventually("somebody leads", () -> nodes.stream().anyMatch(HangingDisks::leads));
        return nodes.stream().filter(HangingDisks::leads).findFirst().orElseThrow();
    }

    Node anyBut(Node one) {
        return nodes.stream().filter(node -> node != one).findFirst().orElseThrow();
    }

    boolean leadsAnother(Node one) {
        return nodes.stream().anyMatch(node -> node != one && leads(node));
    }

    private static boolean leads(Node node) {
        return node.runtime.status().replica().role() == ReplicaStatus.Role.LEADING;
    }

    void close() {
        nodes.forEach(Node::goOn);
        nodes.forEach(node -> node.runtime.close());
    }
}
