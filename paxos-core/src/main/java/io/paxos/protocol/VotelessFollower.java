// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.ChosenValues;
import io.paxos.message.Message.ClientRefused;
import io.paxos.message.Message.FollowAnswer;
import io.paxos.message.Message.FollowRequest;
import io.paxos.message.Message.Forward;
import io.paxos.message.Message.ForwardRefused;
import io.paxos.message.Message.FoundingActivation;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.Learned;
import io.paxos.message.Message.ReadPointAnswer;
import io.paxos.message.Message.ReadPointRequest;
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
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Event.ReadPointWanted;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A node without a vote: a learner of the membership, or one whose directory stands in the place of one that was lost. The
 * lost one may have promised and voted, and nobody knows what. Neither of them ever promises, votes, proposes or canvasses,
 * and neither counts anywhere. It asks the voters, one at a time, how far they are, pulls what was chosen, and hands it out
 * to be applied.
 *
 * <pre>
 *   fresh ── a voter answers: its founding is adopted and activated in one write ── forced ──▶ following
 *
 *   following   each heartbeat asks the voter that answered last; asks the next one if it is silent, or knows no leader
 *   learner     moreover hears the leader itself; then it asks each voter in turn, less often, only to know how far they are
 * </pre>
 *
 * <p>Voters send to a node, whatever its incarnation, so heartbeats, prepares and accepts that are meant for the lost one
 * arrive here. They are not answered. Heartbeats and notices that slots are chosen say how far their sender is, so that it
 * need not wait for its next turn to ask; of what they say is chosen it believes nothing, for it voted for nothing.
 *
 * <p>A learner is told the values as well, a moment after they were chosen ({@link Pushes}). It says how far it is, once they
 * are on its disk, and with each heartbeat to every voter; they may pull from it in their turn. Whatever does not reach it
 * that way, because it was lost or would have been too much, it pulls like everybody else.
 *
 * <p>There is one page under way at a time ({@link CatchUp}), whatever is missing: that bounds what it costs the others. Its
 * own commands go to the leader, or to the voter that named it last, which relays them.
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

    private final FollowedLeader followed;
    private long toldMillis = -1;
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
        followed = new FollowedLeader(timing);
        learner = new Learner(remembered, new OpenVotes(List.of()), limits.openVotesMax(), fitness);
        catchUp = new CatchUp(timing, limits, self, learner, random.split());
        refill = new Refill(remembered, timing, limits, learner, catchUp, fitness, new Holes(), random.split());
        lastKnownChosen = learner.knownChosen();
    }

    void onTime(Outbox out) {
        long now = out.nowMillis();
        followed.forgetIfSilent(now);
        boolean hearsLeader = followed.isLive(now);
        long waits = answered && !hearsLeader ? timing.heartbeatMillis() : timing.electionTimeoutMinMillis();
        if (!asked || now - askedMillis >= waits) {
            if (!answered || hearsLeader || followed.ballot().isNone()) {
                source = next();
            }
            asked = true;
            answered = false;
            askedMillis = now;
            if (!source.isNone()) {
                out.sendNow(source, new FollowRequest(adoptedId()));
            }
        }
        if (active && isLearner() && (toldMillis < 0 || now - toldMillis >= timing.heartbeatMillis())) {
            toldMillis = now;
            for (NodeId other : others) {
                out.sendAfterWrites(other, new Learned(learner.knownChosen()));
            }
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
                out.notice(isLearner() ? new Notice.Learns(activation.id()) : new Notice.Follows(activation.id()));
            }
        } else if (active && isLearner() && message instanceof CatchUpRequest request) {
            catchUp.onRequest(from, request, out);
        } else if (!active || !isVoter(from)) {
            return;
        } else if (message instanceof CatchUpPage page) {
            catchUp.heardPrefix(from, page.knownChosen());
            catchUp.onPage(from, page, out);
            refill.onPage(from, page, out);
        } else if (message instanceof ChosenNotice notice) {
            hearPrefix(from, notice.knownChosen());
        } else if (message instanceof ChosenValues values && isLearner()) {
            onValues(from, values, out);
        } else if (message instanceof Heartbeat heartbeat) {
            if (isLearner() && heartbeat.ballot().owner().equals(from)) {
                followed.heard(heartbeat.ballot(), heartbeat.hasQuorum(), out.nowMillis());
            }
            hearPrefix(from, heartbeat.knownChosen());
        } else if (message instanceof ReadPointAnswer answer && answer.origin().equals(self.node())) {
            out.notice(new Notice.ReadPointReady(answer.nonce(), answer.point(), 0));
        } else if (message instanceof ForwardRefused refused && refused.origin().equals(self)) {
            out.notice(new Notice.CommandsRefused(SessionId.ofNode(self), refused.firstSequence(), refused.reason()));
        } else if (message instanceof ClientRefused refused) {
            Forwarding.onRefused(refused, out);
        }
    }

    /** Whoever leads saw them chosen. */
    private void onValues(MemberId from, ChosenValues values, Outbox out) {
        for (Proposal chosen : values.chosen()) {
            learner.learn(chosen, out);
        }
        out.sendAfterWrites(from.node(), new Learned(learner.knownChosen()));
        hearPrefix(from, values.knownChosen());
    }

    /** Whether the membership says that it learns. */
    private boolean isLearner() {
        Founding mine = founding;
        return mine != null && mine.membership().isLearner(self.node());
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
            followed.heardThrough(from.node(), answer.leader(), out.nowMillis());
        } else if (from.node().equals(followed.via())) {
            followed.forget();
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

    /** Commands of sessions that are attached to this node. */
    void onSubmitted(List<Command> commands, Outbox out) {
        if (active && !followed.ballot().isNone()) {
            out.sendNow(followed.via(), new Forward(1, commands));
        } else {
            Forwarding.refuseHere(Forwarding.firstOfEach(commands), RefusalReason.NO_LEADER, out);
        }
    }

    /** This node wants a read point; the member that is asked sends the question on to the leader. */
    void onReadPointWanted(ReadPointWanted wanted, Outbox out) {
        if (active && !followed.ballot().isNone() && !wanted.byLease()) {
            out.sendNow(followed.via(), new ReadPointRequest(1, self.node(), wanted.nonce()));
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
        if (!followed.ballot().equals(reportedLeader)) {
            reportedLeader = followed.ballot();
            out.notice(new Notice.LeaderChanged(reportedLeader, false));
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
        boolean learns = founding == null ? plan.isLearner(self.node()) : isLearner();
        return new ReplicaStatus(
                learns ? ReplicaStatus.Role.LEARNER : ReplicaStatus.Role.FOLLOWER_WITHOUT_VOTE,
                adoptedId(),
                active ? List.of() : others,
                Ballot.NONE,
                followed.ballot(),
                learner.knownChosen(),
                learner.knownChosen(),
                0,
                0,
                refill.lowest(),
                Math.max(catchUp.highestHeard(), learner.knownChosen()),
                List.of());
    }
}
