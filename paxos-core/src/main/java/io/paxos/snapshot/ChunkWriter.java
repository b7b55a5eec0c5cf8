// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.model.SnapshotId;
import java.nio.ByteBuffer;

/**
 * Writes a snapshot file from its start to its end, one chunk at a time, through one buffer that is as large as the
 * largest chunk. {@link Layout} says how the checksums hang together.
 */
final class ChunkWriter {

    private final SnapshotFile file;
    private final long slot;
    private final ByteBuffer buffer = ByteBuffer.allocate(Layout.BUFFER_BYTES);
    private byte kind = Layout.KIND_SESSIONS;
    private int checksum;
    private long position;
    private long chunks;
    private long sessionsBytes;
    private long stateBytes;

    /** Writes the header. */
    ChunkWriter(SnapshotFile file, SnapshotMeta meta) throws SnapshotException {
        this.file = file;
        this.slot = meta.slot();
        ByteBuffer header = SnapshotHeader.encode(meta);
        checksum = SnapshotHeader.checksum(header);
        file.write(header, 0);
        position = Layout.HEADER_BYTES;
        buffer.position(Layout.BUFFER_PAYLOAD);
    }

    /** All of the session table; nothing may have been written before. */
    void sessions(byte[] bytes) throws SnapshotException {
        put(bytes, 0, bytes.length);
        sessionsBytes = bytes.length;
        flush();
        kind = Layout.KIND_STATE;
    }

    /** More of the state. */
    void state(byte[] bytes, int from, int length) throws SnapshotException {
        put(bytes, from, length);
        stateBytes += length;
    }

    private void put(byte[] bytes, int from, int length) throws SnapshotException {
        int at = from;
        int end = from + length;
        while (at < end) {
            int room = Layout.BUFFER_PAYLOAD + Layout.PAYLOAD_BYTES_MAX - buffer.position();
            int some = Math.min(room, end - at);
            buffer.put(bytes, at, some);
            at += some;
            if (some == room) {
                flush();
            }
        }
    }

    /** Writes what is in the buffer as a chunk, if anything is. */
    private void flush() throws SnapshotException {
        if (buffer.position() > Layout.BUFFER_PAYLOAD) {
            writeChunk();
            chunks++;
        }
    }

    private void writeChunk() throws SnapshotException {
        int length = buffer.position() - Layout.BUFFER_PAYLOAD;
        buffer.putInt(0, checksum).putInt(Layout.BUFFER_HEAD, kind << 24).putInt(Layout.BUFFER_HEAD + 4, length);
        checksum = Crc.of(buffer, 0, buffer.position());
        buffer.putInt(checksum);
        buffer.flip().position(Layout.BUFFER_HEAD);
        int bytes = buffer.remaining();
        file.write(buffer, position);
        position += bytes;
        buffer.clear().position(Layout.BUFFER_PAYLOAD);
    }

    /** Writes the end, and says what the file is. */
    SnapshotId end() throws SnapshotException {
        flush();
        kind = Layout.KIND_END;
        long length = position + Layout.END_BYTES;
        buffer.putLong(chunks).putLong(sessionsBytes).putLong(stateBytes).putLong(length);
        writeChunk();
        return new SnapshotId(slot, position, checksum);
    }
}
