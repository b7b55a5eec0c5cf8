// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.DurableRecord;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole log when it is opened: every record, in order, each one checked. What comes out wrong is one of these:
 *
 * <pre>
 * in a segment that a later one follows            damage: all of it was forced before the later one was made
 * at or below a record that is known forced        damage
 * in the last segment, and a record written later
 *   says that this one had been forced             damage
 * in the last segment otherwise                    the torn tail of the last batch: cut here
 * after the first record of a later segment        superseded: never looked at
 * </pre>
 *
 * Damage refuses to start. (Cutting it off would forget votes that were revealed, hazard S9.) The last batch that was
 * forced and the last batch that was torn look alike if they are damaged: no record says which it was.
 *
 * <p><b>The unproven tail.</b> Records of the last batch that are whole may be in the page cache only, if their force
 * failed (hazard S12), and reading cannot tell. {@link SegmentedJournal} writes them again, into the next segment, whose
 * header then says that it begins with them: from its first record on, it supersedes all earlier segments. A last
 * segment that is small is taken over whole, so that a node that starts again and again does not fill the directory
 * with files.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** A last segment of at most that size is written again whole, and superseded. */
    private static final long TAKEN_OVER_BYTES_MAX = 64 << 10;

    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final JournalDirectory directory;
    private final Identity identity;
    private final StateFold fold = new StateFold();
    private final SlotIndex index = new SlotIndex();
    private final Deque<Located> tail = new ArrayDeque<>();
    private final List<Long> superseded = new ArrayList<>();
    private long lastSegment;
    private long tailSegment;
    private long lastRecord;
    private long provenRecord;

    private Recovery(JournalDirectory directory) {
        this.directory = directory;
        this.identity = directory.identity();
        this.provenRecord = identity.forcedRecord();
    }

    /** Where a record is. */
    record Located(long sequence, long offset, long length, long valueSlot) {}

    /**
     * What the log holds.
     *
     * @param fold the sum of its records
     * @param index of all of them but the tail
     * @param lastSegment the highest segment sequence there is; 0 if none
     * @param lastRecord sequence of the last record; 0 if none
     * @param provenRecord the last record known forced
     * @param tailSegment the segment that holds the tail
     * @param tail the last records, to be written again: all that are not known forced, and maybe more
     * @param superseded segments that hold nothing else than later ones do
     */
    record Log(
            StateFold fold,
            SlotIndex index,
            long lastSegment,
            long lastRecord,
            long provenRecord,
            long tailSegment,
            List<Located> tail,
            List<Long> superseded) {}

    /**
     * Reads the log.
     *
     * @throws JournalException if it is damaged, foreign, or of a later version
     */
    static Log run(JournalDirectory directory) throws IOException {
        Recovery recovery = new Recovery(directory);
        List<Long> segments = directory.segments();
        if (!segments.isEmpty()) {
            recovery.lastSegment = segments.get(segments.size() - 1);
        }
        if (recovery.identity.activated()) {
            recovery.scan(segments);
        } else {
            recovery.requireNoRecords(segments);
        }
        return new Log(
                recovery.fold,
                recovery.index,
                recovery.lastSegment,
                recovery.lastRecord,
                recovery.provenRecord,
                recovery.tailSegment,
                List.copyOf(recovery.tail),
                recovery.superseded);
    }

    /** A crash while the founding was activated may leave an empty segment, and nothing else. */
    private void requireNoRecords(List<Long> segments) throws IOException {
        for (long sequence : segments) {
            String name = SegmentHeader.fileName(sequence);
            try (StorageFile file = directory.storage().open(name)) {
                if (file.size() > SegmentHeader.BYTES) {
                    throw JournalException.damaged(
                            name,
                            SegmentHeader.BYTES,
                            "there are records, but the identity knows of no activated founding:"
                                    + " the identity file is older than the segments");
                }
            }
            superseded.add(sequence);
        }
    }

    private void scan(List<Long> segments) throws IOException {
        if (segments.isEmpty()) {
            throw JournalException.damaged(
                    SegmentHeader.fileName(1), 0, "the founding was activated, but no segment file is there");
        }
        long[] limits = limits(segments);
        for (int i = 0; i < limits.length; i++) {
            if (lastRecord + 1 == limits[i]) {
                superseded.add(segments.get(i));
            } else {
                try (SegmentReader reader = SegmentReader.open(directory.storage(), segments.get(i))) {
                    requireContinues(reader);
                    scan(reader, limits[i]);
                }
            }
        }
        if (fold.marks().boot() > identity.boot()) {
            throw JournalException.damaged(
                    SegmentHeader.fileName(lastSegment),
                    0,
                    "it knows of boot " + fold.marks().boot() + ", but the identity of boot " + identity.boot()
                            + " only: the identity file was put back from a copy");
        }
    }

    /** For each segment the first record of all later ones, which is where it ends. */
    private long[] limits(List<Long> segments) throws IOException {
        long[] limits = new long[segments.size()];
        long limit = NO_LIMIT;
        for (int i = limits.length - 1; i >= 0; i--) {
            limits[i] = limit;
            limit = Math.min(limit, firstRecordOf(segments.get(i)));
        }
        return limits;
    }

    /**
     * The first record of a segment; no limit if its header cannot be read. That matters only if the segment holds a
     * record that no later one does, and {@link #scan(List)} finds that out.
     */
    private long firstRecordOf(long segment) throws IOException {
        try (SegmentReader reader = SegmentReader.open(directory.storage(), segment)) {
            return reader.header().firstRecord();
        } catch (JournalException unreadable) {
            return NO_LIMIT;
        }
    }

    private void requireContinues(SegmentReader reader) throws JournalException {
        SegmentHeader header = reader.header();
        boolean ours = header.cluster().equals(identity.cluster())
                && header.member().equals(identity.self())
                && identity.founding() != null
                && header.founding().equals(identity.founding().id());
        if (!ours) {
            throw new JournalException(
                    JournalException.Kind.FOREIGN,
                    "journal file " + reader.name() + ": belongs to " + header.member() + " of cluster "
                            + header.cluster() + ", founding " + header.founding() + ", not to " + identity.self()
                            + " of cluster " + identity.cluster());
        }
        if (header.firstRecord() != lastRecord + 1) {
            throw reader.damaged(
                    0,
                    "it begins with record " + header.firstRecord() + ", but the segments before it end with record "
                            + lastRecord);
        }
    }

    /** Reads one segment's records up to, and without, the limit. */
    private void scan(SegmentReader reader, long limit) throws IOException {
        long segment = reader.header().sequence();
        prove(lastRecord);
        indexProven();
        tailSegment = segment;
        prove(reader.header().publishedUpTo());
        long offset = SegmentHeader.BYTES;
        while (lastRecord + 1 < limit) {
            if (offset == reader.size() && limit == NO_LIMIT && lastRecord >= provenRecord) {
                return;
            }
            RecordHeader header;
            DurableRecord record;
            try {
                header = requireNext(reader, offset);
                record = reader.recordAt(offset, header).decode();
            } catch (IllegalArgumentException outOfRange) {
                throw reader.damaged(offset, "the record makes no sense: " + outOfRange.getMessage());
            } catch (JournalException defect) {
                requireTorn(reader, offset, limit, defect);
                return;
            }
            prove(header.forcedUpTo());
            fold.apply(record);
            if (!header.promised().equals(fold.marks().promised())) {
                throw reader.damaged(
                        offset,
                        "the promise in force is said to be " + header.promised() + ", but the records add up to "
                                + fold.marks().promised());
            }
            lastRecord = header.sequence();
            long valueSlot = header.type().holdsValue() ? header.slot() : 0;
            tail.add(new Located(lastRecord, offset, header.length(), valueSlot));
            offset += header.length();
            if (offset > TAKEN_OVER_BYTES_MAX) {
                indexProven();
            }
        }
    }

    private RecordHeader requireNext(SegmentReader reader, long offset) throws IOException {
        RecordHeader header = reader.headerAt(offset);
        if (header.sequence() != lastRecord + 1) {
            throw reader.damaged(
                    offset,
                    "record " + (lastRecord + 1) + " is expected, but record " + header.sequence() + " is there");
        }
        return header;
    }

    /** Every record up to that one is known forced: a header that says so was written after. */
    private void prove(long sequence) {
        provenRecord = Math.max(provenRecord, sequence);
    }

    private void indexProven() {
        while (!tail.isEmpty() && tail.getFirst().sequence() <= provenRecord) {
            Located record = tail.removeFirst();
            index.add(tailSegment, record.offset(), record.length(), record.valueSlot());
        }
    }

    private void requireTorn(SegmentReader reader, long offset, long limit, JournalException defect)
            throws IOException {
        long sequence = lastRecord + 1;
        if (defect.kind() != JournalException.Kind.DAMAGED) {
            throw defect;
        }
        String evidence = evidenceOfForce(reader, offset, limit, sequence);
        if (evidence != null) {
            throw new JournalException(
                    JournalException.Kind.DAMAGED,
                    defect.getMessage() + "; record " + sequence + " is no torn tail, for " + evidence,
                    defect);
        }
        LOG.info(
                "journal {}: cut the torn tail of {} bytes after record {}: {}",
                directory.storage(),
                reader.size() - offset,
                lastRecord,
                defect.getMessage());
    }

    private @Nullable String evidenceOfForce(SegmentReader reader, long offset, long limit, long sequence)
            throws IOException {
        if (limit != NO_LIMIT) {
            return "a later segment follows, with record " + limit;
        }
        if (sequence <= provenRecord) {
            return "all up to record " + provenRecord + " were known forced at the last start";
        }
        long proof = reader.findProofOfForce(offset + 1, sequence);
        return proof < 0 ? null : "the record at offset " + proof + " was written after it had been forced";
    }
}
