// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.message.MalformedFrameException;
import io.paxos.model.ClusterId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * The binary form of a {@link ControlFrame}, frozen (big-endian):
 *
 * <pre>
 * magic u32      f1 'P' 'X' 'C'
 * version u16    1
 * kind u16       1 hello, 2 welcome, 3 refusal, 4 receipt
 * length u32     of the whole frame, 16 to 4096
 * body
 *   hello, welcome   node u32 | incarnation u64 | boot u64 | run u64 | other node u32 | group u32
 *                    | wire version min u16 | max u16 | frame bytes max u32 | cluster length u8 | cluster
 *   refusal          reason u16 | text length u16 | text
 *   receipt          nothing
 * checksum u32   CRC32C of everything before
 * </pre>
 *
 * <p>A later version may append fields to a body; this one skips what it does not know. Without state; any thread.
 */
final class ControlCodec {
    static final int MAGIC = 0xF1_50_58_43;
    static final int VERSION = 1;

    /** Bytes that {@link #lengthOf} needs. */
    static final int HEADER_BYTES = 12;

    static final int FRAME_BYTES_MAX = 4_096;

    private static final int CHECKSUM_BYTES = 4;
    private static final int FRAME_BYTES_MIN = HEADER_BYTES + CHECKSUM_BYTES;
    private static final int KIND_OFFSET = 6;
    private static final int TEXT_LENGTH_MAX = 512;

    private static final int HELLO = 1;
    private static final int WELCOME = 2;
    private static final int REFUSAL = 3;
    private static final int RECEIPT = 4;

    private ControlCodec() {}

    static byte[] encode(ControlFrame frame) {
        ByteBuffer out = ByteBuffer.allocate(FRAME_BYTES_MAX);
        out.putInt(MAGIC)
                .putShort((short) VERSION)
                .putShort((short) kindOf(frame))
                .putInt(0);
        if (frame instanceof ControlFrame.Hello hello) {
            write(hello.greeting(), out);
        } else if (frame instanceof ControlFrame.Welcome welcome) {
            write(welcome.greeting(), out);
        } else if (frame instanceof ControlFrame.Refusal refusal) {
            byte[] text = printable(refusal.text()).getBytes(StandardCharsets.US_ASCII);
            out.putShort((short) refusal.reason().code());
            out.putShort((short) text.length).put(text);
        }
        int length = out.position() + CHECKSUM_BYTES;
        out.putInt(HEADER_BYTES - 4, length);
        out.putInt(checksumOf(out, length - CHECKSUM_BYTES));
        byte[] bytes = new byte[length];
        out.get(0, bytes);
        return bytes;
    }

    private static int kindOf(ControlFrame frame) {
        if (frame instanceof ControlFrame.Hello) {
            return HELLO;
        }
        if (frame instanceof ControlFrame.Welcome) {
            return WELCOME;
        }
        return frame instanceof ControlFrame.Refusal ? REFUSAL : RECEIPT;
    }

    private static void write(Greeting greeting, ByteBuffer out) {
        byte[] cluster = greeting.cluster().name().getBytes(StandardCharsets.US_ASCII);
        out.putInt(greeting.self().node().number());
        out.putLong(greeting.self().incarnation().bits());
        out.putLong(greeting.boot()).putLong(greeting.run());
        out.putInt(greeting.other().number()).putInt(greeting.group());
        out.putShort((short) greeting.wireVersionMin()).putShort((short) greeting.wireVersionMax());
        out.putInt(greeting.frameBytesMax());
        out.put((byte) cluster.length).put(cluster);
    }

