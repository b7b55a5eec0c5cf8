// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.driver.JournalRead;
import io.paxos.journal.Journal;
import io.paxos.journal.JournalSpace;
import io.paxos.journal.UnknownSlotsException;
import io.paxos.model.DurableRecord;
import io.paxos.model.Proposal;
import io.paxos.simulation.trace.TraceEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the journal's thread does for one process. An append takes everything that queued up while the last one ran; it
 * writes and forces at the end of its delay. A process that dies before that dies in the middle of it: the append is run up
 * to one of its calls, chosen by chance, and no further.
 */
final class SimulatedJournaling {

    private static final int CALLS_OF_AN_APPEND_MAX = 6;

    private record Write(long sequence, List<DurableRecord> records) {}

    private final SimulatedProcess process;
    private final SimulatedNode node;
    private final Cluster cluster;
    private final Journal journal;
    private final List<Write> writes = new ArrayList<>();
    private @Nullable List<Write> appending;
    private long appends;
    private boolean saidShort;
    private boolean looksForSpace;

    SimulatedJournaling(SimulatedProcess process, SimulatedNode node, Cluster cluster, Journal journal) {
        this.process = process;
        this.node = node;
        this.cluster = cluster;
        this.journal = journal;
    }

    void add(long sequence, List<DurableRecord> records) {
        writes.add(new Write(sequence, records));
    }

    /** Begins the next append, unless one runs or nothing waits. */
    void begin() {
        if (appending == null && !writes.isEmpty()) {
            List<Write> batch = List.copyOf(writes);
            writes.clear();
            appending = batch;
            cluster.world().after(node.forceMicros(), () -> finish(batch));
        }
    }

    private void finish(List<Write> batch) {
        if (process.isDead()) {
            return;
        }
        List<DurableRecord> records = recordsOf(batch);
        if (records.stream().anyMatch(DurableRecord.Trimmed.class::isInstance)) {
            node.stepBegins(CrashPoint.Step.TRIM);
        }
        try {
            journal.append(records);
        } catch (IOException | RuntimeException failed) {
            appending = null;
            if (!node.diedInStep()) {
                process.fail(
                        "the journal failed: " + failed.getMessage(),
                        node.disk().hasFailed());
            }
            return;
        }
        appending = null;
        if (node.diedInStep()) {
            return;
        }
        noteVotes(records);
        cluster.recorder().record(new TraceEvent.Forced(cluster.nowMicros(), node.member(), records));
        long sequence = batch.get(batch.size() - 1).sequence;
        process.give(driver -> driver.forced(sequence));
        prepare();
        appends++;
        long last = appends;
        cluster.world().after(1_000 * Journal.IDLE_MARK_MILLIS, () -> markIdle(last));
        begin();
    }

    private void prepare() {
        journal.prepare();
        JournalSpace space = journal.space();
        if (space.isShort() != saidShort) {
            saidShort = space.isShort();
            process.give(driver -> driver.journalSpace(!space.isShort(), space.detail()));
        }
        if (space.isShort() && !looksForSpace) {
            looksForSpace = true;
            cluster.world().after(1_000 * Journal.SPACE_RETRY_MILLIS, this::lookForSpace);
        }
    }

    private void lookForSpace() {
        looksForSpace = false;
        if (!process.isDead()) {
            prepare();
        }
    }

    private void markIdle(long lastAppend) {
        if (process.isDead() || appending != null || appends != lastAppend) {
            return;
        }
        try {
            journal.markIdle();
        } catch (IOException | RuntimeException failed) {
            process.fail(
                    "the journal failed: " + failed.getMessage(), node.disk().hasFailed());
        }
    }

    private void noteVotes(List<DurableRecord> records) {
        for (DurableRecord record : records) {
            if (record instanceof DurableRecord.KnownChosen mark) {
                node.knowsDurably(mark.slot());
            } else if (record instanceof DurableRecord.Trimmed trim) {
                node.knowsDurably(trim.floor());
            }
        }
        if (!node.hasVoted() && records.stream().anyMatch(DurableRecord.Accepted.class::isInstance)) {
            node.votes();
        }
    }

    private static List<DurableRecord> recordsOf(List<Write> batch) {
        if (batch.size() == 1) {
            return batch.get(0).records;
        }
        List<DurableRecord> records = new ArrayList<>();
        for (Write write : batch) {
            records.addAll(write.records);
        }
        return records;
    }

    /** Reads a page for the driver, now. */
    void read(JournalRead read) {
        if (process.isDead()) {
            return;
        }
        try {
            List<Proposal> page = journal.readChosen(read.slots(), read.bytesMax());
            process.give(driver -> driver.chosenRead(read, page));
        } catch (UnknownSlotsException unknown) {
            process.give(driver -> driver.chosenUnknown(read, unknown.slots()));
        } catch (IOException failed) {
            process.fail(
                    "the journal cannot be read: " + failed.getMessage(),
                    node.isDamaged() || node.disk().hasFailed());
        }
    }

    /** The process is killed: what it was appending is done in part. */
    void die() {
        List<Write> interrupted = appending;
        if (interrupted == null) {
            return;
        }
        node.disk().loseCurrentIn(1 + node.random().nextInt(CALLS_OF_AN_APPEND_MAX));
        try {
            journal.append(recordsOf(interrupted));
        } catch (IOException died) {
            // As intended. If it did not come to that call, the append is complete, and nobody was told.
        }
    }
}
