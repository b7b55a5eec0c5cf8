// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.ApplyWork;
import io.paxos.driver.Divergence;
import io.paxos.driver.Driver;
import io.paxos.driver.DriverPorts;
import io.paxos.driver.DriverStatus;
import io.paxos.driver.DropReason;
import io.paxos.driver.JournalRead;
import io.paxos.driver.SnapshotPorts;
import io.paxos.driver.SnapshotRead;
import io.paxos.message.Frame;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import io.paxos.protocol.Notice;
import io.paxos.transport.Transport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Turns the driver. A turn takes everything that arrived, steps, hands records, chosen slots and reads to the threads they
 * are for, and flushes the transport once. The core's own thread sees to it that time passes; in between, whoever brought
 * something in turns ({@link Turnstile}).
 */
final class CoreLoop implements DriverPorts {

    private final FrameInbox inbox;
    private final JournalWriter journal;
    private final Applier applier;
    private final Reading reading;
    private final SnapshotKeeper keeper;
    private final ClientSessions clients;
    private final Transport transport;
    private final StopSignal stop;
    private final NodeNews news;
    private final long tickNanos;
    private final NodeClock clock;

    private final List<JournalWriter.Write> writes = new ArrayList<>();
    private final List<ApplyWork> work = new ArrayList<>();
    private final List<Proposal> chosen = new ArrayList<>();
    private SnapshotId toInstall = SnapshotId.NONE;
    private final SnapshotPorts snapshots = new Snapshots();
    private boolean unflushed;
    private final AtomicLong turns = new AtomicLong();

    CoreLoop(
            FrameInbox inbox,
            JournalWriter journal,
            Applier applier,
            Reading reading,
            SnapshotKeeper keeper,
            ClientSessions clients,
            Transport transport,
            StopSignal stop,
            NodeNews news,
            NodeClock clock,
            long tickMillis) {
        this.inbox = inbox;
        this.journal = journal;
        this.applier = applier;
        this.reading = reading;
        this.keeper = keeper;
        this.clients = clients;
        this.transport = transport;
        this.stop = stop;
        this.news = news;
        this.clock = clock;
        this.tickNanos = TimeUnit.MILLISECONDS.toNanos(tickMillis);
    }

    /** Where threads come in that turn this driver. */
    Turnstile turnstile(Driver driver, Publication publication) {
        return new Turnstile(inbox, stop, mayWait -> turn(driver, publication, mayWait), this::afterTurn);
    }

    /** The vote first: others wait for it. */
    private void afterTurn() throws IOException {
        journal.appendReserved();
        applier.applyLent();
    }

    /** The body of the core's thread: returns when the node stops, and then has told every caller it knows of. */
    void run(Driver driver, Turnstile turnstile) {
        try {
            inbox.turnedBy(turnstile);
            while (!stop.isRequested()) {
                inbox.await(tickNanos);
                turnstile.enter();
            }
        } catch (Throwable thrown) {
            // Before anybody is told how commands stand: they may have been applied.
            stop.fail("core", thrown);
        }
        turnstile.closeForGood();
        if (stop.isOrderly()) {
            driver.close();
        }
    }

    private void turn(Driver driver, Publication publication, boolean mayWait) {
        List<FrameInbox.Input> inputs = inbox.poll();
        long nowMillis = clock.nowMillis(); // after the inputs were taken: what they say was so before
        driver.beginTurn(nowMillis);
        for (FrameInbox.Input input : inputs) {
            if (stop.isRequested()) {
                return;
            }
            input.give(driver);
        }
        driver.endTurn();
        // A leader's own force is no one's wait: two others are enough. So it need not hold up any thread.
        handOver(mayWait && !driver.isLeading());
        long dropped = inbox.takeDropped();
        if (dropped > 0) {
            driver.dropped(DropReason.INBOX_FULL, dropped);
        }
        turns.incrementAndGet();
        if (publication.isDue(nowMillis, driver.isReady())) {
            DriverStatus status = driver.status();
            publication.publish(status, nowMillis);
            news.turned(status, nowMillis);
        }
    }

    /** How many turns have ended; for any thread that wonders whether the core is alive. */
    long turns() {
        return turns.get();
    }

    /**
     * What the turn produced, in one piece each. The journal's thread first: it is woken while the frames are on their way, and a
     * leader's own force is no later than its followers' then.
     */
    private void handOver(boolean mayWait) {
        if (!writes.isEmpty()) {
            journal.append(List.copyOf(writes), mayWait);
            writes.clear();
        }
        if (unflushed && !stop.isRequested()) {
            unflushed = false;
            transport.flush();
        }
        endSlots();
        if (!work.isEmpty()) {
            applier.goOnWith(List.copyOf(work));
            work.clear();
        }
        if (!toInstall.isNone()) {
            keeper.finish(toInstall, applier::put); // behind the slots of the same turn
            toInstall = SnapshotId.NONE;
        }
    }

    private void endSlots() {
        if (!chosen.isEmpty()) {
            work.add(new ApplyWork.Slots(List.copyOf(chosen)));
            chosen.clear();
        }
    }

    @Override
    public void append(long writeSequence, List<DurableRecord> records) {
        writes.add(new JournalWriter.Write(writeSequence, records));
    }

    @Override
    public void send(NodeId to, Frame frame) {
        // A node that has failed says nothing more, not even what it had decided to say.
        if (!stop.isRequested()) {
            transport.send(to, frame);
            unflushed = true;
        }
    }

    @Override
    public void apply(List<Proposal> more) {
        chosen.addAll(more);
    }

    @Override
    public void read(ApplyWork.Reads reads) {
        endSlots();
        work.add(reads);
    }

    @Override
    public void readChosen(JournalRead read) {
        reading.read(read);
    }

    @Override
    public SnapshotPorts snapshots() {
        return snapshots;
    }

    @Override
    public void notice(Notice notice) {
        if (notice instanceof Notice.CommandsRefused refused) {
            clients.refused(refused);
        } else if (notice instanceof Notice.LeaderChanged changed) {
            clients.leaderChanged(changed.leader().owner().node());
        }
        news.notice(notice);
    }

    @Override
    public void diverged(Divergence divergence) {
        news.diverged(divergence);
    }

    @Override
    public void mustStop(String reason) {
        stop.fail(reason);
    }

    /** A capture keeps its place among the slots of the turn; everything else is done elsewhere, whenever. */
    private final class Snapshots implements SnapshotPorts {
        @Override
        public void take(Founding founding) {
            endSlots();
            work.add(new ApplyWork.Take(founding));
        }

        @Override
        public void read(SnapshotRead read) {
            reading.serve(read);
        }

        @Override
        public void receive(SnapshotId id) {
            keeper.receive(id);
        }

        @Override
        public void store(SnapshotId id, long offset, Value piece) {
            keeper.store(id, offset, piece);
        }

        @Override
        public void hold(SnapshotId id) {
            keeper.hold(id);
        }

        @Override
        public void stopReceiving() {
            keeper.stopReceiving();
        }

        @Override
        public void install(SnapshotId id) {
            toInstall = id;
        }
    }
}
