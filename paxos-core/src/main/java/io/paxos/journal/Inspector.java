// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.journal.JournalInspection.Damage;
import io.paxos.journal.JournalInspection.End;
import io.paxos.journal.JournalInspection.Line;
import io.paxos.journal.JournalInspection.Listener;
import io.paxos.journal.JournalInspection.Owner;
import io.paxos.journal.JournalInspection.Reading;
import io.paxos.journal.JournalInspection.Refusal;
import io.paxos.journal.JournalInspection.Segment;
import io.paxos.journal.JournalInspection.Summary;
import io.paxos.journal.Situation.DirectoryLook;
import io.paxos.journal.Situation.Place;
import io.paxos.journal.Situation.Proof;
import io.paxos.journal.Situation.RecordLook;
import io.paxos.journal.Situation.SegmentLook;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes one {@link JournalInspection}. It judges nothing: {@link Recovery} reads, through a storage that cannot be written,
 * and this notes what it is told.
 */
final class Inspector implements RecoveryObserver {

    private static final int DAMAGE_DESCRIBED_MAX = 1_000;
    private static final long PROGRESS_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final ReadOnlyStorage storage;
    private final LongSupplier nanoClock;
    private final Listener listener;
    private final TreeMap<Long, SegmentNotes> segments = new TreeMap<>();
    private final List<Damage> damage = new ArrayList<>();
    private long damageCount;
    private long bytesTotal;
    private long progressNanos;
    private @Nullable Identity identity;
    private @Nullable Recovery recovery;
    private @Nullable Summary summary;
    private @Nullable End end;
    private @Nullable RecoveryTable refusing;
    private @Nullable Refusal refusal;

    /** What is noted of a segment. */
    private static final class SegmentNotes {
        private final long sequence;
        private long bytes;
        private String header = "cannot be read";
        private int generation;
        private long firstRecord;
        private long lastRecord;
        private long records;
        private Reading reading = Reading.NOT_READ;

        SegmentNotes(long sequence) {
            this.sequence = sequence;
        }

        Segment toSegment() {
            return new Segment(
                    SegmentHeader.fileName(sequence),
                    sequence,
                    bytes,
                    header,
                    generation,
                    firstRecord,
                    lastRecord,
                    records,
                    reading);
        }
    }

    Inspector(Storage storage, LongSupplier nanoClock, Listener listener) {
        this.storage = new ReadOnlyStorage(storage, this::reached);
        this.nanoClock = nanoClock;
        this.listener = listener;
        this.progressNanos = nanoClock.getAsLong();
    }

    JournalInspection run() throws IOException {
        boolean isRunning = JournalDirectory.isLocked(storage);
        for (long sequence : JournalDirectory.segments(storage)) {
            segments.put(sequence, new SegmentNotes(sequence));
        }
        JournalDirectory directory = open();
        segments.values().forEach(this::noteHeader);
        if (!isRunning && directory != null) {
            read(directory);
            isRunning = isRunningNow(directory);
        }
        if (isRunning) {
            // A start in the middle of it: files went, and came, while they were read.
            damage.clear();
            damageCount = 0;
            summary = null;
            end = null;
            refusing = RecoveryTable.IN_USE;
            refuse(new JournalException(
                    JournalException.Kind.LOCKED, "journal directory " + storage + ": a node has it open"));
        }
        return new JournalInspection(
                storage.toString(),
                isRunning,
                identity == null ? null : Owner.of(identity),
                segments.values().stream().map(SegmentNotes::toSegment).toList(),
                summary,
                damage,
                damageCount,
                end,
                refusal);
    }

    private @Nullable JournalDirectory open() throws AccessDeniedException {
        try {
            JournalDirectory directory = JournalDirectory.look(storage);
            identity = directory.identity();
            return directory;
        } catch (JournalException refused) {
            DirectoryLook look =
                    switch (refused.kind()) {
                        case NOT_FORMATTED -> segments.isEmpty() ? DirectoryLook.EMPTY : DirectoryLook.IDENTITY_MISSING;
                        case UNSUPPORTED -> DirectoryLook.IDENTITY_NEWER;
                        default -> DirectoryLook.IDENTITY_DAMAGED;
                    };
            refusing = RecoveryTable.rowFor(
                    new Situation(look, SegmentLook.MISSING, Place.LAST, RecordLook.END_OF_FILE, Proof.NONE));
            refuse(refused);
        } catch (AccessDeniedException denied) {
            throw denied;
        } catch (IOException unreadable) {
            refuse(unreadable);
        }
        return null;
    }

    /** A node was started since, if one has the directory open, or was there and raised the boot. */
    private boolean isRunningNow(JournalDirectory directory) throws IOException {
        if (JournalDirectory.isLocked(storage)) {
            return true;
        }
        try {
            return !JournalDirectory.look(storage).identity().equals(directory.identity());
        } catch (JournalException unreadable) {
            return true; // it was readable a moment ago
        }
    }

