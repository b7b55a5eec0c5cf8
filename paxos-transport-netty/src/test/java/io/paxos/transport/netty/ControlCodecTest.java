// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.MalformedFrameException;
import io.paxos.model.ClusterId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.ControlFrame.Reason;
import io.paxos.transport.netty.ControlFrame.Refusal;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ControlCodecTest {
    private static final Greeting GREETING = new Greeting(
            new ClusterId("orders"),
            new MemberId(new NodeId(2), new Incarnation(0x0123_4567_89AB_CDEFL)),
            3,
            0x1122_3344_5566_7788L,
            new NodeId(1),
            0,
            1,
            1,
            4 << 20);

    @Test
    void theHelloIsFrozen() {
        String golden = "f1505843" + "0001" + "0001" + "00000043" // magic, version, kind, length
                + "00000002" + "0123456789abcdef" + "0000000000000003" + "1122334455667788" // who
                + "00000001" + "00000000" + "0001" + "0001" + "00400000" // to whom, group, versions, frame limit
                + "06" + "6f7264657273" // cluster
                + "c4266bdb";
        byte[] encoded = ControlCodec.encode(new ControlFrame.Hello(GREETING));
        assertEquals(golden, HexFormat.of().formatHex(encoded));
    }

    @Test
    void everyKindComesBackAsItWasSent() {
        List<ControlFrame> frames = List.of(
                new ControlFrame.Hello(GREETING),
                new ControlFrame.Welcome(GREETING),
                new Refusal(Reason.OLD_BOOT, "n2 comes with boot 3"),
                new Refusal(Reason.UNKNOWN, ""),
                new ControlFrame.Receipt());
        for (ControlFrame frame : frames) {
            assertEquals(frame, ControlCodec.decode(ByteBuffer.wrap(ControlCodec.encode(frame))));
        }
    }

    @Test
    void aChangeOfAnyBitIsNoticed() {
        byte[] encoded = ControlCodec.encode(new ControlFrame.Hello(GREETING));
        for (int bit = 0; bit < encoded.length * 8; bit++) {
            byte[] damaged = encoded.clone();
            damaged[bit / 8] ^= (byte) (1 << bit % 8);
            assertThrows(MalformedFrameException.class, () -> ControlCodec.decode(ByteBuffer.wrap(damaged)));
        }
    }

    @Test
    void aCutOrExtendedFrameIsRefused() {
        byte[] encoded = ControlCodec.encode(new ControlFrame.Hello(GREETING));
        for (int length = 0; length < encoded.length + 9; length++) {
            byte[] other = Arrays.copyOf(encoded, length);
            if (length != encoded.length) {
                assertThrows(MalformedFrameException.class, () -> ControlCodec.decode(ByteBuffer.wrap(other)));
            }
        }
    }

    @Test
    void impossibleFieldsAreRefusedThoughTheChecksumFits() {
        assertMalformed(12, 0, "node none"); // node
        assertMalformed(12, 2_000_000, "node id: 2000000");
        assertMalformed(16 + 8 + 4, 0, "boot 0"); // low half of the boot
        assertMalformed(44, -1, "group -1");
        assertMalformed(48, 0x0002_0001, "wire versions 2..1");
        assertMalformed(52, 0, "frameBytesMax 0");
        assertMalformed(56, 0xFF_41_41_41, "BufferUnderflow"); // cluster length
        assertMalformed(56, 0x06_00_41_41, "cluster id"); // a zero byte in the name
    }

    /** Puts an int into a hello, at that offset, and corrects the checksum. */
    private static void assertMalformed(int offset, int value, String expected) {
        ByteBuffer frame = ByteBuffer.wrap(ControlCodec.encode(new ControlFrame.Hello(GREETING)));
        frame.putInt(offset, value);
        CRC32C crc = new CRC32C();
        crc.update(frame.array(), 0, frame.limit() - 4);
        frame.putInt(frame.limit() - 4, (int) crc.getValue());
        MalformedFrameException refused = assertThrows(MalformedFrameException.class, () -> ControlCodec.decode(frame));
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    }

    @Test
    void lengthsOutOfRangeAreRefusedBeforeTheyAreBelieved() {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 15, 4_097, 1 << 20, Integer.MAX_VALUE}) {
            ByteBuffer header = ByteBuffer.wrap(ControlCodec.encode(new ControlFrame.Receipt()));
            header.putInt(8, length);
            MalformedFrameException refused =
                    assertThrows(MalformedFrameException.class, () -> ControlCodec.lengthOf(header));
            assertEquals(
                    "hello length: " + length + " bytes is outside the allowed range 16..4096", refused.getMessage());
        }
    }

    @Test
    void whatALaterVersionAppendsIsSkippedAndItsReasonsAreUnknown() {
        byte[] hello = ControlCodec.encode(new ControlFrame.Hello(GREETING));
        ByteBuffer longer = ByteBuffer.allocate(hello.length + 20);
        longer.put(hello, 0, hello.length - 4).putInt(8, hello.length + 20);
        longer.position(hello.length + 16);
        CRC32C crc = new CRC32C();
        crc.update(longer.array(), 0, hello.length + 16);
        longer.putInt((int) crc.getValue()).flip();
        assertEquals(new ControlFrame.Hello(GREETING), ControlCodec.decode(longer));
        assertEquals(Reason.UNKNOWN, Reason.ofCode(999));
    }

    @Test
    void anotherSidesTextIsMadeFitForALog() {
        Refusal refusal = new Refusal(Reason.WRONG_NODE, "a\n\u001b[31mb\u00e9" + "x".repeat(1_000));
        Refusal decoded = (Refusal) ControlCodec.decode(ByteBuffer.wrap(ControlCodec.encode(refusal)));
        assertEquals("a??[31mb?" + "x".repeat(503), decoded.text());
    }
}
