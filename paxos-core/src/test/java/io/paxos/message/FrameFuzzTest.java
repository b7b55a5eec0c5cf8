// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import io.paxos.model.Value;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Whatever the bytes, decoding ends in a frame or in {@link MalformedFrameException}, and allocates no more than a small
 * multiple of the bytes that are there (hazard V9). A failure names the seed of the one case; {@code -Dfuzz.seed=…} on
 * the command line of Maven runs that case alone.
 */
class FrameFuzzTest {

    private static final long FIRST_SEED = 20_240_607L;
    private static final int CASES = 120_000;

    /** What a refusal may cost: an exception, its stack and its message. */
    private static final long ALLOCATED_BYTES_FIXED = 64 << 10;

    /** Objects and lists for each byte on the wire; the densest is a list of proposals, at about 6. */
    private static final long ALLOCATED_BYTES_FOR_EACH_BYTE = 16;

    private static List<byte[]> samples = List.of();

    private interface Case {
        void run(Random random) throws Throwable;
    }

    @BeforeAll
    static void encodeSamples() {
        samples = SampleFrames.messages().stream().map(SampleFrames::encoded).toList();
    }

    @Test
    void damageToAFrameNeverPassesForAFrame() {
        eachCase(random -> {
            byte[] original = samples.get(random.nextInt(samples.size()));
            byte[] bytes = mutated(original, random);
            if (!Arrays.equals(original, bytes)) {
                assertThrows(MalformedFrameException.class, () -> decode(bytes));
            }
        });
    }

    @Test
    void aLieWithCorrectChecksumsIsRefusedOrSaysExactlyWhatItsBytesSay() {
        int[] decoded = new int[1];
        eachCase(random -> {
            byte[] bytes = sealed(mutated(random));
            assertBoundedAllocation(bytes);
            Frame frame = decodeOrRefuse(bytes);
            if (frame != null) {
                decoded[0]++;
                ByteBuffer again = ByteBuffer.allocate(FrameCodec.encodedLength(frame));
                FrameCodec.encode(frame, again);
                assertArrayEquals(bytes, again.array());
            }
        });
        assertTrue(replayedSeed() != null || decoded[0] > CASES / 100, "only " + decoded[0] + " lies got through");
    }

    @Test
    void garbageIsRefusedCheaply() {
        eachCase(random -> {
            byte[] bytes = new byte[random.nextInt(512)];
            random.nextBytes(bytes);
            if (random.nextBoolean()) {
                // Garbage that begins like a frame gets further than garbage from byte 0.
                byte[] sample = samples.get(random.nextInt(samples.size()));
                int prefix = Math.min(Math.min(bytes.length, sample.length), random.nextInt(90));
                System.arraycopy(sample, 0, bytes, 0, prefix);
            }
            assertBoundedAllocation(random.nextBoolean() ? sealed(bytes) : bytes);
        });
    }

    @Test
    void anAnnouncedLengthAllocatesNothing() {
        eachCase(random -> {
            ByteBuffer header = ByteBuffer.wrap(samples.get(random.nextInt(samples.size())), 0, 64);
            ByteBuffer lie = ByteBuffer.allocate(64).put(header).clear();
            int length = random.nextBoolean() ? random.nextInt() : Integer.MAX_VALUE - random.nextInt(100);
            FrameCodecTest.seal(lie.putInt(8, length));
            int max = random.nextBoolean() ? Integer.MAX_VALUE : 1 << 20;
            if (length >= FrameCodec.HEADER_BYTES && length <= max) {
                assertEquals(length, FrameCodec.lengthOf(lie, max));
            } else {
                assertThrows(MalformedFrameException.class, () -> FrameCodec.lengthOf(lie, max));
            }
            assertBoundedAllocation(lie.array());
        });
    }

    @Test
    void theDensestFramesAllocateASmallMultipleOfTheirLength() {
        assumeTrue(allocatedBytes() > 0, "this JVM does not count what a thread allocates");
        List<Proposal> votes = new ArrayList<>();
        List<SlotRange> unknown = new ArrayList<>();
        for (int slot = 1; slot <= 20_000; slot++) {
            votes.add(new Proposal(slot, SampleFrames.LOW, Value.of(new byte[0])));
            unknown.add(new SlotRange(slot, slot));
        }
        SlotRange covered = new SlotRange(1, Slots.MAX);
        for (Message message : List.of(
                new Message.Promise(SampleFrames.LOW, 1, covered, 0, 0, votes, votes, List.of()),
                new Message.Promise(SampleFrames.LOW, 1, covered, 0, 0, List.of(), List.of(), unknown))) {
            byte[] bytes = SampleFrames.encoded(message);
            assertBoundedAllocation(bytes);
            assertEquals(message, decode(bytes).message());
        }
    }

