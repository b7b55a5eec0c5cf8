// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message;
import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Ballot;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.protocol.Event.CommandsSubmitted;
import io.paxos.protocol.Event.FitnessChanged;
import io.paxos.protocol.Event.HandOverAsked;
import io.paxos.protocol.Event.MessageArrived;
import io.paxos.protocol.Event.NextExpiry;
import io.paxos.protocol.Event.PeerStarted;
import io.paxos.protocol.Event.ReadPointWanted;
import io.paxos.protocol.Event.SnapshotInstalled;
import io.paxos.protocol.Event.SnapshotTaken;
import io.paxos.protocol.Event.TimeIsNow;
import io.paxos.protocol.Event.TimeWasLost;
import io.paxos.protocol.Event.ValuesUnknown;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One member of the replicated log, as a value that is stepped: {@code Effects step(Event)}. Single-threaded, without
 * clock, disk or network; the same state, events and seed give the same effects, byte for byte.
 *
 * <p>First the founding is agreed; from its activation on the voting roles live, composed in {@link ActiveMember}. A learner,
 * and one whose directory was formatted to follow, has neither: it is a {@link VotelessFollower} from start to end.
 *
 * <p>Threads: one at a time. Errors: {@link #step} throws {@link IllegalStateException} when an invariant does not hold;
 * that step emits nothing, and the replica is dead: every later step throws.
 */
public final class Replica {

    private final DurableState remembered;
    private final Timing timing;
    private final Limits limits;
    private final LeaseTerms leases;
    private final long seed;
    private final FoundingAgreement founding;
    private final Fitness fitness = new Fitness();
    private final @Nullable VotelessFollower follower;
    private @Nullable ActiveMember member;
    private long nowMillis;
    private boolean dead;

    /** A replica without leases. */
    public Replica(
            DurableState remembered,
            FoundingPlan plan,
            FoundingId foundingCandidate,
            Timing timing,
            Limits limits,
            long seed) {
        this(remembered, plan, foundingCandidate, timing, limits, LeaseTerms.OFF, seed);
    }

    /**
     * @param remembered what the journal recovered
     * @param plan the founding plan this node was configured with
     * @param foundingCandidate 128 fresh random bits, used only if this node is the founder and mints
     * @param timing how long to wait for what
     * @param limits bounds
     * @param leases by what terms leases are granted and used
     * @param seed of all randomness in here; a fresh one at each start
     */
    public Replica(
            DurableState remembered,
            FoundingPlan plan,
            FoundingId foundingCandidate,
            Timing timing,
            Limits limits,
            LeaseTerms leases,
            long seed) {
        this.remembered = remembered;
        this.timing = timing;
        this.limits = limits;
        this.leases = leases;
        this.seed = seed;
        this.founding = new FoundingAgreement(remembered, plan, foundingCandidate, timing);
        this.follower = remembered.voteless() || learns(remembered, plan)
                ? new VotelessFollower(remembered, plan, timing, limits, fitness, seed)
                : null;
        activateIfAgreed();
    }

    /** The founding that was adopted says who learns; as long as there is none, the plan. */
    private static boolean learns(DurableState remembered, FoundingPlan plan) {
        Founding founding = remembered.founding();
        NodeId node = remembered.self().node();
        return founding == null ? plan.isLearner(node) : founding.membership().isLearner(node);
    }

    /**
     * Takes one event.
     *
     * @throws IllegalStateException if an invariant does not hold, now or in an earlier step
     */
    public Effects step(Event event) {
        if (dead) {
            throw new IllegalStateException("this replica is dead: an earlier step failed");
        }
        boolean completed = false;
        try {
            Outbox out = new Outbox(timeOf(event));
            if (event instanceof MessageArrived arrived) {
                onMessage(arrived.from(), arrived.message(), out);
            } else if (event instanceof PeerStarted started) {
                onPeerStarted(started.peer(), out);
            } else if (event instanceof ValuesUnknown unknown) {
                onValuesUnknown(unknown);
            } else if (event instanceof SnapshotTaken taken) {
                onSnapshotTaken(taken.floor(), out);
            } else if (event instanceof SnapshotInstalled installed) {
                onSnapshotInstalled(installed, out);
            } else if (event instanceof CommandsSubmitted submitted) {
                onCommands(submitted, out);
            } else if (event instanceof NextExpiry expiry) {
                onNextExpiry(expiry);
            } else if (event instanceof ReadPointWanted wanted) {
                onReadPointWanted(wanted, out);
            } else if (event instanceof TimeWasLost) {
                onTimeWasLost();
            } else if (event instanceof FitnessChanged changed) {
                onFitness(changed, out);
            } else if (event instanceof HandOverAsked asked) {
                onHandOverAsked(asked, out);
            } else {
                onTime(out);
            }
            if (follower != null) {
                follower.finishStep(out);
            } else if (member != null) {
                member.finishStep(out);
            }
            completed = true;
            return out.toEffects();
        } finally {
            dead = !completed;
        }
    }

    private long timeOf(Event event) {
        if (event instanceof TimeIsNow time) {
            InvariantViolation.require(time.nowMillis() >= nowMillis, "time goes back", time.nowMillis());
            nowMillis = time.nowMillis();
        }
        return nowMillis;
    }

    private void onTime(Outbox out) {
        if (follower != null) {
            follower.onTime(out);
            return;
        }
        founding.onTime(out);
        if (member != null) {
            member.onTime(out);
        }
    }

    private void onValuesUnknown(ValuesUnknown unknown) {
        if (follower != null) {
            follower.onValuesUnknown(unknown.slots());
        } else if (member != null) {
            member.onValuesUnknown(unknown.slots());
        }
    }

    private void onCommands(CommandsSubmitted submitted, Outbox out) {
        if (follower != null) {
            follower.onSubmitted(submitted.commands(), out);
        } else if (member == null) {
            Forwarding.refuseHere(Forwarding.firstOfEach(submitted.commands()), RefusalReason.NO_LEADER, out);
        } else {
            member.forwarding().onSubmitted(submitted.commands(), out);
        }
    }

    private void onNextExpiry(NextExpiry expiry) {
        if (member != null) { // who never leads never ticks
            member.onNextExpiry(expiry.agreedMillis());
        }
    }

    private void onReadPointWanted(ReadPointWanted wanted, Outbox out) {
        if (follower != null) {
            follower.onReadPointWanted(wanted, out);
        } else if (member != null) {
            member.readRounds().wanted(wanted.nonce(), wanted.byLease(), out);
        }
    }

    private void onTimeWasLost() {
        if (member != null) {
            member.readRounds().timeWasLost();
        }
    }

    private void onPeerStarted(MemberId peer, Outbox out) {
        if (member != null) {
            member.onPeerStarted(peer, out);
        }
    }

    private void onFitness(FitnessChanged changed, Outbox out) {
        fitness.changed(changed);
        if (member != null) {
            member.onFitnessChanged(out);
        }
    }

    private void onHandOverAsked(HandOverAsked asked, Outbox out) {
        if (member == null) {
            out.notice(new Notice.HandOverEnded(NodeId.NONE, Notice.HandOverEnded.Result.NOT_LEADING));
        } else {
            member.onHandOverAsked(asked.target(), out);
        }
    }

    private void onSnapshotTaken(long floor, Outbox out) {
        if (follower != null) {
            follower.onSnapshotTaken(floor, out);
        } else {
            requireMember().onSnapshotTaken(floor, out);
        }
    }

    private void onSnapshotInstalled(SnapshotInstalled installed, Outbox out) {
        if (follower != null) {
            follower.onSnapshotInstalled(installed.slot(), installed.agreedTimeMillis(), out);
        } else {
            requireMember().onSnapshotInstalled(installed.slot(), installed.agreedTimeMillis(), out);
        }
    }

    private ActiveMember requireMember() {
        ActiveMember active = member;
        if (active == null) {
            throw new InvariantViolation("a snapshot before the founding was activated");
        }
        return active;
    }

    private void onMessage(MemberId from, Message message, Outbox out) {
        if (follower != null) {
            follower.onMessage(from, message, out);
        } else if (founding.onMessage(from, message, out)) {
            activateIfAgreed();
        } else if (member != null) {
            member.onMessage(from, message, out);
        }
    }

    private void activateIfAgreed() {
        Founding agreed = founding.adopted();
        if (follower == null && member == null && founding.isActive() && agreed != null) {
            member = new ActiveMember(remembered, agreed, timing, limits, leases, fitness, seed);
        }
    }

    /** What this replica is doing, for status pages. */
    public ReplicaStatus status() {
        if (follower != null) {
            return follower.status();
        }
        if (member == null) {
            return new ReplicaStatus(
                    ReplicaStatus.Role.FOUNDING,
                    founding.adoptedId(),
                    founding.waitingFor(),
                    Ballot.NONE,
                    Ballot.NONE,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0,
                    List.of());
        }
        return member.status(nowMillis);
    }
}
