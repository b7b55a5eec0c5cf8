// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.Value;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Appends records to one segment file. What was added is in the file after {@link #flush}, and durable after a force. */
final class SegmentWriter implements Closeable {

    private final StorageFile file;
    private final SegmentHeader header;
    private final byte[] salt;
    private final ByteBuffer buffer;
    private long written;

    /**
     * Begins a segment: its header is the first thing in the buffer.
     *
     * @param file empty
     * @param buffer empty, for this writer alone as long as it lives
     */
    SegmentWriter(StorageFile file, SegmentHeader header, ByteBuffer buffer) {
        this.file = file;
        this.header = header;
        this.salt = header.salt();
        this.buffer = buffer.clear();
        header.encode(buffer);
    }

    SegmentHeader header() {
        return header;
    }

    /** Bytes in the segment, those still in the buffer included. */
    long size() {
        return written + buffer.position();
    }

    /**
     * Adds a record.
     *
     * @param promised the promise in force with it
     * @param highestSlot of any vote or chosen value, with it
     * @param forcedUpTo sequence of the last record that is forced already
     * @return the offset of its header in the file
     */
    long add(EncodedRecord record, long sequence, Ballot promised, long highestSlot, long forcedUpTo)
            throws IOException {
        if (buffer.remaining() < RecordHeader.BYTES) {
            flush();
        }
        long offset = size();
        Value payload = record.payload();
        new RecordHeader(
                        header.generation(),
                        sequence,
                        record.type(),
                        record.slot(),
                        record.ballot(),
                        promised,
                        forcedUpTo,
                        highestSlot,
                        payload.length(),
                        payload.checksum())
                .encode(buffer, salt);
        byte[] bytes = payload.bytes();
        int taken = 0;
        while (taken < bytes.length) {
            if (!buffer.hasRemaining()) {
                flush();
            }
            int part = Math.min(buffer.remaining(), bytes.length - taken);
            buffer.put(bytes, taken, part);
            taken += part;
        }
        return offset;
    }

    /** Hands what is in the buffer to the file. */
    void flush() throws IOException {
        buffer.flip();
        int length = buffer.limit();
        FileBytes.writeFully(file, buffer, written);
        written += length;
        buffer.clear();
    }

    void force() throws IOException {
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
