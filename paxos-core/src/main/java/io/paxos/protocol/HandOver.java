// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.LeadershipOffer;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.protocol.Notice.HandOverEnded.Result;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Leadership goes to a member of the leader's choice, in about two round trips and one force, instead of being waited out
 * in an election: when this replica's disk is sick or full, when the host asks for it, when the node closes.
 *
 * <pre>
 *           unfit, or asked; somebody is there           window empty, or half a timeout over
 *   NONE ───────────────────────────────────▶ DRAINING ─────────────────────────────────────▶ OFFERED
 *    ▲      takes no commands, opens no slot     │          "stand now", each heartbeat, to       │
 *    │                                           │          another one if the first fell silent  │
 *    │                                           │                                                │
 *    ├── nobody is there any more: leads on ─────┤                                                │
 *    ├── a higher ballot is promised, here or elsewhere: taken over ──────────────────────────────┤
 *    └── an election timeout since the begin: resigns ────────────────────────────────────────────┘
 * </pre>
 *
 * <p>An offer is a hint and no more. Whoever takes it prepares a ballot of its own, and the acceptors promise it as they
 * promise any higher ballot; an offer that is late, doubled or forged costs an election at worst.
 *
 * <p>From the first offer on there is no way back: B may have taken it, and be promised by C, before A hears of it. So A
 * does not begin again above a refusal, as a leader otherwise does; the refusal most likely <em>is</em> its successor.
 *
 * <p>A leader that is merely slow hands over only to a member that said it is well, and leads on while there is none: all
 * disks of a cluster may be slow at once, and a slow leader is better than none. One that may not vote resigns in any
 * case.
 */
final class HandOver {

    private enum State {
        NONE,
        DRAINING,
        OFFERED
    }

    private final Timing timing;
    private final Fitness fitness;
    private final Holes holes;
    private final Learner learner;
    private final FollowedLeader followed;
    private final CatchUp catchUp;
    private final Proposer proposer;
    private final ReadRounds readRounds;
    private final LeaseGrants grants;
    private final SplittableRandom random;

    private State state = State.NONE;
    private Ballot ballot = Ballot.NONE;
    private long nonce;
    private long beganMillis;
    private long repeatMillis;
    private @Nullable NodeId wanted;
    private NodeId target = NodeId.NONE;

    /** The hand-over that was last taken here: no repetition of its offer is taken again. */
    private long takenNonce;

    HandOver(
            Timing timing,
            Fitness fitness,
            Holes holes,
            Learner learner,
            FollowedLeader followed,
            CatchUp catchUp,
            Proposer proposer,
            ReadRounds readRounds,
            LeaseGrants grants,
            SplittableRandom random) {
        this.timing = timing;
        this.fitness = fitness;
        this.holes = holes;
        this.learner = learner;
        this.followed = followed;
        this.catchUp = catchUp;
        this.proposer = proposer;
        this.readRounds = readRounds;
        this.grants = grants;
        this.random = random;
    }

    // ---- the leader's side -----------------------------------------------------------------------------------

    /**
     * The host asks for it.
     *
     * @param to who shall lead, or null for whoever is best
     */
    void asked(@Nullable NodeId to, Outbox out) {
        if (state != State.NONE) {
            return; // its end is told anyway
        }
        if (!proposer.isElected()) {
            out.notice(new Notice.HandOverEnded(NodeId.NONE, Result.NOT_LEADING));
        } else if (successor(to, out) == null) {
            out.notice(new Notice.HandOverEnded(to == null ? NodeId.NONE : to, Result.NOBODY_FIT));
        } else {
            begin(to, out);
        }
    }

    /** Fitness may have changed, or time passed: an unfit leader hands over as soon as there is somebody to hand over to. */
    void onTime(Outbox out) {
        if (state == State.NONE) {
            boolean unfit = proposer.isElected() && !fitness.isFit();
            if (unfit && (!fitness.mayVote() || successor(null, out) != null)) {
                begin(null, out);
            }
        } else if (!stillLeads()) {
            return; // noticed at the end of the step
        } else if (out.nowMillis() - beganMillis >= timing.electionTimeoutMaxMillis()) {
            end(Result.NOT_TAKEN, out);
            proposer.stepDown();
        } else if (state == State.OFFERED && out.nowMillis() >= repeatMillis) {
            if (justHeard(target, out) == null) {
                MemberId instead = justHeard(wanted, out);
                target = instead == null ? target : instead.node();
            }
            offer(out);
        }
    }