    /**
     * Length of the control frame that starts at the buffer's position, whose first {@link #HEADER_BYTES} bytes are there.
     * Reads absolutely.
     *
     * @throws MalformedFrameException if none of this version and of an allowed length starts here
     */
    static int lengthOf(ByteBuffer in) {
        ByteBuffer header = in.slice();
        int magic = header.getInt(0);
        if (magic != MAGIC) {
            throw new MalformedFrameException(String.format("hello magic: %08x, expected %08x", magic, MAGIC));
        }
        int version = Short.toUnsignedInt(header.getShort(4));
        if (version != VERSION) {
            throw new MalformedFrameException(
                    "hello version: " + version + " is unknown to this version, which knows " + VERSION);
        }
        int length = header.getInt(8);
        if (length < FRAME_BYTES_MIN || length > FRAME_BYTES_MAX) {
            throw new MalformedFrameException("hello length: " + length + " bytes is outside the allowed range "
                    + FRAME_BYTES_MIN + ".." + FRAME_BYTES_MAX);
        }
        return length;
    }

    /**
     * Reads the one control frame that fills the buffer.
     *
     * @throws MalformedFrameException if it is none; nothing else is thrown
     */
    static ControlFrame decode(ByteBuffer in) {
        ByteBuffer whole = in.slice();
        if (whole.remaining() < FRAME_BYTES_MIN || lengthOf(whole) != whole.remaining()) {
            throw new MalformedFrameException("hello: " + whole.remaining() + " bytes are not one control frame");
        }
        int bodyEnd = whole.limit() - CHECKSUM_BYTES;
        int expected = whole.getInt(bodyEnd);
        int actual = checksumOf(whole, bodyEnd);
        if (expected != actual) {
            throw new MalformedFrameException(
                    String.format("hello: checksum is %08x, expected %08x", actual, expected));
        }
        int kind = Short.toUnsignedInt(whole.getShort(KIND_OFFSET));
        ByteBuffer body = whole.slice(HEADER_BYTES, bodyEnd - HEADER_BYTES);
        try {
            return decodeBody(kind, body);
        } catch (BufferUnderflowException | IllegalArgumentException malformed) {
            throw new MalformedFrameException("hello: " + malformed);
        }
    }

    private static ControlFrame decodeBody(int kind, ByteBuffer body) {
        if (kind == HELLO) {
            return new ControlFrame.Hello(readGreeting(body));
        }
        if (kind == WELCOME) {
            return new ControlFrame.Welcome(readGreeting(body));
        }
        if (kind == REFUSAL) {
            ControlFrame.Reason reason = ControlFrame.Reason.ofCode(Short.toUnsignedInt(body.getShort()));
            return new ControlFrame.Refusal(reason, printable(readText(Short.toUnsignedInt(body.getShort()), body)));
        }
        if (kind == RECEIPT) {
            return new ControlFrame.Receipt();
        }
        throw new MalformedFrameException("hello kind: " + kind + " is unknown to this version");
    }

    private static Greeting readGreeting(ByteBuffer body) {
        MemberId self = new MemberId(new NodeId(body.getInt()), new Incarnation(body.getLong()));
        long boot = body.getLong();
        long run = body.getLong();
        NodeId other = new NodeId(body.getInt());
        int group = body.getInt();
        int wireVersionMin = Short.toUnsignedInt(body.getShort());
        int wireVersionMax = Short.toUnsignedInt(body.getShort());
        int frameBytesMax = body.getInt();
        ClusterId cluster = new ClusterId(readText(Byte.toUnsignedInt(body.get()), body));
        return new Greeting(cluster, self, boot, run, other, group, wireVersionMin, wireVersionMax, frameBytesMax);
    }

    private static String readText(int length, ByteBuffer body) {
        if (length > body.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] text = new byte[length];
        body.get(text);
        return new String(text, StandardCharsets.ISO_8859_1);
    }

    /** A log is no place for another side's control characters. */
    private static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        for (int i = 0; i < text.length() && i < TEXT_LENGTH_MAX; i++) {
            char c = text.charAt(i);
            clean.append(c >= ' ' && c <= '~' ? c : '?');
        }
        return clean.toString();
    }

    private static int checksumOf(ByteBuffer whole, int end) {
        CRC32C crc = new CRC32C();
        crc.update(whole.duplicate().clear().limit(end));
        return (int) crc.getValue();
    }
}
