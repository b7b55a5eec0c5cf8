// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.Incarnation;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads pages of chosen values. Files are opened for each page, apart from the one being written, so that a reader whose
 * thread is interrupted closes nobody else's channel.
 *
 * <p>Which record of a known-chosen slot holds its chosen value? The last chosen record, if there is one. Else the vote with
 * the highest ballot: it is the one that was chosen, or one of a higher ballot, whose phase 1 found the chosen value (Paxos
 * Made Simple, P2b); had the slot been chosen above all votes of this member, the value would have been fetched. A vote for
 * another value may come before the fetched one or after it, and is below it in either case. Copies that an unproven tail left
 * in two segments are equal.
 */
final class ChosenReader {

    /** Slots looked up at once, at most. */
    private static final int WINDOW_SLOTS_MAX = 4096;

    private final Storage storage;
    private final Incarnation incarnation;
    private final SlotIndex index;

    ChosenReader(Storage storage, Incarnation incarnation, SlotIndex index) {
        this.storage = storage;
        this.incarnation = incarnation;
        this.index = index;
    }

    /** The value of the first slot that was asked for cannot be read, and nobody knew that. */
    static final class DamagedValueException extends IOException {

        private static final long serialVersionUID = 1L;

        private final transient JournalDamage damage;
        private final transient Ballot ballot;
        private final boolean isCertain;

        DamagedValueException(JournalDamage damage, Ballot ballot, boolean isCertain) {
            super(damage.toString());
            this.damage = damage;
            this.ballot = ballot;
            this.isCertain = isCertain;
        }

        /** Whether the bytes were seen and are wrong; false if they could not be read, which may work the next time. */
        boolean isCertain() {
            return isCertain;
        }

        JournalDamage damage() {
            return damage;
        }

        /** Of the record that is damaged; none if not even its header can be read. */
        Ballot ballot() {
            return ballot;
        }
    }

