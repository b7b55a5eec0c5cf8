// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.CorruptValueException;
import io.paxos.model.Value;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads one segment file through a small window. Nothing is believed before its checksum was seen to match, and nothing
 * is allocated by a length that was not (hazards S8, S14). One thread.
 */
final class SegmentReader implements Closeable {

    private static final int WINDOW_BYTES = 64 << 10;

    private final StorageFile file;
    private final String name;
    private final SegmentHeader header;
    private final byte[] salt;
    private final long size;
    private final ByteBuffer window;
    private long windowOffset;

    private SegmentReader(StorageFile file, String name, SegmentHeader header, long size) {
        this.file = file;
        this.name = name;
        this.header = header;
        this.salt = header.salt();
        this.size = size;
        this.window = ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, size)).limit(0);
    }

    /**
     * Opens a segment and checks its header.
     *
     * @throws JournalException if the header is damaged or unknown
     */
    static SegmentReader open(Storage storage, long sequence) throws IOException {
        return open(storage, sequence, Long.MAX_VALUE);
    }

    /** The same, but as if the file ended at that offset: another thread may be writing behind it. */
    static SegmentReader open(Storage storage, long sequence, long offsetEnd) throws IOException {
        String name = SegmentHeader.fileName(sequence);
        StorageFile file = storage.open(name);
        boolean opened = false;
        try {
            ByteBuffer head = ByteBuffer.allocate(SegmentHeader.BYTES);
            FileBytes.readFully(file, name, head, 0);
            SegmentReader reader = new SegmentReader(
                    file, name, SegmentHeader.decode(head.flip(), name), Math.min(file.size(), offsetEnd));
            opened = true;
            return reader;
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    SegmentHeader header() {
        return header;
    }

    String name() {
        return name;
    }

    /** Where the file ended, or was said to end, when it was opened. */
    long size() {
        return size;
    }

    /**
     * The record header at that offset.
     *
     * @throws JournalException of kind {@code DAMAGED} if there is none, or its payload would not fit the file; of kind
     *     {@code UNSUPPORTED} if it is intact but of a later version
     */
    RecordHeader headerAt(long offset) throws IOException {
        if (size - offset < RecordHeader.BYTES) {
            throw damaged(offset, "the record header is cut short by the end of the file");
        }
        show(offset, RecordHeader.BYTES);
        if (!RecordHeader.isIntact(window, header, salt)) {
            throw damaged(offset, "the record header does not match its checksum");
        }
        byte typeCode = RecordHeader.typeCode(window);
        RecordHeader record = RecordHeader.decode(window);
        if (record == null) {
            throw new JournalException(
                    JournalException.Kind.UNSUPPORTED,
                    "journal file " + name + " at offset " + offset + ": a record of type " + typeCode
                            + " holds what this version does not know");
        }
        if (record.length() > size - offset) {
            throw damaged(
                    offset, "the payload of " + record.payloadLength() + " bytes is cut short by the end of the file");
        }
        return record;
    }

    /**
     * The whole record at that offset.
     *
     * @param head what {@link #headerAt} returned for the offset
     * @throws JournalException of kind {@code DAMAGED} if the payload does not match its checksum
     */
    EncodedRecord recordAt(long offset, RecordHeader head) throws IOException {
        byte[] bytes = new byte[head.payloadLength()];
        long at = offset + RecordHeader.BYTES;
        int taken = 0;
        while (taken < bytes.length) {
            show(at + taken, 1);
            int part = Math.min(window.remaining(), bytes.length - taken);
            window.get(bytes, taken, part);
            taken += part;
        }
        try {
            Value payload = Value.verified(bytes, head.payloadChecksum());
            return new EncodedRecord(head.type(), head.slot(), head.ballot(), payload);
        } catch (CorruptValueException corrupt) {
            throw damaged(offset, "the payload does not match its checksum: " + corrupt.getMessage());
        }
    }

    /**
     * Looks for a record that says it was written after another one had been forced.
     *
     * @param from offset to look from, at every byte
     * @param sequence of the other one
     * @return its offset, or -1
     */
    long findProofOfForce(long from, long sequence) throws IOException {
        for (long offset = from; size - offset >= RecordHeader.BYTES; offset++) {
            show(offset, RecordHeader.BYTES);
            if (window.getInt(window.position()) == RecordHeader.MAGIC && RecordHeader.isIntact(window, header, salt)) {
                RecordHeader record = RecordHeader.decode(window);
                // One of a later version cannot be asked, and a torn batch of this version holds none.
                if (record == null || record.forcedUpTo() >= sequence) {
                    return offset;
                }
            }
        }
        return -1;
    }

    /** Moves the window's position to that offset, with at least so many bytes remaining. */
    private void show(long offset, int bytes) throws IOException {
        long ahead = offset - windowOffset;
        if (ahead < 0 || ahead + bytes > window.limit()) {
            window.clear().limit((int) Math.min(WINDOW_BYTES, size - offset));
            windowOffset = Long.MAX_VALUE;
            FileBytes.readFully(file, name, window, offset);
            window.flip();
            windowOffset = offset;
            if (window.limit() < bytes) {
                throw damaged(offset, "the file ends before its length says");
            }
            return;
        }
        window.position((int) ahead);
    }

    JournalException damaged(long offset, String reason) {
        return JournalException.damaged(name, offset, reason);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
