// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.journal.Situation.RecordLook;
import io.paxos.model.CorruptValueException;
import io.paxos.model.DurableRecord;
import io.paxos.model.Incarnation;
import io.paxos.model.Value;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment file through a window. Nothing is believed before its checksum was seen to match, and nothing is
 * allocated by a length that was not (hazards S8, S14). One thread.
 *
 * <p>The segment's own header need not be whole: records are told from other bytes by a salt in their checksums, which is
 * known from the identity and the file's name.
 */
final class SegmentReader implements Closeable {

    /** Enough for pages of values; who reads a whole log brings a larger one. */
    private static final int WINDOW_BYTES = 64 << 10;

    private final StorageFile file;
    private final String name;
    private final byte[] salt;
    private final long size;
    private final ByteBuffer window;
    private long windowOffset;
    private int generation;

    private SegmentReader(StorageFile file, String name, byte[] salt, long size, ByteBuffer window) {
        this.file = file;
        this.name = name;
        this.salt = salt;
        this.size = size;
        this.window = window.clear().limit(0);
    }

    /**
     * What is at a place.
     *
     * @param look in a word
     * @param header if it is intact and of this version
     * @param payload if it is intact too
     * @param record what it says, if that makes sense; null for an idle mark too
     * @param detail a sentence for an operator
     */
    record Found(
            RecordLook look,
            @Nullable RecordHeader header,
            @Nullable EncodedRecord payload,
            @Nullable DurableRecord record,
            String detail) {

        static Found defect(RecordLook look, String detail) {
            return new Found(look, null, null, null, detail);
        }
    }

    /**
     * Opens a segment, as if the file ended at that offset: another thread may be writing behind it.
     *
     * @param shared for this reader alone as long as it is open; null for a small window of its own
     */
    static SegmentReader open(
            Storage storage, Incarnation incarnation, long sequence, long offsetEnd, @Nullable ByteBuffer shared)
            throws IOException {
        String name = SegmentHeader.fileName(sequence);
        StorageFile file = storage.open(name);
        boolean opened = false;
        try {
            long size = Math.min(file.size(), offsetEnd);
            ByteBuffer window = shared == null ? ByteBuffer.allocate((int) Math.min(WINDOW_BYTES, size)) : shared;
            SegmentReader reader =
                    new SegmentReader(file, name, SegmentHeader.salt(incarnation, sequence), size, window);
            opened = true;
            return reader;
        } finally {
            if (!opened) {
                file.close();
            }
        }
    }

    /**
     * The segment's header.
     *
     * @throws JournalException if it is damaged, or of a later version
     */
    SegmentHeader header() throws IOException {
        ByteBuffer head = ByteBuffer.allocate(SegmentHeader.BYTES);
        FileBytes.readFully(file, name, head, 0);
        return SegmentHeader.decode(head.flip(), name);
    }

    String name() {
        return name;
    }

    /** Where the file ended, or was said to end, when it was opened. */
    long size() {
        return size;
    }

    /**
     * Looks at the place where a record should be.
     *
     * @param expected its sequence
     */
    Found look(long offset, long expected) throws IOException {
        if (offset >= size) {
            return Found.defect(RecordLook.END_OF_FILE, "the file ends");
        }
        if (size - offset < RecordHeader.BYTES) {
            int rest = (int) (size - offset);
            show(offset, rest);
            return isZeros(rest) // the end of a block
                    ? Found.defect(RecordLook.ZEROS, "there are zeros up to the end of the file")
                    : Found.defect(RecordLook.HEADER_CUT, "the record header is cut short by the end of the file");
        }
        show(offset, RecordHeader.BYTES);
        if (!RecordHeader.isIntact(window, salt)) {
            return unreadable();
        }
        if (!looksLikeThisLife(window.position())) {
            // The same salt: a start wrote this very segment here, lost its name with the power, and another took the
            // space.
            return Found.defect(RecordLook.OLD_BYTES, "there is a record of another generation");
        }
        byte typeCode = RecordHeader.typeCode(window);
        RecordHeader header = RecordHeader.decode(window);
        if (header == null) {
            return Found.defect(
                    RecordLook.NEWER, "a record of type " + typeCode + " holds what this version does not know");
        }
        if (header.sequence() != expected) {
            return new Found(
                    RecordLook.OUT_OF_SEQUENCE,
                    header,
                    null,
                    null,
                    "record " + expected + " is expected, but record " + header.sequence() + " is there");
        }
        if (header.length() > size - offset) {
            String detail = "the payload of " + header.payloadLength() + " bytes is cut short by the end of the file";
            return new Found(RecordLook.PAYLOAD_CUT, header, null, null, detail);
        }
        return payload(offset, header);
    }

