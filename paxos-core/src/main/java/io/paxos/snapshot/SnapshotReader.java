// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.model.SnapshotId;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/**
 * Reads one snapshot. A byte leaves only after the checksum of its chunk matched, and the end of the state is reached only
 * after the end of the file agreed with everything before it.
 *
 * <p>Made by {@link SnapshotStore#read}. One thread at a time. Memory: the sessions and one chunk, whatever the size of the
 * state.
 */
public final class SnapshotReader implements Closeable {

    private final SnapshotFile file;
    private final SnapshotId id;
    private final ChunkReader chunks;
    private final SnapshotMeta meta;
    private final byte[] sessions;
    private final DataInputStream state = new DataInputStream(new StateStream());
    private int taken;

    /** Reads as far as the sessions go; closing the file is the caller's if that fails. */
    SnapshotReader(SnapshotFile file, SnapshotId id) throws SnapshotException {
        this.file = file;
        this.id = id;
        chunks = new ChunkReader(file);
        requireLength(file, id.bytes());
        meta = readHeader(file, chunks, id.slot());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        nextChunk();
        while (chunks.kind() == Layout.KIND_SESSIONS) {
            bytes.write(chunks.array(), chunks.payloadOffset(), chunks.payloadLength());
            nextChunk();
        }
        sessions = bytes.toByteArray();
    }

    /**
     * Reads a file whole and says which snapshot it is.
     *
     * @throws SnapshotException of kind {@link SnapshotException.Kind#DAMAGED} or
     *     {@link SnapshotException.Kind#UNSUPPORTED} if it is none of that slot, {@link SnapshotException.Kind#FAILED} if it
     *     cannot be read
     */
    static SnapshotId verify(SnapshotFile file, long slot, Pace pace) throws SnapshotException {
        long size = file.size();
        if (size < Layout.FILE_BYTES_MIN) {
            throw SnapshotException.damaged(file.path(), size, "it is cut short, at " + size + " bytes");
        }
        ChunkReader chunks = new ChunkReader(file);
        SnapshotMeta meta = readHeader(file, chunks, slot);
        long paced = 0;
        while (!chunks.isAtEnd()) {
            chunks.requireNext(size);
            if (chunks.position() - paced >= SnapshotStore.PACED_BYTES) {
                paced = chunks.position();
                pace.stepDone();
            }
        }
        requireLength(file, chunks.position());
        return chunks.id(meta);
    }

    private static SnapshotMeta readHeader(SnapshotFile file, ChunkReader chunks, long slot) throws SnapshotException {
        SnapshotMeta meta = chunks.readHeader();
        if (meta.slot() != slot) {
            throw SnapshotException.damaged(file.path(), 0, "its header is of slot " + meta.slot());
        }
        return meta;
    }

    private static void requireLength(SnapshotFile file, long bytes) throws SnapshotException {
        long size = file.size();
        if (size != bytes) {
            throw SnapshotException.damaged(
                    file.path(), Math.min(size, bytes), "it has " + size + " bytes, and should have " + bytes);
        }
    }

    private void nextChunk() throws SnapshotException {
        chunks.requireNext(id.bytes());
        taken = 0;
        if (chunks.isAtEnd() && !chunks.id(meta).equals(id)) {
            throw SnapshotException.damaged(file.path(), chunks.position(), "it is " + chunks.id(meta) + ", not " + id);
        }
    }

    public SnapshotId id() {
        return id;
    }

    public SnapshotMeta meta() {
        return meta;
    }

    /** The session table's bytes; a copy. */
    public byte[] sessions() {
        return sessions.clone();
    }

    /**
     * The application's state; the same stream at each call. Reading it throws {@link SnapshotException} where the file is
     * damaged or cannot be read. Closing it does nothing.
     */
    public DataInputStream state() {
        return state;
    }

    /**
     * Reads and checks what the application left unread.
     *
     * @return how many bytes of the state that was
     * @throws SnapshotException if the file is damaged or cannot be read
     */
    public long readToEnd() throws SnapshotException {
        long left = 0;
        while (!chunks.isAtEnd()) {
            left += chunks.payloadLength() - taken;
            nextChunk();
        }
        return left;
    }

    @Override
    public void close() {
        file.close();
    }

    private final class StateStream extends InputStream {

        @Override
        public int read() throws IOException {
            if (!hasBytes()) {
                return -1;
            }
            return chunks.array()[chunks.payloadOffset() + taken++] & 0xff;
        }

        @Override
        public int read(byte[] target, int from, int length) throws IOException {
            Objects.checkFromIndexSize(from, length, target.length);
            if (length == 0) {
                return 0;
            }
            if (!hasBytes()) {
                return -1;
            }
            int some = Math.min(length, chunks.payloadLength() - taken);
            System.arraycopy(chunks.array(), chunks.payloadOffset() + taken, target, from, some);
            taken += some;
            return some;
        }

        @Override
        public int available() {
            return chunks.isAtEnd() ? 0 : chunks.payloadLength() - taken;
        }

        private boolean hasBytes() throws SnapshotException {
            while (!chunks.isAtEnd() && taken == chunks.payloadLength()) {
                nextChunk();
            }
            return !chunks.isAtEnd();
        }
    }
}
