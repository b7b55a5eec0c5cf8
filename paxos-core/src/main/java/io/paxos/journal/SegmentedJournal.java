// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.ClusterId;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Journal} in a directory of segment files. The format is in {@code docs/log-format.md}, what happens after a
 * crash in {@link Recovery}.
 *
 * <pre>
 * formatted ──FoundingAdopted──► adopted ──FoundingActivated──► activated: segments exist, votes may be appended
 * any of them ──a failed write or force──► latched shut ──close──► closed
 * </pre>
 *
 * <p>The threads that append must never be interrupted: that would close the channel, and a closed channel is a failed
 * write (hazard S15). A reader may be.
 */
public final class SegmentedJournal implements Journal {

    private static final int BUFFER_BYTES = 256 << 10;

    private final JournalDirectory directory;
    private final JournalOptions options;
    private final Marks marks;
    private final Doubt doubt;
    private final NextSegment next;
    private final SlotIndex index;
    private final ChosenSlots chosen;
    private final NavigableMap<Long, Long> segments;
    private final ByteBuffer buffer = FileBytes.blocks(BUFFER_BYTES);
    private final Unforced unforced;
    private final DurableState recovered;
    private @Nullable SegmentWriter writer;
    private long lastSegment;
    private long lastRecord;
    private long forcedRecord;
    private long provenRecord;
    private volatile @Nullable Throwable failure;
    private volatile boolean isClosed;

    private SegmentedJournal(JournalDirectory directory, JournalOptions options) throws IOException {
        this.directory = directory;
        this.options = options;
        Recovery.Log log = Recovery.run(directory);
        Identity identity = directory.identity();
        marks = log.fold().marks();
        doubt = log.fold().doubt();
        directory.writeIdentity(identity.withBoot(identity.boot() + 1, marks.forcedUpTo(log.provenRecord())));
        next = new NextSegment(directory.storage(), options);
        index = log.index();
        unforced = new Unforced(index, doubt, marks.knownChosen());
        segments = log.segments();
        ChosenReader reader =
                new ChosenReader(directory.storage(), identity.self().incarnation(), index);
        chosen = new ChosenSlots(reader, doubt, log.damage());
        lastSegment = log.lastSegment();
        lastRecord = log.lastRecord() - log.tail().size();
        forcedRecord = lastRecord;
        boolean opened = false;
        try {
            if (identity.activated()) {
                beginSegment(log.beforeTail(), log.tail().size() + 1, aside -> restart(aside, log));
            }
            directory.deleteSegments(log.superseded());
            log.superseded().forEach(segments::remove);
            long knownChosen = log.fold().knownChosen();
            chosen.raiseTo(marks);
            recovered = log.fold()
                    .toState(
                            directory.identity(),
                            ChosenSlots.lastStamp(directory.storage(), reader, knownChosen, log.fold()));
            opened = true;
        } finally {
            if (!opened) {
                closeWriter();
            }
        }
    }

    /** Whether the directory holds a journal. Takes no lock. */
    public static boolean isFormatted(Storage storage) throws IOException {
        return JournalDirectory.isFormatted(storage);
    }

    /**
     * Makes an empty journal. This is where an incarnation begins: whoever formats a directory declares that nothing a
     * member of that incarnation promised or voted for can have been lost.
     *
     * @param incarnation random, never used before
     * @throws JournalException if the directory holds a journal or the remains of one, or is locked
     */
    public static void format(Storage storage, ClusterId cluster, NodeId node, Incarnation incarnation)
            throws IOException {
        JournalDirectory.format(storage, Identity.fresh(cluster, selfOf(node, incarnation)));
    }

    /**
     * Makes an empty journal in the place of one that was lost: its node follows, and never votes.
     *
     * @param incarnation random, never used before
     * @throws JournalException as {@link #format}
     */
    public static void formatVoteless(Storage storage, ClusterId cluster, NodeId node, Incarnation incarnation)
            throws IOException {
        JournalDirectory.format(
                storage, Identity.fresh(cluster, selfOf(node, incarnation)).withoutVote());
    }

    private static MemberId selfOf(NodeId node, Incarnation incarnation) {
        MemberId self = new MemberId(node, incarnation);
        if (self.isNone()) {
            throw new IllegalArgumentException("format: node and incarnation are none");
        }
        return self;
    }

    /**
     * Takes its vote from a journal, for good. Nothing happens if it has none.
     *
     * @throws JournalException as {@link #open}; and if it adopted a founding as a voter, whose votes may count
     */
    public static void renounceVote(Storage storage, ClusterId cluster, NodeId node) throws IOException {
        JournalDirectory.renounceVote(storage, cluster, node);
    }

