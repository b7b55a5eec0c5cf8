// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.FollowAnswer;
import io.paxos.message.Message.FollowRequest;
import io.paxos.message.Message.Forward;
import io.paxos.message.Message.ForwardRefused;
import io.paxos.message.Message.FoundingActivation;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Ballot;
import io.paxos.model.Command;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.SlotRange;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A node whose directory stands in the place of one that was lost. The old one may have promised and voted, and nobody
 * knows what; so this one never promises, votes, proposes or canvasses, and counts nowhere. It asks the members, one at a
 * time, how far they are, pulls what was chosen, and hands it out to be applied.
 *
 * <pre>
 *   lost ── a member answers: its founding is adopted and activated in one write ── forced ──▶ following
 *
 *   following   each heartbeat asks the member that answered last; asks the next one if it is silent, or knows no leader
 * </pre>
 *
 * <p>Members send to a node, whatever its incarnation, so heartbeats, prepares and accepts that are meant for the lost one
 * arrive here. They are not answered. Heartbeats and notices that slots are chosen say how far their sender is, so that it
 * need not wait for its next turn to ask; of what they say is chosen it believes nothing, for it voted for nothing.
 *
 * <p>Of values there is one page under way at a time ({@link CatchUp}), whatever is missing: that bounds what it costs the
 * members. Its own commands go to the member that answered last, which relays them.
 */
final class VotelessFollower {

    private final MemberId self;
    private final FoundingPlan plan;
    private final Timing timing;
    private final List<NodeId> others;
    private final Learner learner;
    private final CatchUp catchUp;
    private final Refill refill;
    private @Nullable Founding founding;
    private boolean activated;

    /** The activation is durable: the journal takes values now. */
    private boolean active;

    /** The member that is asked. */
    private NodeId source = NodeId.NONE;

    private boolean answered;
    private boolean asked;
    private long askedMillis;

    /** Whom members follow, and the member that said so last. */
    private Ballot leader = Ballot.NONE;

    private NodeId via = NodeId.NONE;
    private long leaderMillis;
    private Ballot reportedLeader = Ballot.NONE;
    private long lastKnownChosen;

    VotelessFollower(
            DurableState remembered, FoundingPlan plan, Timing timing, Limits limits, Fitness fitness, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        this.self = remembered.self();
        this.plan = plan;
        this.timing = timing;
        this.founding = remembered.founding();
        this.activated = remembered.activated();
        this.active = remembered.activated();
        this.others =
                plan.voters().stream().filter(node -> !node.equals(self.node())).toList();
        learner = new Learner(remembered, new OpenVotes(List.of()), limits.openVotesMax(), fitness);
        catchUp = new CatchUp(timing, limits, self, learner, random.split());
        refill = new Refill(remembered, timing, limits, learner, catchUp, fitness, new Holes(), random.split());
        lastKnownChosen = learner.knownChosen();
    }

    void onTime(Outbox out) {
        long now = out.nowMillis();
        long waits = answered ? timing.heartbeatMillis() : timing.electionTimeoutMinMillis();
        if (!asked || now - askedMillis >= waits) {
            if (!answered || leader.isNone()) {
                source = next();
            }
            asked = true;
            answered = false;
            askedMillis = now;
            if (!source.isNone()) {
                out.sendNow(source, new FollowRequest(adoptedId()));
            }
        }
        if (!leader.isNone() && now - leaderMillis >= 2 * timing.electionTimeoutMaxMillis()) {
            leader = Ballot.NONE;
        }
    }

    /** The next node after the one asked last, in cyclic order. */
    private NodeId next() {
        for (NodeId node : others) {
            if (node.compareTo(source) > 0) {
                return node;
            }
        }
        return others.isEmpty() ? NodeId.NONE : others.get(0);
    }

