// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.message.MalformedFrameException;
import io.paxos.model.CorruptValueException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The frame around a {@link ClientMessage}, frozen (big-endian); {@link ClientFields} writes and reads what is in it:
 *
 * <pre>
 * magic u32             f1 'P' 'X' 'A'
 * version u16           1
 * kind u16              {@link ClientMessageKind}
 * length u32            of the whole frame, from 20
 * body checksum u32     CRC32C of the body
 * header checksum u32   CRC32C of the 16 bytes before it, so that a damaged length is not waited for
 * body
 * </pre>
 *
 * <p>There is exactly one encoding of each message. Without state; any thread.
 */
final class ClientCodec {
    /** The first four bytes of every frame; no text protocol starts with f1. */
    static final int MAGIC = 0xf150_5841;

    static final int VERSION = 1;
    static final int HEADER_BYTES = 20;

    /** Longest frame before both sides have told what they take. */
    static final int HELLO_BYTES_MAX = 4_096;

    private static final int VERSION_OFFSET = 4;
    private static final int KIND_OFFSET = 6;
    private static final int LENGTH_OFFSET = 8;
    private static final int BODY_CHECKSUM_OFFSET = 12;
    private static final int HEADER_CHECKSUM_OFFSET = 16;

    private ClientCodec() {}

    /** Bytes that the message takes as a frame; more than an int where it cannot be one. */
    static long encodedLength(ClientMessage message) {
        return HEADER_BYTES + ClientFields.length(message);
    }

    /**
     * Writes the message as a frame at the buffer's position.
     *
     * @param out with room for its {@link #encodedLength}
     */
    static void encode(ClientMessage message, ByteBuffer out) {
        int start = out.position();
        out.position(start + HEADER_BYTES);
        ClientFields.write(message, out);
        int end = out.position();
        out.putInt(start, MAGIC);
        out.putShort(start + VERSION_OFFSET, (short) VERSION);
        out.putShort(start + KIND_OFFSET, (short) ClientMessageKind.of(message).code());
        out.putInt(start + LENGTH_OFFSET, end - start);
        out.putInt(start + BODY_CHECKSUM_OFFSET, checksum(out, start + HEADER_BYTES, end));
        out.putInt(start + HEADER_CHECKSUM_OFFSET, checksum(out, start, start + HEADER_CHECKSUM_OFFSET));
    }

    /** The message as the bytes of a frame. */
    static byte[] encode(ClientMessage message) {
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(encodedLength(message)));
        encode(message, out);
        return out.array();
    }

    /**
     * Length of the frame that starts at the buffer's position, whose first {@link #HEADER_BYTES} bytes are there. Reads
     * absolutely.
     *
     * @param frameBytesMax longest frame that is taken
     * @throws MalformedFrameException if no frame of this version and of an allowed length starts here
     */
    static int lengthOf(ByteBuffer in, int frameBytesMax) {
        int start = in.position();
        int magic = in.getInt(start);
        if (magic != MAGIC) {
            throw new MalformedFrameException(String.format("client frame magic: %08x, expected %08x", magic, MAGIC));
        }
        int version = Short.toUnsignedInt(in.getShort(start + VERSION_OFFSET));
        if (version != VERSION) {
            throw new MalformedFrameException(
                    "client frame version: " + version + " is unknown to this version, which knows " + VERSION);
        }
        int length = in.getInt(start + LENGTH_OFFSET);
        if (length < HEADER_BYTES || length > frameBytesMax) {
            throw new MalformedFrameException("client frame length: " + length + " bytes is outside the allowed range "
                    + HEADER_BYTES + ".." + frameBytesMax);
        }
        compare(
                "header",
                in.getInt(start + HEADER_CHECKSUM_OFFSET),
                checksum(in, start, start + HEADER_CHECKSUM_OFFSET));
        return length;
    }

    /**
     * Reads one frame.
     *
     * @param whole from position to limit exactly one frame, as {@link #lengthOf} measured it; read in place, and left as it was
     * @throws MalformedFrameException if it is none; nothing is allocated by an unverified length
     */
    static ClientMessage decode(ByteBuffer whole) {
        int start = whole.position();
        if (whole.remaining() < HEADER_BYTES || lengthOf(whole, whole.remaining()) != whole.remaining()) {
            throw new MalformedFrameException("client frame: " + whole.remaining() + " bytes are not one frame");
        }
        int bodyStart = start + HEADER_BYTES;
        compare("body", whole.getInt(start + BODY_CHECKSUM_OFFSET), checksum(whole, bodyStart, whole.limit()));
        ClientMessageKind kind = ClientMessageKind.ofCode(Short.toUnsignedInt(whole.getShort(start + KIND_OFFSET)));
        whole.position(bodyStart);
        try {
            ClientMessage message = ClientFields.read(kind, whole);
            if (whole.hasRemaining()) {
                throw new MalformedFrameException(
                        "client message " + kind + ": " + whole.remaining() + " bytes left over");
            }
            return message;
        } catch (BufferUnderflowException | IllegalArgumentException | CorruptValueException malformed) {
            throw new MalformedFrameException("client message " + kind + ": " + malformed);
        } finally {
            whole.position(start);
        }
    }

    private static void compare(String part, int expected, int actual) {
        if (expected != actual) {
            throw new MalformedFrameException(
                    String.format("client frame: checksum of the %s is %08x, expected %08x", part, actual, expected));
        }
    }

    /** Leaves position and limit as they were: a view of the bytes would be an object for every checksum. */
    private static int checksum(ByteBuffer bytes, int from, int to) {
        int position = bytes.position();
        int limit = bytes.limit();
        CRC32C crc = new CRC32C();
        crc.update(bytes.limit(to).position(from));
        bytes.limit(limit).position(position);
        return (int) crc.getValue();
    }
}
