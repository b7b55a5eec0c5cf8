// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.Value;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Appends records to one segment file. What was added is in the file after {@link #flush}, and durable after a force. */
final class SegmentWriter implements Closeable {

    private static final int LENGTHENED_BYTES = 1 << 20;

    private final StorageFile file;
    private final SegmentHeader header;
    private final RecordHeader.Encoder headers;
    private final ByteBuffer buffer;
    private long written;
    private long fileBytes;

    /**
     * Begins a segment: its header is the first thing in the buffer.
     *
     * @param file empty, or with bytes that nobody needs
     * @param buffer empty, for this writer alone as long as it lives
     */
    SegmentWriter(StorageFile file, SegmentHeader header, ByteBuffer buffer) throws IOException {
        this.file = file;
        this.fileBytes = file.size();
        this.header = header;
        this.headers = new RecordHeader.Encoder(header.salt(), buffer);
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
        headers.append(new RecordHeader(
                header.generation(),
                sequence,
                record.type(),
                record.slot(),
                record.ballot(),
                promised,
                forcedUpTo,
                highestSlot,
                payload.length(),
                payload.checksum()));
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

    /**
     * Makes the file longer, with zeros, if its end is near: a force of records that lie inside the file changes no
     * metadata, and takes about half as long. The next force covers the zeros too; a crash may take them back, since
     * a log ends at zeros as it ends at the end of the file.
     *
     * @param most how long the file may become
     * @throws IOException if there is no space; the segment holds what it held, and grows with its records then
     */
    void lengthenTo(long most) throws IOException {
        fileBytes = Math.max(fileBytes, size());
        if (fileBytes < most && fileBytes - size() < LENGTHENED_BYTES / 2) {
            // Up to a round number: the records that are there end anywhere.
            long end = Math.min(most, (fileBytes / LENGTHENED_BYTES + 1) * LENGTHENED_BYTES);
            FileBytes.writeFully(file, FileBytes.zeros((int) (end - fileBytes)), fileBytes);
            fileBytes = end;
        }
    }

    void force() throws IOException {
        file.force();
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