    void onMessage(MemberId from, Message message, Outbox out) {
        if (message instanceof FollowAnswer answer) {
            onAnswer(from, answer, out);
        } else if (message instanceof FoundingActivation activation && from.equals(self)) {
            if (!active && activation.id().equals(adoptedId())) {
                active = true;
                out.notice(new Notice.Follows(activation.id()));
            }
        } else if (!active || !isVoter(from)) {
            return;
        } else if (message instanceof CatchUpPage page) {
            catchUp.heardPrefix(from, page.knownChosen());
            catchUp.onPage(from, page, out);
            refill.onPage(from, page, out);
        } else if (message instanceof ChosenNotice notice) {
            hearPrefix(from, notice.knownChosen());
        } else if (message instanceof Heartbeat heartbeat) {
            hearPrefix(from, heartbeat.knownChosen());
        } else if (message instanceof ForwardRefused refused && refused.origin().equals(self)) {
            out.notice(new Notice.CommandsRefused(refused.firstSequence(), refused.reason()));
        }
    }

    private boolean isVoter(MemberId from) {
        Founding mine = founding;
        return mine != null && mine.membership().isVoter(from);
    }

    private void onAnswer(MemberId from, FollowAnswer answer, Outbox out) {
        Founding theirs = answer.founding();
        Founding mine = founding;
        if (!theirs.membership().isVoter(from)) {
            return;
        }
        if (mine != null && !mine.id().equals(theirs.id())) {
            out.notice(new Notice.MustStop(from + " is of founding " + theirs.id() + " but this node follows "
                    + mine.id() + ": the cluster was founded anew; format this node's directory anew"));
            return;
        }
        if (mine == null && !plan.matches(theirs.membership())) {
            out.notice(new Notice.MustStop(from + " was founded with another plan than this node's: " + plan));
            return;
        }
        adopt(theirs, out);
        answered |= from.node().equals(source);
        if (!answer.leader().isNone()) {
            leader = answer.leader();
            via = from.node();
            leaderMillis = out.nowMillis();
        } else if (from.node().equals(via)) {
            leader = Ballot.NONE;
        }
        hearPrefix(from, answer.knownChosen());
    }

    /** That member knows so much: pull what is missing here, unless a page is under way. */
    private void hearPrefix(MemberId from, long knownChosen) {
        catchUp.heardPrefix(from, knownChosen);
        catchUp.missing(knownChosen);
    }

    /** Whoever answers is activated, so all founding members adopted this founding: it can be no other one. */
    private void adopt(Founding theirs, Outbox out) {
        if (founding == null) {
            founding = theirs;
            out.write(new DurableRecord.FoundingAdopted(theirs));
        }
        if (!activated) { // also if it died between the two
            activated = true;
            out.write(new DurableRecord.FoundingActivated(theirs.id()));
            out.sendAfterWrites(self.node(), new FoundingActivation(theirs.id()));
        }
    }

    /** Commands of this node's own session. */
    void onSubmitted(List<Command> commands, Outbox out) {
        if (active && !leader.isNone()) {
            out.sendNow(via, new Forward(1, commands));
        } else {
            out.notice(new Notice.CommandsRefused(commands.get(0).sequence(), RefusalReason.NO_LEADER));
        }
    }

    /** The journal cannot read values any more that it had. */
    void onValuesUnknown(SlotRange slots) {
        refill.unknown(slots);
    }

    void onSnapshotTaken(long floor, Outbox out) {
        learner.trim(floor, out);
        refill.trimmed(floor);
    }

    void onSnapshotInstalled(long slot, long agreedTimeMillis, Outbox out) {
        learner.install(slot, agreedTimeMillis, out);
        refill.trimmed(slot);
    }

    void finishStep(Outbox out) {
        learner.advance(out);
        if (active) {
            catchUp.pull(out);
            refill.pull(out);
            learner.mark(out, timing.retransmitMillis());
        }
        if (!leader.equals(reportedLeader)) {
            reportedLeader = leader;
            out.notice(new Notice.LeaderChanged(leader, false));
        }
        InvariantViolation.require(
                learner.knownChosen() >= lastKnownChosen, "the known-chosen prefix went back", learner.knownChosen());
        lastKnownChosen = learner.knownChosen();
    }

    private FoundingId adoptedId() {
        Founding mine = founding;
        return mine == null ? FoundingId.NONE : mine.id();
    }

    ReplicaStatus status() {
        return new ReplicaStatus(
                ReplicaStatus.Role.FOLLOWER_WITHOUT_VOTE,
                adoptedId(),
                active ? List.of() : others,
                Ballot.NONE,
                leader,
                learner.knownChosen(),
                learner.knownChosen(),
                0,
                0,
                refill.lowest());
    }
}