    /**
     * Reads the values of consecutive slots, up to the first one that cannot be read.
     *
     * @param first the first wanted slot, above the floor
     * @param last the last wanted slot, known chosen
     * @param bytesMax bound on the sum of the lengths; the first value may exceed it
     * @throws UnknownSlotsException if the first slot is in doubt
     * @throws DamagedValueException if the first slot turns out to be damaged
     */
    List<Proposal> read(long first, long last, int bytesMax, Doubt doubt) throws IOException {
        Page page = new Page(bytesMax);
        // Everything up to the last slot is indexed by now.
        SlotIndex.End end = index.end();
        try (OpenSegments segments = new OpenSegments(end)) {
            long next = first;
            while (next <= last && !page.isFull) {
                long windowLast = Math.min(last, windowLast(next, end));
                Places places = locate(segments, next, windowLast);
                for (long slot = next; slot <= windowLast; slot++) {
                    if (doubt.contains(slot)) {
                        return page.orUnknown(doubt.around(slot, slot, last));
                    }
                    if (!page.add(segments, slot, places)) {
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

    /** For each slot of a window the place of its value, and which slots' records may be among unreadable ones. */
    private static final class Places {

        private final long first;
        private final @Nullable Place[] best;
        private final List<Unreadable> unreadable = new ArrayList<>();

        Places(long first, long last) {
            this.first = first;
            this.best = new @Nullable Place[(int) (last - first + 1)];
        }

        void add(Place place) {
            long at = place.header.slot() - first;
            if (at >= 0 && at < best.length && place.isBetterThan(best[(int) at])) {
                best[(int) at] = place;
            }
        }

        @Nullable
        Place of(long slot) {
            return best[(int) (slot - first)];
        }

        /** Where a record of that slot may have been that cannot be read; null if nowhere. */
        @Nullable
        Unreadable unreadableFor(long slot) {
            for (Unreadable each : unreadable) {
                if (each.block.slotFirst() <= slot && slot <= each.block.slotLast()) {
                    return each;
                }
            }
            return null;
        }
    }

    private record Place(long segment, long offset, RecordHeader header) {

        boolean isBetterThan(@Nullable Place other) {
            if (other == null) {
                return true;
            }
            boolean chosen = header.type() == RecordType.CHOSEN;
            boolean otherChosen = other.header.type() == RecordType.CHOSEN;
            if (chosen != otherChosen) {
                return chosen;
            }
            return chosen || !other.header.ballot().isAbove(header.ballot());
        }
    }

    private record Unreadable(SlotIndex.Block block, long offset, String reason, boolean isCertain) {}

    private Places locate(OpenSegments segments, long first, long last) throws IOException {
        Places places = new Places(first, last);
        for (SlotIndex.Block block : index.overlapping(first, last, segments.end)) {
            long offset = block.from();
            try {
                SegmentReader reader = segments.get(block.segment());
                while (offset >= 0 && offset < block.to()) {
                    RecordHeader header = reader.headerAt(offset);
                    if (header == null) {
                        places.unreadable.add(
                                new Unreadable(block, offset, "the record header does not match its checksum", true));
                        offset = reader.find(offset + 1, block.to(), each -> each != null);
                    } else {
                        if (header.type().holdsValue()) {
                            places.add(new Place(block.segment(), offset, header));
                        }
                        offset += header.length();
                    }
                }
            } catch (IOException failed) {
                requireNotInterrupted(failed);
                places.unreadable.add(
                        new Unreadable(block, offset, "it cannot be read: " + failed.getMessage(), isDamage(failed)));
            }
        }
        return places;
    }

    private static boolean isDamage(IOException failed) {
        return failed instanceof JournalException;
    }

    /** A reader that was interrupted has lost its channel; that says nothing about the disk. */
    private static void requireNotInterrupted(IOException failed) throws IOException {
        if (failed instanceof ClosedChannelException || failed.getCause() instanceof ClosedChannelException) {
            throw failed;
        }
    }

    /** The page being filled. */
    private static final class Page {

        private final List<Proposal> values = new ArrayList<>();
        private final int bytesMax;
        private long bytes;
        private boolean isFull;

        Page(int bytesMax) {
            this.bytesMax = bytesMax;
        }

        /** Reads and checks the value of a slot and adds it, if it is there and fits. */
        boolean add(OpenSegments segments, long slot, Places places) throws IOException {
            Place place = places.of(slot);
            Unreadable unreadable = places.unreadableFor(slot);
            if (unreadable != null && (place == null || place.header.type() != RecordType.CHOSEN)) {
                SlotIndex.Block block = unreadable.block;
                return orDamaged(
                        block.segment(), unreadable.offset, slot, Ballot.NONE, unreadable.reason, unreadable.isCertain);
            }
            if (place == null) {
                return false;
            }
            bytes += place.header.payloadLength();
            isFull = bytes >= bytesMax;
            if (bytes > bytesMax && !values.isEmpty()) {
                return false;
            }
            EncodedRecord record;
            try {
                record = segments.get(place.segment).recordAt(place.offset, place.header);
            } catch (IOException bad) {
                requireNotInterrupted(bad);
                Ballot ballot = place.header.ballot();
                String reason = String.valueOf(bad.getMessage());
                return orDamaged(place.segment, place.offset, slot, ballot, reason, isDamage(bad));
            }
            values.add(new Proposal(record.slot(), record.ballot(), record.payload()));
            return true;
        }

        private boolean orDamaged(long segment, long offset, long slot, Ballot ballot, String reason, boolean isCertain)
                throws DamagedValueException {
            if (values.isEmpty()) {
                SlotRange only = new SlotRange(slot, slot);
                RecoveryTable row = ballot.isNone() ? RecoveryTable.RECORDS_DAMAGED : RecoveryTable.VALUE_DAMAGED;
                String kind = isCertain ? row.label() : "read failed";
                throw new DamagedValueException(
                        new JournalDamage(SegmentHeader.fileName(segment), offset, kind, only, reason),
                        ballot,
                        isCertain);
            }
            return false;
        }

        List<Proposal> orUnknown(SlotRange slots) throws UnknownSlotsException {
            if (values.isEmpty()) {
                throw new UnknownSlotsException(slots, "the chosen values of slots " + slots + " are unknown here");
            }
            return values;
        }
    }

    /** The segments one page has open. */
    private final class OpenSegments implements AutoCloseable {

        private final SlotIndex.End end;
        private final TreeMap<Long, SegmentReader> open = new TreeMap<>();

        OpenSegments(SlotIndex.End end) {
            this.end = end;
        }

        SegmentReader get(long segment) throws IOException {
            SegmentReader reader = open.get(segment);
            if (reader == null) {
                reader = SegmentReader.open(storage, incarnation, segment, end.offsetIn(segment), null);
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
