// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.Prepare;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.VoterSet;
import java.util.SplittableRandom;

/**
 * When to stand for leader. A replica that hears no leader with a quorum for its randomized timeout first
 * <em>canvasses</em>: would you promise? That changes nothing durable and resets nobody's timer, so a replica that cannot
 * win disturbs nobody (hazards P16 to P18).
 *
 * <pre>
 *   waiting ── timeout without a live leader ──▶ canvassing ── yes from a phase-1 and a phase-2 quorum ──▶ Proposer.begin
 *      ▲                                             │
 *      └── heard a leader with a quorum, or promised ┴── timeout: canvass again, under a new nonce
 * </pre>
 *
 * <p>There is no rule about how much of the log a candidate must have: it learns the rest in phase 1.
 */
final class Election {

    private final Timing timing;
    private final Memberships memberships;
    private final Learner learner;
    private final Acceptor acceptor;
    private final FollowedLeader followed;
    private final Proposer proposer;
    private final Fitness fitness;
    private final LeaseGrants grants;
    private final SplittableRandom random;
    private final Backoff backoff;
    private boolean started;
    private long dueMillis;
    private long failuresSeen;
    private long nonce;
    private VoterSet granted = VoterSet.EMPTY;
    private Ballot askedBallot = Ballot.NONE;
    private long askedFrom;

    Election(
            Timing timing,
            Memberships memberships,
            Learner learner,
            Acceptor acceptor,
            FollowedLeader followed,
            Proposer proposer,
            Fitness fitness,
            LeaseGrants grants,
            SplittableRandom random) {
        this.timing = timing;
        this.memberships = memberships;
        this.learner = learner;
        this.acceptor = acceptor;
        this.followed = followed;
        this.proposer = proposer;
        this.fitness = fitness;
        this.grants = grants;
        this.random = random;
        this.backoff = new Backoff(random);
    }

    void onTime(Outbox out) {
        long now = out.nowMillis();
        followed.forgetIfSilent(now);
        if (!started) {
            started = true;
            rest(now);
        }
        if (proposer.failures() != failuresSeen) {
            failuresSeen = proposer.failures();
            backoff.failed();
            rest(now);
        }
        if (!proposer.isIdle() || !fitness.isFit()) {
            rest(now); // who is not fit waits for somebody else to stand, or to be well
            return;
        }
        if (now >= dueMillis && !grants.isBound(now)) {
            canvass(out);
        }
    }

    private void canvass(Outbox out) {
        rest(out.nowMillis());
        nonce = random.nextLong(1, Long.MAX_VALUE);
        long slot = learner.knownChosen() + 1;
        granted = memberships.add(slot, VoterSet.EMPTY, memberships.self());
        for (NodeId other : memberships.others()) {
            out.sendNow(other, new Canvass(nonce, learner.knownChosen()));
        }
        standIfGranted(out);
    }

    /**
     * Answers a canvass: yes, unless a leader that says it has a quorum was heard within the minimum timeout, or this
     * acceptor could not promise, for want of room or for a lease that it granted.
     */
    void onCanvass(MemberId from, Canvass canvass, Outbox out) {
        boolean yes = fitness.mayVote() && !followed.isLive(out.nowMillis()) && !grants.isBound(out.nowMillis());
        out.sendAfterWrites(
                from.node(),
                new CanvassReply(
                        canvass.nonce(),
                        yes,
                        acceptor.promised(),
                        followed.liveBallot(out.nowMillis()),
                        learner.knownChosen()));
    }

    void onCanvassReply(MemberId from, CanvassReply reply, Outbox out) {
        proposer.seen(reply.promised());
        if (reply.nonce() != nonce || !proposer.isIdle() || !fitness.isFit()) {
            return;
        }
        if (reply.granted()) {
            granted = memberships.add(learner.knownChosen() + 1, granted, from);
            standIfGranted(out);
        } else if (!reply.leader().owner().equals(memberships.self())) { // it does not know yet that this one resigned
            followed.heardThrough(from.node(), reply.leader(), out.nowMillis());
        }
    }

    private void standIfGranted(Outbox out) {
        long slot = learner.knownChosen() + 1;
        boolean suffices = memberships.isPhase1Quorum(slot, granted) && memberships.isPhase2Quorum(slot, granted);
        if (suffices && !grants.isBound(out.nowMillis())) {
            nonce = 0;
            proposer.begin(out);
        }
    }

    /** A leader with a quorum was heard. */
    void heardLeader(long nowMillis) {
        backoff.succeeded();
        rest(nowMillis);
    }

    /**
     * A candidate that has this member's promise asked for a page of its report. It gets a timeout's time to lead, and
     * again with each further page: a report of many pages takes longer than a timeout. Asking for the same page again is
     * no progress.
     */
    void asked(Prepare page, long nowMillis) {
        if (page.ballot().isAbove(askedBallot) || page.from() > askedFrom) {
            askedBallot = page.ballot();
            askedFrom = page.from();
            rest(nowMillis);
        }
    }

    private void rest(long nowMillis) {
        nonce = 0;
        dueMillis = nowMillis
                + backoff.drawMillis(
                        timing.electionTimeoutMinMillis(),
                        timing.electionTimeoutMaxMillis() - timing.electionTimeoutMinMillis());
    }

    boolean isCanvassing() {
        return nonce != 0;
    }
}
