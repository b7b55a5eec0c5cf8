// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.Rejected;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The proposer: one attempt to lead at a time, each at a ballot of its own, and phase 2 in a {@link Window} once it has
 * its promises.
 *
 * <pre>
 *          begin: round above every one seen,                 a phase-1 quorum reported
 *   IDLE ── promise it durably, then ask ──▶ PREPARING ── heartbeats start, "I have a quorum" ──▶ FETCHING
 *    ▲                                          │                                                    │ knows what others
 *    │  refused, no progress, or promised       │                                                    │ know chosen
 *    │  to somebody else                        │                                                    ▼
 *    ├──────────────────────────────────────────┴──────────── no quorum for an election timeout ── LEADING
 *    │                                                        live leader above this ballot          │
 *    └───────────────────────────────────────────────────────────────────────────────────────────────┤
 *                                      a member is stranded above this ballot: begin again ──▶ PREPARING
 * </pre>
 *
 * <p>While {@link HandOver} drains it, a leader takes no commands and opens no slots; a member above its ballot ends its
 * leadership then, for it must not fight its successor.
 *
 * <p><b>A stranded promise.</b> B promised 9 to a candidate that vanished, follows leader A at 7, acknowledges A's
 * heartbeats, and refuses A's accepts. With B's vote missing nothing may ever be chosen again. So acknowledgements carry
 * the promise, and A, refused at 9 by a member that follows no live leader at 9, begins again above 9, without a canvass.
 */
final class Proposer {

    private enum State {
        IDLE,
        PREPARING,
        FETCHING,
        LEADING
    }

    private final Timing timing;
    private final Memberships memberships;
    private final Acceptor acceptor;
    private final Learner learner;
    private final FollowedLeader followed;
    private final CatchUp catchUp;
    private final PendingCommands pending;
    private final Fitness fitness;
    private final Heartbeats heartbeats;
    private final Window window;
    private final SplittableRandom random;
    private final Backoff restarts;

    private State state = State.IDLE;
    private Ballot ballot = Ballot.NONE;
    private Ballot highestSeen = Ballot.NONE;
    private long attempt;
    private @Nullable PromiseTally tally;
    private long progressMillis;
    private long progressPrefix;
    private long repeatMillis;
    private long repeatAfterMillis;
    private long restartMillis = Long.MAX_VALUE;
    private long failures;
    private boolean draining;

    /** Until then, commands or reads of others are thought to wait at other members. */
    private long waitedForUntilMillis;

    /** Where the last whole reports left a slot without a quorum because too many do not know their vote; else 0. */
    private long undecidableSlot;

    Proposer(
            Timing timing,
            Limits limits,
            Memberships memberships,
            Acceptor acceptor,
            Learner learner,
            FollowedLeader followed,
            CatchUp catchUp,
            PendingCommands pending,
            Pushes pushes,
            Expiry expiry,
            Fitness fitness,
            SplittableRandom random) {
        this.timing = timing;
        this.memberships = memberships;
        this.acceptor = acceptor;
        this.learner = learner;
        this.followed = followed;
        this.catchUp = catchUp;
        this.pending = pending;
        this.fitness = fitness;
        this.random = random;
        this.restarts = new Backoff(random);
        this.heartbeats = new Heartbeats(timing, memberships);
        this.window = new Window(limits, timing, memberships, acceptor, learner, pending, pushes, expiry, fitness);
    }

    // ---- phase 1 ---------------------------------------------------------------------------------------------

    /** Starts an attempt. The promise to itself is written first; the prepares leave when it is forced (hazard S5). */
    void begin(Outbox out) {
        long round = Math.max(acceptor.promised().round(), highestSeen.round());
        InvariantViolation.require(round < Ballot.ROUND_MAX, "ballot rounds are used up", round);
        window.clear();
        pending.forgetProposed();
        draining = false;
        followed.forget();
        ballot = new Ballot(round + 1, memberships.self());
        attempt = random.nextLong(1, Long.MAX_VALUE);
        long from = learner.knownChosen() + 1;
        tally = new PromiseTally(ballot, attempt, from, memberships);
        state = State.PREPARING;
        restartMillis = Long.MAX_VALUE;
        progressMillis = out.nowMillis();
        repeatAfterMillis = timing.retransmitMillis();
        acceptor.onPrepare(memberships.self(), new Prepare(ballot, attempt, from), out);
        prepareOthers(out);
    }

    /**
     * Asks everyone whose report is not whole for the next page of it; the next time not as soon, since a page may be long on its
     * way, and each copy of it delays the next one.
     */
    private void prepareOthers(Outbox out) {
        PromiseTally pages = requireTally();
        for (MemberId voter : memberships.forSlot(learner.knownChosen() + 1).voters()) {
            if (!voter.equals(memberships.self()) && !pages.isComplete(voter)) {
                out.sendAfterWrites(voter.node(), new Prepare(ballot, attempt, pages.nextPage(voter)));
            }
        }
        repeatMillis = out.nowMillis() + repeatAfterMillis;
        repeatAfterMillis = Math.min(2 * repeatAfterMillis, timing.electionTimeoutMinMillis());
    }