    /**
     * Opens a journal, recovers what it holds and raises its boot. On return the boot is durable, and so is everything
     * that {@link #recovered} tells.
     *
     * @throws JournalException if the directory is not formatted, locked, another cluster's or node's, or damaged
     */
    public static SegmentedJournal open(Storage storage, ClusterId cluster, NodeId node, JournalOptions options)
            throws IOException {
        JournalDirectory directory = JournalDirectory.open(storage, cluster, node);
        boolean opened = false;
        try {
            SegmentedJournal journal = new SegmentedJournal(directory, options);
            opened = true;
            return journal;
        } finally {
            if (!opened) {
                directory.close();
            }
        }
    }

    /** The first batch of a start: what the next segment takes over from the last one, and the boot. */
    private void restart(SegmentWriter aside, Recovery.Log log) throws IOException {
        if (!log.tail().isEmpty()) {
            try (SegmentReader old = SegmentReader.open(
                    directory.storage(),
                    directory.identity().self().incarnation(),
                    log.tailSegment(),
                    Long.MAX_VALUE,
                    null)) {
                for (LogSoFar.Located located : log.tail()) {
                    RecordHeader header = old.headerAt(located.offset());
                    if (header == null) {
                        throw JournalException.damaged(
                                old.name(), located.offset(), "the record was there a moment ago");
                    }
                    EncodedRecord record = old.recordAt(located.offset(), header);
                    add(aside, record, header.promised(), header.highestSlot());
                }
            }
        }
        DurableRecord.Booted booted =
                new DurableRecord.Booted(directory.identity().boot());
        marks.apply(booted);
        add(aside, EncodedRecord.of(booted), marks.promised(), marks.highestSlot());
    }

    @Override
    public DurableState recovered() {
        return recovered;
    }

    @Override
    public List<JournalDamage> damage() {
        return chosen.damage();
    }

    @Override
    public List<SlotRange> unknown() {
        return doubt.ranges();
    }

    @Override
    public void append(List<DurableRecord> records) throws IOException {
        orLatchShut(() -> {
            for (DurableRecord record : records) {
                append(record);
            }
            commit();
        });
    }

    @Override
    public void markIdle() throws IOException {
        orLatchShut(() -> {
            SegmentWriter current = writer;
            if (current != null && provenRecord < forcedRecord) {
                add(current, EncodedRecord.IDLE_MARK, marks.promised(), marks.highestSlot());
                commit();
                provenRecord = lastRecord; // the mark itself says nothing that could be missed
            }
        });
    }

    private interface Writing {
        void run() throws IOException;
    }

    /** The first failed write or force is the last one (hazard S12). */
    private void orLatchShut(Writing writing) throws IOException {
        requireUsable();
        try {
            writing.run();
        } catch (IOException failed) {
            failure = failed;
            throw new JournalException(
                    JournalException.Kind.FAILED,
                    "journal directory " + directory.storage() + ": a write or force failed: " + failed,
                    failed);
        } catch (RuntimeException | Error failed) {
            failure = failed;
            throw failed;
        }
    }

    private void append(DurableRecord record) throws IOException {
        if (record instanceof DurableRecord.FoundingAdopted adopted) {
            commit();
            adopt(adopted.founding());
        } else if (record instanceof DurableRecord.FoundingActivated activated) {
            commit();
            activate(activated.id());
        } else if (writer != null) {
            EncodedRecord encoded = EncodedRecord.of(record);
            SegmentWriter segment = writerFor(encoded);
            marks.apply(record);
            add(segment, encoded, marks.promised(), marks.highestSlot());
            unforced.says(record);
        } else {
            throw new IllegalStateException("journal: " + record + " before a founding was activated");
        }
    }

    /**
     * Lets go of the oldest segments, as long as they hold nothing above the floor. The identity says so first. While a slot
     * above the floor is unknown none goes: what cannot be read in a segment is the only trace of the vote that was there.
     */
    private void trim() throws IOException {
        doubt.trimmed(marks.floor());
        if (!doubt.isEmpty()) {
            return;
        }
        List<Long> gone = new ArrayList<>();
        long keptFrom = 1;
        for (Map.Entry<Long, Long> each : segments.entrySet()) {
            keptFrom = each.getValue();
            if (each.getKey() == lastSegment || !index.isAtOrBelow(each.getKey(), marks.floor())) {
                break;
            }
            gone.add(each.getKey());
        }
        if (!gone.isEmpty()) {
            directory.writeIdentity(directory.identity().withKeptFrom(keptFrom));
            for (long segment : gone) {
                segments.remove(segment);
                index.remove(segment);
            }
            next.offer(gone.stream().map(SegmentHeader::fileName).toList());
        }
    }

    @Override
    public void prepare() {
        SegmentWriter current = writer;
        if (current != null && failure == null && !isClosed) {
            next.prepare(current);
        }
    }

    @Override
    public JournalSpace space() {
        return next.space();
    }