    private Found unreadable() {
        int start = window.position();
        if (isZeros(RecordHeader.BYTES)) {
            return Found.defect(RecordLook.ZEROS, "there are zeros instead of a record header");
        }
        // A whole header under another salt: what the file held in an earlier life. The checksum says nothing of that.
        return RecordHeader.claimedGeneration(window) > 0 && !looksLikeThisLife(start)
                ? Found.defect(RecordLook.OLD_BYTES, "there are bytes of another generation")
                : Found.defect(RecordLook.HEADER_DAMAGED, "the record header does not match its checksum");
    }

    /** Whether so many of the next bytes shown are zeros. */
    private boolean isZeros(int bytes) {
        for (int at = window.position(); at < window.position() + bytes; at++) {
            if (window.get(at) != 0) {
                return false;
            }
        }
        return true;
    }

    private boolean looksLikeThisLife(int start) {
        return generation == 0 || window.getInt(start + 4) == generation;
    }

    /** Tells this reader the generation in the segment's header, for a better word for what it finds. */
    void expectGeneration(int expected) {
        generation = expected;
    }

    private Found payload(long offset, RecordHeader header) throws IOException {
        EncodedRecord record;
        try {
            record = recordAt(offset, header);
        } catch (JournalException damaged) {
            return new Found(RecordLook.PAYLOAD_DAMAGED, header, null, null, "the payload does not match its checksum");
        }
        try {
            return new Found(RecordLook.WHOLE, header, record, record.decode(), "");
        } catch (IllegalArgumentException outOfRange) {
            String detail = "the record makes no sense: " + outOfRange.getMessage();
            return new Found(RecordLook.IMPOSSIBLE, header, null, null, detail);
        }
    }

    /** The intact record header at that offset, or null if there is none, or one of a later version. */
    @Nullable
    RecordHeader headerAt(long offset) throws IOException {
        if (size - offset < RecordHeader.BYTES) {
            return null;
        }
        show(offset, RecordHeader.BYTES);
        return RecordHeader.isIntact(window, salt) ? RecordHeader.decode(window) : null;
    }

    /**
     * The whole record at that offset.
     *
     * @param header what is there
     * @throws JournalException of kind {@code DAMAGED} if the payload does not match its checksum
     */
    EncodedRecord recordAt(long offset, RecordHeader header) throws IOException {
        if (header.length() > size - offset) {
            throw JournalException.damaged(name, offset, "the payload is cut short by the end of the file");
        }
        byte[] bytes = new byte[header.payloadLength()];
        long at = offset + RecordHeader.BYTES;
        int taken = 0;
        while (taken < bytes.length) {
            show(at + taken, 1);
            int part = Math.min(window.remaining(), bytes.length - taken);
            window.get(bytes, taken, part);
            taken += part;
        }
        try {
            Value payload = Value.verified(bytes, header.payloadChecksum());
            return new EncodedRecord(header.type(), header.slot(), header.ballot(), payload);
        } catch (CorruptValueException corrupt) {
            throw JournalException.damaged(
                    name, offset, "the payload does not match its checksum: " + corrupt.getMessage());
        }
    }

    /**
     * Looks for an intact record header, at every byte.
     *
     * @param from offset to look from
     * @param to offset before which it has to begin
     * @param wanted which one; it is given null for a header of a later version
     * @return its offset, or -1
     */
    long find(long from, long to, Predicate<@Nullable RecordHeader> wanted) throws IOException {
        long end = Math.min(to, size - RecordHeader.BYTES + 1);
        long offset = from;
        while (offset < end) {
            show(offset, RecordHeader.BYTES);
            int start = window.position();
            int last = (int) Math.min(window.limit() - RecordHeader.BYTES, start + (end - 1 - offset));
            int candidate = nextMagic(start, last);
            offset += candidate - start;
            if (candidate <= last) {
                window.position(candidate);
                if (RecordHeader.isIntact(window, salt) && wanted.test(RecordHeader.decode(window))) {
                    return offset;
                }
                offset++;
            }
        }
        return -1;
    }

    /** The first place in the window, not above the last one, where a record may begin; else one above the last. */
    private int nextMagic(int from, int last) {
        int at = from;
        while (at <= last) {
            if (at + Long.BYTES <= window.limit() && window.getLong(at) == 0) {
                at += Long.BYTES;
            } else if (window.getInt(at) == RecordHeader.MAGIC) {
                return at;
            } else {
                at++;
            }
        }
        return last + 1;
    }

    /** Moves the window's position to that offset, with at least so many bytes remaining. */
    private void show(long offset, int bytes) throws IOException {
        long ahead = offset - windowOffset;
        if (ahead < 0 || ahead + bytes > window.limit()) {
            window.clear().limit((int) Math.min(window.capacity(), size - offset));
            windowOffset = Long.MAX_VALUE;
            FileBytes.readFully(file, name, window, offset);
            window.flip();
            windowOffset = offset;
            if (window.limit() < bytes) {
                throw JournalException.damaged(name, offset, "the file ends before its length says");
            }
            return;
        }
        window.position((int) ahead);
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
