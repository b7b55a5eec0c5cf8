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
import org.jspecify.annotations.Nullable;

/**
 * Reads one segment's records up to, and without, the first record of a later one. One thread, once.
 *
 * <pre>
 * header ──▶ record ──▶ record ──▶ … ──▶ the log ends here
 *              │  ▲
 *              ▼  │ the next whole header, or the next segment's
 *            damage: a slot is unknown, or many
 * </pre>
 */
final class SegmentScan {

    /** A last segment of at most that size is written again whole, and superseded. */
    private static final long TAKEN_OVER_BYTES_MAX = 64 << 10;

    private final Identity identity;
    private final LogSoFar log;
    private final Findings findings;
    private final SegmentReader reader;
    private final long segment;
    private final long limit;
    private final Place place;
    private SegmentLook look = SegmentLook.WHOLE;
    private long offset = SegmentHeader.BYTES;

    /**
     * To be read next.
     *
     * @param log what was read before; it takes in what is found
     * @param reader of the segment
     * @param limit the first record of all later segments
     */
    SegmentScan(
            Identity identity,
            LogSoFar log,
            Findings findings,
            SegmentReader reader,
            long segment,
            long limit,
            Place place) {
        this.identity = identity;
        this.log = log;
        this.findings = findings;
        this.reader = reader;
        this.segment = segment;
        this.limit = limit;
        this.place = place;
    }

    /**
     * Reads it.
     *
     * @throws JournalException if the table refuses what is there
     */
    void run() throws IOException {
        log.enter(segment);
        findings.observer().segment(segment);
        begin();
        boolean goesOn = true;
        while (goesOn && log.lastRecord() + 1 < limit) {
            goesOn = next();
        }
    }

    private void begin() throws IOException {
        SegmentHeader header = header();
        if (header == null) {
            return;
        }
        reader.expectGeneration(header.generation());
        if (!header.belongsTo(identity)) {
            findings.decide(
                    Situation.inSegment(SegmentLook.FOREIGN, place),
                    reader.name(),
                    0,
                    "it belongs to " + header.member() + " of cluster " + header.cluster() + ", founding "
                            + header.founding() + ", not to " + identity.self() + " of cluster "
                            + identity.cluster());
        }
        continueWith(header);
        log.prove(header.published().record());
    }

    private @Nullable SegmentHeader header() throws IOException {
        try {
            return reader.header();
        } catch (JournalException unreadable) {
            look = SegmentLook.ofUnreadable(unreadable);
            RecoveryTable row = findings.decide(
                    Situation.inSegment(look, place), reader.name(), 0, String.valueOf(unreadable.getMessage()));
            findings.report(
                    row,
                    reader.name(),
                    0,
                    null,
                    "the segment header does not match its checksum; its records tell enough");
            return null;
        }
    }

    /** The segments before this one may have been trimmed, or be missing. */
    private void continueWith(SegmentHeader header) throws JournalException {
        Checkpoint before = header.before();
        long missingFrom = log.lastRecord() + 1;
        long first = header.firstRecord();
        boolean trimmed = first <= identity.keptFrom();
        if (first > missingFrom && !trimmed) {
            RecoveryTable row = findings.decide(
                    Situation.inSegment(SegmentLook.MISSING, Place.FOLLOWED),
                    reader.name(),
                    0,
                    "segments before it are missing");
            SlotRange lost = log.fold().recordsLost(before.promised(), before.highestSlot());
            findings.report(
                    row,
                    reader.name(),
                    0,
                    lost,
                    "records " + missingFrom + " to " + (first - 1) + ", which came before it, are lost");
        }
        if (log.fold().marks().promised().isAbove(before.promised())) {
            throw impossible("the promise goes back to " + before.promised());
        }
        log.fold().raiseTo(before);
        log.skipTo(first - 1);
        log.needs(segment, first);
    }

    /** Looks at the next record; returns whether there may be more. */
    private boolean next() throws IOException {
        SegmentReader.Found found = reader.look(offset, log.lastRecord() + 1);
        if (isCopyOfEarlier(found)) {
            return true;
        }
        Situation situation = new Situation(
                DirectoryLook.ACTIVATED,
                look,
                place,
                found.look(),
                found.look() == RecordLook.WHOLE ? Proof.NONE : proofOfForce());
        RecoveryTable row = findings.decide(situation, reader.name(), offset, found.detail());
        if (row.decision() == Decision.TAKE && found.header() != null) {
            take(found, found.header());
            return true;
        }
        if (row.decision() == Decision.STOP) {
            findings.observer()
                    .end(reader.name(), offset, reader.size() - offset, log.lastRecord(), row, found.detail());
            return false;
        }
        log.prove(log.lastRecord() + 1);
        log.indexProven();
        if (row.decision() == Decision.UNKNOWN_SLOT && found.header() != null) {
            return loseValue(row, found.header(), found.detail());
        }
        return loseRecords(row, found.detail());
    }

