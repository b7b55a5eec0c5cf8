// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.driver.ApplyWork;
import io.paxos.driver.Divergence;
import io.paxos.driver.Driver;
import io.paxos.driver.DriverPorts;
import io.paxos.driver.DriverStatus;
import io.paxos.driver.DropReason;
import io.paxos.driver.JournalRead;
import io.paxos.driver.Outcome;
import io.paxos.driver.Read;
import io.paxos.driver.ReadFailure;
import io.paxos.driver.SnapshotPorts;
import io.paxos.driver.Submission;
import io.paxos.driver.SubmissionWindow;
import io.paxos.journal.Journal;
import io.paxos.message.Frame;
import io.paxos.model.Command;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.FoundingId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.protocol.Notice;
import io.paxos.protocol.Replica;
import io.paxos.session.SessionReceiver;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Loss;
import io.paxos.snapshot.SnapshotStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One life of a node: turns the production driver over the production journal, as the runtime does with threads. What
 * are threads there are delays here: a turn takes everything that arrived; the journal ({@link SimulatedJournaling}) and
 * the state machine ({@link SimulatedApplying}) go their own pace.
 */
final class SimulatedProcess implements DriverPorts {

    private static final long NEVER = Long.MAX_VALUE;

    /** Something for the driver. */
    @FunctionalInterface
    interface Input {
        void give(Driver driver);
    }

    private final SimulatedNode node;
    private final Cluster cluster;
    private final World world;
    private final SubmissionWindow window;
    private final SimulatedJournaling journaling;
    private final SimulatedApplying applying;
    private final SimulatedSnapshots snapshots;
    private final Driver driver;

    private List<Input> inputs = new ArrayList<>();
    private List<Input> spare = new ArrayList<>();
    private long inboxBytes;
    private long droppedFrames;
    private long nextTurnMicros = NEVER;
    private final LinkedHashSet<Ticket> open = new LinkedHashSet<>();
    private final Map<SessionId, SessionReceiver> receivers = new LinkedHashMap<>();
    private final LinkedHashSet<SimulatedReads.Caller> readers = new LinkedHashSet<>();
    private boolean dead;

    /** @throws IOException if the snapshots of the directory cannot be read */
    SimulatedProcess(SimulatedNode node, Cluster cluster, Journal journal) throws IOException {
        this.node = node;
        this.cluster = cluster;
        this.world = cluster.world();
        SplittableRandom random = node.random();
        RunConfig config = cluster.config();
        DurableState remembered = journal.recovered();
        this.window = new SubmissionWindow(config.submittedCommandsMax(), config.submittedBytesMax());
        this.journaling = new SimulatedJournaling(this, node, cluster, journal);
        this.snapshots = new SimulatedSnapshots(this, node, cluster, SnapshotStore.open(node.disk()));
        this.applying = new SimulatedApplying(this, node, cluster, snapshots, remembered);
        Replica replica = new Replica(
                remembered,
                cluster.plan(),
                new FoundingId(random.nextLong(1, Long.MAX_VALUE), random.nextLong()),
                cluster.driverOptions().timing(),
                cluster.driverOptions().limits(),
                cluster.driverOptions().leases(),
                random.nextLong());
        this.driver = new Driver(
                replica, remembered, applying.restored(), cluster.driverOptions(), window, this, random.nextLong());
        driver.snapshots().partlyHere(applying.partly());
    }

    // ---- turns ----------------------------------------------------------------------------------------------

    void begin() {
        turnBy(world.nowMicros());
    }

    /** After a pause that ended early: else its next turn were when the pause was to end. */
    void goOn() {
        turnBy(world.nowMicros());
    }

    private void turnBy(long atMicros) {
        if (atMicros < nextTurnMicros) {
            nextTurnMicros = atMicros;
            world.at(atMicros, this::turnIfDue);
        }
    }

    /** Something for the next turn, which comes a little later. */
    void give(Input input) {
        inputs.add(input);
        turnBy(world.nowMicros() + cluster.config().turnMicros());
    }

    private void turnIfDue() {
        if (dead || world.nowMicros() != nextTurnMicros) {
            return;
        }
        nextTurnMicros = NEVER;
        if (world.nowMicros() < node.pausedUntilMicros()) {
            turnBy(node.pausedUntilMicros());
            return;
        }
        try {
            turn();
        } catch (RuntimeException | AssertionError | StackOverflowError thrown) {
            fail("the core threw " + thrown, false);
        }
    }

    private void turn() {
        driver.beginTurn(node.clock().millisAt(world.nowMicros()));
        List<Input> taken = inputs;
        inputs = spare;
        for (Input input : taken) {
            if (dead) {
                return;
            }
            input.give(driver);
        }
        taken.clear();
        spare = taken;
        driver.endTurn();
        if (dead) {
            return;
        }
        if (droppedFrames > 0) {
            driver.dropped(DropReason.INBOX_FULL, droppedFrames);
            droppedFrames = 0;
        }
        journaling.begin();
        applying.begin();
        turnBy(world.nowMicros() + cluster.config().tickMicros());
    }

    @Nullable
    Loss receive(Frame frame, int bytes) {
        if (inboxBytes > 0 && inboxBytes + bytes > cluster.config().inboxBytesMax()) {
            droppedFrames++;
            return Loss.INBOX_FULL;
        }
        inboxBytes += bytes;
        give(turned -> {
            inboxBytes -= bytes;
            turned.receive(frame);
        });
        return null;
    }

