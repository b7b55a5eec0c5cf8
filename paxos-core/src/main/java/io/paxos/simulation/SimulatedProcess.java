// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.StateMachine;
import io.paxos.driver.AppliedReport;
import io.paxos.driver.ApplySequence;
import io.paxos.driver.Driver;
import io.paxos.driver.DriverPorts;
import io.paxos.driver.DriverStatus;
import io.paxos.driver.DropReason;
import io.paxos.driver.JournalRead;
import io.paxos.driver.Outcome;
import io.paxos.driver.Submission;
import io.paxos.driver.SubmissionWindow;
import io.paxos.journal.Journal;
import io.paxos.message.Frame;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Entry;
import io.paxos.model.FoundingId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.protocol.Notice;
import io.paxos.protocol.Replica;
import io.paxos.simulation.trace.Fingerprint;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Loss;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One life of a node: turns the production driver over the production journal, as the runtime does with threads. What
 * are threads there are delays here: a turn takes everything that arrived, an append takes everything that queued up
 * while the last one ran, the state machine and the reader go their own pace.
 *
 * <p>An append writes and forces at the end of its delay. A process that dies before that dies in the middle of it: the
 * append is run up to one of its calls, chosen by chance, and no further.
 */
final class SimulatedProcess implements DriverPorts {

    private static final int SLOTS_PER_REPORT = 64;
    private static final long NEVER = Long.MAX_VALUE;
    private static final int CALLS_OF_AN_APPEND_MAX = 6;

    /** Something for the driver. */
    private interface Input {
        void give(Driver driver);
    }

    private record Write(long sequence, List<DurableRecord> records) {}

    private final SimulatedNode node;
    private final Cluster cluster;
    private final World world;
    private final Journal journal;
    private final SplittableRandom random;
    private final long boot;
    private final SubmissionWindow window;
    private final ApplySequence applySequence;
    private final Driver driver;

    private List<Input> inputs = new ArrayList<>();
    private List<Input> spare = new ArrayList<>();
    private long inboxBytes;
    private long droppedFrames;
    private long nextTurnMicros = NEVER;
    private final List<Write> writes = new ArrayList<>();
    private @Nullable List<Write> appending;
    private final ArrayDeque<Proposal> toApply = new ArrayDeque<>();
    private boolean applying;
    private long chain;
    private final LinkedHashSet<Ticket> open = new LinkedHashSet<>();
    private boolean dead;

    SimulatedProcess(SimulatedNode node, Cluster cluster, Journal journal) {
        this.node = node;
        this.cluster = cluster;
        this.world = cluster.world();
        this.journal = journal;
        this.random = node.random();
        RunConfig config = cluster.config();
        DurableState remembered = journal.recovered();
        this.boot = remembered.boot();
        this.window = new SubmissionWindow(config.submittedCommandsMax(), config.submittedBytesMax());
        StateMachine stateMachine = cluster.newStateMachine();
        this.applySequence = new ApplySequence(
                entry -> execute(stateMachine, entry), SessionId.ofNode(remembered.self()), boot, remembered.floor());
        Replica replica = new Replica(
                remembered,
                cluster.plan(),
                new FoundingId(random.nextLong(1, Long.MAX_VALUE), random.nextLong()),
                cluster.driverOptions().timing(),
                cluster.driverOptions().limits(),
                random.nextLong());
        this.driver = new Driver(replica, remembered, cluster.driverOptions(), window, this, random.nextLong());
    }

    // ---- turns ----------------------------------------------------------------------------------------------

    void begin() {
        turnBy(world.nowMicros());
    }

    private void turnBy(long atMicros) {
        if (atMicros < nextTurnMicros) {
            nextTurnMicros = atMicros;
            world.at(atMicros, this::turnIfDue);
        }
    }