    private void adopt(Founding founding) throws IOException {
        Founding known = directory.identity().founding();
        if (known == null) {
            directory.writeIdentity(directory.identity().withFounding(founding));
        } else if (!known.equals(founding)) {
            throw new IllegalStateException(
                    "journal: founding " + founding.id() + " after founding " + known.id() + " was adopted");
        }
    }

    /** The segment comes first: an activated identity without one means that the segments were lost. */
    private void activate(FoundingId id) throws IOException {
        Founding known = directory.identity().founding();
        if (known == null || !known.id().equals(id)) {
            throw new IllegalStateException("journal: activation of founding " + id + ", which was not adopted");
        }
        if (!directory.identity().activated()) {
            beginSegment(Checkpoint.EMPTY, 0, aside -> {});
            directory.writeIdentity(directory.identity().withActivation(lastSegment));
        }
    }

    /** The segment that takes the next record, which may be a new one. */
    private SegmentWriter writerFor(EncodedRecord record) throws IOException {
        SegmentWriter current = Objects.requireNonNull(writer);
        // A promise or a trim fits into the reserve, if the next segment cannot be had: a full disk can still be left.
        boolean isReserved = next.space().isShort() && !record.type().holdsValue();
        long most = options.segmentBytesMax() + (isReserved ? NextSegment.RESERVE_BYTES : 0L);
        boolean fits = current.size() + record.length() <= most;
        if (fits || current.size() == SegmentHeader.BYTES) {
            return current;
        }
        commit();
        closeWriter();
        return beginSegment(marks.checkpoint(), 0, aside -> {});
    }

    private void add(SegmentWriter segment, EncodedRecord record, Ballot promised, long highestSlot)
            throws IOException {
        long offset = segment.add(record, lastRecord + 1, promised, highestSlot, forcedRecord);
        provenRecord = forcedRecord;
        lastRecord++;
        unforced.add(offset, record.length(), record.valueSlot());
    }

    /** What goes into a new segment before anyone sees it. */
    private interface FirstRecords {
        void addTo(SegmentWriter aside) throws IOException;
    }

    private SegmentWriter beginSegment(Checkpoint before, int count, FirstRecords records) throws IOException {
        Identity identity = directory.identity();
        FoundingId founding = Objects.requireNonNull(identity.founding()).id();
        String name = SegmentHeader.fileName(lastSegment + 1);
        String aside = JournalDirectory.aside(name);
        NextSegment.Taken taken = next.take(aside);
        SegmentHeader header = new SegmentHeader(
                founding,
                identity.cluster(),
                identity.self(),
                lastSegment + 1,
                taken == null ? 1 : taken.generation(),
                lastRecord + 1,
                marks.forcedUpTo(lastRecord + count),
                before);
        segments.put(header.sequence(), header.firstRecord());
        StorageFile empty = taken == null ? directory.storage().createInBlocks(aside) : taken.file();
        SegmentWriter begun = directory.publish(name, empty, file -> {
            SegmentWriter first = new SegmentWriter(file, header, buffer);
            records.addTo(first);
            first.flush();
            return first;
        });
        writer = begun;
        lastSegment++;
        publishForced(begun);
        provenRecord = forcedRecord;
        if (identity.activated()) {
            directory.writeIdentity(directory.identity().withSegment(lastSegment, marks.forcedUpTo(forcedRecord)));
        }
        return begun;
    }

    /** Writes and forces what was added since the last time. */
    private void commit() throws IOException {
        SegmentWriter current = writer;
        if (current != null && !unforced.isEmpty()) {
            current.flush();
            current.force();
            publishForced(current);
        }
    }

    private void publishForced(SegmentWriter segment) throws IOException {
        boolean trimmed = unforced.forced(segment.header().sequence());
        forcedRecord = lastRecord;
        chosen.raiseTo(marks);
        if (trimmed) {
            trim();
        }
    }

    @Override
    public List<Proposal> readChosen(SlotRange slots, int bytesMax) throws IOException {
        requireUsable();
        return chosen.read(slots, bytesMax);
    }

    private void requireUsable() throws JournalException {
        if (isClosed) {
            throw new JournalException(
                    JournalException.Kind.CLOSED, "journal directory " + directory.storage() + ": closed");
        }
        Throwable failed = failure;
        if (failed != null) {
            throw new JournalException(
                    JournalException.Kind.FAILED,
                    "journal directory " + directory.storage() + ": latched shut by an earlier failure: " + failed,
                    failed);
        }
    }

    @Override
    public void close() throws IOException {
        if (isClosed) {
            return;
        }
        isClosed = true;
        try {
            closeWriter();
            next.close();
        } finally {
            directory.close();
        }
    }

    private void closeWriter() throws IOException {
        SegmentWriter current = writer;
        writer = null;
        if (current != null) {
            current.close();
        }
    }
}
