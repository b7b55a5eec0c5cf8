// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * What {@link Recovery} has read up to some record: what the records add up to, where they are, and up to which of them
 * they are known forced. The records that are not, or that are taken over all the same, are the tail. One thread.
 */
final class LogSoFar {

    private final StateFold fold = new StateFold();
    private final SlotIndex index = new SlotIndex();
    private final NavigableMap<Long, Long> segments = new TreeMap<>();
    private final Deque<Located> tail = new ArrayDeque<>();
    private long segment;
    private long lastRecord;
    private long provenRecord;

    /**
     * Nothing read.
     *
     * @param proof what is known to be on the disk, from outside the log
     */
    LogSoFar(Forced proof) {
        this.provenRecord = proof.record();
    }

    /**
     * Where a record is.
     *
     * @param valueSlot the slot whose value it holds, or 0
     * @param before what all records before it add up to
     */
    record Located(long sequence, long offset, long length, long valueSlot, Checkpoint before) {}

    /** What follows is in that segment; it would not be there if everything before had not been forced. */
    void enter(long next) {
        prove(lastRecord);
        indexProven();
        segment = next;
    }

    /** The segment is needed, from that record of it on. */
    void needs(long sequence, long firstRecord) {
        segments.put(sequence, firstRecord);
    }

    /** The next record, whole, in the segment entered last. */
    void take(Located record) {
        lastRecord = record.sequence();
        tail.add(record);
    }

    /** Up to that record nothing more can be read: what comes next has a higher sequence. */
    void skipTo(long record) {
        lastRecord = record;
    }

    /** Every record up to that one is known forced. */
    void prove(long record) {
        provenRecord = Math.max(provenRecord, record);
    }

    /** What is known forced need not be written again: from then on it is no tail. */
    void indexProven() {
        while (!tail.isEmpty() && tail.getFirst().sequence() <= provenRecord) {
            Located record = tail.removeFirst();
            index.add(segment, record.offset(), record.length(), record.valueSlot());
        }
    }

    boolean isProven(long record) {
        return record <= provenRecord;
    }

    StateFold fold() {
        return fold;
    }

    SlotIndex index() {
        return index;
    }

    /** First record of each segment that is needed, by the segment's sequence. */
    NavigableMap<Long, Long> segments() {
        return segments;
    }

    List<Located> tail() {
        return List.copyOf(tail);
    }

    /** The segment that holds the tail. */
    long tailSegment() {
        return segment;
    }

    long lastRecord() {
        return lastRecord;
    }

    long provenRecord() {
        return provenRecord;
    }
}