    private void give(Input input) {
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
        beginAppend();
        beginApply();
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
                inboxBytes);
    }

    DriverStatus status() {
        return driver.status();
    }

    long applied() {
        return applySequence.applied();
    }

    long chain() {
        return chain;
    }

    Journal journal() {
        return journal;
    }

    // ---- the journal's thread -------------------------------------------------------------------------------

    private void beginAppend() {
        if (appending == null && !writes.isEmpty()) {
            List<Write> batch = List.copyOf(writes);
            writes.clear();
            appending = batch;
            world.after(node.forceMicros(), () -> finishAppend(batch));
        }
    }

    private void finishAppend(List<Write> batch) {
        if (dead) {
            return;
        }
        List<DurableRecord> records = recordsOf(batch);
        try {
            journal.append(records);
        } catch (IOException | RuntimeException failed) {
            appending = null;
            fail("the journal failed: " + failed.getMessage(), node.disk().hasFailed());
            return;
        }
        appending = null;
        noteVotes(records);
        cluster.recorder().record(new TraceEvent.Forced(world.nowMicros(), node.member(), records));
        long sequence = batch.get(batch.size() - 1).sequence;
        give(turned -> turned.forced(sequence));
        beginAppend();
    }

    private void noteVotes(List<DurableRecord> records) {
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

    private void read(JournalRead read) {
        if (dead) {
            return;
        }
        try {
            List<Proposal> page = journal.readChosen(read.slots(), read.bytesMax());
            give(turned -> turned.chosenRead(read, page));
        } catch (IOException failed) {
            fail("the journal cannot be read: " + failed.getMessage(), node.isDamaged());
        }
    }

    // ---- the state machine's thread -------------------------------------------------------------------------

    private void beginApply() {
        if (!applying && !toApply.isEmpty()) {
            applying = true;
            world.after(random.nextLong(1, cluster.weather().applyMostMicros + 1), this::finishApply);
        }
    }

    private void finishApply() {
        if (dead) {
            return;
        }
        applying = false;
        List<Proposal> batch = new ArrayList<>();
        while (!toApply.isEmpty() && batch.size() < SLOTS_PER_REPORT) {
            Proposal proposal = toApply.removeFirst();
            batch.add(proposal);
            chain = new Fingerprint()
                    .add(chain)
                    .add(proposal.slot())
                    .add(proposal.value().checksum())
                    .add(proposal.value().length())
                    .value();
            cluster.recorder().record(new TraceEvent.Applied(world.nowMicros(), node.id(), boot, proposal, chain));
        }
        try {
            AppliedReport report = applySequence.apply(batch);
            give(turned -> turned.applied(report));
        } catch (RuntimeException | AssertionError | StackOverflowError thrown) {
            fail("the state machine threw " + thrown, false);
            return;
        }
        beginApply();
    }

    private byte[] execute(StateMachine stateMachine, Entry entry) {
        long operation = Payload.operationOf(entry.command());
        byte[] result = stateMachine.apply(new Entry(
                entry.position(), entry.agreedTimeMillis(), entry.session(), Payload.commandOf(entry.command())));
        cluster.recorder()
                .record(new TraceEvent.Executed(
                        world.nowMicros(), node.id(), boot, operation, entry.position(), Payload.checksumOf(result)));
        return result;
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

    private void tellAll(Outcome outcome) {
        for (Iterator<Ticket> each = List.copyOf(open).iterator(); each.hasNext(); ) {
            each.next().complete(outcome);
        }
    }

    // ---- the end --------------------------------------------------------------------------------------------

    /** The process is killed. Its callers learn only that the connection is gone. */
    void die() {
        dead = true;
        List<Write> interrupted = appending;
        if (interrupted != null) {
            node.disk().loseCurrentIn(1 + random.nextInt(CALLS_OF_AN_APPEND_MAX));
            try {
                journal.append(recordsOf(interrupted));
            } catch (IOException died) {
                // As intended. If it did not come to that call, the append is complete, and nobody was told.
            }
        }
        tellAll(new Outcome.Failed("the process was killed", null));
    }

    void close() {
        dead = true;
        driver.close();
        tellAll(new Outcome.Closed());
    }

    private void fail(String reason, boolean hasCause) {
        if (!dead) {
            dead = true;
            node.stopped(this, reason, hasCause);
            tellAll(new Outcome.Failed(reason, null));
        }
    }

    // ---- ports ----------------------------------------------------------------------------------------------

    @Override
    public void append(long writeSequence, List<DurableRecord> records) {
        writes.add(new Write(writeSequence, records));
    }

    @Override
    public void send(NodeId to, Frame frame) {
        if (!dead) {
            cluster.network().send(node, to, frame);
        }
    }

    @Override
    public void apply(List<Proposal> chosen) {
        toApply.addAll(chosen);
    }

    @Override
    public void readChosen(JournalRead read) {
        world.after(random.nextLong(1, cluster.weather().forceMostMicros + 1), () -> read(read));
    }

    @Override
    public void notice(Notice notice) {
        if (notice instanceof Notice.LeaderChanged changed) {
            cluster.recorder()
                    .record(new TraceEvent.LeaderChanged(
                            world.nowMicros(), node.id(), changed.leader(), changed.leadsHere()));
        }
    }

    @Override
    public void mustStop(String reason) {
        fail(reason, node.hasCauseToStop());
    }
}
