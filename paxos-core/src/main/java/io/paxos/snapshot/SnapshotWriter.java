// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.model.SnapshotId;
import java.io.Closeable;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Writes one snapshot, aside, until {@link #finish} puts it among the others. Whatever fails, they stay as they are; the
 * node need not stop for it.
 *
 * <pre>
 * open ──finish──▶ done                       the snapshot is kept
 * open ──a failure, abandon, close──▶ done    what was written is deleted
 * </pre>
 *
 * <p>Made by {@link SnapshotStore#create}. One thread at a time. Memory: one chunk.
 */
public final class SnapshotWriter implements Closeable {

    private final SnapshotStore store;
    private final SnapshotFile file;
    private final String aside;
    private final Pace pace;
    private final ChunkWriter chunks;
    private final DataOutputStream state = new DataOutputStream(new StateStream());
    private volatile boolean isOpen = true;
    private @Nullable IOException failure;

    /** Writes the header and the sessions; deleting the file is the caller's if that fails. */
    SnapshotWriter(SnapshotStore store, SnapshotFile file, String aside, SnapshotMeta meta, byte[] sessions, Pace pace)
            throws SnapshotException {
        this.store = store;
        this.file = file;
        this.aside = aside;
        this.pace = pace;
        chunks = new ChunkWriter(file, meta);
        chunks.sessions(sessions);
    }

    /**
     * Takes the application's state, of any length; the same stream at each call. It needs no buffer in front of it. A write
     * that fails throws {@link SnapshotException}, and so does everything after it. Closing it does nothing.
     */
    public DataOutputStream state() {
        return state;
    }

    /**
     * Forces the file, gives it its name, forces the directory, and reads it back whole; then deletes what is not kept any
     * more. Returns when all of that is done, and the snapshot is one of those kept.
     *
     * @throws SnapshotException if anything failed; what was written is deleted then, and the others are as they were
     */
    public SnapshotId finish() throws SnapshotException {
        requireOpen();
        SnapshotId id;
        try {
            id = chunks.end();
            file.force();
        } catch (SnapshotException failed) {
            throw giveUp(failed);
        }
        isOpen = false;
        file.close();
        store.publish(id, aside, pace);
        return id;
    }

    /** Deletes what was written, unless it is finished; to be called any number of times. */
    public void abandon() {
        if (isOpen) {
            isOpen = false;
            file.close();
            store.deleteLeftover(aside);
        }
    }

    /** The same as {@link #abandon}. */
    @Override
    public void close() {
        abandon();
    }

    boolean isOpen() {
        return isOpen;
    }

    /** After a failed write or force nobody knows what the file holds: it is never written to again (hazard S12). */
    private SnapshotException giveUp(SnapshotException failed) {
        failure = failed;
        abandon();
        return failed;
    }

    private void requireOpen() throws SnapshotException {
        if (failure != null) {
            throw SnapshotException.failed(file.path(), "was given up before", failure);
        }
        if (!isOpen) {
            throw new IllegalStateException("snapshot file " + file.path() + ": the writer is finished or abandoned");
        }
    }

    private final class StateStream extends OutputStream {

        private final byte[] single = new byte[1];

        @Override
        public void write(int b) throws IOException {
            single[0] = (byte) b;
            write(single, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            Objects.checkFromIndexSize(from, length, bytes.length);
            requireOpen();
            try {
                chunks.state(bytes, from, length);
            } catch (SnapshotException failed) {
                throw giveUp(failed);
            }
        }
    }
}
