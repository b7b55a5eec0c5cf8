// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.MalformedFrameException;
import io.paxos.model.SessionId;
import io.paxos.transport.netty.client.ClientMessage.Reason;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class ClientCodecTest {
    private static final Path GOLDEN = Path.of("src", "test", "resources", "golden", "client");

    /** One file a kind; written by {@code write.py} beside them, which knows {@code docs/client-protocol.md} and no Java. */
    @Test
    void theGoldenFilesAreWhatIsWrittenAndRead() throws IOException {
        Map<String, ClientMessage> expected = ClientSamples.goldens();
        try (Stream<Path> files = Files.list(GOLDEN)) {
            Set<String> names = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".hex"))
                    .map(name -> name.substring(0, name.length() - 4))
                    .collect(Collectors.toSet());
            assertEquals(expected.keySet(), names);
        }
        for (Map.Entry<String, ClientMessage> each : expected.entrySet()) {
            byte[] golden = golden(each.getKey());
            assertEquals(hex(golden), hex(ClientCodec.encode(each.getValue())), each.getKey());
            assertEquals(hex(golden), hex(ClientCodec.encode(ClientCodec.decode(ByteBuffer.wrap(golden)))));
        }
    }

    private static byte[] golden(String name) throws IOException {
        String digits = Files.readAllLines(GOLDEN.resolve(name + ".hex")).stream()
                .map(line -> line.replaceFirst("#.*", "").replace(" ", ""))
                .collect(Collectors.joining());
        return HexFormat.of().parseHex(digits);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void everyKindHasACodeOfItsOwnAndAGoldenFile() throws IOException {
        Set<Integer> codes = new HashSet<>();
        Set<Class<?>> types = new HashSet<>();
        for (ClientMessageKind kind : ClientMessageKind.values()) {
            assertTrue(codes.add(kind.code()) && types.add(kind.type()));
            assertEquals(kind, ClientMessageKind.ofCode(kind.code()));
        }
        assertEquals(Set.of(ClientMessage.class.getPermittedSubclasses()), types);
        Set<Class<?>> covered = new HashSet<>();
        ClientSamples.goldens().values().forEach(message -> covered.add(message.getClass()));
        assertEquals(types, covered);
    }

    @Test
    void aChangeOfAnyBitIsNoticed() {
        for (ClientMessage message : ClientSamples.goldens().values()) {
            byte[] encoded = ClientCodec.encode(message);
            for (int bit = 0; bit < encoded.length * 8; bit++) {
                byte[] damaged = encoded.clone();
                damaged[bit / 8] ^= (byte) (1 << bit % 8);
                assertThrows(MalformedFrameException.class, () -> ClientCodec.decode(ByteBuffer.wrap(damaged)));
            }
        }
    }

    @Test
    void aCutOrExtendedFrameIsRefused() {
        for (ClientMessage message : ClientSamples.goldens().values()) {
            byte[] encoded = ClientCodec.encode(message);
            for (int length = 0; length < encoded.length + 9; length++) {
                byte[] other = Arrays.copyOf(encoded, length);
                if (length != encoded.length) {
                    assertThrows(MalformedFrameException.class, () -> ClientCodec.decode(ByteBuffer.wrap(other)));
                }
            }
        }
    }

    @Test
    void whatCannotBeIsRefusedThoughTheChecksumsFit() {
        ClientMessage gap = new ClientMessage.Gap(new SessionId(0, 1), 1);
        assertMalformed(gap, 16, 0L, "due: 0 must be above zero");
        assertMalformed(new ClientMessage.Ping(1), -14, 17L << 48, "kind: 17 is outside the allowed range 1..16");
        ClientMessage submit = ClientSamples.goldens().get("submit");
        assertMalformed(submit, 0, (long) Integer.MAX_VALUE << 32, "count of commands: 2147483647");
        assertMalformed(submit, 0, 0L, "count of commands: 0");
        assertMalformed(ClientSamples.goldens().get("results"), 16, -1L, "count of results: -1");
        assertMalformed(ClientSamples.goldens().get("ended"), 16, -1L, "text: 65535 characters");
        assertMalformed(ClientSamples.goldens().get("refusal"), 0, 0x0900_0141_0000_0000L, "Reason: code 9");
        assertMalformed(ClientSamples.goldens().get("refused"), 24, null, "refusal: code 0");
        assertMalformed(ClientSamples.goldens().get("reads"), 12, 0L, "read level: code 0");
    }

    /** Puts a long (or a zero byte) into the body at that offset, and corrects the checksums. */
    private static void assertMalformed(ClientMessage message, int offset, Long value, String expected) {
        ByteBuffer frame = ByteBuffer.wrap(ClientCodec.encode(message));
        if (value == null) {
            frame.put(20 + offset, (byte) 0);
        } else if (offset == -14) {
            frame.putShort(6, (short) (value >>> 48));
        } else {
            frame.putLong(20 + offset, value);
        }
        seal(frame.array());
        MalformedFrameException refused = assertThrows(MalformedFrameException.class, () -> ClientCodec.decode(frame));
        assertTrue(refused.getMessage().contains(expected), refused.getMessage());
    }

    /** Makes both checksums right again. */
    static void seal(byte[] frame) {
        ByteBuffer out = ByteBuffer.wrap(frame);
        out.putInt(12, crc(frame, 20, frame.length)).putInt(16, crc(frame, 0, 16));
    }

    private static int crc(byte[] bytes, int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }

    @Test
    void lengthsOutOfRangeAreRefusedBeforeTheyAreBelieved() {
        for (int length : new int[] {Integer.MIN_VALUE, -1, 0, 19, 4_097, Integer.MAX_VALUE}) {
            ByteBuffer header = ByteBuffer.wrap(ClientCodec.encode(new ClientMessage.Ping(7)));
            header.putInt(8, length);
            MalformedFrameException refused =
                    assertThrows(MalformedFrameException.class, () -> ClientCodec.lengthOf(header, 4_096));
            assertEquals(
                    "client frame length: " + length + " bytes is outside the allowed range 20..4096",
                    refused.getMessage());
        }
    }

    @Test
    void textIsCutAndMadeFitForALogBeforeItIsSent() {
        ClientMessage.Refusal refusal =
                new ClientMessage.Refusal(Reason.CLOSING, "a\n\u001b[31mb\u00e9" + "x".repeat(1_000));
        ClientMessage.Refusal decoded =
                (ClientMessage.Refusal) ClientCodec.decode(ByteBuffer.wrap(ClientCodec.encode(refusal)));
        assertEquals("a??[31mb?" + "x".repeat(503), decoded.text());
        assertEquals(Reason.CLOSING, decoded.reason());
    }

    @Test
    void aFrameIsReadWhereItLiesInABuffer() {
        byte[] ping = ClientCodec.encode(new ClientMessage.Ping(9));
        ByteBuffer among = ByteBuffer.allocate(100).position(7);
        among.put(ping).flip().position(7);
        assertEquals(new ClientMessage.Ping(9), ClientCodec.decode(among));
        assertEquals(28, ClientCodec.lengthOf(among, 100));
        assertArrayEquals(ping, Arrays.copyOfRange(among.array(), 7, 35));
    }
}