    /** In a segment whose header is damaged, nobody says where it goes on from: it may begin with copies. */
    private boolean isCopyOfEarlier(SegmentReader.Found found) {
        RecordHeader header = found.header();
        boolean copy = look == SegmentLook.HEADER_DAMAGED
                && found.look() == RecordLook.OUT_OF_SEQUENCE
                && header != null
                && header.sequence() <= log.lastRecord();
        if (copy && header != null) {
            offset += header.length();
        }
        return copy;
    }

    private void take(SegmentReader.Found found, RecordHeader header) throws JournalException {
        log.prove(header.forcedUpTo());
        Checkpoint before = log.fold().marks().checkpoint();
        if (found.record() != null) {
            log.fold().apply(found.record());
        }
        Marks marks = log.fold().marks();
        if (!header.promised().equals(marks.promised()) || header.highestSlot() != marks.highestSlot()) {
            throw impossible("the promise in force is said to be " + header.promised() + " and the highest slot "
                    + header.highestSlot() + ", but the records add up to " + marks.promised() + " and "
                    + marks.highestSlot());
        }
        findings.observer().record(segment, offset, header);
        long valueSlot = header.type().holdsValue() ? header.slot() : 0;
        log.take(new LogSoFar.Located(header.sequence(), offset, header.length(), valueSlot, before));
        offset += header.length();
        if (offset > TAKEN_OVER_BYTES_MAX) {
            log.indexProven();
        }
    }

    private JournalException impossible(String detail) {
        Situation situation = new Situation(DirectoryLook.ACTIVATED, look, place, RecordLook.IMPOSSIBLE, Proof.NONE);
        return findings.refusal(RecoveryTable.rowFor(situation), reader.name(), offset, detail);
    }

    private Proof proofOfForce() throws IOException {
        long sequence = log.lastRecord() + 1;
        if (place == Place.FOLLOWED || log.isProven(sequence)) {
            return Proof.FORCED;
        }
        if (look == SegmentLook.HEADER_DAMAGED && offset == SegmentHeader.BYTES) {
            return Proof.FORCED; // a start's records are forced before the segment has its name
        }
        // A header of a later version cannot be asked, and a torn batch of this version holds none.
        long at = reader.find(offset, Long.MAX_VALUE, header -> header == null || header.forcedUpTo() >= sequence);
        return at < 0 ? Proof.NONE : Proof.FORCED;
    }

    private boolean loseValue(RecoveryTable row, RecordHeader header, String detail) {
        log.prove(header.forcedUpTo());
        SlotRange lost = null;
        if (header.type().holdsValue()) {
            lost = log.fold().valueLost(header);
        } else {
            // Nothing but an attempt's nonce, or a boot that the identity knows: the header tells the rest.
            log.fold().marks().raiseTo(header.promised(), header.highestSlot());
        }
        findings.report(row, reader.name(), offset, lost, detail);
        log.skipTo(header.sequence());
        offset += header.length();
        return true;
    }

    /** Goes on at the next record that can be read; what is between is lost. */
    private boolean loseRecords(RecoveryTable row, String detail) throws IOException {
        long missingFrom = log.lastRecord() + 1;
        long at = reader.find(
                offset,
                Long.MAX_VALUE,
                header -> header == null || (header.sequence() >= missingFrom && header.sequence() < limit));
        if (at < 0) {
            return loseTheRest(row, detail);
        }
        RecordHeader header = reader.headerAt(at);
        if (header == null) {
            SegmentReader.Found later = reader.look(at, missingFrom);
            findings.decide(
                    new Situation(DirectoryLook.ACTIVATED, look, place, later.look(), Proof.NONE),
                    reader.name(),
                    at,
                    later.detail());
            throw new IllegalStateException("a header that cannot be decoded was not refused");
        }
        if (header.sequence() == missingFrom) {
            findings.report(row, reader.name(), offset, null, "bytes between two records belong to none: " + detail);
            offset = at;
            return true;
        }
        SlotRange lost = log.fold().recordsLost(header.promised(), header.highestSlot());
        String records = "records " + missingFrom + " to " + (header.sequence() - 1) + " are lost: ";
        findings.report(row, reader.name(), offset, lost, records + detail);
        log.skipTo(header.sequence() - 1);
        offset = at;
        return true;
    }

    /**
     * Nothing can be read any more in this segment, and the next one's header goes on. In the last one nothing does: segment header
     * and identity tell what was forced up to some record, and behind it others may have been forced, and told about.
     */
    private boolean loseTheRest(RecoveryTable row, String detail) throws JournalException {
        if (place == Place.LAST) {
            String all = "nothing can be read from here on: " + detail;
            throw findings.refusal(RecoveryTable.LAST_SEGMENT_MISSING, reader.name(), offset, all);
        }
        findings.report(row, reader.name(), offset, null, "nothing behind can be read: " + detail);
        return false;
    }
}