    void onPromise(MemberId from, Promise page, Outbox out) {
        if (state != State.PREPARING || !requireTally().add(from, page)) {
            return;
        }
        PromiseTally pages = requireTally();
        progressMillis = out.nowMillis();
        if (!page.isLast()) {
            Prepare next = new Prepare(ballot, attempt, pages.nextPage(from));
            if (from.equals(memberships.self())) {
                acceptor.onPrepare(from, next, out);
            } else {
                out.sendNow(from.node(), next);
            }
        } else if (pages.hasQuorum()) {
            state = State.FETCHING;
            progressPrefix = learner.knownChosen();
            catchUp.missing(pages.prefix());
            heartbeats.start(ballot, pages.completeMembers(), out.nowMillis());
            beat(out);
        }
        if (page.isLast()) {
            undecidableSlot = pages.undecidable();
        }
    }

    /** Leads, once everything that some member of the quorum knows chosen is known here too. */
    void leadWhenFetched(Outbox out) {
        if (state != State.FETCHING || learner.knownChosen() < requireTally().prefix()) {
            return;
        }
        if (draining) {
            return; // the successor finishes what earlier leaders began
        }
        PromiseTally pages = requireTally();
        for (Proposal chosen : pages.chosen().values()) {
            learner.learn(chosen, out);
        }
        TreeMap<Long, Value> values = new TreeMap<>();
        long stamp = learner.lastTimeMillis();
        long last = Math.max(pages.highestReported(), learner.knownChosen());
        for (long slot = learner.knownChosen() + 1; slot <= last; slot++) {
            Proposal known = learner.knownFrom(slot).get(slot);
            // A value reported as chosen for which the learner had no room: its reporter named no vote beside it.
            Proposal chosen = known != null ? known : pages.chosen().get(slot);
            Proposal demanded = chosen != null ? chosen : pages.highestVotes().get(slot);
            if (demanded != null) {
                stamp = Math.max(stamp, Batch.agreedTimeMillisOf(demanded.value()));
            }
            if (known == null) {
                values.put(
                        slot,
                        demanded != null ? demanded.value() : Batch.noOp(stamp).encode());
            }
        }
        tally = null;
        state = State.LEADING;
        window.start(ballot, values, last + 1, stamp, out.nowMillis());
    }

    // ---- refusals --------------------------------------------------------------------------------------------

    void onRejected(MemberId from, Rejected rejected, Outbox out) {
        seen(rejected.promised());
        if (!rejected.ballot().equals(ballot) || state == State.IDLE) {
            return;
        }
        if (state == State.PREPARING) {
            if (rejected.attempt() == attempt) {
                fail();
                if (!rejected.leader().owner().equals(memberships.self())) {
                    followed.heardThrough(from.node(), rejected.leader(), out.nowMillis());
                }
            }
        } else if (rejected.promised().isAbove(ballot)) {
            refusedAbove(rejected.promised(), rejected.leader(), out);
        } else {
            catchUp.missing(Math.min(rejected.slot(), rejected.knownChosen()));
        }
    }

    void onHeartbeatAck(MemberId from, HeartbeatAck ack, Outbox out) {
        seen(ack.promised());
        if (!isElected() || !ack.ballot().equals(ballot)) {
            return;
        }
        if (ack.promised().isAbove(ballot)) {
            refusedAbove(ack.promised(), ack.leader(), out);
        } else if (ballot.isAbove(ack.promised())) {
            // It slept through phase 1. Without its promise its acknowledgements do not count.
            out.sendNow(from.node(), new Prepare(ballot, attempt, learner.knownChosen() + 1));
        } else {
            heartbeats.confirm(from, ack);
        }
    }

    private void refusedAbove(Ballot promisedThere, Ballot leaderThere, Outbox out) {
        boolean liveLeaderThere = leaderThere.compareTo(promisedThere) >= 0;
        if (liveLeaderThere || draining || !fitness.isFit()) {
            resign();
        } else if (restartMillis == Long.MAX_VALUE) {
            restartMillis = out.nowMillis() + restarts.drawMillis(0, timing.heartbeatMillis());
            restarts.failed();
        }
    }

    /** Remembers a ballot that exists, so that the next attempt goes above it; not one that no acceptor would promise. */
    void seen(Ballot other) {
        if (other.round() - acceptor.promised().round() <= Acceptor.ROUND_JUMP_MAX) {
            highestSeen = Ballot.max(highestSeen, other);
        }
    }

    // ---- phase 2 ---------------------------------------------------------------------------------------------

    void onAccepted(MemberId from, Accepted accepted, Outbox out) {
        if (state == State.LEADING) {
            window.onAccepted(from, accepted, out);
        }
    }

