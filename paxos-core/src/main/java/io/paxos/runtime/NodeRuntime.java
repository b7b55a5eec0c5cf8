// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.paxos.driver.ApplySequence;
import io.paxos.driver.ApplyWork;
import io.paxos.driver.Driver;
import io.paxos.driver.DriverStatus;
import io.paxos.driver.Outcome;
import io.paxos.driver.Read;
import io.paxos.driver.ReadFailure;
import io.paxos.driver.Restored;
import io.paxos.driver.SessionFate;
import io.paxos.driver.StartingState;
import io.paxos.driver.Submission;
import io.paxos.driver.SubmissionWindow;
import io.paxos.journal.JournalDamage;
import io.paxos.model.DurableState;
import io.paxos.model.FoundingId;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Replica;
import io.paxos.protocol.ReplicaStatus;
import io.paxos.session.SessionResult;
import io.paxos.transport.Introduction;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running node: its threads, and how they start and end. Every method may be called from any thread.
 *
 * <pre>
 *   RUNNING ── close() ─────────────────────▶ CLOSED   callers: never left, or unknown
 *      │
 *      └─── anything thrown on a thread ────▶ FAILED   callers: failed; the listener is told once
 *           of the node, or a reason to stop
 * </pre>
 *
 * <p>Either way the thread {@code paxos-<node>-stop}, which was started with the others so that it needs no memory now,
 * takes everything down: no frame leaves from the moment the stop is requested.
 */
public final class NodeRuntime {

    private static final Logger LOG = LoggerFactory.getLogger(NodeRuntime.class);

    /** How long an orderly end waits for the threads; one that is inside the host's code or the disk is left there. */
    private static final long END_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final long LOOK_MILLIS = 500;

    private final NodeParts parts;
    private final DurableState remembered;
    private final String node;
    private final StopSignal stop = new StopSignal();
    private final SubmissionWindow window;
    private final Callbacks callbacks;
    private final OpenSubmissions submissions;
    private final OpenReads reads;
    private final FrameInbox inbox;
    private final SnapshotKeeper keeper;
    private final JournalWriter writer;
    private final Applier applier;
    private final Reading reading;
    private final NodeNews news;
    private final LeadershipTransfers transfers;
    private final ClientSessions clients;
    private final CoreLoop loop;
    private final Turnstile turnstile;
    private final Publication publication;
    private final NodeThreads threads;
    private final Thread core;
    private final Thread journal;
    private final Thread apply;
    private final Thread read;
    private final Thread snapshot;
    private final Thread stopper;

    /** Set once the core can tell no caller any more. */
    private volatile boolean coreEnded;

    /**
     * Assembles a node, and restores the state machine from the newest snapshot; nothing runs yet.
     *
     * @throws IOException if a snapshot that was good a moment ago could not be read, or the state machine would not have it
     */
    public NodeRuntime(NodeParts parts) throws IOException {
        this.parts = parts;
        this.remembered = parts.journal().recovered();
        this.node = remembered.self().node().toString();
        this.window = new SubmissionWindow(parts.submittedCommandsMax(), parts.submittedBytesMax());
        int resultsMax = parts.submittedCommandsMax() + parts.readsMax();
        this.callbacks = new Callbacks(node, parts.completionExecutor(), resultsMax, parts.listener(), stop);
        this.submissions = new OpenSubmissions(callbacks);
        this.reads = new OpenReads(parts.readsMax(), callbacks);
        this.inbox = new FrameInbox(parts.inboxBytesMax(), parts.transport().lendsThreads(), stop);
        SessionId session = SessionId.ofNode(remembered.self());
        ApplySequence sequence = new ApplySequence(parts.application(), session, remembered.boot());
        this.keeper = new SnapshotKeeper(
                node, parts.snapshots(), callbacks, inbox, stop, new DutyCycle(parts.snapshotWritePercentMax(), stop));
        StartingState found = StartingState.find(parts.snapshots(), remembered);
        Restored restored = Restoring.into(sequence, node, found, keeper.files(), remembered);
        NodeClock clock = new NodeClock();
        this.writer = new JournalWriter(parts.journal(), inbox, stop);
        this.applier = new Applier(node, sequence, parts.application().isQuick(), keeper, inbox, stop, clock);
        this.reading = new Reading(parts.journal(), keeper, inbox, stop);

        SecureRandom random = new SecureRandom();
        Replica replica = new Replica(
                remembered,
                parts.plan(),
                new FoundingId(random.nextLong(), random.nextLong()),
                parts.options().timing(),
                parts.options().limits(),
                parts.options().leases(),
                random.nextLong());
        long tickMillis = Math.max(1, parts.options().timing().heartbeatMillis() / 5);
        this.transfers =
                new LeadershipTransfers(callbacks, parts.options().timing().electionTimeoutMaxMillis());
        news = new NodeNews(node, callbacks, transfers);
        this.clients = new ClientSessions(node, applier, inbox, stop, parts.submittedBytesMax());
        loop = new CoreLoop(
                inbox, writer, applier, reading, keeper, clients, parts.transport(), stop, news, clock, tickMillis);
        Driver driver = new Driver(replica, remembered, restored, parts.options(), window, loop, random.nextLong());
        driver.snapshots().partlyHere(found.partly());
        this.publication = new Publication(driver.status(), tickMillis);
        this.turnstile = loop.turnstile(driver, publication);
        NodeThreads threads = new NodeThreads(node, stop);
        this.core = threads.add("core", () -> loop.run(driver, turnstile));
        this.journal = threads.add("journal", writer::run);
        this.apply = threads.add("apply", applier::run);
        this.read = threads.add("read", reading::run);
        this.snapshot = threads.add("snapshot", keeper::run);
        this.stopper = threads.add("stop", this::watchAndTakeDown);
        this.threads = threads;
    }

