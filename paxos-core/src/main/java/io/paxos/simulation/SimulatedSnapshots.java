// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.driver.ApplyWork;
import io.paxos.driver.Capture;
import io.paxos.driver.SnapshotPorts;
import io.paxos.driver.SnapshotRead;
import io.paxos.model.Founding;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import io.paxos.snapshot.IncomingSnapshot;
import io.paxos.snapshot.SnapshotMeta;
import io.paxos.snapshot.SnapshotStore;
import io.paxos.snapshot.SnapshotWriter;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the threads for snapshots do for one process, over the production store on the simulated disk: one task after
 * another, each after a while. A crash may come between any two, and, by the disk, in the middle of any.
 */
final class SimulatedSnapshots implements SnapshotPorts {

    /** One thing to be done. */
    @FunctionalInterface
    private interface Task {
        void run() throws IOException;
    }

    private final SimulatedProcess process;
    private final SimulatedNode node;
    private final Cluster cluster;
    private final SnapshotStore store;
    private final ArrayDeque<Task> tasks = new ArrayDeque<>();
    private boolean busy;
    private @Nullable IncomingSnapshot incoming;

    SimulatedSnapshots(SimulatedProcess process, SimulatedNode node, Cluster cluster, SnapshotStore store) {
        this.process = process;
        this.node = node;
        this.cluster = cluster;
        this.store = store;
    }

    SnapshotStore store() {
        return store;
    }

    private void later(Task task) {
        tasks.add(task);
        next();
    }

    private void next() {
        if (!busy && !tasks.isEmpty()) {
            busy = true;
            cluster.world().after(node.forceMicros(), this::runNext);
        }
    }

    private void runNext() {
        if (process.isDead()) {
            return;
        }
        busy = false;
        Task task = tasks.removeFirst();
        try {
            task.run();
        } catch (IOException failed) {
            process.fail("a task of the snapshots failed: " + failed, node.hasCauseToStop());
            return;
        }
        next();
    }

    // ---- writing --------------------------------------------------------------------------------------------

    @Override
    public void take(Founding founding) {
        process.work(new ApplyWork.Take(founding));
    }

    void unsupported() {
        process.give(driver -> driver.snapshots().notTaken(false));
    }

    void write(Founding founding, Capture capture, long chain) {
        later(() -> {
            try {
                SnapshotId id = written(founding, capture, chain);
                long floor = store.floor();
                process.give(driver -> driver.snapshots().taken(id, floor));
            } catch (IOException failed) {
                process.give(driver -> driver.snapshots().notTaken(true));
            }
        });
    }

    private SnapshotId written(Founding founding, Capture capture, long chain) throws IOException {
        SnapshotMeta meta = new SnapshotMeta(
                founding.id(), founding.membership(), capture.slot(), capture.agreedTimeMillis(), chain);
        try (SnapshotWriter writer = store.create(meta, capture.sessions())) {
            capture.state().writeTo(writer.state());
            return writer.finish();
        }
    }

    // ---- serving --------------------------------------------------------------------------------------------

    @Override
    public void read(SnapshotRead read) {
        cluster.world().after(node.random().nextLong(1, cluster.weather().forceMostMicros + 1), () -> {
            if (!process.isDead()) {
                answer(read);
            }
        });
    }

    private void answer(SnapshotRead read) {
        SnapshotId found = SnapshotId.NONE;
        Value piece = Value.of(new byte[0]);
        try {
            List<SnapshotId> kept = store.kept();
            SnapshotId newest = kept.isEmpty() ? SnapshotId.NONE : kept.get(kept.size() - 1);
            SnapshotId wanted = read.wanted().isNone() ? newest : read.wanted();
            if (kept.contains(wanted)) {
                int length = (int) Math.min(read.length(), Math.max(0, wanted.bytes() - read.offset()));
                piece = length == 0 ? piece : Value.of(store.bytes(wanted, read.offset(), length));
                found = wanted;
            }
        } catch (IOException failed) {
            found = SnapshotId.NONE;
        }
        SnapshotId id = found;
        Value bytes = piece;
        process.give(driver -> driver.snapshots().read(read, id, bytes));
    }

    // ---- receiving ------------------------------------------------------------------------------------------

    @Override
    public void receive(SnapshotId id) {
        storing(id, () -> {
            stopReceiving(); // the one before is wanted no more
            IncomingSnapshot begun = store.receive(id);
            incoming = begun;
            process.give(driver -> driver.snapshots().stored(id, begun.offset()));
        });
    }

    @Override
    public void store(SnapshotId id, long offset, Value piece) {
        storing(id, () -> {
            IncomingSnapshot into = incoming;
            if (into != null && into.id().equals(id)) {
                into.write(offset, piece.buffer());
                process.give(driver -> driver.snapshots().stored(id, offset + piece.length()));
            }
        });
    }

    @Override
    public void install(SnapshotId id) {
        storing(id, () -> {
            IncomingSnapshot whole = incoming;
            if (whole != null && whole.id().equals(id)) {
                whole.finish();
                incoming = null;
                process.work(new ApplyWork.Install(id));
            }
        });
    }

    /** What is here of it stays, to go on with. */
    private void stopReceiving() {
        IncomingSnapshot begun = incoming;
        if (begun != null) {
            begun.close();
            incoming = null;
        }
    }

    private void storing(SnapshotId id, Task task) {
        later(() -> {
            try {
                task.run();
            } catch (IOException failed) {
                stopReceiving();
                process.give(driver -> driver.snapshots().notStored(id));
            }
        });
    }
}
