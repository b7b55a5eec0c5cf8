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
 * <p>Without state; any thread.
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
        return lengthOf(measured(frame));
    }

    /**
     * Writes the frame at the buffer's position and moves the position behind it.
     *
     * @throws BufferOverflowException if it does not fit; nothing was written
     * @throws IllegalArgumentException if it is longer than an {@code int} can count
     */
    public static void encode(Frame frame, ByteBuffer out) {
        FieldMeter meter = measured(frame);
        int length = lengthOf(meter);
        if (out.remaining() < length) {
            throw new BufferOverflowException();
        }
        int valueBytes = (int) meter.valueBytes();
        int fieldsEnd = length - valueBytes;
        ByteBuffer whole = out.slice(out.position(), length);
        MessageKind kind = MessageKind.of(frame.message());
        kind.write(
                frame.message(), new FieldWriter(part(whole, HEADER_BYTES, fieldsEnd), part(whole, fieldsEnd, length)));
        whole.putInt(MAGIC).putShort((short) VERSION).putShort((short) kind.code());
        whole.putInt(length).putInt(valueBytes);
        whole.putLong(frame.founding().high()).putLong(frame.founding().low()).putInt(frame.group());
        whole.putInt(frame.sender().node().number());
        whole.putLong(frame.sender().incarnation().bits()).putLong(frame.boot());
        whole.putInt(checksumOf(whole, HEADER_BYTES, fieldsEnd));
        whole.putInt(checksumOf(whole, 0, HEADER_CHECKSUM_OFFSET));
        out.position(out.position() + length);
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
        ByteBuffer in = header.slice();
        int magic = in.getInt(0);
        if (magic != MAGIC) {
            throw new MalformedFrameException(
                    String.format("frame magic: %08x%s, expected %08x", magic, asText(magic), MAGIC));
        }
        int version = Short.toUnsignedInt(in.getShort(VERSION_OFFSET));
        if (version != VERSION) {
            throw new MalformedFrameException(
                    "frame version: " + version + " is unknown to this version, which knows " + VERSION);
        }
        int length = in.getInt(LENGTH_OFFSET);
        if (length < HEADER_BYTES || length > frameBytesMax) {
            throw new MalformedFrameException("frame length: " + length + " bytes is outside the allowed range "
                    + HEADER_BYTES + ".." + frameBytesMax);
        }
        requireChecksum("header", in.getInt(HEADER_CHECKSUM_OFFSET), checksumOf(in, 0, HEADER_CHECKSUM_OFFSET));
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
        try {
            Frame frame = decodeWhole(in.slice());
            in.position(in.limit());
            return frame;
        } catch (CorruptValueException | BufferUnderflowException | IllegalArgumentException malformed) {
            // The records' own checks say what is wrong with a field; here it only becomes one kind of failure.
            throw new MalformedFrameException("frame: " + malformed);
        }
    }

    private static Frame decodeWhole(ByteBuffer in) {
        int length = lengthOf(in, Integer.MAX_VALUE);
        if (length != in.remaining()) {
            throw new MalformedFrameException(
                    "frame length: " + length + " bytes, but " + in.remaining() + " bytes are there");
        }
        MessageKind kind = MessageKind.ofCode(Short.toUnsignedInt(in.getShort(KIND_OFFSET)));
        int valueBytes = in.getInt(VALUE_BYTES_OFFSET);
        if (valueBytes < 0 || valueBytes > length - HEADER_BYTES) {
            throw new MalformedFrameException(
                    "frame value bytes: " + valueBytes + " is outside the allowed range 0.." + (length - HEADER_BYTES));
        }
        int fieldsEnd = length - valueBytes;
        requireChecksum("fields", in.getInt(FIELDS_CHECKSUM_OFFSET), checksumOf(in, HEADER_BYTES, fieldsEnd));

        FieldSource body = new FieldSource(part(in, HEADER_BYTES, fieldsEnd), part(in, fieldsEnd, length));
        Message message = kind.read(body);
        body.requireExhausted();

        in.position(FOUNDING_OFFSET);
        FoundingId founding = new FoundingId(in.getLong(), in.getLong());
        int group = in.getInt();
        MemberId sender = new MemberId(new NodeId(in.getInt()), new Incarnation(in.getLong()));
        return new Frame(founding, group, sender, in.getLong(), message);
    }

    private static FieldMeter measured(Frame frame) {
        FieldMeter meter = new FieldMeter();
        MessageKind.of(frame.message()).write(frame.message(), meter);
        return meter;
    }

    private static int lengthOf(FieldMeter meter) {
        long length = HEADER_BYTES + meter.fieldBytes() + meter.valueBytes();
        if (length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("frame length: " + length + " bytes is outside the allowed range "
                    + HEADER_BYTES + ".." + Integer.MAX_VALUE);
        }
        return (int) length;
    }

    private static ByteBuffer part(ByteBuffer whole, int from, int to) {
        return whole.slice(from, to - from);
    }

    private static int checksumOf(ByteBuffer whole, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(part(whole, from, to));
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