    /**
     * Opens the transport and starts the threads.
     *
     * @throws IOException if the transport could not be opened; the node has ended then, and its journal is closed
     */
    public void start() throws IOException {
        LOG.info(
                "{}: starts boot {} of {}, with slots up to {} known chosen",
                node,
                remembered.boot(),
                remembered.self(),
                remembered.knownChosen());
        boolean started = false;
        try {
            stopper.start();
            parts.transport().start(new Introduction(parts.cluster(), remembered.self(), remembered.boot()), inbox);
            journal.start();
            apply.start();
            read.start();
            snapshot.start();
            core.start(); // last: from then on any thread may turn, and apply
            started = true;
        } finally {
            if (!started) {
                endUnstarted();
            }
        }
    }

    /** Ends a node that did not start; here, if even the thread that would do so could not be had. */
    private void endUnstarted() {
        stop.close();
        if (stopper.getState() == Thread.State.NEW) {
            takeDown();
        }
        close();
    }

    // ---- what callers ask for -------------------------------------------------------------------------------

    /**
     * Submits a command.
     *
     * @param payload owned by the node from now on
     * @param timeoutMillis how long the caller waits
     * @param completion told once how it ended, on the completion executor; not if this returns an outcome
     * @return why the command was not taken, or null if it was
     */
    public @Nullable Outcome submit(byte[] payload, long timeoutMillis, Submission.Completion completion) {
        StopSignal.Stop before = stop.reason();
        if (before != null) {
            return outcomeOf(before);
        }
        if (callbacks.isBehind() || !window.tryReserve(payload.length)) {
            return new Outcome.Overloaded();
        }
        OpenSubmissions.Ticket ticket = submissions.open(completion);
        inbox.put(driver -> driver.submit(new Submission(payload, timeoutMillis, ticket)));
        // Whoever stops the node tells all callers, once; a ticket that was opened after that is told here. If the node
        // was closed, only the core knows whether the command left, so it goes first.
        StopSignal.Stop after = stop.reason();
        if (after != null && (after.kind() == StopSignal.Kind.FAILED || coreEnded)) {
            ticket.complete(outcomeOf(after));
        }
        return null;
    }

    /**
     * Reads the state machine.
     *
     * @param slot for a read that must see a slot, else 0
     * @param timeoutMillis how long the caller waits
     * @param onExecutor whether what the reader is told runs code of the host's, and so on the completion executor
     * @param reader told once how it ended
     */
    public void read(Read.Kind kind, long slot, long timeoutMillis, boolean onExecutor, Read.Reader reader) {
        StopSignal.Stop before = stop.reason();
        if (before != null) {
            reader.failed(failureOf(before));
            return;
        }
        OpenReads.Ticket ticket = reads.open(reader, onExecutor);
        if (ticket == null) {
            String full =
                    parts.readsMax() + " reads wait on this node already, or its results wait for the thread that tells"
                            + " them; try again later";
            reader.failed(new ReadFailure(ReadFailure.Kind.OVERLOADED, full, null));
            return;
        }
        inbox.put(driver -> driver.read(new Read(kind, slot, timeoutMillis, ticket)));
        StopSignal.Stop after = stop.reason();
        if (after != null) { // else whoever stops the node will find the ticket
            ticket.failed(failureOf(after));
        }
    }

