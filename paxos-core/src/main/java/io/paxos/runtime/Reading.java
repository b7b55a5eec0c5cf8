// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.JournalRead;
import io.paxos.driver.SnapshotRead;
import io.paxos.journal.Journal;
import io.paxos.journal.UnknownSlotsException;
import io.paxos.model.Proposal;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The body of the thread that waits for reads of the disk, so that the core need not: it takes what queued up, and reports. */
final class Reading {

    private static final Logger LOG = LoggerFactory.getLogger(Reading.class);

    private final BatchQueue<SnapshotKeeper.Task> reads = new BatchQueue<>();
    private final Journal journal;
    private final SnapshotKeeper keeper;
    private final FrameInbox inbox;
    private final StopSignal stop;

    /** The slot that was last said to be unknown; the reading thread only. */
    private long saidUnknown;

    Reading(Journal journal, SnapshotKeeper keeper, FrameInbox inbox, StopSignal stop) {
        this.journal = journal;
        this.keeper = keeper;
        this.inbox = inbox;
        this.stop = stop;
    }

    void read(JournalRead read) {
        reads.put(() -> answer(read));
    }

    void serve(SnapshotRead read) {
        reads.put(() -> keeper.serve(read));
    }

    /** Wakes the thread for good. */
    void close() {
        reads.close();
    }

    void run() throws IOException {
        List<SnapshotKeeper.Task> batch = reads.takeAll();
        while (!batch.isEmpty() && !stop.isRequested()) {
            for (SnapshotKeeper.Task read : batch) {
                read.run();
            }
            batch = reads.takeAll();
        }
    }

    private void answer(JournalRead read) throws IOException {
        try {
            List<Proposal> page = journal.readChosen(read.slots(), read.bytesMax());
            inbox.put(driver -> driver.chosenRead(read, page));
        } catch (UnknownSlotsException unknown) {
            if (unknown.slots().first() != saidUnknown) {
                saidUnknown = unknown.slots().first(); // what nobody has is asked for again and again
                LOG.warn("{}; they are fetched from another member", unknown.getMessage());
            }
            inbox.put(driver -> driver.chosenUnknown(read, unknown.slots()));
        }
    }
}
