// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Message;
import io.paxos.message.Message.SnapshotPiece;
import io.paxos.message.Message.SnapshotRequest;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import io.paxos.protocol.Event;
import io.paxos.protocol.Notice;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a driver does about snapshots: takes them when they are due, lets go of the log behind them, serves them, and
 * fetches one when it has fallen behind everybody's log. The core is told two things only: that everything up to a slot is in
 * this member's snapshots, and that the state was replaced.
 *
 * <p>Owned by the driver's thread; the public methods are called within a turn.
 */
public final class SnapshotDuties {

    /** The driver, as far as it is needed here. */
    interface Host {
        void step(Event event);

        void send(NodeId to, Message message);

        /** The state machine stands elsewhere now. */
        void replaced(InstallReport by);

        void stop(String reason);
    }

    private final MemberId self;
    private final Restored restored;
    private final SnapshotPorts ports;
    private final Host host;
    private final ApplyFeed feed;
    private final OwnSession session;
    private final SnapshotSchedule schedule;
    private final SnapshotServing serving;
    private final SnapshotFetch fetch;
    private final long coreBeganAt;

    /** Everything at or below is in snapshots, and not in the journal. */
    private long floor;

    private SnapshotId held = SnapshotId.NONE;
    private @Nullable Founding founding;
    private long nowMillis;

    SnapshotDuties(
            DurableState remembered,
            Restored restored,
            DriverOptions options,
            SnapshotPorts ports,
            Host host,
            ApplyFeed feed,
            OwnSession session,
            long seed) {
        this.self = remembered.self();
        this.restored = restored;
        this.ports = ports;
        this.host = host;
        this.feed = feed;
        this.session = session;
        this.floor = remembered.floor();
        this.coreBeganAt = Math.max(remembered.floor(), remembered.knownChosen());
        this.schedule = new SnapshotSchedule(options.snapshots(), seed + 1);
        this.serving = new SnapshotServing(options.snapshots().pieceBytes());
        this.fetch = new SnapshotFetch(
                options.snapshots(), options.timing().electionTimeoutMaxMillis(), ports, host::send, seed + 2);
        if (restored.slot() > 0) {
            schedule.installed(restored.slot(), restored.bytes());
        }
        if (restored.slot() < floor) {
            feed.suspend(); // it has no state to go on from
        }
        Founding adopted = remembered.founding();
        if (adopted != null) {
            adopted(adopted);
        }
    }

    /**
     * A part of that snapshot is in this directory from an earlier start: if one is needed, members are asked for that one
     * first. Before the first turn.
     */
    public void partlyHere(SnapshotId id) {
        fetch.partlyHere(id);
    }

    // ---- turns ----------------------------------------------------------------------------------------------

    void timeIs(long millis) {
        nowMillis = millis;
    }

    /** The first turn: the core does not know yet what the state machine was restored from. */
    void begin() {
        boolean knowsMore = restored.slot() > coreBeganAt;
        boolean knowsTheTime = restored.slot() > 0 && restored.slot() == floor; // no slot with a stamp may be left
        if (knowsMore || knowsTheTime) {
            replaced(restored);
        } else if (restored.slot() < floor) {
            fetch.needed(NodeId.NONE, floor, restored.slot(), nowMillis);
        }
    }

    void endTurn() {
        fetch.onTime(nowMillis);
        if (schedule.begin()) {
            take();
        }
        holdServed();
    }

    /** The members are known. */
    void adopted(Founding by) {
        founding = by;
        List<NodeId> others = new ArrayList<>();
        by.membership().voters().forEach(voter -> others.add(voter.node()));
        others.addAll(by.membership().learners());
        others.remove(self.node());
        fetch.members(others);
    }

    void leader(NodeId leader) {
        fetch.leader(leader);
    }

    /** Before the feed is told. */
    void applied(AppliedReport report) {
        schedule.applied(report.slot() - feed.applied(), report.bytes());
        fetch.applied(report.slot());
    }

    void needed(Notice.SnapshotNeeded needed) {
        fetch.needed(needed.from(), needed.floor(), feed.applied(), nowMillis);
    }

    // ---- taking ---------------------------------------------------------------------------------------------

