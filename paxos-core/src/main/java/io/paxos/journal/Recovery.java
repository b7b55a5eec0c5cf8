// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.journal.RecoveryTable.Decision;
import io.paxos.journal.Situation.DirectoryLook;
import io.paxos.journal.Situation.Place;
import io.paxos.journal.Situation.Proof;
import io.paxos.journal.Situation.RecordLook;
import io.paxos.journal.Situation.SegmentLook;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
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

    /** A last segment of at most that size is written again whole, and superseded. */
    private static final long TAKEN_OVER_BYTES_MAX = 64 << 10;

    private static final int WINDOW_BYTES_MAX = 1 << 20;
    private static final long NO_LIMIT = Long.MAX_VALUE;

    /** How many places of damage are described one by one; a log that is worse is not better understood by more. */
    private static final int DAMAGE_DESCRIBED_MAX = 1_000;

    private final JournalDirectory directory;
    private final RecoveryObserver observer;
    private final Identity identity;
    private final StateFold fold = new StateFold();
    private final SlotIndex index = new SlotIndex();
    private final TreeMap<Long, Long> segments = new TreeMap<>();
    private final Deque<Located> tail = new ArrayDeque<>();
    private final List<Long> superseded = new ArrayList<>();
    private final List<JournalDamage> damage = new ArrayList<>();
    private @Nullable ByteBuffer window;
    private Forced proof;
    private long largest;
    private long lastSegment;
    private long tailSegment;
    private long lastRecord;
    private long provenRecord;

    Recovery(JournalDirectory directory, RecoveryObserver observer) {
        this.directory = directory;
        this.observer = observer;
        this.identity = directory.identity();
        this.proof = identity.forced();
        this.provenRecord = proof.record();
    }

    /**
     * Where a record is.
     *
     * @param valueSlot the slot whose value it holds, or 0
     * @param before what all records before it add up to
     */
    record Located(long sequence, long offset, long length, long valueSlot, Checkpoint before) {}

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
            TreeMap<Long, Long> segments,
            long lastSegment,
            long lastRecord,
            long provenRecord,
            long tailSegment,
            List<Located> tail,
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
                fold,
                index,
                segments,
                lastSegment,
                lastRecord,
                provenRecord,
                tailSegment,
                List.copyOf(tail),
                superseded,
                damage);
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
                decide(
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
            decide(
                    inSegment(SegmentLook.MISSING, Place.LAST),
                    SegmentHeader.fileName(Math.max(1, identity.lastSegment())),
                    0,
                    "the segment is missing");
        }
        long[] limits = limits(found);
        window = ByteBuffer.allocateDirect((int) Math.min(WINDOW_BYTES_MAX, largest));
        for (int i = 0; i < limits.length; i++) {
            if (lastRecord + 1 >= limits[i] || limits[i] <= identity.keptFrom()) {
                superseded.add(found.get(i));
            } else {
                segments.put(found.get(i), lastRecord + 1);
                new SegmentScan(found.get(i), limits[i], i + 1 < limits.length ? Place.FOLLOWED : Place.LAST).run();
            }
        }
        if (fold.marks().boot() > identity.boot()) {
            throw JournalException.damaged(
                    SegmentHeader.fileName(lastSegment),
                    0,
                    "it knows of boot " + fold.marks().boot() + ", but the identity of boot " + identity.boot()
                            + " only: the identity file was put back from a copy");
        }
        requireOthersIfInDoubt();
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
        if (!identity.isAlone() || fold.doubt().isEmpty()) {
            return;
        }
        for (JournalDamage each : damage) {
            SlotRange slots = each.slots();
            if (slots != null) {
                throw new JournalException(
                        JournalException.Kind.DAMAGED,
                        each + "; this node is its cluster's only voter, so nobody else can have them");
            }
        }
    }

    // ---- asking the table -----------------------------------------------------------------------------------

    private static Situation inSegment(SegmentLook look, Place place) {
        return new Situation(DirectoryLook.ACTIVATED, look, place, RecordLook.WHOLE, Proof.NONE);
    }

    /** What the table says; throws if it refuses. */
    private RecoveryTable decide(Situation situation, String file, long offset, String detail) throws JournalException {
        RecoveryTable row = RecoveryTable.rowFor(situation);
        return switch (row.decision()) {
            case BEGIN, TAKE, STOP, UNKNOWN_SLOT, UNKNOWN_SLOTS -> row;
            case REFUSE_NOT_FORMATTED,
                    REFUSE_LOCKED,
                    REFUSE_FOREIGN,
                    REFUSE_DAMAGED,
                    REFUSE_UNSUPPORTED,
                    REFUSE_PROMISE_LOST -> throw refusal(row, file, offset, detail);
        };
    }

    private JournalException refusal(RecoveryTable row, String file, long offset, String detail) {
        observer.refused(row);
        return new JournalException(
                row.decision().kind(),
                "journal file " + file + " at offset " + offset + ": " + detail + " (" + row.label() + ": "
                        + row.reason() + ")");
    }

    private void report(RecoveryTable row, String file, long offset, @Nullable SlotRange slots, String reason) {
        // What is taken although the segment's header is damaged has no row but that of a whole record.
        String kind = row.decision() == Decision.TAKE ? SegmentLook.HEADER_DAMAGED.words : row.label();
        JournalDamage each = new JournalDamage(file, offset, kind, slots, reason);
        observer.damage(each, row);
        if (damage.size() < DAMAGE_DESCRIBED_MAX) {
            damage.add(each);
        }
    }

    /** Every record up to that one is known forced. */
    private void prove(long sequence) {
        provenRecord = Math.max(provenRecord, sequence);
    }

    private void prove(Forced more) {
        if (more.record() > proof.record()) {
            proof = more;
        }
        prove(more.record());
    }

    private void indexProven() {
        while (!tail.isEmpty() && tail.getFirst().sequence() <= provenRecord) {
            Located record = tail.removeFirst();
            index.add(tailSegment, record.offset(), record.length(), record.valueSlot());
        }
    }

    // ---- one segment ----------------------------------------------------------------------------------------

    /** Reads one segment's records up to, and without, the limit. */
    private final class SegmentScan {

        private final long segment;
        private final long limit;
        private final Place place;
        private SegmentLook look = SegmentLook.WHOLE;
        private long offset = SegmentHeader.BYTES;

        SegmentScan(long segment, long limit, Place place) {
            this.segment = segment;
            this.limit = limit;
            this.place = place;
        }

        void run() throws IOException {
            try (SegmentReader reader = open(segment)) {
                prove(lastRecord);
                indexProven();
                observer.segment(segment);
                begin(reader);
                boolean goesOn = true;
                while (goesOn && lastRecord + 1 < limit) {
                    goesOn = next(reader);
                }
            }
        }

        private void begin(SegmentReader reader) throws IOException {
            tailSegment = segment;
            SegmentHeader header = header(reader);
            if (header == null) {
                return;
            }
            reader.expectGeneration(header.generation());
            if (!header.belongsTo(identity)) {
                decide(
                        inSegment(SegmentLook.FOREIGN, place),
                        reader.name(),
                        0,
                        "it belongs to " + header.member() + " of cluster " + header.cluster() + ", founding "
                                + header.founding() + ", not to " + identity.self() + " of cluster "
                                + identity.cluster());
            }
            continueWith(header, reader);
            prove(header.published());
        }

        private @Nullable SegmentHeader header(SegmentReader reader) throws IOException {
            try {
                return reader.header();
            } catch (JournalException unreadable) {
                look = SegmentLook.ofUnreadable(unreadable);
                RecoveryTable row =
                        decide(inSegment(look, place), reader.name(), 0, String.valueOf(unreadable.getMessage()));
                report(
                        row,
                        reader.name(),
                        0,
                        null,
                        "the segment header does not match its checksum; its records tell enough");
                return null;
            }
        }

        /** The segments before this one may have been trimmed, or be missing. */
        private void continueWith(SegmentHeader header, SegmentReader reader) throws JournalException {
            Checkpoint before = header.before();
            long missingFrom = lastRecord + 1;
            long first = header.firstRecord();
            boolean trimmed = first <= identity.keptFrom();
            if (first > missingFrom && !trimmed) {
                RecoveryTable row = decide(
                        inSegment(SegmentLook.MISSING, Place.FOLLOWED),
                        reader.name(),
                        0,
                        "segments before it are missing");
                SlotRange lost = fold.recordsLost(before.promised(), before.highestSlot());
                report(
                        row,
                        reader.name(),
                        0,
                        lost,
                        "records " + missingFrom + " to " + (first - 1) + ", which came before it, are lost");
            }
            if (fold.marks().promised().isAbove(before.promised())) {
                throw impossible(reader, "the promise goes back to " + before.promised());
            }
            fold.raiseTo(before);
            lastRecord = first - 1;
            segments.put(segment, first);
        }

        /** Looks at the next record; returns whether there may be more. */
        private boolean next(SegmentReader reader) throws IOException {
            SegmentReader.Found found = reader.look(offset, lastRecord + 1);
            if (isCopyOfEarlier(found)) {
                return true;
            }
            Situation situation = new Situation(
                    DirectoryLook.ACTIVATED,
                    look,
                    place,
                    found.look(),
                    found.look() == RecordLook.WHOLE ? Proof.NONE : proofOfForce(reader));
            RecoveryTable row = decide(situation, reader.name(), offset, found.detail());
            if (row.decision() == Decision.TAKE && found.header() != null) {
                take(found, found.header(), reader);
                return true;
            }
            if (row.decision() == Decision.STOP) {
                observer.end(reader.name(), offset, reader.size() - offset, lastRecord, row, found.detail());
                return false;
            }
            prove(lastRecord + 1);
            indexProven();
            if (row.decision() == Decision.UNKNOWN_SLOT && found.header() != null) {
                return loseValue(reader, row, found.header(), found.detail());
            }
            return loseRecords(reader, row, found.detail());
        }

        /** In a segment whose header is damaged, nobody says where it goes on from: it may begin with copies. */
        private boolean isCopyOfEarlier(SegmentReader.Found found) {
            RecordHeader header = found.header();
            boolean copy = look == SegmentLook.HEADER_DAMAGED
                    && found.look() == RecordLook.OUT_OF_SEQUENCE
                    && header != null
                    && header.sequence() <= lastRecord;
            if (copy && header != null) {
                offset += header.length();
            }
            return copy;
        }

        private void take(SegmentReader.Found found, RecordHeader header, SegmentReader reader)
                throws JournalException {
            prove(header.forcedUpTo());
            Checkpoint before = fold.marks().checkpoint();
            if (found.record() != null) {
                fold.apply(found.record());
            }
            Marks marks = fold.marks();
            if (!header.promised().equals(marks.promised()) || header.highestSlot() != marks.highestSlot()) {
                throw impossible(
                        reader,
                        "the promise in force is said to be " + header.promised() + " and the highest slot "
                                + header.highestSlot() + ", but the records add up to " + marks.promised() + " and "
                                + marks.highestSlot());
            }
            lastRecord = header.sequence();
            observer.record(segment, offset, header);
            long valueSlot = header.type().holdsValue() ? header.slot() : 0;
            tail.add(new Located(lastRecord, offset, header.length(), valueSlot, before));
            offset += header.length();
            if (offset > TAKEN_OVER_BYTES_MAX) {
                indexProven();
            }
        }

        private JournalException impossible(SegmentReader reader, String detail) {
            Situation situation =
                    new Situation(DirectoryLook.ACTIVATED, look, place, RecordLook.IMPOSSIBLE, Proof.NONE);
            return refusal(RecoveryTable.rowFor(situation), reader.name(), offset, detail);
        }

        private Proof proofOfForce(SegmentReader reader) throws IOException {
            long sequence = lastRecord + 1;
            if (place == Place.FOLLOWED || sequence <= provenRecord) {
                return Proof.FORCED;
            }
            if (look == SegmentLook.HEADER_DAMAGED && offset == SegmentHeader.BYTES) {
                return Proof.FORCED; // a start's records are forced before the segment has its name
            }
            // A header of a later version cannot be asked, and a torn batch of this version holds none.
            long at = reader.find(offset, Long.MAX_VALUE, header -> header == null || header.forcedUpTo() >= sequence);
            return at < 0 ? Proof.NONE : Proof.FORCED;
        }

        private boolean loseValue(SegmentReader reader, RecoveryTable row, RecordHeader header, String detail) {
            prove(header.forcedUpTo());
            SlotRange lost = null;
            if (header.type().holdsValue()) {
                lost = fold.valueLost(header);
            } else {
                // Nothing but an attempt's nonce, or a boot that the identity knows: the header tells the rest.
                fold.marks().raiseTo(header.promised(), header.highestSlot());
            }
            report(row, reader.name(), offset, lost, detail);
            lastRecord = header.sequence();
            offset += header.length();
            return true;
        }

        /** Goes on at the next record that can be read; what is between is lost. */
        private boolean loseRecords(SegmentReader reader, RecoveryTable row, String detail) throws IOException {
            long missingFrom = lastRecord + 1;
            long at = reader.find(
                    offset,
                    Long.MAX_VALUE,
                    header -> header == null || (header.sequence() >= missingFrom && header.sequence() < limit));
            if (at < 0) {
                return loseTheRest(reader, row, detail);
            }
            RecordHeader header = reader.headerAt(at);
            if (header == null) {
                SegmentReader.Found later = reader.look(at, missingFrom);
                decide(
                        new Situation(DirectoryLook.ACTIVATED, look, place, later.look(), Proof.NONE),
                        reader.name(),
                        at,
                        later.detail());
                throw new IllegalStateException("a header that cannot be decoded was not refused");
            }
            SlotRange lost = fold.recordsLost(header.promised(), header.highestSlot());
            String records = "records " + missingFrom + " to " + (header.sequence() - 1) + " are lost: ";
            report(row, reader.name(), offset, lost, records + detail);
            lastRecord = header.sequence() - 1;
            offset = at;
            return true;
        }

        /** Nothing can be read any more in this segment: the next one's header goes on, or what is known beside. */
        private boolean loseTheRest(SegmentReader reader, RecoveryTable row, String detail) throws JournalException {
            if (place == Place.FOLLOWED) {
                report(row, reader.name(), offset, null, "nothing behind can be read: " + detail);
                return false;
            }
            boolean proofReaches = proof.record() >= provenRecord && proof.record() > lastRecord;
            if (!proofReaches || look == SegmentLook.HEADER_DAMAGED) {
                throw refusal(RecoveryTable.LAST_SEGMENT_MISSING, reader.name(), offset, detail);
            }
            SlotRange lost = fold.recordsLost(proof.promised(), proof.highestSlot());
            String records = "records " + (lastRecord + 1) + " to " + proof.record() + " are lost: ";
            report(row, reader.name(), offset, lost, records + detail);
            lastRecord = proof.record();
            return false;
        }
    }
}