    private static void eachCase(Case one) {
        Long replayed = replayedSeed();
        long first = replayed == null ? FIRST_SEED : replayed;
        int cases = replayed == null ? CASES : 1;
        for (long seed = first; seed < first + cases; seed++) {
            try {
                one.run(new Random(seed));
            } catch (Throwable failure) {
                throw new AssertionError(
                        "replay with: mvn -pl paxos-core test -Dtest=FrameFuzzTest -Dfuzz.seed=" + seed, failure);
            }
        }
    }

    private static Long replayedSeed() {
        return Long.getLong("fuzz.seed");
    }

    private static byte[] mutated(Random random) {
        return mutated(samples.get(random.nextInt(samples.size())), random);
    }

    /** One to three changes: bits, bytes, numbers that lengths like to be wrong by, cuts, and other frames' parts. */
    private static byte[] mutated(byte[] original, Random random) {
        byte[] bytes = original.clone();
        for (int changes = 1 + random.nextInt(3); changes > 0 && bytes.length > 8; changes--) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(7)) {
                case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
                case 1 -> bytes[at] = (byte) random.nextInt();
                case 2 -> {
                    int[] numbers = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, bytes.length, random.nextInt()};
                    ByteBuffer.wrap(bytes).putInt(Math.min(at, bytes.length - 4), numbers[random.nextInt(7)]);
                }
                case 3 -> bytes = Arrays.copyOf(bytes, at);
                case 4 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(40));
                case 5 -> {
                    byte[] cut = new byte[bytes.length - 1];
                    System.arraycopy(bytes, 0, cut, 0, at);
                    System.arraycopy(bytes, at + 1, cut, at, cut.length - at);
                    bytes = cut;
                }
                default -> {
                    byte[] other = samples.get(random.nextInt(samples.size()));
                    int length = Math.min(random.nextInt(40), Math.min(bytes.length, other.length) - at);
                    if (length > 0) {
                        System.arraycopy(other, at, bytes, at, length);
                    }
                }
            }
        }
        return bytes;
    }

    /** Makes magic, version, length and checksums right, so that only the fields and the values lie. */
    private static byte[] sealed(byte[] bytes) {
        if (bytes.length < FrameCodec.HEADER_BYTES) {
            return bytes;
        }
        byte[] copy = bytes.clone();
        ByteBuffer buffer = ByteBuffer.wrap(copy);
        buffer.putInt(0, FrameCodec.MAGIC)
                .putShort(4, (short) FrameCodec.VERSION)
                .putInt(8, copy.length);
        FrameCodecTest.seal(buffer);
        return copy;
    }

    private static Frame decode(byte[] bytes) {
        return FrameCodec.decode(ByteBuffer.wrap(bytes));
    }

    /** The frame, or null if it was refused. */
    private static Frame decodeOrRefuse(byte[] bytes) {
        try {
            return decode(bytes);
        } catch (MalformedFrameException refused) {
            return null;
        }
    }

    /** What this thread allocated until now; always 0 on a JVM that does not say. */
    private static long allocatedBytes() {
        return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
                        && threads.isThreadAllocatedMemorySupported()
                        && threads.isThreadAllocatedMemoryEnabled()
                ? threads.getCurrentThreadAllocatedBytes()
                : 0;
    }

    private static void assertBoundedAllocation(byte[] bytes) {
        long max = ALLOCATED_BYTES_FIXED + ALLOCATED_BYTES_FOR_EACH_BYTE * bytes.length;
        long allocated = allocatedByDecoding(bytes);
        if (allocated > max) {
            // The first refusal of its sort also links the code that builds its message; the second does not.
            allocated = allocatedByDecoding(bytes);
        }
        assertTrue(allocated <= max, allocated + " bytes allocated for " + bytes.length + ", more than " + max);
    }

    private static long allocatedByDecoding(byte[] bytes) {
        long before = allocatedBytes();
        decodeOrRefuse(bytes);
        return allocatedBytes() - before;
    }
}
