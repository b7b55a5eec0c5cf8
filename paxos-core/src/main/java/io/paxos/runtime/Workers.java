// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.AppliedReport;
import io.paxos.driver.ApplySequence;
import io.paxos.driver.ApplyWork;
import io.paxos.driver.InstallReport;
import io.paxos.driver.JournalRead;
import io.paxos.driver.ReadReport;
import io.paxos.driver.SnapshotRead;
import io.paxos.journal.Journal;
import io.paxos.journal.UnknownSlotsException;
import io.paxos.model.Proposal;
import io.paxos.model.SnapshotId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bodies of the threads that wait so that the core need not: for the state machine, for reads. Each
 * takes everything that queued up for it, works, and reports to the core's inbox.
 */
final class Workers {

    private static final Logger LOG = LoggerFactory.getLogger(Workers.class);

    /** Slots applied between two reports, so that the first results do not wait for the last slot. */
    private static final int SLOTS_PER_REPORT = 64;

    private final BatchQueue<ApplyWork> work = new BatchQueue<>();
    private final BatchQueue<SnapshotKeeper.Task> reads = new BatchQueue<>();
    private final Journal journal;
    private final ApplySequence sequence;
    private final SnapshotKeeper keeper;
    private final FrameInbox inbox;
    private final StopSignal stop;
    private final NodeClock clock;

    /** As of the last slot applied. */
    private volatile long agreedTimeMillis;

    /** The slot that was last said to be unknown; the reading thread only. */
    private long saidUnknown;

    Workers(
            Journal journal,
            ApplySequence sequence,
            SnapshotKeeper keeper,
            FrameInbox inbox,
            StopSignal stop,
            NodeClock clock) {
        this.journal = journal;
        this.keeper = keeper;
        this.sequence = sequence;
        this.agreedTimeMillis = sequence.agreedTimeMillis();
        this.inbox = inbox;
        this.stop = stop;
        this.clock = clock;
    }

    void goOnWith(List<ApplyWork> more) {
        work.putAll(more);
    }

    void attach(ApplyWork attachment) {
        work.put(attachment);
    }

    long agreedTimeMillis() {
        return agreedTimeMillis;
    }

    void read(JournalRead read) {
        reads.put(() -> answer(read));
    }

    void serve(SnapshotRead read) {
        reads.put(() -> keeper.serve(read));
    }

    void install(SnapshotId id) {
        keeper.finish(id, work::put);
    }

    SnapshotKeeper keeper() {
        return keeper;
    }

    /** Wakes all of them for good. */
    void close() {
        work.close();
        reads.close();
        keeper.close();
    }

    void runApply() throws IOException {
        List<ApplyWork> batch = work.takeAll();
        while (!batch.isEmpty() && !stop.isRequested()) {
            List<Proposal> slots = new ArrayList<>();
            for (ApplyWork next : batch) {
                if (next instanceof ApplyWork.Slots more) {
                    slots.addAll(more.chosen());
                    continue;
                }
                apply(slots);
                slots.clear();
                if (next instanceof ApplyWork.Take capture) {
                    capture(capture);
                } else if (next instanceof ApplyWork.Install install) {
                    restore(install);
                } else if (next instanceof ApplyWork.Attach attach) {
                    sequence.attach(attach.session(), attach.boot(), attach.receiver());
                } else if (next instanceof ApplyWork.Detach detach) {
                    sequence.detach(detach.session(), detach.receiver());
                } else if (next instanceof ApplyWork.Look look) {
                    look.answer().accept(sequence.fateOf(look.session(), look.boot(), look.sequence()));
                } else if (next instanceof ApplyWork.Reads some && !stop.isRequested()) {
                    ReadReport report = some.run(sequence.applied(), clock::nowMillis);
                    inbox.putAndTurn(driver -> driver.readsDone(report));
                }
            }
            apply(slots);
            batch = work.takeAll();
        }
    }

    private void apply(List<Proposal> slots) {
        for (int from = 0; from < slots.size() && !stop.isRequested(); from += SLOTS_PER_REPORT) {
            int to = Math.min(slots.size(), from + SLOTS_PER_REPORT);
            AppliedReport report = sequence.apply(slots.subList(from, to));
            agreedTimeMillis = report.agreedTimeMillis();
            if (report.isWaitedFor()) {
                inbox.putAndTurn(driver -> driver.applied(report));
            } else {
                inbox.putQuietly(driver -> driver.applied(report));
            }
        }
    }

    private void capture(ApplyWork.Take capture) {
        if (stop.isRequested()) {
            return;
        }
        if (keeper.isUpTo(sequence.applied())) {
            return;
        }
        try {
            keeper.write(capture.founding(), sequence.capture());
        } catch (UnsupportedOperationException unsupported) {
            keeper.unsupported(unsupported);
        }
    }

    private void restore(ApplyWork.Install install) throws IOException {
        if (stop.isRequested()) {
            return;
        }
        InstallReport report = keeper.files().restore(install.id(), null, sequence);
        agreedTimeMillis = sequence.agreedTimeMillis();
        inbox.put(driver -> driver.snapshots().installed(report));
    }

    void runReads() throws IOException {
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
