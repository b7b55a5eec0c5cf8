// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.journal.Situation.DirectoryLook;
import io.paxos.journal.Situation.Place;
import io.paxos.journal.Situation.Proof;
import io.paxos.journal.Situation.RecordLook;
import io.paxos.journal.Situation.SegmentLook;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the whole log when it is opened, once: every record, in order, each one checked. What is found is put into the words
 * of a {@link Situation}, and {@link RecoveryTable} says what to do about it.
 *
 * <p><b>The unproven tail.</b> Records of the last batch that are whole may be in the page cache only, if their force
 * failed (hazard S12), and reading cannot tell. {@link SegmentedJournal} writes them again, into the next segment, whose
 * header then says that it begins with them: from its first record on, it supersedes all earlier segments. A last
 * segment that is small is taken over whole, so that a node that starts again and again does not fill the directory
 * with files.
 *
 * <p><b>Damage.</b> Everything before a damaged record is known forced, so the tail begins behind it.
 */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    private static final int WINDOW_BYTES_MAX = 1 << 20;
    private static final long NO_LIMIT = Long.MAX_VALUE;

    private final JournalDirectory directory;
    private final Identity identity;
    private final Findings findings;
    private final LogSoFar log;
    private final List<Long> superseded = new ArrayList<>();
    private @Nullable ByteBuffer window;
    private long largest;
    private long lastSegment;

    Recovery(JournalDirectory directory, RecoveryObserver observer) {
        this.directory = directory;
        this.identity = directory.identity();
        this.findings = new Findings(observer);
        this.log = new LogSoFar(identity.forced());
    }

    /**
     * What the log holds.
     *
     * @param fold the sum of its records
     * @param index of all of them but the tail
     * @param segments first record of each segment that is needed, by the segment's sequence
     * @param lastSegment the highest segment sequence there is; 0 if none
     * @param lastRecord sequence of the last record; 0 if none
     * @param provenRecord the last record known forced
     * @param tailSegment the segment that holds the tail
     * @param tail the last records, to be written again: all that are not known forced, and maybe more
     * @param superseded segments that hold nothing else than later ones do
     * @param damage what is not as it was written
     */
    record Log(
            StateFold fold,
            SlotIndex index,
            NavigableMap<Long, Long> segments,
            long lastSegment,
            long lastRecord,
            long provenRecord,
            long tailSegment,
            List<LogSoFar.Located> tail,
            List<Long> superseded,
            List<JournalDamage> damage) {

        /** What all records before the tail add up to. */
        Checkpoint beforeTail() {
            return tail.isEmpty() ? fold.marks().checkpoint() : tail.get(0).before();
        }
    }

    /**
     * Reads the log.
     *
     * @throws JournalException if the table refuses what is there
     */
    static Log run(JournalDirectory directory) throws IOException {
        Recovery recovery = new Recovery(directory, new TornTailLogger(directory.storage()));
        recovery.read();
        return recovery.log();
    }

    /** Reads the log, once; throws as {@link #run} does. */
    void read() throws IOException {
        List<Long> found = directory.segments();
        if (!found.isEmpty()) {
            lastSegment = found.get(found.size() - 1);
        }
        if (identity.activated()) {
            scan(found);
        } else {
            requireNoRecords(found);
        }
    }

    /** What was read; all there is before the place of the refusal, if it was refused. */
    Log log() {
        return new Log(
                log.fold(),
                log.index(),
                log.segments(),
                lastSegment,
                log.lastRecord(),
                log.provenRecord(),
                log.tailSegment(),
                log.tail(),
                superseded,
                findings.damage());
    }

    /** Says what a start cuts off. */
    private record TornTailLogger(Storage storage) implements RecoveryObserver {

        @Override
        public void end(String file, long offset, long bytesBehind, long lastRecord, RecoveryTable row, String detail) {
            if (row == RecoveryTable.TORN_TAIL) {
                LOG.info(
                        "journal {}: cut the torn tail of {} at offset {}, after record {}: {}",
                        storage,
                        file,
                        offset,
                        lastRecord,
                        detail);
            }
        }
    }

    // ---- the directory --------------------------------------------------------------------------------------

    /** A crash while the founding was activated may leave an empty segment, and nothing else. */
    private void requireNoRecords(List<Long> found) throws IOException {
        for (long sequence : found) {
            try (SegmentReader reader = open(sequence)) {
                RecordLook look = reader.look(SegmentHeader.BYTES, 1).look();
                findings.decide(
                        new Situation(DirectoryLook.NOT_ACTIVATED, SegmentLook.WHOLE, Place.LAST, look, Proof.NONE),
                        reader.name(),
                        SegmentHeader.BYTES,
                        "there are records, but the identity knows of no activated founding");
            }
            superseded.add(sequence);
        }
    }

    private void scan(List<Long> found) throws IOException {
        if (lastSegment < identity.lastSegment() || found.isEmpty()) {
            findings.decide(
                    Situation.inSegment(SegmentLook.MISSING, Place.LAST),
                    SegmentHeader.fileName(Math.max(1, identity.lastSegment())),
                    0,
                    "the segment is missing");
        }
        long[] limits = limits(found);
        window = ByteBuffer.allocateDirect((int) Math.min(WINDOW_BYTES_MAX, largest));
        for (int i = 0; i < limits.length; i++) {
            if (log.lastRecord() + 1 >= limits[i] || limits[i] <= identity.keptFrom()) {
                superseded.add(found.get(i));
            } else {
                log.needs(found.get(i), log.lastRecord() + 1);
                scan(found.get(i), limits[i], i + 1 < limits.length ? Place.FOLLOWED : Place.LAST);
            }
        }
        if (log.fold().marks().boot() > identity.boot()) {
            throw JournalException.damaged(
                    SegmentHeader.fileName(lastSegment),
                    0,
                    "it knows of boot " + log.fold().marks().boot() + ", but the identity of boot " + identity.boot()
                            + " only: the identity file was put back from a copy");
        }
        requireOthersIfInDoubt();
    }

    private void scan(long segment, long limit, Place place) throws IOException {
        try (SegmentReader reader = open(segment)) {
            new SegmentScan(identity, log, findings, reader, segment, limit, place).run();
        }
    }

    /** For each segment the first record of all later ones, which is where it ends. */
    private long[] limits(List<Long> found) throws IOException {
        long[] limits = new long[found.size()];
        long limit = NO_LIMIT;
        for (int i = limits.length - 1; i >= 0; i--) {
            limits[i] = limit;
            limit = Math.min(limit, firstRecordOf(found.get(i)));
        }
        return limits;
    }

    /** The first record of a segment; no limit if neither its header nor a record at its start can be read. */
    private long firstRecordOf(long segment) throws IOException {
        try (SegmentReader reader = open(segment)) {
            largest = Math.max(largest, reader.size());
            try {
                return reader.header().firstRecord();
            } catch (JournalException unreadable) {
                RecordHeader first = reader.headerAt(SegmentHeader.BYTES);
                return first == null ? NO_LIMIT : first.sequence();
            }
        }
    }

    private SegmentReader open(long segment) throws IOException {
        return SegmentReader.open(directory.storage(), identity.self().incarnation(), segment, Long.MAX_VALUE, window);
    }

    /** With one voter nobody else has what is in doubt: it would be so for ever. */
    private void requireOthersIfInDoubt() throws JournalException {
        if (!identity.isAlone() || log.fold().doubt().isEmpty()) {
            return;
        }
        for (JournalDamage each : findings.damage()) {
            SlotRange slots = each.slots();
            if (slots != null) {
                throw new JournalException(
                        JournalException.Kind.DAMAGED,
                        each + "; this node is its cluster's only voter, so nobody else can have them");
            }
        }
    }
}
