// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.Value;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Appends records to one segment file. What was added is in the file after {@link #flush}, and durable after a force.
 *
 * <p>A file that is written in blocks gets whole ones: the last one is filled up with zeros, stays in the buffer, and is written
 * again with what comes next. Its bytes that are there already are the same then; a sector of them holds what it held whether or
 * not that write survives a crash.
 */
final class SegmentWriter implements Closeable {

    private static final int LENGTHENED_BYTES = 1 << 20;

    private final StorageFile file;
    private final SegmentHeader header;
    private final RecordHeader.Encoder headers;
    private final ByteBuffer buffer;
    private final int blockBytes;
    private long bufferedFrom;
    private long fileBytes;

    /**
     * Begins a segment: its header is the first thing in the buffer.
     *
     * @param file empty, or with bytes that nobody needs
     * @param buffer empty, {@linkplain FileBytes#blocks of whole blocks}, for this writer alone as long as it lives
     */
    SegmentWriter(StorageFile file, SegmentHeader header, ByteBuffer buffer) throws IOException {
        this.file = file;
        this.blockBytes = file.blockBytes();
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
        return bufferedFrom + buffer.position();
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
            spill();
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
                spill();
            }
            int part = Math.min(buffer.remaining(), bytes.length - taken);
            buffer.put(bytes, taken, part);
            taken += part;
        }
        return offset;
    }

    /** Hands what is in the buffer to the file. */
    void flush() throws IOException {
        int end = buffer.position();
        buffer.put(FileBytes.zeros(-end & (blockBytes - 1)));
        write(buffer.position(), end);
    }

    /** Makes room: as much as fills whole blocks goes to the file. */
    private void spill() throws IOException {
        write(buffer.position() & -blockBytes, buffer.position());
    }

    /**
     * Writes whole blocks, and keeps what is to be written again.
     *
     * @param length in bytes, from the start of the buffer
     * @param end of what was added
     */
    private void write(int length, int end) throws IOException {
        FileBytes.writeFully(file, buffer.limit(length).position(0), bufferedFrom);
        int whole = Math.min(length, end & -blockBytes);
        buffer.limit(end).position(whole).compact();
        bufferedFrom += whole;
    }

    /**
     * Makes the file longer, with zeros, if its end is near: a force of records that lie inside the file changes no
     * metadata, and takes about half as long. If they are not forced as they are written, the next force covers the zeros too; a
     * crash may take them back, since a log ends at zeros as it ends at the end of the file.
     *
     * @param most how long the file may become
     * @throws IOException if there is no space, or the disk fails where nobody's bytes are; the segment holds what it held, and grows
     *     with its records then
     */
    void lengthenTo(long most) throws IOException {
        fileBytes = Math.max(fileBytes, FileBytes.wholeBlocks(size(), blockBytes));
        // Up to a round number: the records that are there end anywhere.
        long end = Math.min(most & -blockBytes, (fileBytes / LENGTHENED_BYTES + 1) * LENGTHENED_BYTES);
        if (fileBytes < end && fileBytes - size() < LENGTHENED_BYTES / 2) {
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
