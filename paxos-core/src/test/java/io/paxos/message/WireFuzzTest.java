// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.paxos.FuzzSeeds;
import io.paxos.model.Batch;
import io.paxos.model.CorruptValueException;
import io.paxos.model.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes at all where a frame or a batch is expected: they are read as exactly what they say, or refused, and nothing else is
 * thrown. In {@code mvn verify} Jazzer runs the seeds; how to let it look for more is in {@code docs/testing.md}.
 */
final class WireFuzzTest {

    static Stream<byte[]> frames() throws IOException {
        List<byte[]> seeds = new ArrayList<>(FuzzSeeds.of("frame"));
        SampleFrames.messages().forEach(message -> seeds.add(SampleFrames.encoded(message)));
        return seeds.stream();
    }

    @MethodSource("frames")
    @FuzzTest(maxDuration = "3m")
    void aFrameIsReadAsItWasWrittenOrRefused(byte[] bytes) {
        decodeFrame(bytes);
        if (bytes.length >= FrameCodec.HEADER_BYTES) {
            // With magic, length and checksums right, so that only the fields lie.
            ByteBuffer sealed = ByteBuffer.wrap(bytes.clone())
                    .putInt(0, FrameCodec.MAGIC)
                    .putShort(4, (short) FrameCodec.VERSION)
                    .putInt(8, bytes.length);
            FrameCodecTest.seal(sealed);
            decodeFrame(sealed.array());
        }
    }

    private static void decodeFrame(byte[] bytes) {
        Frame frame;
        try {
            frame = FrameCodec.decode(ByteBuffer.wrap(bytes));
        } catch (MalformedFrameException refused) {
            return;
        }
        ByteBuffer again = ByteBuffer.allocate(FrameCodec.encodedLength(frame));
        FrameCodec.encode(frame, again);
        assertArrayEquals(bytes, again.array());
    }

    static Stream<byte[]> batches() throws IOException {
        List<byte[]> seeds = new ArrayList<>(FuzzSeeds.of("batch"));
        seeds.add(Batch.noOp(7).encode().bytes());
        return seeds.stream();
    }

    @MethodSource("batches")
    @FuzzTest(maxDuration = "3m")
    void aBatchIsReadAsItWasWrittenOrRefused(byte[] bytes) {
        Value value = Value.of(bytes);
        try {
            Batch batch = Batch.decode(value);
            assertEquals(value, batch.encode());
            assertEquals(batch.agreedTimeMillis(), Batch.agreedTimeMillisOf(value));
        } catch (CorruptValueException refused) {
            // As it should be.
        }
    }
}
