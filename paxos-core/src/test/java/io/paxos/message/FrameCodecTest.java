// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Ballot;
import io.paxos.model.FoundingId;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class FrameCodecTest {

    private static final int MAX = 1 << 20;

    @Test
    void everyMessageHasACodeOfItsOwnAndASample() {
        // In the order of names: that of the permitted subclasses depends on what the compiler met first.
        assertEquals(
                names(Stream.of(Message.class.getPermittedSubclasses())),
                names(Stream.of(MessageKind.values()).map(MessageKind::type)),
                "every message needs a line in MessageKind");
        assertEquals(
                Stream.of(MessageKind.values())
                        .map(MessageKind::type)
                        .<Class<?>>map(type -> type)
                        .toList(),
                SampleFrames.messages().stream()
                        .<Class<?>>map(Message::getClass)
                        .toList(),
                "every message needs a sample in SampleFrames, in the same order");
    }

    private static List<String> names(Stream<? extends Class<?>> types) {
        return types.map(Class::getSimpleName).sorted().toList();
    }

    @Test
    void codesNeverChange() {
        assertEquals(
                List.of(
                        1, 2, 3, 4, 5, 6, 7, 16, 17, 32, 33, 48, 49, 50, 64, 65, 66, 67, 80, 81, 82, 83, 84, 85, 90, 91,
                        92, 93, 94, 96, 97, 98, 104, 112),
                Stream.of(MessageKind.values()).map(MessageKind::code).toList());
        assertEquals(1, MessageKind.codeOf(RefusalReason.NO_LEADER));
        assertEquals(2, MessageKind.codeOf(RefusalReason.OVERLOADED));
        assertEquals(
                RefusalReason.values().length,
                Stream.of(RefusalReason.values())
                        .map(MessageKind::codeOf)
                        .collect(TreeSet::new, TreeSet::add, TreeSet::addAll)
                        .size());
    }

    @Test
    void everyMessageComesBackFromHeapAndDirectBuffersOfEitherByteOrder() {
        for (Message message : SampleFrames.messages()) {
            Frame frame = SampleFrames.frame(message);
            int length = FrameCodec.encodedLength(frame);
            for (ByteBuffer buffer : List.of(ByteBuffer.allocate(length + 9), ByteBuffer.allocateDirect(length + 9))) {
                buffer.position(4).order(ByteOrder.LITTLE_ENDIAN);
                FrameCodec.encode(frame, buffer);
                assertEquals(4 + length, buffer.position());
                buffer.flip().position(4);
                assertEquals(length, FrameCodec.lengthOf(buffer, length));
                assertEquals(4, buffer.position());
                assertEquals(frame, FrameCodec.decode(buffer.asReadOnlyBuffer().order(ByteOrder.LITTLE_ENDIAN)));
                assertEquals(frame, FrameCodec.decode(buffer));
                assertEquals(0, buffer.remaining());
            }
        }
    }

    @Test
    void reasonsAndNothingsComeBackToo() {
        for (RefusalReason reason : RefusalReason.values()) {
            Message message = new Message.ForwardRefused(reason, 1, SampleFrames.N1, Ballot.NONE, 0);
            Frame frame = new Frame(FoundingId.NONE, Integer.MAX_VALUE, SampleFrames.N3, Long.MAX_VALUE, message);
            ByteBuffer out = ByteBuffer.allocate(FrameCodec.encodedLength(frame));
            FrameCodec.encode(frame, out);
            assertEquals(frame, FrameCodec.decode(out.flip()));
        }
    }

    @Test
    void theChecksumOfAValueIsCarriedAndNotComputedAnew() {
        Message.Accept accept = new Message.Accept(SampleFrames.proposal(44, SampleFrames.HIGH));
        ByteBuffer bytes = ByteBuffer.wrap(SampleFrames.encoded(accept));
        int length = accept.proposal().value().length();
        assertEquals(length, bytes.getInt(12));
        assertEquals(accept.proposal().value().checksum(), bytes.getInt(bytes.limit() - length - 4));
        assertEquals(accept.proposal().value().buffer(), bytes.slice(bytes.limit() - length, length));
    }

    @Test
    void aBufferThatIsTooSmallIsLeftAsItWas() {
        Frame frame = SampleFrames.frame(new Message.Accept(SampleFrames.proposal(44, SampleFrames.HIGH)));
        ByteBuffer small = ByteBuffer.allocate(FrameCodec.encodedLength(frame) - 1);
        assertThrows(BufferOverflowException.class, () -> FrameCodec.encode(frame, small));
        assertEquals(ByteBuffer.allocate(small.capacity()), small);
    }

    @Test
    void strangersAreRecognizedByTheirFirstBytes() {
        assertEquals(
                "frame magic: 47455420 ('GET '), expected f1505853",
                refused(ascii("GET / HTTP/1.1\r\nHost: n1.example:7000\r\nUser-Agent: curl/8\r\nAccept: */*\r\n\r\n")));
        assertEquals(
                "frame magic: 5353482d ('SSH-'), expected f1505853",
                refused(ascii("SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u3\r\n" + "0".repeat(64))));
        assertEquals(
                "frame magic: 16030100, expected f1505853",
                refused(new byte[] {0x16, 0x03, 0x01, 0x00, (byte) 0xf4, 0x01, 0x00, 0x00, (byte) 0xf0, 0x03, 0x03}));
        assertEquals(
                "frame magic: 2a310d0a, expected f1505853", refused(ascii("*1\r\n$4\r\nPING\r\n" + "0".repeat(64))));
        assertEquals(
                "frame: 18 bytes is shorter than a header of 64",
                assertThrows(
                                MalformedFrameException.class,
                                () -> FrameCodec.lengthOf(ByteBuffer.wrap(ascii("GET / HTTP/1.0\r\n\r\n")), MAX))
                        .getMessage());
    }

    @Test
    void aLengthIsCheckedBeforeItIsBelieved() {
        for (int length : new int[] {0, 1, 63, -1, Integer.MIN_VALUE, MAX + 1, Integer.MAX_VALUE}) {
            assertEquals(
                    "frame length: " + length + " bytes is outside the allowed range 64.." + MAX,
                    refused(damaged(bytes -> bytes.putInt(8, length), true)));
        }
    }

    @Test
    void aDamagedHeaderIsNotWaitedFor() {
        String message = refused(damaged(bytes -> bytes.putInt(8, 1 << 19), false));
        assertTrue(message.startsWith("frame: checksum of the header is "), message);
    }

    @Test
    void anotherVersionIsRefusedByName() {
        assertEquals(
                "frame version: 2 is unknown to this version, which knows 1",
                refused(damaged(bytes -> bytes.putShort(4, (short) 2), true)));
    }

    @Test
    void aFrameThatLiesWithCorrectChecksumsIsRefusedWithItsReason() {
        assertLie(bytes -> bytes.putShort(6, (short) 777), "frame kind: 777 is unknown");
        assertLie(bytes -> bytes.putInt(12, -1), "frame value bytes: -1 is outside");
        assertLie(bytes -> bytes.putInt(12, bytes.limit() - 63), "frame value bytes: ");
        assertLie(bytes -> bytes.putInt(32, -1), "frame: group -1");
        assertLie(bytes -> bytes.putInt(36, 0), "member id: node none");
        assertLie(bytes -> bytes.putInt(36, -5), "node id: -5 is outside");
        assertLie(bytes -> bytes.putLong(48, 0), "boot 0");
        // The fields of the accept: slot, ballot (round, node, incarnation), value length, value checksum.
        assertLie(bytes -> bytes.putLong(64, 0), "slot: 0 is outside");
        assertLie(bytes -> bytes.putLong(72, -1), "ballot round: -1 is outside");
        assertLie(bytes -> bytes.putLong(72, 0), "ballot: round 0 does not fit");
        assertLie(bytes -> bytes.putInt(92, -1), "value length: -1 with");
        assertLie(bytes -> bytes.putInt(92, Integer.MAX_VALUE), "value length: 2147483647 with");
        assertLie(bytes -> bytes.putInt(92, bytes.getInt(92) - 1), "checksum is");
        assertLie(bytes -> bytes.putInt(96, bytes.getInt(96) ^ 1), "checksum is");
        assertLie(bytes -> bytes.put(bytes.limit() - 1, (byte) 77), "checksum is");
    }

    @Test
    void countsAndFlagsOutOfRangeAreRefused() {
        Message forward = SampleFrames.messages().get(29);
        assertSame(Message.Forward.class, forward.getClass());
        assertLie(forward, bytes -> bytes.put(64, (byte) 2), "forward relays: 2 is outside");
        assertLie(forward, bytes -> bytes.putInt(65, 0), "forward: no commands");
        assertLie(forward, bytes -> bytes.putInt(65, -1), "number of commands: -1 with");
        assertLie(forward, bytes -> bytes.putInt(65, Integer.MAX_VALUE), "number of commands: 2147483647 with");
        assertLie(forward, bytes -> bytes.putInt(65, 1), "50 bytes of fields and 0 bytes of values left over");
        assertLie(forward, bytes -> bytes.put(69, (byte) 99), "command kind: 99 is unknown");

        Message refused = SampleFrames.messages().get(30);
        assertSame(Message.ForwardRefused.class, refused.getClass());
        assertLie(refused, bytes -> bytes.put(64, (byte) 0), "refusal reason: 0 is unknown");

        Message reply = SampleFrames.messages().get(8);
        assertSame(Message.CanvassReply.class, reply.getClass());
        assertLie(reply, bytes -> bytes.put(72, (byte) 2), "flag: 2 is neither 0 nor 1");
    }

    /** A sample accept, damaged; with the header's checksum made right again or not. */
    private static byte[] damaged(Consumer<ByteBuffer> damage, boolean rightChecksum) {
        ByteBuffer bytes =
                ByteBuffer.wrap(SampleFrames.encoded(SampleFrames.messages().get(11)));
        damage.accept(bytes);
        if (rightChecksum) {
            sealHeader(bytes);
        }
        return bytes.array();
    }

    private static void assertLie(Consumer<ByteBuffer> damage, String reason) {
        assertLie(SampleFrames.messages().get(11), damage, reason);
    }

    private static void assertLie(Message message, Consumer<ByteBuffer> damage, String reason) {
        ByteBuffer bytes = ByteBuffer.wrap(SampleFrames.encoded(message));
        damage.accept(bytes);
        seal(bytes);
        String refusal = assertThrows(MalformedFrameException.class, () -> FrameCodec.decode(bytes))
                .getMessage();
        assertTrue(refusal.contains(reason), refusal);
        assertEquals(0, bytes.position());
    }

    /** Makes both checksums of a damaged frame right again: what an attacker, or a bug in a sender, would do. */
    static void seal(ByteBuffer bytes) {
        int valueBytes = bytes.getInt(12);
        if (valueBytes >= 0 && valueBytes <= bytes.limit() - 64) {
            bytes.putInt(56, checksum(bytes.slice(64, bytes.limit() - 64 - valueBytes)));
        }
        sealHeader(bytes);
    }

    private static void sealHeader(ByteBuffer bytes) {
        bytes.putInt(60, checksum(bytes.slice(0, 60)));
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    private static String refused(byte[] bytes) {
        ByteBuffer padded =
                ByteBuffer.allocate(Math.max(bytes.length, 64)).put(bytes).clear();
        return assertThrows(MalformedFrameException.class, () -> FrameCodec.lengthOf(padded, MAX))
                .getMessage();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
