// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.ReadLevel;
import io.paxos.ReadReceiver;
import io.paxos.message.MalformedFrameException;
import io.paxos.model.Command;
import io.paxos.model.SessionId;
import io.paxos.session.SessionReceiver;
import io.paxos.session.SessionResult;
import io.paxos.transport.netty.guard.Complaints;
import io.paxos.transport.netty.guard.RecordingAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Streams and frames that were right before something happened to them, as clients and nodes may send them (fault case 57).
 * Whatever happened: nothing is thrown at the event loop, no command reaches the node that was not sent, no buffer is larger
 * than the bytes that came, and what is read as a message is written as the same bytes.
 */
class ClientStreamFuzzTest {
    private static final int STREAMS = 100_000;
    private static final int FRAMES = 200_000;

    private static final ClientMessage.Submit SUBMIT =
            (ClientMessage.Submit) ClientSamples.goldens().get("submit");

    private static final byte[] STREAM = concat(List.of(
            ClientSamples.goldens().get("hello"),
            ClientSamples.goldens().get("attach"),
            SUBMIT,
            ClientSamples.goldens().get("reads"),
            ClientSamples.goldens().get("ping"),
            SUBMIT,
            ClientSamples.goldens().get("detach")));

    private static final int[] EVIL = {
        0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 19, 20, 1 << 16, (1 << 16) + 1, 4_096, 4_097
    };

    private static byte[] concat(List<ClientMessage> messages) {
        long length = 0;
        for (ClientMessage message : messages) {
            length += ClientCodec.encodedLength(message);
        }
        ByteBuffer all = ByteBuffer.allocate((int) length);
        messages.forEach(message -> ClientCodec.encode(message, all));
        return all.array();
    }

    @Test
    void mutatedStreamsNeverThrowNeverForgeAndNeverAllocateAhead() {
        Logger silenced = (Logger) LoggerFactory.getLogger(Recorder.class);
        silenced.setLevel(Level.OFF);
        long seed = Long.getLong("paxos.fuzz.seed", System.nanoTime());
        long whole = 0;
        long closed = 0;
        for (int i = 0; i < STREAMS; i++) {
            Recorder recorder = run(seed + i);
            whole += recorder.commands.size() == 2 * SUBMIT.commands().size() ? 1 : 0;
            closed += recorder.closed ? 1 : 0;
        }
        assertTrue(whole > STREAMS / 100 && closed > STREAMS / 4, "both ends are reached: " + whole + ", " + closed);
    }

