// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.model.DurableRecord;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** What is written in blocks is what is written byte by byte, with zeros up to the end of the last block. */
final class SegmentWriterTest {

    private static final int BLOCK_BYTES = 4096;

    private static List<DurableRecord> batch(Random random, long slot) {
        int bytes = random.nextInt(10) == 0 ? random.nextInt(700_000) : random.nextInt(6_000);
        return List.of(
                Samples.accepted(slot, Samples.ballot(1, Samples.A), Samples.value(slot, bytes)),
                Samples.knownChosen(slot));
    }

    private static SegmentedJournal founded(MemoryStorage storage, JournalOptions options) throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        SegmentedJournal journal = SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), options);
        journal.append(Samples.founding());
        return journal;
    }

    /** After each append, as each may be the last: segments of 1 MiB, so that batches are larger than the buffer, and fill it anywhere. */
    @RepeatedTest(8)
    void blocksHoldTheSameBytes(RepetitionInfo repetition) throws IOException {
        Random random = new Random(repetition.getCurrentRepetition());
        JournalOptions options = new JournalOptions(1 << 20, repetition.getCurrentRepetition() % 2 == 0);
        MemoryStorage bytewise = new MemoryStorage();
        MemoryStorage inBlocks = new MemoryStorage(BLOCK_BYTES);
        try (SegmentedJournal one = founded(bytewise, options);
                SegmentedJournal other = founded(inBlocks, options)) {
            for (long slot = 1; slot <= 60; slot++) {
                List<DurableRecord> batch = batch(random, slot);
                one.append(batch);
                other.append(batch);
                if (random.nextBoolean()) {
                    one.prepare();
                    other.prepare();
                }
                assertSameSegments(bytewise, inBlocks);
            }
        }
    }

    private static void assertSameSegments(MemoryStorage bytewise, MemoryStorage inBlocks) {
        assertEquals(bytewise.list(), inBlocks.list());
        for (String name : bytewise.list()) {
            if (SegmentHeader.sequenceOf(name) > 0) {
                byte[] bytes = bytewise.bytes(name);
                byte[] blocks = inBlocks.bytes(name);
                assertEquals(0, blocks.length % BLOCK_BYTES, name);
                int padded = Math.max(bytes.length, blocks.length);
                assertArrayEquals(Arrays.copyOf(bytes, padded), Arrays.copyOf(blocks, padded), name);
            }
        }
    }
}
