// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.Fixtures.FRAME_BYTES_MAX;
import static io.paxos.transport.netty.Fixtures.accept;
import static io.paxos.transport.netty.Fixtures.concat;
import static io.paxos.transport.netty.Fixtures.encoded;
import static io.paxos.transport.netty.Fixtures.greeting;
import static io.paxos.transport.netty.Fixtures.heartbeat;
import static io.paxos.transport.netty.Fixtures.hello;
import static io.paxos.transport.netty.Fixtures.listenTo;
import static io.paxos.transport.netty.Fixtures.stopListening;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.paxos.message.Frame;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Streams that were right before something happened to them (fault case 57). Whatever happened: nothing is thrown at the event
 * loop, no frame is delivered that was not sent, and no buffer is larger than the bytes that came.
 */
class DecoderFuzzTest {
    private static final int STREAMS = 100_000;

    private static final List<Frame> FRAMES =
            List.of(heartbeat(2, 3, 1), accept(2, 3, 40), heartbeat(2, 3, 2), accept(2, 3, 700));

    private static final byte[] STREAM = concat(
            hello(greeting(2, 3)),
            encoded(FRAMES.get(0)),
            encoded(FRAMES.get(1)),
            encoded(FRAMES.get(2)),
            encoded(FRAMES.get(3)));

    private static final int[] EVIL = {
        0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 63, 64, FRAME_BYTES_MAX, FRAME_BYTES_MAX + 1, 4_096, 4_097
    };

    @Test
    void mutatedStreamsNeverThrowNeverForgeAndNeverAllocateAhead() {
        ListAppender<ILoggingEvent> silenced = listenTo(Wire.class);
        long seed = Long.getLong("paxos.fuzz.seed", System.nanoTime());
        long whole = 0;
        long closed = 0;
        try {
            for (int i = 0; i < STREAMS; i++) {
                Wire wire = run(seed + i);
                whole += wire.received.size() == FRAMES.size() ? 1 : 0;
                closed += wire.local.tally().counters().strangersClosed();
                silenced.list.clear();
            }
        } finally {
            stopListening(Wire.class, silenced);
        }
        assertTrue(whole > 0 && closed > STREAMS / 4, "the mutations reach both ends: " + whole + ", " + closed);
    }

    private static Wire run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] stream = mutate(random);
        Wire wire = new Wire();
        String replay = "replay with -Dpaxos.fuzz.seed=" + seed;
        try {
            int from = 0;
            while (from < stream.length) {
                int to = Math.min(stream.length, from + 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 900));
                wire.feed(Arrays.copyOfRange(stream, from, to));
                from = to;
            }
            wire.pass(10_000);
            wire.finish();
        } catch (Throwable thrown) { // an Error counts as well
            throw new AssertionError(replay, thrown);
        }
        assertTrue(FRAMES.containsAll(wire.received), replay);
        assertTrue(wire.allocator.largestBytes() <= 2 * STREAM.length + 4_096, replay);
        assertEquals(0, wire.local.unidentified().size(), replay);
        return wire;
    }

    private static byte[] mutate(SplittableRandom random) {
        byte[] stream = STREAM.clone();
        int mutations = random.nextInt(4);
        for (int i = 0; i < mutations; i++) {
            stream = mutateOnce(stream, random);
        }
        return stream;
    }

    private static byte[] mutateOnce(byte[] stream, SplittableRandom random) {
        if (stream.length < 8) {
            return stream;
        }
        int at = random.nextInt(stream.length - 4);
        int length = 1 + random.nextInt(Math.min(200, stream.length - at));
        switch (random.nextInt(7)) {
            case 0 -> stream[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> {
                int evil = EVIL[random.nextInt(EVIL.length)];
                for (int i = 0; i < 4; i++) {
                    stream[at + i] = (byte) (evil >>> (24 - 8 * i));
                }
            }
            case 2 -> {
                return Arrays.copyOf(stream, at);
            }
            case 3 -> {
                return concat(Arrays.copyOf(stream, at), Arrays.copyOfRange(stream, at + length, stream.length));
            }
            case 4 -> {
                byte[] repeated = Arrays.copyOfRange(stream, at, at + length);
                return concat(Arrays.copyOf(stream, at), repeated, Arrays.copyOfRange(stream, at, stream.length));
            }
            case 5 -> {
                byte[] noise = new byte[length];
                random.nextBytes(noise);
                return concat(Arrays.copyOf(stream, at), noise, Arrays.copyOfRange(stream, at, stream.length));
            }
            default -> Arrays.fill(stream, at, at + length, (byte) random.nextInt(256));
        }
        return stream;
    }
}