    /**
     * The host wants a snapshot now.
     *
     * @return whether one is being taken now; false if the application takes none
     */
    public boolean takeNow() {
        if (founding != null && schedule.beginNow()) {
            take();
        }
        return schedule.isTaking();
    }

    private void take() {
        Founding of = founding;
        if (of == null) {
            throw new IllegalStateException("slots were applied before there was a founding");
        }
        ports.take(of);
    }

    /**
     * A snapshot of this member is durable, and was read back.
     *
     * @param id which
     * @param allowedFloor the slot of the oldest one that is kept; 0 if the log from its start is still needed
     */
    public void taken(SnapshotId id, long allowedFloor) {
        schedule.taken(id.slot(), id.bytes());
        long now = schedule.floorWithin(allowedFloor, nowMillis);
        if (now > floor) {
            floor = now;
            host.step(new Event.SnapshotTaken(floor));
        }
    }

    /**
     * A snapshot could not be taken. The log is kept, and the next one is tried when it is due.
     *
     * @param supported whether the application takes any
     */
    public void notTaken(boolean supported) {
        schedule.notTaken(supported);
    }

    // ---- serving --------------------------------------------------------------------------------------------

    /** Whether a read for it is under way now; else it will have to come again. */
    boolean onRequest(NodeId from, SnapshotRequest request) {
        SnapshotRead read = serving.read(from, request);
        if (read != null) {
            ports.read(read);
        }
        return read != null;
    }

    /**
     * The answer to a read for another member.
     *
     * @param id which snapshot, or {@link SnapshotId#NONE} if that one is not there
     */
    public void read(SnapshotRead read, SnapshotId id, Value piece) {
        SnapshotServing.Answer answer = serving.answer(read, id, piece);
        if (answer != null) {
            if (!id.isNone()) {
                schedule.serves(id, nowMillis);
                holdServed();
            }
            host.send(answer.to(), answer.piece());
        }
    }

    /** Another member is read the log from that slot on. */
    void catchesUp(long first) {
        schedule.catchesUp(first, nowMillis);
    }

    /** While a member is in the middle of a snapshot, newer ones must not take it away (hazard R7). */
    private void holdServed() {
        SnapshotId now = schedule.held(nowMillis);
        if (!now.equals(held)) {
            held = now;
            ports.hold(now);
        }
    }

    // ---- fetching -------------------------------------------------------------------------------------------

    void onPiece(NodeId from, SnapshotPiece piece) {
        fetch.onPiece(from, piece, nowMillis);
    }

    /** A snapshot that is being received is stored up to that offset. */
    public void stored(SnapshotId id, long offset) {
        fetch.stored(id, offset, nowMillis);
        if (fetch.isInstalling()) {
            feed.suspend();
        }
    }

    /** A snapshot that is being received could not be stored, or is not what it should have been. */
    public void notStored(SnapshotId id) {
        if (fetch.isInstalling() && feed.applied() >= floor) {
            feed.resume();
        }
        fetch.notStored(id, nowMillis);
    }

    /** The apply side is done with a snapshot that was received. */
    public void installed(InstallReport report) {
        fetch.installed(report.id());
        if (report.older()) {
            feed.resume();
            return;
        }
        if (report.superseded()) {
            host.stop("a later boot of " + self + " is at work: this process runs on a copy of its directory");
            return;
        }
        host.replaced(report);
        feed.installed(report.restored().slot());
        schedule.installed(report.restored().slot(), report.restored().bytes());
        session.restored(report.ownDue(), report.ownResults(), nowMillis);
        if (report.restored().slot() >= floor) {
            replaced(report.restored());
        }
    }

    private void replaced(Restored by) {
        floor = Math.max(floor, by.slot());
        host.step(new Event.SnapshotInstalled(by.slot(), by.agreedTimeMillis()));
    }

    // ---- what it says of itself -----------------------------------------------------------------------------

    long floor() {
        return floor;
    }

    SnapshotReport report() {
        return new SnapshotReport(
                schedule.newest(),
                schedule.newestBytes(),
                schedule.isTaking(),
                fetch.fetching(),
                fetch.source(),
                fetch.storedBytes(),
                fetch.bytesPerSecond(nowMillis),
                fetch.bufferedBytes());
    }
}