    /** What the node holds now, for the bounds. */
    TraceEvent.Measured measure() {
        DriverStatus status = driver.status();
        return new TraceEvent.Measured(
                world.nowMicros(),
                node.id(),
                status.replica().inFlightSlots(),
                status.replica().pendingBytes(),
                status.submittedCommands(),
                status.submittedBytes(),
                inboxBytes,
                Math.max(status.snapshots().bufferedBytes(), snapshots.queuedBytes()));
    }

    DriverStatus status() {
        return driver.status();
    }

    long applied() {
        return applying.applied();
    }

    boolean isDead() {
        return dead;
    }

    // ---- callers --------------------------------------------------------------------------------------------

    /** A caller that waits: told once, by the driver or by the end of the process. */
    private static final class Ticket implements Submission.Completion {
        private final SimulatedProcess process;
        private final Submission.Completion caller;
        private boolean told;

        Ticket(SimulatedProcess process, Submission.Completion caller) {
            this.process = process;
            this.caller = caller;
        }

        @Override
        public void complete(Outcome outcome) {
            if (!told) {
                told = true;
                process.open.remove(this);
                caller.complete(outcome);
            }
        }
    }

    boolean submit(byte[] payload, long timeoutMillis, Submission.Completion completion) {
        if (!window.tryReserve(payload.length)) {
            return false;
        }
        Ticket ticket = new Ticket(this, completion);
        open.add(ticket);
        give(turned -> turned.submit(new Submission(payload, timeoutMillis, ticket)));
        return true;
    }

    /** A client's session is attached here from now on. */
    void attach(SessionId session, SessionReceiver receiver) {
        if (!dead) {
            receivers.put(session, receiver);
            work(new ApplyWork.Attach(session, 1, receiver));
        }
    }

    void detach(SessionId session, SessionReceiver receiver) {
        if (!dead && receivers.remove(session, receiver)) {
            work(new ApplyWork.Detach(session, receiver));
        }
    }

    void submitForClients(List<Command> commands) {
        if (!dead) {
            give(turned -> turned.submitForClients(commands));
        }
    }

    long agreedTimeMillis() {
        return applying.agreedTimeMillis();
    }

    /** Asks for a read; the caller is told once, also if the process dies. */
    void read(Read.Kind kind, long slot, long timeoutMillis, SimulatedReads.Caller caller) {
        readers.removeIf(SimulatedReads.Caller::isTold);
        readers.add(caller);
        caller.askedOf(applying::query);
        Read read = new Read(kind, slot, timeoutMillis, caller);
        give(turned -> turned.read(read));
    }

    private void tellReaders() {
        ReadFailure gone = new ReadFailure(ReadFailure.Kind.FAILED, "the process is gone", null);
        List.copyOf(readers).forEach(caller -> caller.failed(gone));
        readers.clear();
    }

    private void tellAll(Outcome outcome) {
        tellReaders();
        List.copyOf(open).forEach(ticket -> ticket.complete(outcome));
    }

    // ---- the end --------------------------------------------------------------------------------------------

    /** The process is killed. Its callers learn only that the connection is gone. */
    void die() {
        dead = true;
        snapshots.die();
        journaling.die();
        tellAll(new Outcome.Failed("the process was killed", null));
    }

    void close() {
        dead = true;
        driver.close();
        tellAll(new Outcome.Closed());
    }

    /** The process finds that it must not go on, and stops. */
    void fail(String reason, boolean hasCause) {
        if (!dead) {
            dead = true;
            node.stopped(this, reason, hasCause);
            tellAll(new Outcome.Failed(reason, null));
        }
    }

    // ---- ports ----------------------------------------------------------------------------------------------

    @Override
    public void append(long writeSequence, List<DurableRecord> records) {
        journaling.add(writeSequence, records);
    }

    @Override
    public void send(NodeId to, Frame frame) {
        if (!dead) {
            cluster.network().send(node, to, frame);
        }
    }

    @Override
    public void apply(List<Proposal> chosen) {
        applying.add(new ApplyWork.Slots(chosen));
    }

    @Override
    public void read(ApplyWork.Reads reads) {
        applying.add(reads);
    }

    /** Something for the state machine's thread, behind all that it was given. */
    void work(ApplyWork more) {
        applying.add(more);
        applying.begin();
    }

    @Override
    public SnapshotPorts snapshots() {
        return snapshots;
    }

    @Override
    public void readChosen(JournalRead read) {
        world.after(node.random().nextLong(1, cluster.weather().forceMostMicros + 1), () -> journaling.read(read));
    }

    @Override
    public void notice(Notice notice) {
        if (notice instanceof Notice.LeaderChanged changed) {
            cluster.recorder()
                    .record(new TraceEvent.LeaderChanged(
                            world.nowMicros(), node.id(), changed.leader(), changed.leadsHere()));
        } else if (notice instanceof Notice.CommandsRefused refused) {
            SessionReceiver receiver = receivers.get(refused.session());
            if (receiver != null) {
                receiver.refused(refused.firstSequence(), SessionReceiver.Refusal.OVERLOADED);
            }
        }
    }

    @Override
    public void diverged(Divergence divergence) {
        fail(divergence.toString(), false); // in a run nobody's state may differ
    }

    @Override
    public void mustStop(String reason) {
        fail(reason, node.hasCauseToStop());
    }
}
