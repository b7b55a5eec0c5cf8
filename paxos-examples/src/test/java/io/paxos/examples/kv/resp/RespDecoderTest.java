// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv.resp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RespDecoderTest {

    private static final RespLimits SMALL = new RespLimits(4, 10, 20, 64);

    @Test
    void arrayOfBulkStringsIsACall() {
        assertEquals(List.of("call SET|key|v\\r\\n"), decode("*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$3\r\nv\r\n\r\n"));
    }

    @Test
    void emptyArgumentsAndBinaryArgumentsComeThrough() {
        assertEquals(List.of("call A||\\x00\\xff"), decode("*3\r\n$1\r\nA\r\n$0\r\n\r\n$2\r\n\0\u00ff\r\n"));
    }

    @Test
    void pipelinedRequestsComeOutInOrder() {
        assertEquals(
                List.of("call PING", "call GET|a", "call PING|x"),
                decode("*1\r\n$4\r\nPING\r\n*2\r\n$3\r\nGET\r\n$1\r\na\r\nPING x\r\n"));
    }

    @Test
    void inlineCommandsAreSplitAtBlanksAndKnowQuotes() {
        assertEquals(
                List.of("call SET|a b|\\x01\\r\\n\\|it's|", "call PING"),
                decode("  SET \"a b\" \"\\x01\\r\\n\\\\\" 'it\\'s' ''  \r\nPING\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\r\n", "\n", "   \r\n", "*0\r\n", "*-1\r\n"})
    void nothingAskedIsNothingAnswered(String nothing) {
        assertEquals(List.of("call PING"), decode(nothing + "PING\r\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *x\\r\\n                          | invalid multibulk length
            *+1\\r\\n                         | invalid multibulk length
            *01\\r\\n                         | invalid multibulk length
            *\\r\\n                           | invalid multibulk length
            *-2\\r\\n                         | invalid multibulk length
            *1048577\\r\\n                    | invalid multibulk length
            *99999999999999999999\\r\\n       | invalid multibulk length
            *1\\n$4\\r\\nPING\\r\\n           | invalid multibulk length
            *1\\r\\n*1\\r\\n$4\\r\\nPING\\r\\n | expected '$', got '*'
            *1\\r\\n\\r\\n                    | expected '$', got '\\x0d'
            *1\\r\\nPING\\r\\n                | expected '$', got 'P'
            *1\\r\\n$-1\\r\\n                 | invalid bulk length
            *1\\r\\n$536870913\\r\\n          | invalid bulk length
            *1\\r\\n$4294967297\\r\\n         | invalid bulk length
            *1\\r\\n$\\r\\n                   | invalid bulk length
            *1\\r\\n$4\\nPING\\r\\n           | invalid bulk length
            *1\\r\\n$4\\r\\nPINGxx            | expected CRLF after a bulk string
            *1\\r\\n$4\\r\\nPING\\n\\r         | expected CRLF after a bulk string
            *1\\r\\n$3\\r\\nPING\\r\\n         | expected CRLF after a bulk string
            SET "a\\r\\n                      | unbalanced quotes in request
            SET 'a\\r\\n                      | unbalanced quotes in request
            SET "a"b\\r\\n                    | unbalanced quotes in request
            """)
    void whatIsNotTheProtocolIsSaidOnceAndEndsIt(String input, String problem) {
        String bytes = input.replace("\\r", "\r").replace("\\n", "\n");
        assertEquals(List.of("broken ERR Protocol error: " + problem), decode(bytes + "\r\nPING\r\nPING\r\n"));
    }

    @Test
    void lineWithoutAnEndIsRefusedAtItsLimit() {
        assertEquals(List.of(), decode("*" + "1".repeat(32)));
        assertEquals(List.of("broken ERR Protocol error: too big mbulk count string"), decode("*" + "1".repeat(33)));
        assertEquals(
                List.of("broken ERR Protocol error: too big bulk count string"), decode("*1\r\n$" + "1".repeat(33)));
        assertEquals(List.of(), decode(SMALL, "x".repeat(65)));
        assertEquals(List.of("broken ERR Protocol error: too big inline request"), decode(SMALL, "x".repeat(66)));
        assertEquals(List.of("call " + "x".repeat(64)), decode(SMALL, "x".repeat(64) + "\r\n"));
    }

    @Test
    void whatIsBeyondALimitIsReadToItsEndAndRefused() {
        String tooLong = "*2\r\n$3\r\nGET\r\n$11\r\n12345678901\r\nPING\r\n";
        assertEquals(
                List.of("refused ERR value is too large: 11 bytes, the limit is 10", "call PING"),
                decode(SMALL, tooLong));
        String tooMany = "*5\r\n" + "$1\r\na\r\n".repeat(5) + "PING\r\n";
        assertEquals(List.of("refused ERR too many arguments: 5, the limit is 4", "call PING"), decode(SMALL, tooMany));
        String tooMuch = "*3\r\n$9\r\n123456789\r\n$9\r\n123456789\r\n$9\r\n123456789\r\nPING\r\n";
        assertEquals(
                List.of("refused ERR command is too large: its arguments exceed 20 bytes together", "call PING"),
                decode(SMALL, tooMuch));
        assertEquals(
                List.of("refused ERR too many arguments: 5, the limit is 4", "call PING"),
                decode(SMALL, "a b c d e\r\nPING\r\n"));
    }

    @Test
    void limitsAreInclusive() {
        assertEquals(
                List.of("call 1234567890|123456789|1|"),
                decode(SMALL, "*4\r\n$10\r\n1234567890\r\n$9\r\n123456789\r\n$1\r\n1\r\n$0\r\n\r\n"));
    }

    @Test
    void announcedBytesAreNotAllocatedBeforeTheyArrive() {
        EmbeddedChannel channel = new EmbeddedChannel(new RespDecoder(RespLimits.DEFAULT));
        byte[] header = bytes("*1048576\r\n$536870912\r\n");
        channel.writeInbound(Unpooled.wrappedBuffer(header));
        byte[] chunk = new byte[1 << 20];
        // 64 MiB through a test heap that would also hold them: what must not grow is what the decoder keeps.
        for (int i = 0; i < 64; i++) {
            channel.writeInbound(Unpooled.wrappedBuffer(chunk));
            assertEquals(0, channel.pipeline().get(RespDecoder.class).bytesKept());
        }
        assertFalse(channel.finish());
    }

    @Test
    void requestsFedByteByByteReadTheSame() {
        String call = "*3\r\n$3\r\nSET\r\n$3\r\nkey\r\n$3\r\nv\r\n\r\n";
        String refused = "*2\r\n$3\r\nGET\r\n$11\r\n12345678901\r\n*0\r\n";
        String input = call + "PING 'a b'\r\n" + refused + "*1\r\n$4\r\nPING\r\nQUIT \"x\r\nPING\r\n";
        assertEquals(decode(SMALL, input), decodeInPieces(SMALL, bytes(input), new int[] {1}));
        assertEquals(5, decode(SMALL, input).size());
    }

    @Test
    void longInlineLineFedByteByByteIsSearchedOnlyOnce() {
        // 64 KiB in single bytes: searched anew each time, this would be two billion steps.
        String line = "PING " + "x".repeat(60_000);
        assertEquals(
                List.of("call PING|" + "x".repeat(60_000)),
                decodeInPieces(RespLimits.DEFAULT, bytes(line + "\r\n"), new int[] {1}));
    }

    /** Well-formed streams with bytes changed, removed and doubled: any cut into pieces reads the same, nothing throws. */
    @Test
    void damagedStreamsReadTheSameInAnyPiecesAndNeverThrow() {
        for (long seed = 1; seed <= 1_500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] input = damaged(random, stream(random));
            int[] pieces = random.ints(16, 1, 24).toArray();
            assertEquals(
                    decode(SMALL, input),
                    decodeInPieces(SMALL, input, pieces),
                    () -> "input " + Arrays.toString(input) + " in pieces of " + Arrays.toString(pieces));
        }
    }

    @Test
    void randomBytesNeverThrow() {
        for (long seed = 1; seed <= 1_500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            byte[] alphabet = bytes("*$+-0123456789\r\n\"'\\x ab");
            byte[] input = new byte[random.nextInt(200)];
            for (int i = 0; i < input.length; i++) {
                input[i] = random.nextInt(10) == 0
                        ? (byte) random.nextInt(256)
                        : alphabet[random.nextInt(alphabet.length)];
            }
            assertEquals(decode(SMALL, input), decodeInPieces(SMALL, input, new int[] {1}));
        }
    }

    private static byte[] stream(SplittableRandom random) {
        StringBuilder stream = new StringBuilder();
        for (int i = random.nextInt(1, 5); i > 0; i--) {
            int arguments = random.nextInt(1, 6);
            if (random.nextInt(4) == 0) {
                stream.append("a 'b c' \"\\x41\"".repeat(random.nextInt(1, 3))).append("\r\n");
                continue;
            }
            stream.append('*').append(arguments).append("\r\n");
            for (int j = 0; j < arguments; j++) {
                int length = random.nextInt(12);
                stream.append('$')
                        .append(length)
                        .append("\r\n")
                        .append("z".repeat(length))
                        .append("\r\n");
            }
        }
        return bytes(stream.toString());
    }

    private static byte[] damaged(SplittableRandom random, byte[] input) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte b : input) {
            switch (random.nextInt(60)) {
                case 0 -> out.write(random.nextInt(256));
                case 1 -> {}
                case 2 -> {
                    out.write(b);
                    out.write(b);
                }
                default -> out.write(b);
            }
        }
        return out.toByteArray();
    }

    private static List<String> decode(String input) {
        return decode(RespLimits.DEFAULT, input);
    }

    private static List<String> decode(RespLimits limits, String input) {
        return decode(limits, bytes(input));
    }

    private static List<String> decode(RespLimits limits, byte[] input) {
        return decodeInPieces(limits, input, new int[] {Math.max(1, input.length)});
    }

    private static List<String> decodeInPieces(RespLimits limits, byte[] input, int[] pieces) {
        EmbeddedChannel channel = new EmbeddedChannel(new RespDecoder(limits));
        int at = 0;
        for (int i = 0; at < input.length; i++) {
            int length = Math.min(pieces[i % pieces.length], input.length - at);
            channel.writeInbound(Unpooled.copiedBuffer(input, at, length));
            at += length;
        }
        List<String> requests = new ArrayList<>();
        for (Object request = channel.readInbound(); request != null; request = channel.readInbound()) {
            requests.add(shown((RespRequest) request));
        }
        channel.finish();
        return requests;
    }

    private static String shown(RespRequest request) {
        if (request instanceof RespRequest.Call call) {
            List<String> arguments = new ArrayList<>();
            call.arguments().forEach(argument -> arguments.add(shown(argument)));
            return "call " + String.join("|", arguments);
        }
        if (request instanceof RespRequest.Refused refused) {
            return "refused " + refused.error();
        }
        return "broken " + ((RespRequest.Broken) request).error();
    }

    private static String shown(byte[] argument) {
        StringBuilder shown = new StringBuilder();
        for (byte b : argument) {
            switch (b) {
                case '\r' -> shown.append("\\r");
                case '\n' -> shown.append("\\n");
                default -> {
                    if (b < ' ') {
                        shown.append(String.format("\\x%02x", b));
                    } else {
                        shown.append((char) b);
                    }
                }
            }
        }
        return shown.toString();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
