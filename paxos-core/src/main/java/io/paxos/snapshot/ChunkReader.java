// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.model.SnapshotId;
import java.nio.ByteBuffer;

/**
 * Reads a snapshot file from its start, whole chunks only, each checked before anyone sees a byte of it. The file may still
 * be growing: what is not all there yet is left for later.
 */
final class ChunkReader {

    private final SnapshotFile file;
    private final ByteBuffer buffer = ByteBuffer.allocate(Layout.BUFFER_BYTES);
    private int checksum;
    private long position;
    private byte kind;
    private int length;
    private long chunks;
    private long sessionsBytes;
    private long stateBytes;

    ChunkReader(SnapshotFile file) {
        this.file = file;
    }

    /** Reads the header, which must be all there; before anything else. */
    SnapshotMeta readHeader() throws SnapshotException {
        ByteBuffer header = ByteBuffer.allocate(Layout.HEADER_BYTES);
        file.read(header, 0);
        SnapshotMeta meta = SnapshotHeader.decode(header, file.path());
        checksum = SnapshotHeader.checksum(header);
        position = Layout.HEADER_BYTES;
        return meta;
    }

    /**
     * Reads and checks the next chunk.
     *
     * @param limit how many bytes of the file are there
     * @return whether there was one, whole, below the limit
     */
    boolean next(long limit) throws SnapshotException {
        if (isAtEnd() || limit - position < Layout.HEAD_BYTES) {
            return false;
        }
        buffer.clear().position(Layout.BUFFER_HEAD).limit(Layout.BUFFER_PAYLOAD);
        file.read(buffer, position);
        int claimed = buffer.getInt(Layout.BUFFER_HEAD + 4);
        byte next = requireHead(buffer.getInt(Layout.BUFFER_HEAD), claimed);
        int bytes = Layout.HEAD_BYTES + claimed + Layout.CRC_BYTES;
        if (limit - position < bytes) {
            return false;
        }
        buffer.limit(Layout.BUFFER_HEAD + bytes);
        file.read(buffer, position + Layout.HEAD_BYTES);
        buffer.putInt(0, checksum);
        int crcAt = Layout.BUFFER_PAYLOAD + claimed;
        int expected = Crc.of(buffer, 0, crcAt);
        if (buffer.getInt(crcAt) != expected) {
            throw damaged("the chunk does not match its checksum, or does not belong behind the bytes before it");
        }
        take(next, claimed, bytes);
        checksum = expected;
        return true;
    }

    /** The length is bounded before anything is read by it. */
    private byte requireHead(int head, int claimed) throws SnapshotException {
        byte next = (byte) (head >>> 24);
        boolean isKnown = next >= Layout.KIND_SESSIONS && next <= Layout.KIND_END && (head & 0xffffff) == 0;
        boolean isFitting = next == Layout.KIND_END
                ? claimed == Layout.END_PAYLOAD_BYTES
                : claimed >= 1 && claimed <= Layout.PAYLOAD_BYTES_MAX;
        if (!isKnown || !isFitting || next < kind) {
            throw damaged("what stands there begins no chunk");
        }
        return next;
    }

    private void take(byte next, int claimed, int bytes) throws SnapshotException {
        if (next == Layout.KIND_END) {
            buffer.position(Layout.BUFFER_PAYLOAD);
            boolean agrees = buffer.getLong() == chunks
                    && buffer.getLong() == sessionsBytes
                    && buffer.getLong() == stateBytes
                    && buffer.getLong() == position + bytes;
            if (!agrees) {
                throw damaged("the end does not agree with what is before it");
            }
        } else {
            chunks++;
        }
        sessionsBytes += next == Layout.KIND_SESSIONS ? claimed : 0;
        stateBytes += next == Layout.KIND_STATE ? claimed : 0;
        if (sessionsBytes > SnapshotStore.SESSIONS_BYTES_MAX) {
            throw damaged("there are more than " + SnapshotStore.SESSIONS_BYTES_MAX + " bytes of sessions");
        }
        kind = next;
        length = claimed;
        position += bytes;
    }

    /** The same, where the file must go on. */
    void requireNext(long limit) throws SnapshotException {
        if (!next(limit)) {
            throw damaged("it is cut short, at " + limit + " bytes");
        }
    }

    /** Where the checked bytes end. */
    long position() {
        return position;
    }

    /** Kind of the chunk that was read last. */
    byte kind() {
        return kind;
    }

    boolean isAtEnd() {
        return kind == Layout.KIND_END;
    }

    /** Payload of the chunk that was read last, until the next one is: in {@link #array} from here on. */
    int payloadOffset() {
        return Layout.BUFFER_PAYLOAD;
    }

    int payloadLength() {
        return length;
    }

    byte[] array() {
        return buffer.array();
    }

    /** The chunk that was read last as it stands in the file. */
    ByteBuffer chunk() {
        return ByteBuffer.wrap(buffer.array(), Layout.BUFFER_HEAD, Layout.HEAD_BYTES + length + Layout.CRC_BYTES);
    }

    /** What the bytes up to here are, once they are all of the file. */
    SnapshotId id(SnapshotMeta meta) {
        return new SnapshotId(meta.slot(), position, checksum);
    }

    private SnapshotException damaged(String reason) {
        return SnapshotException.damaged(file.path(), position, reason);
    }
}