    private static ReadFailure failureOf(StopSignal.Stop stop) {
        return stop.kind() == StopSignal.Kind.CLOSED
                ? new ReadFailure(ReadFailure.Kind.CLOSED, "the node was closed", null)
                : new ReadFailure(ReadFailure.Kind.FAILED, "the node stopped for good: " + stop.reason(), stop.cause());
    }

    /**
     * Takes a snapshot, unless one is being taken.
     *
     * @return completes, on the completion executor, with the slot of the snapshot when it is durable
     */
    public CompletableFuture<Long> snapshot() {
        CompletableFuture<Long> taken = keeper.next();
        inbox.put(driver -> {
            if (!driver.snapshots().takeNow()) {
                keeper.none();
            }
        });
        if (stop.isRequested()) {
            keeper.none();
        }
        return taken;
    }

    /**
     * Asks the core to hand leadership over.
     *
     * @param target to whom, or null for whoever is best prepared
     * @return completes, on the completion executor, with the member that leads then
     */
    public CompletableFuture<NodeId> transferLeadership(@Nullable NodeId target) {
        return transfers.ask(target, inbox, stop);
    }

    /**
     * Asks again what became of a command of which nobody knew.
     *
     * @param completion told once, on the completion executor, what is known by the end of the time
     */
    public void ask(SessionId session, long boot, long sequence, long timeoutMillis, Submission.Completion completion) {
        OpenSubmissions.Ticket ticket = submissions.open(completion);
        Outcome unknown = new Outcome.Unknown(session, boot, sequence, false);
        boolean own = session.equals(SessionId.ofNode(remembered.self())) && boot == remembered.boot();
        inbox.put(driver -> {
            if (!own || !driver.ask(sequence, timeoutMillis, ticket)) {
                long lookup = driver.lookUp(timeoutMillis, ticket, unknown);
                applier.put(new ApplyWork.Look(
                        session,
                        boot,
                        sequence,
                        fate -> inbox.put(again -> again.found(lookup, outcomeOf(fate, unknown)))));
            }
        });
        StopSignal.Stop after = stop.reason();
        if (after != null && (after.kind() == StopSignal.Kind.FAILED || coreEnded)) {
            ticket.complete(outcomeOf(after));
        }
    }

    private static Outcome outcomeOf(SessionFate fate, Outcome unknown) {
        SessionResult result = fate.result();
        return switch (fate.fate()) {
            case TOOK_EFFECT -> result == null ? new Outcome.ResultGone(null) : Outcome.of(result);
            case NEVER -> new Outcome.NeverApplied();
            case NOT_YET, FORGOTTEN -> unknown;
        };
    }

    /** The sessions of remote clients. */
    public ClientSessions clients() {
        return clients;
    }

    private static Outcome outcomeOf(StopSignal.Stop stop) {
        return stop.kind() == StopSignal.Kind.CLOSED
                ? new Outcome.Closed()
                : new Outcome.Failed(stop.reason(), stop.cause());
    }

    /** What the core last said of itself. */
    public DriverStatus status() {
        return publication.status();
    }

    /** What the journal found to be not as it was written; the oldest first. */
    public List<JournalDamage> damage() {
        return parts.journal().damage();
    }

    /** The slots that are unknown here by it, now; ascending. */
    public List<SlotRange> unknownSlots() {
        return parts.journal().unknown();
    }

    /** Why the node runs no more, as an outcome for commands submitted now; null while it runs. */
    public @Nullable Outcome end() {
        StopSignal.Stop reason = stop.reason();
        return reason == null ? null : outcomeOf(reason);
    }

    /** Waits until the node is ready, has ended, or the time is over; returns whether it is ready. */
    public boolean awaitReady(long millis) throws InterruptedException {
        return publication.awaitReady(millis) && !stop.isRequested();
    }

