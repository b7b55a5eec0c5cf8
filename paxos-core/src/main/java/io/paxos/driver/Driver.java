// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Frame;
import io.paxos.message.Message;
import io.paxos.message.Message.AppliedDigest;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.SnapshotPiece;
import io.paxos.message.Message.SnapshotRequest;
import io.paxos.model.Command;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Event;
import io.paxos.protocol.Notice;
import io.paxos.protocol.Replica;
import io.paxos.transport.CopyRefusal;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Drives one {@link Replica}: carries what happens to it, and does what it asks for, in the order that keeps it safe.
 * Owned by one thread, which turns it:
 *
 * <pre>{@code
 * driver.beginTurn(now);
 * driver.receive(…); driver.forced(…); driver.applied(…); driver.chosenRead(…); driver.submit(…);   // what came in
 * driver.endTurn();
 * }</pre>
 *
 * <p>Everything submitted during a turn goes to the core as one event, and so into few slots. Messages that the replica
 * addresses to itself come back as events of their own, through a queue and after the writes they wait for (hazard S6).
 *
 * <p>An exception out of any method means that the node must stop: nothing may be called afterwards but {@link
 * #status()} and {@link #close()}.
 */
public final class Driver {

    private final Replica replica;
    private final MemberId self;
    private final long boot;
    private final DriverPorts ports;
    private final SubmissionWindow window;

    private final TurnClock clock;
    private final FrameGate gate;
    private final DiskWatch disk;
    private final Outbox outbox;
    private final CoreSteps core;
    private final LeaderWatch leader;
    private final ApplyFeed feed;
    private final OwnSession session;
    private final CommandHandOff commands;
    private final Reads reads;
    private final Lookups lookups = new Lookups();
    private final StateAgreement agreement;
    private final SnapshotDuties snapshots;
    private final ChosenDelivery chosen;

    private boolean begun;
    private @Nullable MemberId refusedBy;

    /** When sessions expire by agreed time, as the core was last told. */
    private long nextExpiryMillis = Long.MAX_VALUE;

    /**
     * @param replica built on {@code remembered}
     * @param restored what the state machine stands at; if that is below the floor of what is remembered, its state has to
     *     come from another member
     * @param window where room for submissions is reserved
     * @param seed for the jitter of retries
     */
    public Driver(
            Replica replica,
            DurableState remembered,
            Restored restored,
            DriverOptions options,
            SubmissionWindow window,
            DriverPorts ports,
            long seed) {
        this.replica = replica;
        this.self = remembered.self();
        this.boot = remembered.boot();
        this.ports = ports;
        this.window = window;
        Host host = new Host();
        long heartbeatMillis = options.timing().heartbeatMillis();
        this.clock = new TurnClock(options.timing().electionTimeoutMinMillis(), heartbeatMillis);
        this.gate = new FrameGate(self.node());
        this.disk = new DiskWatch(options, clock);
        this.outbox = new Outbox(remembered, ports);
        this.core = new CoreSteps(replica, self, outbox, disk, ports, host);
        this.leader = new LeaderWatch(self, clock, heartbeatMillis);
        this.feed = new ApplyFeed(
                restored.slot(),
                remembered.knownChosen(),
                options.applyBacklogBytesMax(),
                options.limits().pageBytesMax(),
                options.limits().pageSlotsMax());
        // A leader takes a run whole or not at all, so one that its queue cannot hold would never be taken.
        int chunkBytesMax =
                (int) Math.min(options.limits().pageBytesMax(), options.limits().pendingBytesMax());
        this.session = new OwnSession(
                SessionId.ofNode(self),
                boot,
                chunkBytesMax,
                window,
                new Backoff(options.retryMillis(), options.retryMillisMax(), seed));
        this.commands = new CommandHandOff(core, session, clock, chunkBytesMax);
        this.reads =
                new Reads(host, options.timing().retransmitMillis(), new SplittableRandom(~seed).nextLong(1, 1L << 62));
        this.agreement = new StateAgreement(self, host);
        Founding founding = remembered.founding();
        if (founding != null) {
            agreement.members(founding.membership());
        }
        this.snapshots =
                new SnapshotDuties(remembered, restored, options, ports.snapshots(), host, feed, session, seed);
        this.chosen = new ChosenDelivery(options, ports, clock, feed, snapshots, outbox);
    }

    // ---- what comes in --------------------------------------------------------------------------------------

    /**
     * Begins a turn. Time moves first, except after a pause of this thread that is longer than an election timeout: then
     * what arrived meanwhile is looked at before any timer fires, and the core's time moves by one heartbeat only. (A was
     * stopped for 5 s by its garbage collector. B is well and its heartbeats lie unread in A's sockets: were A's timers
     * to fire at once, it would stand against B. Hazard V6.)
     *
     * @param nowMillis monotonic, with an arbitrary origin; at most one heartbeat apart while nothing is wrong
     */
    public void beginTurn(long nowMillis) {
        snapshots.timeIs(nowMillis);
        boolean moved = clock.advance(nowMillis);
        if (!begun) {
            begun = true;
            snapshots.begin(); // what this writes is timed, and what the core reports chosen goes on behind it
        }
        if (moved && !clock.wasPaused()) {
            core.stepAndDrain(new Event.TimeIsNow(clock.coreMillis()));
        }
    }

    /** A frame arrived. */
    public void receive(Frame frame) {
        boolean senderStarted = gate.isOfNewBoot(frame);
        if (gate.admits(frame, outbox.founding(), disk.isBehind(), !disk.mayVote())) {
            if (senderStarted) {
                core.step(new Event.PeerStarted(frame.sender()));
            }
            hand(frame.sender(), frame.message());
        }
    }

    /** What snapshots consist of does not go to the core: it is told when one was taken or installed. */
    private void hand(MemberId from, Message message) {
        if (message instanceof SnapshotRequest request) {
            if (!snapshots.onRequest(from.node(), request)) {
                gate.count(DropReason.READS_BUSY, 1);
            }
        } else if (message instanceof SnapshotPiece piece) {
            snapshots.onPiece(from.node(), piece);
        } else if (message instanceof AppliedDigest told) {
            agreement.told(from, new StateDigest(told.slot(), told.digest()));
        } else {
            if (message instanceof Heartbeat heartbeat) {
                leader.heard(heartbeat);
            }
            core.stepAndDrain(new Event.MessageArrived(from, message));
        }
    }

    /** A peer knows another process of this member: whoever of the two is told so stops. */
    public void refusedAsCopy(CopyRefusal refusal) {
        core.stop(refusal.reason());
    }

    /** That many frames were dropped before they reached {@link #receive}. */
    public void dropped(DropReason reason, long frames) {
        gate.count(reason, frames);
    }

    /** Every write up to that one is on the disk. */
    public void forced(long writeSequence) {
        core.forced(writeSequence);
    }

    /**
     * Whether the journal has room to go on. Without it this member hands leadership over, promises nothing, votes for
     * nothing and takes no value in; what it wrote holds. Said once when it changes, or as often as one likes.
     *
     * @param hasNextSegment whether there is a segment to go on in when the current one is full
     * @param detail what is missing, for the operator: which path, how many bytes; not looked at if there is room
     */
    public void journalSpace(boolean hasNextSegment, String detail) {
        disk.space(hasNextSegment, detail);
        tellFitness();
    }

    /**
     * The host wants another member to lead. A {@link Notice.HandOverEnded} tells how it ended.
     *
     * @param target who, or null for the member that is best prepared
     */
    public void handOver(@Nullable NodeId target) {
        core.stepAndDrain(new Event.HandOverAsked(target));
    }

    /** The apply side is done with some slots. */
    public void applied(AppliedReport report) {
        if (report.superseded()) {
            core.stop("a later boot of " + self + " is at work: this process runs on a copy of its directory");
            return;
        }
        snapshots.applied(report);
        feed.applied(report.slot(), report.bytes());
        session.applied(report, clock.turnMillis());
        nextExpiry(report.nothingExpiresBeforeMillis());
        for (StateDigest digest : report.digests()) {
            agreement.mine(digest);
        }
    }

    /**
     * The answer to a read.
     *
     * @param chosen as many of the first slots as the journal had and as fit the bound, perhaps none
     */
    public void chosenRead(JournalRead read, List<Proposal> chosen) {
        this.chosen.read(read, chosen);
    }

    /**
     * The answer to a read whose first values were in the journal and cannot be read any more.
     *
     * @param unknown they; they will be fetched from another member
     */
    public void chosenUnknown(JournalRead read, SlotRange unknown) {
        chosen.read(read, List.of());
        core.stepAndDrain(new Event.ValuesUnknown(unknown));
    }

    /** Where snapshots are asked for, and what was asked of the {@link SnapshotPorts} is answered; within a turn. */
    public SnapshotDuties snapshots() {
        return snapshots;
    }

    /** A caller of this node submitted a command. */
    public void submit(Submission submission) {
        session.submit(submission, clock.turnMillis());
    }

    /**
     * A caller asks again what became of a command of this node's session, at this boot.
     *
     * @return whether it will be told; false if nothing is known of it here
     */
    public boolean ask(long sequence, long timeoutMillis, Submission.Completion completion) {
        return session.ask(sequence, clock.turnMillis() + timeoutMillis, completion);
    }

    /**
     * A caller waits for something that is looked up on the apply side.
     *
     * @param completion told once: by {@link #found}, or when the time is over
     * @param otherwise what it is told then
     * @return the name of the look-up
     */
    public long lookUp(long timeoutMillis, Submission.Completion completion, Outcome otherwise) {
        return lookups.begin(clock.turnMillis() + timeoutMillis, completion, otherwise);
    }

    /** What the look-up of that name found. */
    public void found(long lookup, Outcome outcome) {
        lookups.found(lookup, outcome);
    }

    /**
     * Commands of clients whose sessions are attached to this node. They are handed on once, at the end of the turn; what
     * becomes of them is told on the apply side, and refusals by {@link DriverPorts#notice}.
     */
    public void submitForClients(List<Command> commands) {
        this.commands.ofClients(commands);
    }

    /** A caller of this node wants to read. */
    public void read(Read read) {
        reads.add(read, clock.turnMillis());
    }

    /** The apply side is done with some reads. */
    public void readsDone(ReadReport report) {
        reads.done(report);
    }

    /** Ends a turn: timers after a pause, own commands, deadlines, reads. */
    public void endTurn() {
        if (clock.wasPaused()) {
            core.step(new Event.TimeWasLost());
            core.stepAndDrain(new Event.TimeIsNow(clock.coreMillis()));
        }
        session.expire(clock.turnMillis());
        lookups.expire(clock.turnMillis());
        commands.endTurn();
        if (!core.isStopped()) {
            snapshots.endTurn();
        }
        if (!core.isStopped()) {
            chosen.readForApply();
        }
        if (!core.isStopped()) {
            letRead();
        }
        disk.observe();
        tellFitness();
        String slowDisk = disk.reasonToStop();
        if (slowDisk != null) {
            core.stop(slowDisk);
        }
    }

    private void letRead() {
        Founding of = outbox.founding();
        if (leader.isHere() && of != null && of.membership().voters().size() == 1) {
            leader.leadsAlone(feed.knownChosen());
        }
        reads.endTurn(clock.turnMillis(), leader.isKnown(), feed.handed(), leader.freshMillis(feed.applied()));
    }

    private void tellFitness() {
        Event.FitnessChanged change = disk.change();
        if (change != null) {
            core.stepAndDrain(change);
        }
    }

    /** The node closes: tells every caller how its command stands. */
    public void close() {
        core.close();
        session.close();
        reads.close();
    }

    // ---- what the core says, and what the parts ask for ---------------------------------------------------------

    private void noticed(Notice notice) {
        if (notice instanceof Notice.LeaderChanged changed) {
            leader.changed(changed);
            snapshots.leader(changed.leader().owner().node());
            reads.leaderChanged(clock.turnMillis());
            session.leaderChanged(leader.takesCommands());
        } else if (notice instanceof Notice.CommandsRefused refused) {
            if (refused.session().equals(session.id())) {
                commands.refused(refused);
                return;
            }
        } else if (notice instanceof Notice.ReadPointReady ready) {
            boolean byLease = ready.leaseEndMillis() != 0;
            long leaseEndMillis = byLease ? clock.turnMillis() + ready.leaseEndMillis() - clock.coreMillis() : 0;
            reads.ready(ready.nonce(), ready.point(), leaseEndMillis);
            return;
        } else if (notice instanceof Notice.CatchUpRead read) {
            if (!chosen.readFor(read)) {
                gate.count(DropReason.READS_BUSY, 1);
            }
            return;
        } else if (notice instanceof Notice.SnapshotNeeded needed) {
            snapshots.needed(needed);
            return;
        } else if (notice instanceof Notice.Refused refused) {
            refusedBy = refused.by();
        } else if (notice instanceof Notice.MustStop mustStop) {
            core.stop(mustStop.reason());
            return;
        }
        ports.notice(notice);
    }

    /** As the log is applied here, sessions expire when agreed time reaches this. */
    private void nextExpiry(long agreedMillis) {
        if (agreedMillis != nextExpiryMillis) {
            nextExpiryMillis = agreedMillis;
            core.step(new Event.NextExpiry(agreedMillis));
        }
    }

    /** What the parts of the driver ask of it, and through it of each other. */
    private final class Host implements CoreSteps.Host, StateAgreement.Host, Reads.Host, SnapshotDuties.Host {
        @Override
        public void step(Event event) {
            core.stepAndDrain(event);
        }

        @Override
        public void send(NodeId to, Message message) {
            outbox.send(to, message);
        }

        @Override
        public void stop(String reason) {
            core.stop(reason);
        }

        @Override
        public void adopts(Founding founding) {
            snapshots.adopted(founding);
            agreement.members(founding.membership());
        }

        @Override
        public void leads(Heartbeat heartbeat) {
            leader.sent(heartbeat);
        }

        @Override
        public void chosen(List<Proposal> values) {
            chosen.chosen(values);
        }

        @Override
        public void noticed(Notice notice) {
            Driver.this.noticed(notice);
        }

        @Override
        public void diverged(Divergence divergence) {
            ports.diverged(divergence);
        }

        @Override
        public void want(long nonce, boolean byLease) {
            core.stepAndDrain(new Event.ReadPointWanted(nonce, byLease));
        }

        @Override
        public void hand(ApplyWork.Reads ready) {
            ports.read(ready);
        }

        @Override
        public void replaced(InstallReport by) {
            chosen.replaced();
            nextExpiry(by.nothingExpiresBeforeMillis());
        }
    }

    // ---- what it says of itself -----------------------------------------------------------------------------

    /**
     * Whether commands submitted now are likely to succeed: a leader is known, this node's session is open, the journal
     * has room to take their values in, and the state machine has been handed everything known chosen.
     */
    public boolean isReady() {
        return !core.isStopped() && leader.isKnown() && session.isOpen() && disk.mayVote() && feed.isCaughtUp();
    }

    /** Whether this node leads, and takes commands. */
    public boolean isLeading() {
        return leader.isHere();
    }

    public DriverStatus status() {
        return new DriverStatus(
                replica.status(),
                self,
                boot,
                feed.applied(),
                session.isOpen(),
                isReady(),
                disk.oldestMillis(),
                disk.report(),
                window.commands(),
                window.bytes(),
                refusedBy,
                snapshots.floor(),
                snapshots.report(),
                agreement.divergence(),
                leader.longestGapMillis(),
                leader.lateHeartbeats(),
                gate.dropped());
    }
}
