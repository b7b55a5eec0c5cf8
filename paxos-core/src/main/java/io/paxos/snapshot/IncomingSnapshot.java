// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.journal.Storage;
import io.paxos.model.SnapshotId;
import java.io.Closeable;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot on its way from another member: that member's file, byte by byte, written aside until it is whole. Chunks are
 * checked as they become whole, so that a bad one costs itself and not the transfer.
 *
 * <pre>
 * open ──finish──▶ done                                  the snapshot is kept
 * open ──close, a crash──▶ done                          a later receive of the same id goes on behind the last whole chunk
 * open ──abandon, a failure, another snapshot──▶ done    what was received is deleted
 * </pre>
 *
 * <p>Made by {@link SnapshotStore#receive}. One thread at a time. Memory: one chunk, and what is handed in.
 */
public final class IncomingSnapshot implements Closeable {

    private final SnapshotStore store;
    private final SnapshotId id;
    private final String part;
    private final SnapshotFile file;
    private final ChunkReader chunks;
    private @Nullable SnapshotMeta meta;
    private long offset;
    private volatile boolean isOpen = true;

    private IncomingSnapshot(SnapshotStore store, SnapshotId id, SnapshotFile file) {
        this.store = store;
        this.id = id;
        this.part = SnapshotNames.part(id);
        this.file = file;
        this.chunks = new ChunkReader(file);
    }

    static IncomingSnapshot begin(SnapshotStore store, Storage storage, SnapshotId id, long forceEveryBytes)
            throws SnapshotException {
        return new IncomingSnapshot(
                store, id, SnapshotFile.create(storage, SnapshotNames.part(id), forceEveryBytes, Pace.NONE));
    }

    /**
     * Goes on with a file that is there, behind its last whole chunk.
     *
     * @return null if that cannot be done; the file must be deleted then
     */
    static @Nullable IncomingSnapshot resume(
            SnapshotStore store, Storage storage, SnapshotId id, long forceEveryBytes) {
        SnapshotFile file = null;
        try {
            file = SnapshotFile.openToWrite(storage, SnapshotNames.part(id), forceEveryBytes);
            IncomingSnapshot incoming = new IncomingSnapshot(store, id, file);
            incoming.takeOver(file.size());
            return incoming;
        } catch (SnapshotException unusable) {
            if (file != null) {
                file.close();
            }
            return null;
        }
    }

    /**
     * Reads what is there, and writes each chunk once more over itself. In the process that wrote it a force may have
     * failed: its pages read as written, count as clean and are not on the disk, and no later force would write them (hazard
     * S12).
     */
    private void takeOver(long size) throws SnapshotException {
        if (size > id.bytes()) {
            throw mismatch("it has " + size + " bytes already, more than " + id.bytes());
        }
        if (size < Layout.HEADER_BYTES) {
            return;
        }
        try {
            SnapshotMeta found = requireOurs(chunks.readHeader());
            file.write(SnapshotHeader.encode(found), 0);
            meta = found;
            offset = chunks.position();
            while (chunks.next(size)) {
                ByteBuffer chunk = chunks.chunk();
                file.write(chunk, chunks.position() - chunk.remaining());
                offset = chunks.position();
                requireEndAtTheEnd(found);
            }
        } catch (SnapshotException stopped) {
            if (stopped.kind() != SnapshotException.Kind.DAMAGED) {
                throw stopped;
            }
        }
    }

    public SnapshotId id() {
        return id;
    }

    /** Where the next byte belongs, in bytes from the start of the file; moves back to the last whole chunk after a bad one. */
    public long offset() {
        return offset;
    }

    /** What the snapshot is of, once its header is here and whole; null before. */
    public @Nullable SnapshotMeta meta() {
        return meta;
    }

    /**
     * Takes the next bytes of the file, all that remain in the buffer.
     *
     * @param at where in the file they belong
     * @throws SnapshotException of kind {@link SnapshotException.Kind#OUT_OF_ORDER} if that is not {@link #offset} or they
     *     go beyond the end; nothing is taken. Of kind {@link SnapshotException.Kind#DAMAGED} if a chunk does not match its
     *     checksum; send on from {@link #offset}. Of any other kind if what was received is deleted
     */
    public void write(long at, ByteBuffer bytes) throws SnapshotException {
        requireOpen();
        if (at != offset) {
            throw new SnapshotException(
                    SnapshotException.Kind.OUT_OF_ORDER, file.path(), at, "the next offset is " + offset, null);
        }
        if (bytes.remaining() > id.bytes() - at) {
            throw new SnapshotException(
                    SnapshotException.Kind.OUT_OF_ORDER,
                    file.path(),
                    at,
                    bytes.remaining() + " bytes go beyond the end, " + id.bytes(),
                    null);
        }
        int length = bytes.remaining();
        try {
            file.write(bytes, at);
            offset += length;
            check();
        } catch (SnapshotException failed) {
            if (failed.kind() == SnapshotException.Kind.DAMAGED) {
                offset = chunks.position();
            } else {
                abandon();
            }
            throw failed;
        }
    }

    private void check() throws SnapshotException {
        if (meta == null && offset >= Layout.HEADER_BYTES) {
            meta = requireOurs(chunks.readHeader());
        }
        if (meta != null) {
            while (chunks.next(offset)) {
                requireEndAtTheEnd(meta);
            }
        }
    }

    private SnapshotMeta requireOurs(SnapshotMeta found) throws SnapshotException {
        if (found.slot() != id.slot()) {
            throw mismatch("its header is of slot " + found.slot());
        }
        return found;
    }

    private void requireEndAtTheEnd(SnapshotMeta of) throws SnapshotException {
        if (chunks.isAtEnd() && !chunks.id(of).equals(id)) {
            throw mismatch("it is " + chunks.id(of) + ", not " + id);
        }
    }

    private SnapshotException mismatch(String reason) {
        return new SnapshotException(SnapshotException.Kind.MISMATCH, file.path(), reason);
    }

    /**
     * Checks that everything is here and is the snapshot that was announced, forces it, gives it its name, forces the
     * directory, and reads it back whole; then deletes what is not kept any more.
     *
     * @throws SnapshotException of kind {@link SnapshotException.Kind#OUT_OF_ORDER} if bytes are still missing; nothing
     *     changes. Of any other kind if what was received is deleted, and the others are as they were
     */
    public SnapshotId finish() throws SnapshotException {
        requireOpen();
        if (offset < id.bytes()) {
            throw new SnapshotException(
                    SnapshotException.Kind.OUT_OF_ORDER,
                    file.path(),
                    offset,
                    (id.bytes() - offset) + " bytes are still missing",
                    null);
        }
        try {
            if (!chunks.isAtEnd()) {
                throw mismatch("its last chunk goes beyond the end, " + id.bytes());
            }
            file.force();
        } catch (SnapshotException failed) {
            abandon();
            throw failed;
        }
        isOpen = false;
        file.close();
        store.publish(id, part, Pace.NONE);
        return id;
    }

    /** Deletes what was received, unless it is finished or closed; to be called any number of times. */
    public void abandon() {
        if (isOpen) {
            close();
            store.deleteLeftover(part);
        }
    }

    /** Stops for now; what was received stays, for {@link SnapshotStore#receive} of the same id to go on. */
    @Override
    public void close() {
        if (isOpen) {
            isOpen = false;
            file.close();
        }
    }

    boolean isOpen() {
        return isOpen;
    }

    private void requireOpen() {
        if (!isOpen) {
            throw new IllegalStateException(
                    "snapshot file " + file.path() + ": the transfer is finished, closed or abandoned");
        }
    }
}