    private void noteHeader(SegmentNotes notes) {
        String name = SegmentHeader.fileName(notes.sequence);
        try (StorageFile file = storage.open(name)) {
            notes.bytes = file.size();
            bytesTotal += notes.bytes;
            ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
            FileBytes.readFully(file, name, bytes, 0);
            SegmentHeader header = SegmentHeader.decode(bytes.flip(), name);
            notes.generation = header.generation();
            notes.firstRecord = header.firstRecord();
            boolean isForeign = identity != null && identity.activated() && !header.belongsTo(identity);
            notes.header = (isForeign ? SegmentLook.FOREIGN : SegmentLook.WHOLE).words;
        } catch (JournalException unreadable) {
            notes.header = SegmentLook.ofUnreadable(unreadable).words;
        } catch (IOException unreadable) {
            notes.header = "cannot be read";
        }
    }

    private void read(JournalDirectory directory) throws AccessDeniedException {
        Recovery reading = new Recovery(directory, this);
        recovery = reading;
        long stamp = 0;
        try {
            reading.read();
            stamp = lastStamp(directory, reading.log());
        } catch (AccessDeniedException denied) {
            throw denied; // the node may be another user's, who may read it
        } catch (IOException refused) {
            refuse(refused);
        }
        Recovery.Log log = reading.log();
        for (long sequence : log.superseded()) {
            notes(sequence).reading = Reading.SUPERSEDED;
        }
        Identity next = directory.identity().withBoot(directory.identity().boot() + 1, Forced.NOTHING);
        Marks marks = log.fold().marks();
        summary = new Summary(
                log.fold().toState(next, stamp),
                marks.knownChosen(),
                marks.highestSlot(),
                log.lastRecord(),
                log.provenRecord());
    }

    /** A start reads the last chosen value; until then it has written the tail again, and indexed it. */
    private static long lastStamp(JournalDirectory directory, Recovery.Log log) throws IOException {
        for (LogSoFar.Located each : log.tail()) {
            log.index().add(log.tailSegment(), each.offset(), each.length(), each.valueSlot());
        }
        ChosenReader reader = new ChosenReader(
                directory.storage(), directory.identity().self().incarnation(), log.index());
        return ChosenSlots.lastStamp(directory.storage(), reader, log.fold().knownChosen(), log.fold());
    }

    private void refuse(IOException refused) {
        JournalException.Kind kind = refused instanceof JournalException known ? known.kind() : null;
        String label = refusing == null ? null : refusing.label();
        // An exception of the file system has the path for a message, and the reason in its name.
        String message = refused instanceof FileSystemException ? null : refused.getMessage();
        refusal = new Refusal(kind, label, message == null ? refused.toString() : message);
    }

    private SegmentNotes notes(long sequence) {
        return segments.computeIfAbsent(sequence, SegmentNotes::new);
    }

    // ---- what recovery tells --------------------------------------------------------------------------------

    @Override
    public void segment(long segment) {
        notes(segment).reading = Reading.READ;
    }

    @Override
    public void record(long segment, long offset, RecordHeader header) {
        SegmentNotes notes = notes(segment);
        if (notes.firstRecord == 0) {
            notes.firstRecord = header.sequence();
        }
        notes.lastRecord = header.sequence();
        notes.records++;
        listener.record(new Line(
                SegmentHeader.fileName(segment),
                offset,
                header.sequence(),
                header.type().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                header.slot(),
                header.ballot(),
                header.promised(),
                header.forcedUpTo(),
                header.payloadLength()));
    }

    @Override
    public void damage(JournalDamage place, RecoveryTable row) {
        // What is taken although the header before it is damaged has no row but that of a whole record.
        boolean isHeader = row == RecoveryTable.RECORD_WHOLE;
        Damage found = new Damage(place, place.kind(), isHeader ? "take its records" : row.decision().words);
        damageCount++;
        if (damage.size() < DAMAGE_DESCRIBED_MAX) {
            damage.add(found);
        }
        listener.damage(found);
    }

    @Override
    public void end(String file, long offset, long bytesBehind, long lastRecord, RecoveryTable row, String detail) {
        boolean isTorn = row == RecoveryTable.TORN_TAIL;
        end = new End(file, offset, Math.max(0, bytesBehind), isTorn, row.label(), detail);
    }

    @Override
    public void refused(RecoveryTable row) {
        refusing = row;
    }

    private void reached(long bytes) {
        if (recovery == null) {
            return; // only headers so far
        }
        long now = nanoClock.getAsLong();
        if (now - progressNanos >= PROGRESS_NANOS) {
            progressNanos = now;
            listener.progress(Math.min(bytes, bytesTotal), bytesTotal);
        }
    }
}
