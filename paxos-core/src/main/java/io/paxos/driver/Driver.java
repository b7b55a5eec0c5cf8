// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Frame;
import io.paxos.message.Message;
import io.paxos.message.Message.AppliedDigest;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.RefusalReason;
import io.paxos.message.Message.SnapshotPiece;
import io.paxos.message.Message.SnapshotRequest;
import io.paxos.model.Command;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Effects;
import io.paxos.protocol.Event;
import io.paxos.protocol.Notice;
import io.paxos.protocol.Replica;
import io.paxos.transport.CopyRefusal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
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
    private final DriverOptions options;
    private final DriverPorts ports;
    private final SubmissionWindow window;

    private final FrameGate gate;
    private final ReleaseQueue release = new ReleaseQueue();
    private final UnforcedWrites unforced = new UnforcedWrites();
    private final DiskHealth disk;
    private final ApplyFeed feed;
    private final SnapshotDuties snapshots;
    private final OwnSession session;
    private final StateAgreement agreement;
    private final int chunkBytesMax;

    /** Commands of clients that came in this turn. */
    private final List<Command> clientCommands = new ArrayList<>();

    /** What the core was last told of it. */
    private long nextExpiryMillis = Long.MAX_VALUE;

    private final Reads reads;
    private final Freshness freshness = new Freshness();
    private final TurnClock clock;
    private final HeartbeatGaps heartbeats;
    private final ArrayDeque<Message> toSelf = new ArrayDeque<>();

    /** Members whose request for chosen values is being read, by the id of the read. */
    private final Map<Long, Notice.CatchUpRead> catchUpReads = new TreeMap<>();

    /** The founding that this member holds durably, or null. Frames say so only from then on. */
    private @Nullable Founding founding;

    private @Nullable Founding foundingToBe;
    private long foundingWrite;

    private boolean begun;
    private long lastReadId;
    private long feedReadId;
    private long nowMillis;
    private long lastTurnMillis;
    private boolean leaderKnown;
    private boolean leadsHere;
    private @Nullable MemberId refusedBy;
    private boolean stopped;

    /** What the core was last told of the disk. */
    private boolean toldFit = true;

    private boolean toldMayVote = true;

    /** Set while a chunk of own commands is handed to the core: a refusal then means that it never left. */
    private boolean handingOn;

    private @Nullable RefusalReason refusedHere;

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
        this.options = options;
        this.window = window;
        this.ports = ports;
        this.gate = new FrameGate(self.node());
        this.disk = new DiskHealth(options.disk());
        this.clock = new TurnClock(
                options.timing().electionTimeoutMinMillis(), options.timing().heartbeatMillis());
        this.heartbeats = new HeartbeatGaps(options.timing().heartbeatMillis());
        this.feed = new ApplyFeed(
                restored.slot(),
                remembered.knownChosen(),
                options.applyBacklogBytesMax(),
                options.limits().pageBytesMax(),
                options.limits().pageSlotsMax());
        // A leader takes a run whole or not at all, so one that its queue cannot hold would never be taken.
        this.chunkBytesMax =
                (int) Math.min(options.limits().pageBytesMax(), options.limits().pendingBytesMax());
        this.session = new OwnSession(
                SessionId.ofNode(self),
                boot,
                chunkBytesMax,
                window,
                new Backoff(options.retryMillis(), options.retryMillisMax(), seed));
        this.reads = new Reads(
                new ReadsHost(),
                options.timing().retransmitMillis(),
                new SplittableRandom(~seed).nextLong(1, 1L << 62));
        this.founding = remembered.founding();
        this.agreement = new StateAgreement(self, new AgreementHost());
        if (founding != null) {
            agreement.members(founding.membership());
        }
        this.snapshots = new SnapshotDuties(
                remembered, restored, options, ports.snapshots(), new SnapshotHost(), feed, session, seed);
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
        lastTurnMillis = begun ? this.nowMillis : nowMillis;
        this.nowMillis = nowMillis;
        snapshots.timeIs(nowMillis);
        boolean moved = clock.advance(nowMillis);
        if (!begun) {
            begun = true;
            snapshots.begin(); // what this writes is timed, and what the core reports chosen goes on behind it
        }
        if (moved && !clock.wasPaused()) {
            step(new Event.TimeIsNow(clock.coreMillis()));
            drainSelf();
        }
    }

    /** A frame arrived. */
    public void receive(Frame frame) {
        boolean journalBehind = unforced.bytes() > options.journalBacklogBytesMax();
        boolean senderStarted = gate.isOfNewBoot(frame);
        if (gate.admits(frame, founding, journalBehind, !disk.mayVote())) {
            if (senderStarted) {
                step(new Event.PeerStarted(frame.sender()));
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
                heartbeats.heard(heartbeat.ballot(), nowMillis);
                if (heartbeat.hasQuorum()) {
                    // It may have lain in the inbox since the last turn.
                    freshness.heard(heartbeat.knownChosen(), lastTurnMillis);
                }
            }
            step(new Event.MessageArrived(from, message));
            drainSelf();
        }
    }

    /** A peer knows another process of this member: whoever of the two is told so stops. */
    public void refusedAsCopy(CopyRefusal refusal) {
        stop(refusal.reason());
    }

    /** That many frames were dropped before they reached {@link #receive}. */
    public void dropped(DropReason reason, long frames) {
        gate.count(reason, frames);
    }

    /** Every write up to that one is on the disk. */
    public void forced(long writeSequence) {
        disk.observe(unforced.oldestMillis(clock.coreMillis()), clock.coreMillis());
        release.forced(writeSequence);
        unforced.forced(writeSequence);
        if (foundingToBe != null && writeSequence >= foundingWrite) {
            founding = foundingToBe;
            foundingToBe = null;
        }
        releaseHeld();
        drainSelf();
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
        step(new Event.HandOverAsked(target));
        drainSelf();
    }

    /** The apply side is done with some slots. */
    public void applied(AppliedReport report) {
        if (report.superseded()) {
            stop("a later boot of " + self + " is at work: this process runs on a copy of its directory");
            return;
        }
        snapshots.applied(report);
        feed.applied(report.slot(), report.bytes());
        session.applied(report, nowMillis);
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
        if (read.id() == feedReadId) {
            handToApply(feed.read(chosen, nowMillis + options.timing().heartbeatMillis()));
            return;
        }
        Notice.CatchUpRead request = catchUpReads.remove(read.id());
        if (request != null) {
            long first = request.slots().first();
            send(
                    request.to(),
                    new Message.CatchUpPage(request.nonce(), first, chosen, snapshots.floor(), feed.knownChosen()));
        }
    }

    /**
     * The answer to a read whose first values were in the journal and cannot be read any more.
     *
     * @param unknown they; they will be fetched from another member
     */
    public void chosenUnknown(JournalRead read, SlotRange unknown) {
        chosenRead(read, List.of());
        step(new Event.ValuesUnknown(unknown));
        drainSelf();
    }

    /** Where snapshots are asked for, and what was asked of the {@link SnapshotPorts} is answered; within a turn. */
    public SnapshotDuties snapshots() {
        return snapshots;
    }

    /** A caller of this node submitted a command. */
    public void submit(Submission submission) {
        session.submit(submission, nowMillis);
    }

    /**
     * A caller asks again what became of a command of this node's session, at this boot.
     *
     * @return whether it will be told; false if nothing is known of it here
     */
    public boolean ask(long sequence, long timeoutMillis, Submission.Completion completion) {
        return session.ask(sequence, nowMillis + timeoutMillis, completion);
    }

    /**
     * Commands of clients whose sessions are attached to this node. They are handed on once, at the end of the turn; what
     * becomes of them is told on the apply side, and refusals by {@link DriverPorts#notice}.
     */
    public void submitForClients(List<Command> commands) {
        clientCommands.addAll(commands);
    }

    /** A caller of this node wants to read. */
    public void read(Read read) {
        reads.add(read, nowMillis);
    }

    /** The apply side is done with some reads. */
    public void readsDone(ReadReport report) {
        reads.done(report);
    }

    /** Ends a turn: timers after a pause, own commands, deadlines, reads. */
    public void endTurn() {
        if (clock.wasPaused()) {
            step(new Event.TimeWasLost());
            step(new Event.TimeIsNow(clock.coreMillis()));
            drainSelf();
        }
        session.expire(nowMillis);
        handOnCommands();
        handOnClientCommands();
        if (!stopped) {
            snapshots.endTurn();
        }
        JournalRead read = stopped ? null : feed.nextRead(lastReadId + 1, nowMillis);
        if (read != null) {
            feedReadId = ++lastReadId;
            ports.readChosen(read);
        }
        if (!stopped) {
            letRead();
        }
        long oldest = unforced.oldestMillis(clock.coreMillis());
        disk.observe(oldest, clock.coreMillis());
        tellFitness();
        if (oldest > options.disk().stopAfterMillis()) {
            stop("the disk has not forced a write for " + oldest + " ms; allowed are "
                    + options.disk().stopAfterMillis());
        }
    }

    private void letRead() {
        Founding of = founding;
        if (leadsHere && of != null && of.membership().voters().size() == 1) {
            freshness.heard(
                    feed.knownChosen(), nowMillis); // it sends no heartbeats, for there is nobody to send them to
        }
        reads.endTurn(nowMillis, leaderKnown, feed.handed(), freshness.millis(feed.applied()));
    }

    private void tellFitness() {
        if (disk.isFitToLead() != toldFit || disk.mayVote() != toldMayVote) {
            toldFit = disk.isFitToLead();
            toldMayVote = disk.mayVote();
            step(new Event.FitnessChanged(toldFit, toldMayVote));
            drainSelf();
        }
    }

    /** The node closes: tells every caller how its command stands. */
    public void close() {
        stopped = true;
        session.close();
        reads.close();
    }

    // ---- stepping -------------------------------------------------------------------------------------------

    private void step(Event event) {
        if (stopped) {
            return;
        }
        Effects effects = replica.step(event);
        if (!effects.writes().isEmpty()) {
            write(effects.writes());
        }
        for (Effects.Envelope envelope : effects.sendNow()) {
            if (envelope.message() instanceof Message.Heartbeat heartbeat && heartbeat.hasQuorum()) {
                freshness.heard(heartbeat.knownChosen(), nowMillis);
            }
            dispatch(envelope);
        }
        if (!effects.sendAfterWrites().isEmpty()) {
            release.hold(effects.sendAfterWrites());
            releaseHeld();
        }
        if (!effects.chosen().isEmpty()) {
            handToApply(feed.chosen(effects.chosen()));
        }
        for (Notice notice : effects.notices()) {
            handle(notice);
        }
    }

    private void write(List<DurableRecord> records) {
        long sequence = release.nextWrite();
        for (DurableRecord record : records) {
            if (record instanceof DurableRecord.FoundingAdopted adopted) {
                foundingToBe = adopted.founding();
                foundingWrite = sequence;
                snapshots.adopted(adopted.founding());
                agreement.members(adopted.founding().membership());
            }
        }
        unforced.handedOver(sequence, records, clock.coreMillis());
        ports.append(sequence, records);
    }

    private void releaseHeld() {
        for (List<Effects.Envelope> free = release.poll(); free != null; free = release.poll()) {
            for (Effects.Envelope envelope : free) {
                dispatch(envelope);
            }
        }
    }

    private void dispatch(Effects.Envelope envelope) {
        if (envelope.to().equals(self.node())) {
            toSelf.addLast(envelope.message());
        } else {
            send(envelope.to(), envelope.message());
        }
    }

    private void send(NodeId to, Message message) {
        Founding held = founding;
        FoundingId id = held == null ? FoundingId.NONE : held.id();
        ports.send(to, new Frame(id, 0, self, boot, message));
    }

    private void drainSelf() {
        for (Message message = toSelf.pollFirst(); message != null; message = toSelf.pollFirst()) {
            step(new Event.MessageArrived(self, message));
        }
    }

    private void handToApply(List<Proposal> chosen) {
        if (!chosen.isEmpty()) {
            ports.apply(chosen);
        }
    }

    // ---- notices and own commands ---------------------------------------------------------------------------

    private void handle(Notice notice) {
        if (notice instanceof Notice.LeaderChanged changed) {
            leaderKnown = !changed.leader().isNone();
            snapshots.leader(changed.leader().owner().node());
            heartbeats.leader(changed.leader(), nowMillis);
            boolean electedHere = changed.leader().owner().equals(self);
            leadsHere = electedHere && changed.leadsHere();
            reads.leaderChanged(nowMillis);
            session.leaderChanged(leaderKnown && (!electedHere || changed.leadsHere()));
        } else if (notice instanceof Notice.CommandsRefused refused) {
            if (refused.session().equals(session.id())) {
                refusedOwn(refused);
                return;
            }
        } else if (notice instanceof Notice.ReadPointReady ready) {
            boolean byLease = ready.leaseEndMillis() != 0;
            long leaseEndMillis = byLease ? nowMillis + ready.leaseEndMillis() - clock.coreMillis() : 0;
            reads.ready(ready.nonce(), ready.point(), leaseEndMillis);
            return;
        } else if (notice instanceof Notice.CatchUpRead read) {
            catchUp(read);
            return;
        } else if (notice instanceof Notice.SnapshotNeeded needed) {
            snapshots.needed(needed);
            return;
        } else if (notice instanceof Notice.Refused refused) {
            refusedBy = refused.by();
        } else if (notice instanceof Notice.MustStop mustStop) {
            stop(mustStop.reason());
            return;
        }
        ports.notice(notice);
    }

    private void refusedOwn(Notice.CommandsRefused refused) {
        if (handingOn) {
            refusedHere = refused.reason();
        } else {
            session.refusedElsewhere(refused.firstSequence(), refused.reason(), nowMillis);
        }
    }

    /** One read a member at a time: who asks again before it was answered has lost patience, not the answer. */
    private void catchUp(Notice.CatchUpRead request) {
        for (Notice.CatchUpRead running : catchUpReads.values()) {
            if (running.to().equals(request.to())) {
                gate.count(DropReason.READS_BUSY, 1);
                return;
            }
        }
        long first = request.slots().first();
        long last = Math.min(request.slots().last(), first + options.limits().pageSlotsMax() - 1);
        lastReadId++;
        catchUpReads.put(lastReadId, request);
        ports.readChosen(new JournalRead(
                lastReadId, new SlotRange(first, last), options.limits().pageBytesMax()));
    }

    private void handOnCommands() {
        List<Command> chunk = session.nextChunk(nowMillis);
        while (!chunk.isEmpty() && !stopped) {
            refusedHere = null;
            handingOn = true;
            step(new Event.CommandsSubmitted(chunk));
            handingOn = false;
            if (refusedHere == null) {
                session.handedOn(chunk, nowMillis);
            } else {
                session.refusedHere(chunk, refusedHere, nowMillis);
            }
            drainSelf();
            chunk = session.nextChunk(nowMillis);
        }
    }

    private void handOnClientCommands() {
        int from = 0;
        while (from < clientCommands.size() && !stopped) {
            int to = from;
            long bytes = 0;
            while (to < clientCommands.size()
                    && (to == from || bytes + clientCommands.get(to).encodedLength() <= chunkBytesMax)) {
                bytes += clientCommands.get(to).encodedLength();
                to++;
            }
            step(new Event.CommandsSubmitted(clientCommands.subList(from, to)));
            drainSelf();
            from = to;
        }
        clientCommands.clear();
    }

    /** As the log is applied here, sessions expire when agreed time reaches this. */
    private void nextExpiry(long agreedMillis) {
        if (agreedMillis != nextExpiryMillis) {
            nextExpiryMillis = agreedMillis;
            step(new Event.NextExpiry(agreedMillis));
        }
    }

    /** What comparing the state asks of the driver. */
    private final class AgreementHost implements StateAgreement.Host {
        @Override
        public void send(NodeId to, Message message) {
            Driver.this.send(to, message);
        }

        @Override
        public void diverged(Divergence divergence) {
            ports.diverged(divergence);
        }

        @Override
        public void stop(String reason) {
            Driver.this.stop(reason);
        }
    }

    /** What the reads ask of the driver. */
    private final class ReadsHost implements Reads.Host {
        @Override
        public void want(long nonce, boolean byLease) {
            step(new Event.ReadPointWanted(nonce, byLease));
            drainSelf();
        }

        @Override
        public void hand(ApplyWork.Reads ready) {
            ports.read(ready);
        }
    }

    /** What the snapshots ask of the driver. */
    private final class SnapshotHost implements SnapshotDuties.Host {
        @Override
        public void step(Event event) {
            Driver.this.step(event);
            drainSelf();
        }

        @Override
        public void send(NodeId to, Message message) {
            Driver.this.send(to, message);
        }

        @Override
        public void replaced(InstallReport by) {
            feedReadId = 0; // what is being read for the state machine is in the snapshot
            nextExpiry(by.nothingExpiresBeforeMillis());
        }

        @Override
        public void stop(String reason) {
            Driver.this.stop(reason);
        }
    }

    private void stop(String reason) {
        if (!stopped) {
            stopped = true;
            ports.mustStop(reason);
        }
    }

    // ---- what it says of itself -----------------------------------------------------------------------------

    /**
     * Whether commands submitted now are likely to succeed: a leader is known, this node's session is open, the journal
     * has room to take their values in, and the state machine has been handed everything known chosen.
     */
    public boolean isReady() {
        return !stopped && leaderKnown && session.isOpen() && disk.mayVote() && feed.isCaughtUp();
    }

    public DriverStatus status() {
        return new DriverStatus(
                replica.status(),
                self,
                boot,
                feed.applied(),
                session.isOpen(),
                isReady(),
                unforced.oldestMillis(clock.coreMillis()),
                disk.report(),
                window.commands(),
                window.bytes(),
                refusedBy,
                snapshots.floor(),
                snapshots.report(),
                agreement.divergence(),
                heartbeats.longestMillis(nowMillis),
                heartbeats.late(),
                gate.dropped());
    }
}
