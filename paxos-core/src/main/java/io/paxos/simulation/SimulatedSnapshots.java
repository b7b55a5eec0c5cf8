// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.driver.ApplyWork;
import io.paxos.driver.Capture;
import io.paxos.driver.SnapshotFiles;
import io.paxos.driver.SnapshotPorts;
import io.paxos.driver.SnapshotRead;
import io.paxos.model.Founding;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import io.paxos.snapshot.SnapshotException;
import io.paxos.snapshot.SnapshotStore;
import java.io.IOException;
import java.util.ArrayDeque;

/**
 * What the threads for snapshots do for one process, over the production store on the simulated disk: one task after
 * another, each after a while. A crash may come between any two, and, by the disk, in the middle of any.
 */
final class SimulatedSnapshots implements SnapshotPorts {

    private static final int CALLS_OF_A_TASK_MAX = 8;

    /** What is done to the files. */
    @FunctionalInterface
    private interface Work {
        void run() throws IOException;
    }

    /** One thing to be done. */
    private record Task(CrashPoint.Step step, Work work) {}

    private final SimulatedProcess process;
    private final SimulatedNode node;
    private final Cluster cluster;
    private final SnapshotFiles files;
    private final ArrayDeque<Task> tasks = new ArrayDeque<>();
    private long queuedBytes;
    private boolean busy;
    private boolean firstReceive = true;

    SimulatedSnapshots(SimulatedProcess process, SimulatedNode node, Cluster cluster, SnapshotStore store) {
        this.process = process;
        this.node = node;
        this.cluster = cluster;
        this.files = new SnapshotFiles(store);
    }

    SnapshotFiles files() {
        return files;
    }

    private void later(CrashPoint.Step step, Work work) {
        tasks.add(new Task(step, work));
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
        node.stepBegins(task.step());
        try {
            task.work().run();
        } catch (IOException failed) {
            process.fail("a task of the snapshots failed: " + failed, node.hasCauseToStop());
            return;
        }
        if (!node.diedInStep()) {
            next();
        }
    }

    /** The process is killed: what it was doing is done in part. */
    void die() {
        Task interrupted = busy ? tasks.peekFirst() : null;
        if (interrupted == null) {
            return;
        }
        node.disk().loseCurrentIn(1 + node.crashRandom().nextInt(CALLS_OF_A_TASK_MAX));
        try {
            interrupted.work().run();
        } catch (IOException died) {
            // As intended. If it did not come to that call, the task is done, and nobody was told.
        }
    }

    /** Bytes of pieces that wait to be stored. */
    long queuedBytes() {
        return queuedBytes;
    }

    // ---- writing --------------------------------------------------------------------------------------------

    @Override
    public void take(Founding founding) {
        process.work(new ApplyWork.Take(founding));
    }

    void unsupported() {
        process.give(driver -> driver.snapshots().notTaken(false));
    }

    void write(Founding founding, Capture capture) {
        later(CrashPoint.Step.WRITE, () -> {
            try {
                SnapshotId id = files.write(founding, capture);
                long floor = files.store().floor();
                process.give(driver -> driver.snapshots().taken(id, floor));
            } catch (IOException failed) {
                process.give(driver -> driver.snapshots().notTaken(true));
            }
        });
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
        SnapshotFiles.Piece piece = SnapshotFiles.Piece.NONE;
        try {
            piece = files.read(read);
        } catch (IOException failed) {
            // It is not there, as far as the other member is concerned.
        }
        SnapshotFiles.Piece found = piece;
        process.give(driver -> driver.snapshots().read(read, found.id(), found.bytes()));
    }

    @Override
    public void hold(SnapshotId id) {
        files.hold(id); // at once: what is deleted by it is of no use to anybody, before a crash or after it
    }

    // ---- receiving ------------------------------------------------------------------------------------------

    @Override
    public void receive(SnapshotId id) {
        storing(CrashPoint.Step.RECEIVE, id, () -> {
            long offset = files.receive(id);
            if (firstReceive && offset > 0) {
                cluster.tally().goneOnAfterRestart++;
            }
            firstReceive = false;
            process.give(driver -> driver.snapshots().stored(id, offset));
        });
    }

    @Override
    public void store(SnapshotId id, long offset, Value piece) {
        queuedBytes += piece.length();
        storing(CrashPoint.Step.STORE, id, () -> {
            queuedBytes -= piece.length();
            if (files.store(id, offset, piece)) {
                process.give(driver -> driver.snapshots().stored(id, offset + piece.length()));
            }
        });
    }

    @Override
    public void stopReceiving() {
        files.stopReceiving(); // nothing on the disk changes by it, so it does not matter when
    }

    @Override
    public void install(SnapshotId id) {
        storing(CrashPoint.Step.FINISH, id, () -> {
            if (files.finish(id)) {
                process.work(new ApplyWork.Install(id));
            }
        });
    }

    private void storing(CrashPoint.Step step, SnapshotId id, Work work) {
        later(step, () -> {
            try {
                work.run();
            } catch (IOException failed) {
                files.stopReceiving();
                boolean isStale =
                        failed instanceof SnapshotException refused && refused.kind() == SnapshotException.Kind.STALE;
                if (isStale) {
                    cluster.tally().tooLate++;
                } else {
                    cluster.tally().notStored++;
                }
                process.give(driver -> driver.snapshots().notStored(id));
            }
        });
    }
}
