// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.Fixtures.accept;
import static io.paxos.transport.netty.Fixtures.concat;
import static io.paxos.transport.netty.Fixtures.encoded;
import static io.paxos.transport.netty.Fixtures.greeting;
import static io.paxos.transport.netty.Fixtures.heartbeat;
import static io.paxos.transport.netty.Fixtures.hello;
import static io.paxos.transport.netty.Fixtures.listenTo;
import static io.paxos.transport.netty.Fixtures.stopListening;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.paxos.FuzzSeeds;
import io.paxos.message.MalformedFrameException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes at all from a stranger: as a hello, and as everything that a connection carries. In {@code mvn verify} Jazzer runs the
 * seeds; how to let it look for more is in {@code docs/testing.md}.
 */
class HelloFuzzTest {

    private static final int MAGIC_AND_VERSION_BYTES = 6;

    static Stream<byte[]> hellos() throws IOException {
        List<byte[]> seeds = new ArrayList<>(FuzzSeeds.of("hello"));
        seeds.add(hello(greeting(2, 3)));
        seeds.add(ControlCodec.encode(new ControlFrame.Welcome(greeting(2, 3))));
        seeds.add(ControlCodec.encode(new ControlFrame.Receipt()));
        for (ControlFrame.Reason reason : ControlFrame.Reason.values()) {
            seeds.add(ControlCodec.encode(new ControlFrame.Refusal(reason, "because")));
        }
        return seeds.stream();
    }

    @MethodSource("hellos")
    @FuzzTest(maxDuration = "3m")
    void aHelloIsReadOrRefused(byte[] bytes) {
        decode(bytes);
        if (bytes.length >= ControlCodec.HEADER_BYTES + Integer.BYTES) {
            // With magic, version, length and checksum right, so that only the fields lie.
            ByteBuffer sealed = ByteBuffer.wrap(bytes.clone())
                    .putInt(0, ControlCodec.MAGIC)
                    .putShort(4, (short) ControlCodec.VERSION)
                    .putInt(8, bytes.length);
            CRC32C crc = new CRC32C();
            crc.update(sealed.array(), 0, bytes.length - Integer.BYTES);
            decode(sealed.putInt(bytes.length - Integer.BYTES, (int) crc.getValue())
                    .array());
        }
    }

    private static void decode(byte[] bytes) {
        ControlFrame frame;
        try {
            frame = ControlCodec.decode(ByteBuffer.wrap(bytes));
        } catch (MalformedFrameException refused) {
            return;
        }
        // What a later version appends is skipped, so it is the frame that comes back, not the bytes.
        byte[] again = ControlCodec.encode(frame);
        assertArrayEquals(again, ControlCodec.encode(ControlCodec.decode(ByteBuffer.wrap(again))));
    }

    static Stream<byte[]> streams() throws IOException {
        List<byte[]> seeds = new ArrayList<>(FuzzSeeds.of("stream"));
        seeds.add(concat(hello(greeting(2, 3)), encoded(heartbeat(2, 3, 1)), encoded(accept(2, 3, 40))));
        return seeds.stream();
    }

    /** In two pieces, wherever the first byte says. */
    @MethodSource("streams")
    @FuzzTest(maxDuration = "3m")
    void aStreamOfAnythingThrowsNothingAndKeepsNoBuffer(byte[] bytes) {
        ListAppender<ILoggingEvent> silenced = listenTo(Wire.class);
        try {
            Wire wire = new Wire();
            int cut = bytes.length == 0 ? 0 : Byte.toUnsignedInt(bytes[bytes.length - 1]) % bytes.length;
            wire.feed(Arrays.copyOf(bytes, cut));
            wire.feed(Arrays.copyOfRange(bytes, cut, bytes.length));
            wire.pass(10_000);
            wire.finish();
            assertTrue(wire.received.size() <= bytes.length / MAGIC_AND_VERSION_BYTES);
            assertTrue(wire.allocator.largestBytes() <= 2 * bytes.length + 4_096, "a buffer beyond what came");
            assertEquals(0, wire.local.unidentified().size());
        } finally {
            stopListening(Wire.class, silenced);
        }
    }
}