    private static Recorder run(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        byte[] stream = mutate(STREAM, random);
        Recorder recorder = new Recorder();
        RecordingAllocator allocator = new RecordingAllocator();
        String replay = "replay with -Dpaxos.fuzz.seed=" + seed;
        try {
            EndpointLimits limits = new EndpointLimits(4, 2, 64, 4_096, 8, 1 << 16, 1 << 20, 3_000, 1);
            Complaints complaints = new Complaints(LoggerFactory.getLogger(Recorder.class), System::nanoTime);
            Served served = new Served(recorder, limits, Map.of(), complaints);
            EmbeddedChannel channel = new EmbeddedChannel();
            channel.config().setAllocator(allocator);
            channel.pipeline().addLast(new ClientConnection(served));
            channel.pipeline().fireChannelActive();
            int from = 0;
            while (from < stream.length) {
                int to = Math.min(stream.length, from + 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 900));
                if (channel.isActive()) {
                    channel.writeInbound(Unpooled.wrappedBuffer(Arrays.copyOfRange(stream, from, to)));
                }
                from = to;
            }
            recorder.closed = !channel.isActive();
            channel.advanceTimeBy(10, TimeUnit.SECONDS);
            channel.runScheduledPendingTasks();
            channel.finishAndReleaseAll();
            assertEquals(0, served.unidentified().size());
            assertEquals(0, served.connections());
        } catch (Throwable thrown) { // an Error counts as well
            throw new AssertionError(replay, thrown);
        }
        assertEquals(0, allocator.live(), replay);
        assertTrue(SUBMIT.commands().containsAll(recorder.commands), replay);
        assertTrue(allocator.largestBytes() <= 2 * STREAM.length + 4_096, replay);
        return recorder;
    }

    @Test
    void mutatedFramesAreRefusedOrReadAsWhatTheySay() {
        List<byte[]> frames = ClientSamples.goldens().values().stream()
                .map(ClientCodec::encode)
                .toList();
        long seed = Long.getLong("paxos.fuzz.seed", System.nanoTime());
        long read = 0;
        for (int i = 0; i < FRAMES; i++) {
            SplittableRandom random = new SplittableRandom(seed + i);
            byte[] frame = mutate(frames.get(random.nextInt(frames.size())), random);
            if (frame.length >= ClientCodec.HEADER_BYTES) {
                // With magic, version, length and checksums right, so that only the fields lie.
                ByteBuffer.wrap(frame)
                        .putInt(0, ClientCodec.MAGIC)
                        .putShort(4, (short) 1)
                        .putInt(8, frame.length);
                ClientCodecTest.seal(frame);
            }
            try {
                ClientMessage message = ClientCodec.decode(ByteBuffer.wrap(frame));
                assertArrayEquals(frame, ClientCodec.encode(message), "replay with -Dpaxos.fuzz.seed=" + (seed + i));
                read++;
            } catch (MalformedFrameException refused) {
                // As it should be.
            } catch (RuntimeException thrown) {
                throw new AssertionError("replay with -Dpaxos.fuzz.seed=" + (seed + i), thrown);
            }
        }
        assertTrue(read > FRAMES / 100 && read < FRAMES, "some are read: " + read);
    }

    private static byte[] mutate(byte[] original, SplittableRandom random) {
        byte[] stream = original.clone();
        for (int i = random.nextInt(4); i > 0; i--) {
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
        byte[] tail = Arrays.copyOfRange(stream, at, stream.length);
        switch (random.nextInt(6)) {
            case 0 -> stream[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> ByteBuffer.wrap(stream).putInt(at, EVIL[random.nextInt(EVIL.length)]);
            case 2 -> {
                return Arrays.copyOf(stream, at);
            }
            case 3 -> {
                byte[] shorter = Arrays.copyOf(stream, stream.length - length);
                System.arraycopy(tail, length, shorter, at, tail.length - length);
                return shorter;
            }
            case 4 -> {
                byte[] longer = Arrays.copyOf(stream, stream.length + length);
                System.arraycopy(tail, 0, longer, at + length, tail.length);
                return longer;
            }
            default -> Arrays.fill(stream, at, at + length, (byte) random.nextInt(256));
        }
        return stream;
    }

    /** Answers everything at once, and remembers the commands. */
    private static final class Recorder extends SilentGateway {
        private final List<Command> commands = new ArrayList<>();
        private SessionReceiver receiver;
        private boolean closed;

        @Override
        public void attach(SessionId session, long boot, SessionReceiver attached) {
            receiver = attached;
            receiver.attached(1, List.of());
        }

        @Override
        public void detach(SessionId session, SessionReceiver detached) {
            receiver = null;
        }

        @Override
        public boolean submit(List<Command> submitted) {
            commands.addAll(submitted);
            for (Command command : submitted) {
                if (receiver != null) {
                    receiver.results(List.of(new SessionResult(
                            command.sequence(), SessionResult.Status.RESULT_GONE, null, new byte[0])));
                }
            }
            return true;
        }

        @Override
        public void read(ReadLevel level, List<byte[]> queries, long timeoutMillis, ReadReceiver reader) {
            for (int i = 0; i < queries.size(); i++) {
                reader.answered(i, queries.get(i), 1, 0);
            }
        }
    }
}
