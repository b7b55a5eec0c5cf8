// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.AppliedReport;
import io.paxos.driver.ApplySequence;
import io.paxos.driver.JournalRead;
import io.paxos.journal.Journal;
import io.paxos.model.DurableRecord;
import io.paxos.model.Proposal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The bodies of the threads that wait so that the core need not: for the disk, for the state machine, for reads. Each
 * takes everything that queued up for it, works, and reports to the core's inbox.
 */
final class Workers {

    /** Slots applied between two reports, so that the first results do not wait for the last slot. */
    private static final int SLOTS_PER_REPORT = 64;

    /**
     * @param sequence the driver's number for it
     * @param records the records of one step
     */
    record Write(long sequence, List<DurableRecord> records) {}

    private final BatchQueue<Write> writes = new BatchQueue<>();
    private final BatchQueue<Proposal> chosen = new BatchQueue<>();
    private final BatchQueue<JournalRead> reads = new BatchQueue<>();
    private final Journal journal;
    private final ApplySequence sequence;
    private final FrameInbox inbox;
    private final StopSignal stop;

    Workers(Journal journal, ApplySequence sequence, FrameInbox inbox, StopSignal stop) {
        this.journal = journal;
        this.sequence = sequence;
        this.inbox = inbox;
        this.stop = stop;
    }

    void append(List<Write> more) {
        writes.putAll(more);
    }

    void apply(List<Proposal> more) {
        chosen.putAll(more);
    }

    void read(JournalRead read) {
        reads.put(read);
    }

    /** Wakes all of them for good. */
    void close() {
        writes.close();
        chosen.close();
        reads.close();
    }

    /** Group commit: one append, and so one force, for all that queued up while the last one ran. */
    void runJournal() throws IOException {
        List<Write> batch = writes.takeAll();
        while (!batch.isEmpty() && !stop.isRequested()) {
            List<DurableRecord> records = new ArrayList<>();
            for (Write write : batch) {
                records.addAll(write.records());
            }
            journal.append(records);
            long forced = batch.get(batch.size() - 1).sequence();
            inbox.put(driver -> driver.forced(forced));
            batch = writes.takeAll();
        }
    }

    void runApply() {
        List<Proposal> batch = chosen.takeAll();
        while (!batch.isEmpty() && !stop.isRequested()) {
            for (int from = 0; from < batch.size() && !stop.isRequested(); from += SLOTS_PER_REPORT) {
                int to = Math.min(batch.size(), from + SLOTS_PER_REPORT);
                AppliedReport report = sequence.apply(batch.subList(from, to));
                inbox.put(driver -> driver.applied(report));
            }
            batch = chosen.takeAll();
        }
    }

    void runReads() throws IOException {
        List<JournalRead> batch = reads.takeAll();
        while (!batch.isEmpty() && !stop.isRequested()) {
            for (JournalRead read : batch) {
                List<Proposal> page = journal.readChosen(read.slots(), read.bytesMax());
                inbox.put(driver -> driver.chosenRead(read, page));
            }
            batch = reads.takeAll();
        }
    }
}
