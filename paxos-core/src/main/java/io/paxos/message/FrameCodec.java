// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import io.paxos.model.CorruptValueException;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import java.nio.BufferOverflowException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/**
 * The binary form of a {@link Frame}, frozen (big-endian, whatever the order of the buffer):
 *
 * <pre>
 * offset  0  magic u32            f1 'P' 'X' 'S'
 *         4  version u16          {@value #VERSION}
 *         6  kind u16             which message
 *         8  length u32           of the whole frame, this header included
 *        12  value bytes u32      how many bytes at the end of the frame are bytes of values
 *        16  founding id 16
 *        32  group u32
 *        36  sender's node u32
 *        40  sender's incarnation u64
 *        48  sender's boot u64
 *        56  fields checksum u32  CRC32C of the fields
 *        60  header checksum u32  CRC32C of the 60 bytes before it
 *        64  fields               of the message; a value stands here as its length and its checksum
 *            value bytes          of all values, one after another
 * </pre>
 *
 * <p>Every byte is covered by one checksum, and every checksum by the one before it: the header's covers the fields', the
 * fields' covers the values'. A value's own checksum was computed once, when its batch was encoded, and is neither
 * computed again to send it nor replaced on any hop. The layout of each message is in {@code docs/wire-format.md}.
 *
 * <p>Without state; any thread. A buffer that is given is read and written in place, without a view of it, and so must be nobody
 * else's meanwhile; but for its position it is left as it was.
 */
public final class FrameCodec {

    /** First four bytes of every frame. The first is no ASCII, so that no text protocol starts like this. */
    public static final int MAGIC = 0xF1_50_58_53;

    /** The version of the layout that this class writes, and the only one it reads. */
    public static final int VERSION = 1;

    /** Bytes before the fields; also the shortest frame, and what {@link #lengthOf} needs. */
    public static final int HEADER_BYTES = 64;

    private static final int VERSION_OFFSET = 4;
    private static final int KIND_OFFSET = 6;
    private static final int LENGTH_OFFSET = 8;
    private static final int VALUE_BYTES_OFFSET = 12;
    private static final int FOUNDING_OFFSET = 16;
    private static final int FIELDS_CHECKSUM_OFFSET = 56;
    private static final int HEADER_CHECKSUM_OFFSET = 60;

    private FrameCodec() {}

    /**
     * Bytes that {@link #encode} writes for this frame.
     *
     * @throws IllegalArgumentException if they are more than an {@code int} can count
     */
    public static int encodedLength(Frame frame) {
        FieldMeter meter = new FieldMeter();
        MessageKind.of(frame.message()).write(frame.message(), meter);
        long length = HEADER_BYTES + meter.fieldBytes() + meter.valueBytes();
        if (length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("frame length: " + length + " bytes is outside the allowed range "
                    + HEADER_BYTES + ".." + Integer.MAX_VALUE);
        }
        return (int) length;
    }

    /**
     * Writes the frame at the buffer's position and moves the position behind it.
     *
     * @throws BufferOverflowException if it does not fit; nothing was written
     * @throws IllegalArgumentException if it is longer than an {@code int} can count
     */
    public static void encode(Frame frame, ByteBuffer out) {
        encode(frame, encodedLength(frame), out);
    }

    /**
     * The same for a frame that was measured before.
     *
     * @param length its {@link #encodedLength}
     * @throws BufferOverflowException if it does not fit; nothing was written
     */
    public static void encode(Frame frame, int length, ByteBuffer out) {
        if (out.remaining() < length) {
            throw new BufferOverflowException();
        }
        int start = out.position();
        int limit = out.limit();
        ByteOrder order = out.order();
        int end = start;
        try {
            out.order(ByteOrder.BIG_ENDIAN).limit(start + length);
            MessageKind kind = MessageKind.of(frame.message());
            FieldWriter body = new FieldWriter(out.position(start + HEADER_BYTES));
            kind.write(frame.message(), body);
            int fieldsEnd = out.position();
            body.endWithValues();
            if (out.hasRemaining()) {
                throw new IllegalArgumentException("frame length: " + length + " bytes, but only "
                        + (out.position() - start) + " bytes were to write");
            }
            writeHeader(frame, kind, out, start, fieldsEnd);
            end = start + length;
        } finally {
            out.order(order).limit(limit).position(end);
        }
    }

    /** @param out from there to its limit the whole frame, of which all but the header is written */
    private static void writeHeader(Frame frame, MessageKind kind, ByteBuffer out, int start, int fieldsEnd) {
        int end = out.limit();
        int fieldsChecksum = checksumOf(out, start + HEADER_BYTES, fieldsEnd);
        out.limit(end).position(start);
        out.putInt(MAGIC).putShort((short) VERSION).putShort((short) kind.code());
        out.putInt(end - start).putInt(end - fieldsEnd);
        out.putLong(frame.founding().high()).putLong(frame.founding().low()).putInt(frame.group());
        out.putInt(frame.sender().node().number());
        out.putLong(frame.sender().incarnation().bits()).putLong(frame.boot());
        out.putInt(fieldsChecksum);
        int headerChecksum = checksumOf(out, start, start + HEADER_CHECKSUM_OFFSET);
        out.limit(end).putInt(start + HEADER_CHECKSUM_OFFSET, headerChecksum);
    }

    /**
     * Length of the whole frame that starts at the buffer's position, for a transport that finds frames in a stream.
     * Magic, version and range are checked before the length is believed, and then the header's checksum, so that a
     * damaged length is not waited for. Reads absolutely: the position does not move.
     *
     * @param header at least {@link #HEADER_BYTES} bytes
     * @param frameBytesMax longest frame to allow, in bytes
     * @throws MalformedFrameException if no frame of this version and of an allowed length starts here; there is no way
     *     to find the next one, so the connection must be closed
     */
    public static int lengthOf(ByteBuffer header, int frameBytesMax) {
        if (header.remaining() < HEADER_BYTES) {
            throw new MalformedFrameException(
                    "frame: " + header.remaining() + " bytes is shorter than a header of " + HEADER_BYTES);
        }
        int start = header.position();
        int limit = header.limit();
        ByteOrder order = header.order();
        try {
            return checkedLength(header.order(ByteOrder.BIG_ENDIAN), start, frameBytesMax);
        } finally {
            header.order(order).limit(limit).position(start);
        }
    }

    /** Leaves position and limit anywhere. */
    private static int checkedLength(ByteBuffer in, int start, int frameBytesMax) {
        int magic = in.getInt(start);
        if (magic != MAGIC) {
            throw new MalformedFrameException(
                    String.format("frame magic: %08x%s, expected %08x", magic, asText(magic), MAGIC));
        }
        int version = Short.toUnsignedInt(in.getShort(start + VERSION_OFFSET));
        if (version != VERSION) {
            throw new MalformedFrameException(
                    "frame version: " + version + " is unknown to this version, which knows " + VERSION);
        }
        int length = in.getInt(start + LENGTH_OFFSET);
        if (length < HEADER_BYTES || length > frameBytesMax) {
            throw new MalformedFrameException("frame length: " + length + " bytes is outside the allowed range "
                    + HEADER_BYTES + ".." + frameBytesMax);
        }
        int checksum = in.getInt(start + HEADER_CHECKSUM_OFFSET);
        requireChecksum("header", checksum, checksumOf(in, start, start + HEADER_CHECKSUM_OFFSET));
        return length;
    }

    /**
     * Reads the one frame that fills the buffer from position to limit, and moves the position to the limit. What is
     * allocated is at most a small multiple of the bytes that are there, whatever they say.
     *
     * @throws MalformedFrameException if the bytes are not exactly one frame of this version; nothing else is thrown,
     *     and the position stays where it was
     */
    public static Frame decode(ByteBuffer in) {
        int start = in.position();
        int limit = in.limit();
        ByteOrder order = in.order();
        int end = start;
        try {
            Frame frame = decodeWhole(in.order(ByteOrder.BIG_ENDIAN), start, limit);
            end = limit;
            return frame;
        } catch (CorruptValueException | BufferUnderflowException | IllegalArgumentException malformed) {
            // The records' own checks say what is wrong with a field; here it only becomes one kind of failure.
            throw new MalformedFrameException("frame: " + malformed);
        } finally {
            in.order(order).limit(limit).position(end);
        }
    }

    private static Frame decodeWhole(ByteBuffer in, int start, int end) {
        int length = lengthOf(in, Integer.MAX_VALUE);
        if (length != end - start) {
            throw new MalformedFrameException(
                    "frame length: " + length + " bytes, but " + (end - start) + " bytes are there");
        }
        MessageKind kind = MessageKind.ofCode(Short.toUnsignedInt(in.getShort(start + KIND_OFFSET)));
        int valueBytes = in.getInt(start + VALUE_BYTES_OFFSET);
        if (valueBytes < 0 || valueBytes > length - HEADER_BYTES) {
            throw new MalformedFrameException(
                    "frame value bytes: " + valueBytes + " is outside the allowed range 0.." + (length - HEADER_BYTES));
        }
        int fieldsStart = start + HEADER_BYTES;
        int fieldsEnd = end - valueBytes;
        int fieldsChecksum = in.getInt(start + FIELDS_CHECKSUM_OFFSET);
        requireChecksum("fields", fieldsChecksum, checksumOf(in, fieldsStart, fieldsEnd));

        FieldSource body = new FieldSource(in.limit(fieldsEnd).position(fieldsStart), fieldsEnd, end);
        Message message = kind.read(body);
        body.requireExhausted();

        in.limit(end).position(start + FOUNDING_OFFSET);
        FoundingId founding = new FoundingId(in.getLong(), in.getLong());
        int group = in.getInt();
        MemberId sender = new MemberId(new NodeId(in.getInt()), new Incarnation(in.getLong()));
        return new Frame(founding, group, sender, in.getLong(), message);
    }

    /** Leaves position and limit behind those bytes: a view of them would be an object for every checksum. */
    private static int checksumOf(ByteBuffer whole, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(whole.limit(to).position(from));
        return (int) crc.getValue();
    }

    private static void requireChecksum(String of, int expected, int actual) {
        if (actual != expected) {
            throw new MalformedFrameException(
                    String.format("frame: checksum of the %s is %08x, expected %08x", of, actual, expected));
        }
    }

    /** Strangers mostly speak first, and in text: "GET ", "SSH-". The log line is clearer with it. */
    private static String asText(int magic) {
        StringBuilder text = new StringBuilder();
        for (int shift = 24; shift >= 0; shift -= 8) {
            char c = (char) (magic >>> shift & 0xFF);
            if (c < ' ' || c > '~') {
                return "";
            }
            text.append(c);
        }
        return " ('" + text + "')";
    }
}