    /**
     * Whom to offer to. One that answered the last heartbeats goes first: of the others some may have closed a moment ago,
     * as when a host shuts down all its nodes.
     */
    private @Nullable MemberId successor(@Nullable NodeId only, Outbox out) {
        MemberId best = justHeard(only, out);
        return best != null ? best : proposer.successor(only, timing.electionTimeoutMinMillis(), out.nowMillis());
    }

    private @Nullable MemberId justHeard(@Nullable NodeId only, Outbox out) {
        return proposer.successor(only, 2 * timing.heartbeatMillis(), out.nowMillis());
    }

    private void begin(@Nullable NodeId to, Outbox out) {
        state = State.DRAINING;
        ballot = proposer.ballot();
        nonce = random.nextLong(1, Long.MAX_VALUE);
        beganMillis = out.nowMillis();
        wanted = to;
        target = NodeId.NONE;
        proposer.drain(true);
        out.notice(new Notice.HandOverBegan(ballot));
    }

    /** At the end of each step: the window may have run empty, or leadership may be gone. */
    void finishStep(Outbox out) {
        if (state == State.NONE) {
            return;
        }
        if (!stillLeads()) {
            end(proposer.highestSeen().isAbove(ballot) ? Result.TAKEN : Result.NOT_TAKEN, out);
        } else if (state == State.DRAINING) {
            boolean over = 2 * (out.nowMillis() - beganMillis) >= timing.electionTimeoutMaxMillis();
            if (proposer.openSlots() == 0 || over) {
                chooseTarget(over, out);
            }
        }
    }

    private void chooseTarget(boolean over, Outbox out) {
        MemberId best = successor(wanted, out);
        if (best != null) {
            state = State.OFFERED;
            target = best.node();
            offer(out);
        } else if (over) {
            end(Result.NOBODY_FIT, out);
            if (fitness.mayVote()) {
                proposer.drain(false);
            } else {
                proposer.stepDown();
            }
        }
    }

    /** Before it can be taken there is no lease any more: the successor may choose something at any time from now on. */
    private void offer(Outbox out) {
        readRounds.surrender(out);
        long needed = holes.prefixFor(1, learner.knownChosen()); // nobody can fetch more than that here
        out.sendNow(target, new LeadershipOffer(ballot, nonce, needed));
        repeatMillis = out.nowMillis() + timing.heartbeatMillis();
    }

    private boolean stillLeads() {
        return proposer.isElected() && proposer.ballot().equals(ballot);
    }

    private void end(Result result, Outbox out) {
        state = State.NONE;
        out.notice(new Notice.HandOverEnded(target, result));
    }

    boolean isUnderWay() {
        return state != State.NONE;
    }

    // ---- the successor's side --------------------------------------------------------------------------------

    /**
     * Stands if its own leader asks for it: the one it follows now, at that very ballot, heard directly. It must know as
     * much as that leader, or the cluster would wait for its fetching.
     */
    void onOffer(MemberId from, LeadershipOffer offer, Outbox out) {
        boolean ofOwnLeader = offer.ballot().equals(followed.ballot())
                && offer.ballot().owner().equals(from)
                && followed.isHeardDirectly();
        if (!ofOwnLeader || !proposer.isIdle() || !fitness.isFit() || offer.nonce() == takenNonce) {
            return;
        }
        if (learner.knownChosen() < offer.knownChosen()) {
            catchUp.missing(offer.knownChosen());
            return; // the offer is repeated
        }
        readRounds.surrenderedBy(offer.ballot(), out);
        if (grants.isBound(out.nowMillis())) {
            return; // it started a moment ago, and does not know what it granted before
        }
        takenNonce = offer.nonce();
        proposer.begin(out);
    }
}