    /** Somebody waits at another member for what is chosen here, and others may follow: for a while it is told at once. */
    void isWaitedFor(Outbox out) {
        waitedForUntilMillis = out.nowMillis() + timing.heartbeatMillis();
    }

    /** At the end of every step: the word of what was chosen, then new accepts into the places that became free. */
    void propose(Outbox out) {
        if (state == State.LEADING) {
            window.dropKnown();
            // Before the accepts: a member whose table of open votes is full has room for them then.
            boolean atOnce = draining || window.hasWork() || out.nowMillis() < waitedForUntilMillis;
            window.announce(atOnce, out);
            if (!draining) {
                window.fill(out);
            }
            if (window.isRecovered()) {
                restarts.succeeded();
            }
        }
    }

    // ---- time ------------------------------------------------------------------------------------------------

    void onTime(Outbox out) {
        long now = out.nowMillis();
        switch (state) {
            case IDLE -> {}
            case PREPARING -> {
                if (now - progressMillis >= timing.electionTimeoutMaxMillis() || !fitness.isFit()) {
                    fail();
                } else if (now >= repeatMillis) {
                    prepareOthers(out);
                }
            }
            case FETCHING -> {
                if (learner.knownChosen() > progressPrefix) {
                    progressPrefix = learner.knownChosen();
                    progressMillis = now;
                }
                if (now - progressMillis >= 2 * timing.electionTimeoutMaxMillis()) {
                    fail();
                } else {
                    keepLeading(out);
                }
            }
            case LEADING -> {
                keepLeading(out);
                if (state == State.LEADING) {
                    window.retransmit(out);
                }
            }
        }
    }

    private void keepLeading(Outbox out) {
        if (out.nowMillis() >= restartMillis && (draining || !fitness.isFit())) {
            resign();
        } else if (out.nowMillis() >= restartMillis) {
            begin(out);
        } else if (heartbeats.hasLostQuorum(governedSlot(), out.nowMillis())) {
            resign();
        } else {
            beat(out);
        }
    }

    private void beat(Outbox out) {
        long slot = governedSlot();
        if (heartbeats.beatIfDue(slot, learner.knownChosen(), out)) {
            boolean quorum = heartbeats.hasQuorum(slot, timing.electionTimeoutMinMillis(), out.nowMillis());
            followed.heard(ballot, quorum, out.nowMillis());
        }
    }

    private long governedSlot() {
        return state == State.LEADING ? window.nextSlot() : learner.knownChosen() + 1;
    }

    /** This acceptor promised another member's higher ballot: whatever this proposer was doing is over. */
    void preempted() {
        if (state != State.IDLE) {
            resign();
        }
    }

    private void fail() {
        failures++;
        resign();
    }

    private void resign() {
        state = State.IDLE;
        tally = null;
        draining = false;
        restartMillis = Long.MAX_VALUE;
        window.clear();
        pending.clear();
        if (followed.ballot().equals(ballot)) {
            followed.forget();
        }
    }

    // ---- handing over ----------------------------------------------------------------------------------------

    /** Stops taking commands and opening slots, or takes it up again. */
    void drain(boolean on) {
        draining = on;
    }

    /** Leads no longer: no heartbeat of this ballot leaves any more. */
    void stepDown() {
        resign();
    }

    /** Who should lead next, or null: see {@link Heartbeats#successor}. */
    @Nullable
    MemberId successor(@Nullable NodeId wanted, long withinMillis, long nowMillis) {
        return heartbeats.successor(governedSlot(), wanted, withinMillis, nowMillis);
    }

    /** The highest ballot that anybody is known to have promised. */
    Ballot highestSeen() {
        return Ballot.max(highestSeen, acceptor.promised());
    }

    // ---- what others ask -------------------------------------------------------------------------------------

    boolean isIdle() {
        return state == State.IDLE;
    }

    /** Has its promises. */
    boolean isElected() {
        return state == State.FETCHING || state == State.LEADING;
    }

    /** Has its promises, and may be sent commands. */
    boolean takesCommands() {
        return isElected() && !draining;
    }

    /** Whether all that earlier leaders left, and a slot of this ballot, is known chosen. */
    boolean isRecovered() {
        return state == State.LEADING && window.isRecovered();
    }

    boolean isPreparing() {
        return state == State.PREPARING;
    }

    Ballot ballot() {
        return ballot;
    }

    /** How many attempts came to nothing so far. */
    long failures() {
        return failures;
    }

    /** The slot in which nothing can be proposed because too many members lost their votes there, as last heard; or 0. */
    long undecidableSlot() {
        return undecidableSlot > learner.knownChosen() ? undecidableSlot : 0;
    }

    int openSlots() {
        return state == State.LEADING ? window.openSlots() : 0;
    }

    private PromiseTally requireTally() {
        PromiseTally pages = tally;
        if (pages == null) {
            throw new InvariantViolation("no tally in state " + state);
        }
        return pages;
    }
}
