// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * Where the values of which slots are: for each segment a list of blocks, each some {@link #BLOCK_BYTES} of records, with
 * the lowest and the highest slot in it. Memory grows with the bytes of the log, by 32 bytes a block, and not with
 * its slots. Any thread.
 */
final class SlotIndex {

    /** A block is closed once it has that many bytes. */
    static final int BLOCK_BYTES = 64 << 10;

    /**
     * A stretch of a segment, from the start of a record to the end of one.
     *
     * @param segment its sequence
     * @param from offset of the first byte
     * @param to offset after the last byte
     * @param slotFirst the lowest slot in it
     * @param slotLast the highest slot in it
     */
    record Block(long segment, long from, long to, long slotFirst, long slotLast) {}

    /**
     * Where the index ended at some moment. A reader looks at nothing behind it: bytes there may be being written.
     *
     * @param segment the last one; 0 if nothing is indexed
     * @param offset after the last record in it
     */
    record End(long segment, long offset) {

        /** How far into that segment it reaches. */
        long offsetIn(long other) {
            return other < segment ? Long.MAX_VALUE : other == segment ? offset : 0;
        }
    }

    private final TreeMap<Long, SegmentBlocks> segments = new TreeMap<>();

    /**
     * Notes the next record of a segment.
     *
     * @param slot whose value it holds, or 0
     */
    synchronized void add(long segment, long offset, long length, long slot) {
        segments.computeIfAbsent(segment, sequence -> new SegmentBlocks()).add(offset, length, slot);
    }

    /**
     * Notes the next records of a segment, which follow each other without a gap.
     *
     * @param offset where the first begins
     * @param lengths in bytes
     * @param slots whose values they hold, 0 for none
     * @param count how many of these arrays
     */
    synchronized void add(long segment, long offset, long[] lengths, long[] slots, int count) {
        SegmentBlocks blocks = segments.computeIfAbsent(segment, sequence -> new SegmentBlocks());
        long at = offset;
        for (int i = 0; i < count; i++) {
            blocks.add(at, lengths[i], slots[i]);
            at += lengths[i];
        }
    }

    /** Whether a segment holds no value of a slot above that one. */
    synchronized boolean isAtOrBelow(long segment, long slot) {
        SegmentBlocks blocks = segments.get(segment);
        return blocks == null || blocks.segmentSlotLast <= slot;
    }

    /** Forgets a segment that is gone. */
    synchronized void remove(long segment) {
        segments.remove(segment);
    }

    synchronized End end() {
        return segments.isEmpty()
                ? new End(0, 0)
                : new End(segments.lastKey(), segments.lastEntry().getValue().end);
    }

    /** Every block with a slot in that range, in journal order, up to that end. */
    synchronized List<Block> overlapping(long first, long last, End end) {
        List<Block> found = new ArrayList<>();
        segments.forEach((segment, blocks) -> blocks.collect(segment, first, last, end.offsetIn(segment), found));
        return found;
    }

    private static final class SegmentBlocks {

        private long[] from = new long[16];
        private long[] to = new long[16];
        private long[] slotFirst = new long[16];
        private long[] slotLast = new long[16];
        private int count;
        private long end;
        private long segmentSlotFirst = Long.MAX_VALUE;
        private long segmentSlotLast;

        void add(long offset, long length, long slot) {
            // A gap is what damage left: no block spans it, since records are found by the lengths of those before.
            if (count == 0 || end - from[count - 1] >= BLOCK_BYTES || offset != end) {
                begin(offset);
            }
            end = offset + length;
            to[count - 1] = end;
            if (slot > 0) {
                int block = count - 1;
                slotFirst[block] = Math.min(slotFirst[block], slot);
                slotLast[block] = Math.max(slotLast[block], slot);
                segmentSlotFirst = Math.min(segmentSlotFirst, slot);
                segmentSlotLast = Math.max(segmentSlotLast, slot);
            }
        }

        private void begin(long offset) {
            if (count == from.length) {
                from = Arrays.copyOf(from, count * 2);
                to = Arrays.copyOf(to, count * 2);
                slotFirst = Arrays.copyOf(slotFirst, count * 2);
                slotLast = Arrays.copyOf(slotLast, count * 2);
            }
            from[count] = offset;
            slotFirst[count] = Long.MAX_VALUE;
            slotLast[count] = 0;
            count++;
        }

        void collect(long segment, long first, long last, long offsetEnd, List<Block> into) {
            if (segmentSlotFirst > last || segmentSlotLast < first) {
                return;
            }
            for (int i = 0; i < count && from[i] < offsetEnd; i++) {
                if (slotFirst[i] <= last && slotLast[i] >= first) {
                    into.add(new Block(segment, from[i], Math.min(to[i], offsetEnd), slotFirst[i], slotLast[i]));
                }
            }
        }
    }
}