    /**
     * Stops the node and waits for its end, within bounds; from a thread of the node itself it does not wait. A leader
     * hands over first.
     */
    public void close() {
        boolean waits = !threads.isCurrent() && !turnstile.isHeldByCurrentThread() && !applier.isHeldByCurrentThread();
        boolean interrupted = waits && !handOver();
        stop.close();
        if (!waits) {
            return;
        }
        long deadline = System.nanoTime() + 2 * END_NANOS;
        long left = deadline - System.nanoTime();
        while (left > 0) {
            try {
                if (stop.ended().await(left, TimeUnit.NANOSECONDS)) {
                    break;
                }
            } catch (InterruptedException remembered) {
                interrupted = true;
            }
            left = deadline - System.nanoTime();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /**
     * If this node leads and another one can be reached, asks the core to hand over, and waits for another leader, for
     * one election timeout at most.
     *
     * @return false if the caller was interrupted meanwhile
     */
    private boolean handOver() {
        long deadline = System.nanoTime()
                + MILLISECONDS.toNanos(parts.options().timing().electionTimeoutMaxMillis());
        boolean another = parts.plan().voters().stream().anyMatch(parts.transport()::isReachable);
        if (stop.isRequested() || !isLedHere(publication.status()) || !another) {
            return true;
        }
        CompletableFuture<Boolean> begun = new CompletableFuture<>();
        inbox.put(driver -> {
            news.closes();
            driver.handOver(null);
            begun.complete(driver.status().replica().role() == ReplicaStatus.Role.HANDING_OVER);
        });
        try {
            if (begun.get(deadline - System.nanoTime(), NANOSECONDS)) {
                publication.await(
                        status -> !status.replica().leader().isNone() && !isLedHere(status),
                        NANOSECONDS.toMillis(deadline - System.nanoTime()));
            }
        } catch (InterruptedException impatient) {
            return false;
        } catch (ExecutionException | TimeoutException notBegun) {
            LOG.debug("{}: closes without handing over", node, notBegun);
        }
        return true;
    }

    private static boolean isLedHere(DriverStatus status) {
        return status.replica().leader().owner().equals(status.self());
    }

    // ---- the end --------------------------------------------------------------------------------------------

    /**
     * Watches the core's turns while the node runs: a core that hangs, in a transport that blocks say, cannot stop itself
     * (hazard V8). Looks are counted, not time: while the whole process is stopped nobody looks.
     */
    private void watchUntilStopped() throws InterruptedException {
        long looksMax = Math.max(2, parts.options().disk().stopAfterMillis() / LOOK_MILLIS);
        long turns = -1;
        long idleLooks = 0;
        while (!stop.requested().await(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
            idleLooks = loop.turns() == turns ? idleLooks + 1 : 0;
            turns = loop.turns();
            if (idleLooks >= looksMax) {
                stop.fail("the core thread hangs: no turn ended for " + looksMax * LOOK_MILLIS + " ms");
            }
        }
    }

    /** The body of the stop thread. */
    private void watchAndTakeDown() throws InterruptedException {
        watchUntilStopped();
        takeDown();
    }

    private void takeDown() {
        StopSignal.Stop reason = stop.reason();
        quietly(publication::end);
        if (reason != null && reason.kind() == StopSignal.Kind.FAILED) {
            // Callers first, then the host: neither may wait for a transport or a disk that hangs.
            quietly(() -> submissions.completeAll(outcomeOf(reason)));
            quietly(() -> reads.failAll(failureOf(reason)));
            quietly(() -> LOG.error("{}: stopped for good: {}", node, reason.reason(), reason.cause()));
            quietly(() -> callbacks.failed(reason.reason(), reason.cause()));
        }
        quietly(parts.transport()::close);
        quietly(writer::close);
        quietly(applier::close);
        quietly(reading::close);
        quietly(keeper::close);
        long deadline = System.nanoTime() + END_NANOS;
        coreEnded = NodeThreads.awaitEnd(core, deadline);
        Outcome left = coreEnded
                ? new Outcome.Closed()
                : new Outcome.Failed("the core thread did not end within " + END_NANOS / 1_000_000 + " ms", null);
        quietly(() -> submissions.completeAll(left));
        quietly(transfers::end);
        quietly(() -> reads.failAll(new ReadFailure(ReadFailure.Kind.CLOSED, "the node was closed", null)));
        boolean applyEnded = NodeThreads.awaitEnd(apply, deadline);
        quietly(clients::end);
        boolean readEnded = NodeThreads.awaitEnd(read, deadline);
        boolean snapshotEnded = NodeThreads.awaitEnd(snapshot, deadline);
        if (NodeThreads.awaitEnd(journal, deadline) && readEnded && snapshotEnded) {
            quietly(parts.journal()::close);
        } else {
            quietly(() -> LOG.warn("{}: a disk operation did not end; the directory stays locked", node));
        }
        quietly(() -> LOG.info("{}: {}", node, applyEnded ? "ended" : "ended, but for the state machine's apply"));
        stop.ended().countDown();
        quietly(callbacks::end); // last: whoever is told on this thread may keep it
    }

    /** One step of the end; what it throws must not keep the next from happening. */
    private void quietly(NodeThreads.Body step) {
        try {
            step.run();
        } catch (Throwable thrown) {
            try {
                LOG.warn("{}: while stopping: {}", node, thrown.toString());
            } catch (Throwable noMemory) {
                // The next step matters more than the log.
            }
        }
    }
}
