// SPDX-License-Identifier: Apache-2.0
package io.paxos.cost;

import io.paxos.driver.DiskPatience;
import io.paxos.driver.DiskReport;
import io.paxos.driver.Divergence;
import io.paxos.driver.DriverOptions;
import io.paxos.driver.DriverStatus;
import io.paxos.driver.Outcome;
import io.paxos.journal.FileStorage;
import io.paxos.journal.JournalOptions;
import io.paxos.journal.SegmentedJournal;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import io.paxos.protocol.Limits;
import io.paxos.protocol.ReplicaStatus;
import io.paxos.protocol.Timing;
import io.paxos.runtime.NodeParts;
import io.paxos.runtime.NodeRuntime;
import io.paxos.runtime.RuntimeListener;
import io.paxos.snapshot.SnapshotStore;
import io.paxos.transport.InProcessNetwork;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Three nodes with all their threads, files that are forced, and the in-process network. They hardly ever say anything by
 * themselves: with heartbeats at their usual rate a busy machine would see more of them for each command than an idle one.
 */
final class NodesUnderLoad implements Closeable {

    private static final ClusterId CLUSTER = new ClusterId("cost");
    private static final Timing TIMING = new Timing(400, 1_500, 2_000, 60_000);
    private static final long PATIENCE_SECONDS = 120;

    private final List<NodeRuntime> nodes = new ArrayList<>();
    private final List<CountedStorage> storages = new ArrayList<>();
    private final int leader;

    NodesUnderLoad(Path directory) throws IOException, InterruptedException {
        InProcessNetwork network = new InProcessNetwork();
        List<NodeId> voters = List.of(new NodeId(1), new NodeId(2), new NodeId(3));
        FoundingPlan plan = new FoundingPlan(voters, new QuorumSystem.Majority(), 1_024);
        for (NodeId voter : voters) {
            CountedStorage storage = new CountedStorage(new FileStorage(directory.resolve(voter.toString())));
            SegmentedJournal.format(storage, CLUSTER, voter, new Incarnation(7_000 + voter.number()));
            NodeRuntime node = new NodeRuntime(new NodeParts(
                    CLUSTER,
                    plan,
                    // As in TurnedMember: what is written and forced is what commands ask for.
                    SegmentedJournal.open(storage, CLUSTER, voter, new JournalOptions(512 << 20)),
                    SnapshotStore.open(storage),
                    network.transport(voter),
                    entry -> new byte[Long.BYTES],
                    DriverOptions.of(TIMING, Limits.DEFAULT, 1 << 28, 1 << 28, DiskPatience.of(TIMING, 60_000)),
                    100_000,
                    1 << 30,
                    100,
                    100,
                    1 << 28,
                    Runnable::run,
                    new Silent()));
            node.start();
            nodes.add(node);
            storages.add(storage);
        }
        for (NodeRuntime node : nodes) {
            if (!node.awaitReady(PATIENCE_SECONDS * 1_000)) {
                throw new IllegalStateException("a node is not ready: " + node.status());
            }
        }
        leader = leaderOf(nodes);
    }

    private static int leaderOf(List<NodeRuntime> nodes) {
        for (int i = 0; i < nodes.size(); i++) {
            DriverStatus status = nodes.get(i).status();
            if (status.replica().role() == ReplicaStatus.Role.LEADING) {
                return i;
            }
        }
        throw new IllegalStateException("nobody leads");
    }

    String leaderThreads() {
        return "paxos-" + new NodeId(leader + 1) + "-";
    }

    long leaderForces() {
        return storages.get(leader).forces();
    }

    long followerForces() {
        return storages.stream().mapToLong(CountedStorage::forces).sum() - leaderForces();
    }

    /** Submits so many commands at the leader at once, and waits until all are answered. */
    void round(int commands, int bytes) throws InterruptedException {
        CountDownLatch answered = new CountDownLatch(commands);
        for (int i = 0; i < commands; i++) {
            Outcome refused = nodes.get(leader).submit(new byte[bytes], 60_000, outcome -> {
                if (outcome instanceof Outcome.Applied) {
                    answered.countDown();
                }
            });
            if (refused != null) {
                throw new IllegalStateException(String.valueOf(refused));
            }
        }
        if (!answered.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(answered.getCount() + " commands were not applied in " + PATIENCE_SECONDS
                    + " s: " + nodes.get(leader).status());
        }
    }

    @Override
    public void close() {
        nodes.forEach(NodeRuntime::close);
    }

    /** What goes wrong shows in commands that are not applied. */
    private static final class Silent implements RuntimeListener {
        @Override
        public void leaderChanged(Ballot leader, boolean leadsHere) {}

        @Override
        public void ready() {}

        @Override
        public void diskChanged(DiskReport disk) {}

        @Override
        public void diverged(Divergence divergence) {}

        @Override
        public void failed(String reason, @Nullable Throwable cause) {}
    }
}
