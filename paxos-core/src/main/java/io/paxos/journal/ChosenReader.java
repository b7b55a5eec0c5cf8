// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Proposal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages of chosen values. Files are opened for each page, apart from the one being written, so that a reader whose
 * thread is interrupted closes nobody else's channel.
 *
 * <p>Which record of a known-chosen slot holds its chosen value? The one with the highest ballot. Say B voted for w at
 * ballot 1, v was chosen at ballot 2 without B, and B fetched v: the fetched record has the higher ballot. Say B voted for v
 * at ballot 2, where it was chosen, and again at ballot 5: phase 1 of ballot 5 found v, so both hold it (Paxos Made Simple,
 * P2b). And if a vote for w at ballot 1 reaches the log after v was fetched, it is still below. Copies that an unproven tail left in
 * two segments are equal.
 */
final class ChosenReader {

    /** Slots looked up at once, at most. */
    private static final int WINDOW_SLOTS_MAX = 4096;

    private final Storage storage;
    private final SlotIndex index;

    ChosenReader(Storage storage, SlotIndex index) {
        this.storage = storage;
        this.index = index;
    }

    /**
     * Reads the values of consecutive slots.
     *
     * @param first the first wanted slot, above the floor
     * @param last the last wanted slot, known chosen
     * @param bytesMax bound on the sum of the lengths; the first value may exceed it
     */
    List<Proposal> read(long first, long last, int bytesMax) throws IOException {
        Page page = new Page(bytesMax);
        // Everything up to the last slot is indexed by now.
        SlotIndex.End end = index.end();
        try (OpenSegments segments = new OpenSegments(storage, end)) {
            long next = first;
            while (next <= last && !page.isFull) {
                long windowLast = Math.min(last, windowLast(next, end));
                List<@Nullable Place> places = locate(segments, next, windowLast);
                for (Place place : places) {
                    if (place == null || !page.add(segments, place)) {
                        return page.values;
                    }
                }
                next = windowLast + 1;
            }
        }
        return page.values;
    }

    /** A window ends with a block, so that reading on from there looks at each block about once. */
    private long windowLast(long first, SlotIndex.End end) {
        long last = first;
        for (SlotIndex.Block block : index.overlapping(first, first, end)) {
            last = Math.max(last, block.slotLast());
        }
        return Math.min(last, first + WINDOW_SLOTS_MAX - 1);
    }

    /** For each slot of the window the place of its record with the highest ballot, or null. */
    private List<@Nullable Place> locate(OpenSegments segments, long first, long last) throws IOException {
        @Nullable Place[] best = new @Nullable Place[(int) (last - first + 1)];
        for (SlotIndex.Block block : index.overlapping(first, last, segments.end)) {
            SegmentReader reader = segments.get(block.segment());
            long offset = block.from();
            while (offset < block.to()) {
                RecordHeader header = reader.headerAt(offset);
                if (header.type().holdsValue() && first <= header.slot() && header.slot() <= last) {
                    int at = (int) (header.slot() - first);
                    Place known = best[at];
                    if (known == null || !known.header.ballot().isAbove(header.ballot())) {
                        best[at] = new Place(block.segment(), offset, header);
                    }
                }
                offset += header.length();
            }
        }
        return Arrays.asList(best);
    }

    private record Place(long segment, long offset, RecordHeader header) {}

    /** The page being filled. */
    private static final class Page {

        private final List<Proposal> values = new ArrayList<>();
        private final int bytesMax;
        private long bytes;
        private boolean isFull;

        Page(int bytesMax) {
            this.bytesMax = bytesMax;
        }

        /** Reads and checks the value there and adds it, if it fits. */
        boolean add(OpenSegments segments, Place place) throws IOException {
            bytes += place.header.payloadLength();
            isFull = bytes >= bytesMax;
            if (bytes > bytesMax && !values.isEmpty()) {
                return false;
            }
            EncodedRecord record = segments.get(place.segment).recordAt(place.offset, place.header);
            values.add(new Proposal(record.slot(), record.ballot(), record.payload()));
            return true;
        }
    }

    /** The segments one page has open. */
    private static final class OpenSegments implements AutoCloseable {

        private final Storage storage;
        private final SlotIndex.End end;
        private final TreeMap<Long, SegmentReader> open = new TreeMap<>();

        OpenSegments(Storage storage, SlotIndex.End end) {
            this.storage = storage;
            this.end = end;
        }

        SegmentReader get(long segment) throws IOException {
            SegmentReader reader = open.get(segment);
            if (reader == null) {
                reader = SegmentReader.open(storage, segment, end.offsetIn(segment));
                open.put(segment, reader);
            }
            return reader;
        }

        @Override
        public void close() throws IOException {
            for (SegmentReader reader : open.values()) {
                reader.close();
            }
        }
    }
}
