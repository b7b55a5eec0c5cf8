// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.ApplyWork;
import io.paxos.driver.Capture;
import io.paxos.driver.SnapshotFiles;
import io.paxos.driver.SnapshotRead;
import io.paxos.model.Founding;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import io.paxos.snapshot.SnapshotStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the snapshots of one node, and stores those that it receives, on a thread of its own: neither apply nor the core
 * waits for it. A snapshot that cannot be written is a nuisance, not the end of the node: the log is kept then.
 */
final class SnapshotKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(SnapshotKeeper.class);

    /** One thing to be done. */
    @FunctionalInterface
    interface Task {
        void run() throws IOException;
    }

    private final String node;
    private final SnapshotFiles files;
    private final Callbacks callbacks;
    private final FrameInbox inbox;
    private final StopSignal stop;
    private final DutyCycle pace;
    private final BatchQueue<Task> tasks = new BatchQueue<>();
    private boolean saidUnsupported;

    /** Who asked for a snapshot and is to be told; guarded by itself. */
    private final List<CompletableFuture<Long>> asked = new ArrayList<>();

    /** @param pace for the snapshots it writes; those that it receives come at the pace at which they are fetched */
    SnapshotKeeper(
            String node, SnapshotStore store, Callbacks callbacks, FrameInbox inbox, StopSignal stop, DutyCycle pace) {
        this.node = node;
        this.files = new SnapshotFiles(store);
        this.callbacks = callbacks;
        this.inbox = inbox;
        this.stop = stop;
        this.pace = pace;
    }

    /** The thread's body. */
    void run() throws IOException {
        try {
            List<Task> batch = tasks.takeAll();
            while (!batch.isEmpty() && !stop.isRequested()) {
                for (Task task : batch) {
                    if (!stop.isRequested()) {
                        task.run();
                    }
                }
                batch = tasks.takeAll();
            }
        } finally {
            files.stopReceiving();
        }
    }

    /** Wakes the thread for good; who waits for a snapshot is told that none comes. */
    void close() {
        tasks.close();
        none();
    }

    // ---- writing --------------------------------------------------------------------------------------------

    /** Completes with the slot of the next snapshot that is durable. */
    CompletableFuture<Long> next() {
        CompletableFuture<Long> waiting = new CompletableFuture<>();
        synchronized (asked) {
            asked.add(waiting);
        }
        return waiting;
    }

    private void tell(Consumer<CompletableFuture<Long>> what) {
        List<CompletableFuture<Long>> told;
        synchronized (asked) {
            told = List.copyOf(asked);
            asked.clear();
        }
        if (!told.isEmpty()) {
            callbacks.run(() -> told.forEach(what));
        }
    }

    /** None is taken: nothing was applied yet, the state machine takes none, or the node ends. */
    void none() {
        tell(waiting -> waiting.completeExceptionally(new IllegalStateException(
                "no snapshot is taken: the node has no state yet, takes none, or has ended")));
    }

    /** Whether there is nothing to capture: no slot was applied, or none since the newest snapshot. Who waits is told then. */
    boolean isUpTo(long applied) {
        long newest = files.newest().slot();
        if (applied > newest) {
            return false;
        }
        inbox.put(driver -> driver.snapshots().notTaken(true));
        if (newest == 0) {
            none();
        } else {
            tell(waiting -> waiting.complete(newest));
        }
        return true;
    }

    /** The state machine takes no snapshots. */
    void unsupported(UnsupportedOperationException why) {
        if (!saidUnsupported) {
            saidUnsupported = true;
            LOG.warn(
                    "{}: the log is never trimmed, and applied from its start after a restart: {}",
                    node,
                    why.getMessage());
        }
        inbox.put(driver -> driver.snapshots().notTaken(false));
        tell(waiting -> waiting.completeExceptionally(why));
    }

    void write(Founding founding, Capture capture) {
        tasks.put(() -> {
            long begun = System.nanoTime();
            try {
                pace.begin();
                SnapshotId id = files.write(founding, capture, pace);
                long floor = files.store().floor();
                LOG.info(
                        "{}: snapshot of slot {}, {} bytes, in {} ms",
                        node,
                        id.slot(),
                        id.bytes(),
                        (System.nanoTime() - begun) / 1_000_000);
                inbox.put(driver -> driver.snapshots().taken(id, floor));
                tell(waiting -> waiting.complete(id.slot()));
            } catch (IOException failed) {
                LOG.warn("{}: no snapshot of slot {}; the log is kept: {}", node, capture.slot(), failed.toString());
                inbox.put(driver -> driver.snapshots().notTaken(true));
                tell(waiting -> waiting.completeExceptionally(failed));
            }
        });
    }

    // ---- serving --------------------------------------------------------------------------------------------

    /** Reads a piece for another member; on whatever thread reads. */
    void serve(SnapshotRead read) {
        SnapshotFiles.Piece piece = SnapshotFiles.Piece.NONE;
        try {
            piece = files.read(read);
        } catch (IOException failed) {
            LOG.warn("{}: snapshot {} cannot be read for another member: {}", node, read.wanted(), failed.toString());
        }
        SnapshotFiles.Piece found = piece;
        inbox.put(driver -> driver.snapshots().read(read, found.id(), found.bytes()));
    }

    /** Keeps the snapshot that another member is in the middle of, and no longer the one before. */
    void hold(SnapshotId id) {
        tasks.put(() -> files.hold(id));
    }

    // ---- receiving ------------------------------------------------------------------------------------------

    void receive(SnapshotId id) {
        storing(id, () -> {
            long offset = files.receive(id);
            LOG.info("{}: receives snapshot {}, from byte {} on", node, id, offset);
            inbox.put(driver -> driver.snapshots().stored(id, offset));
        });
    }

    void store(SnapshotId id, long offset, Value piece) {
        storing(id, () -> {
            if (files.store(id, offset, piece)) {
                inbox.put(driver -> driver.snapshots().stored(id, offset + piece.length()));
            }
        });
    }

    /** Lets go of the files of what is being received. */
    void stopReceiving() {
        tasks.put(files::stopReceiving);
    }

    /** Verifies what was received and makes it durable, then goes on to the apply thread. */
    void finish(SnapshotId id, Consumer<ApplyWork> apply) {
        storing(id, () -> {
            if (files.finish(id)) {
                apply.accept(new ApplyWork.Install(id));
            }
        });
    }

    private void storing(SnapshotId id, Task task) {
        tasks.put(() -> {
            try {
                task.run();
            } catch (IOException failed) {
                files.stopReceiving();
                LOG.warn("{}: snapshot {} could not be received; it is fetched anew: {}", node, id, failed.toString());
                inbox.put(driver -> driver.snapshots().notStored(id));
            }
        });
    }

    SnapshotFiles files() {
        return files;
    }
}
