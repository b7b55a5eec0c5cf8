// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message;
import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.ChosenValues;
import io.paxos.message.Message.ClientRefused;
import io.paxos.message.Message.FollowAnswer;
import io.paxos.message.Message.FollowRequest;
import io.paxos.message.Message.Forward;
import io.paxos.message.Message.ForwardRefused;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.LeadershipOffer;
import io.paxos.message.Message.Learned;
import io.paxos.message.Message.LeaseSurrender;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.ReadPointAnswer;
import io.paxos.message.Message.ReadPointRequest;
import io.paxos.message.Message.ReadRound;
import io.paxos.message.Message.ReadRoundAnswer;
import io.paxos.message.Message.Rejected;
import io.paxos.message.Message.Remembered;
import io.paxos.model.Ballot;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.SlotRange;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * The roles of a member of an activated founding, and who hears which message. It decides nothing itself.
 *
 * <p>At the end of each step, in this order: a proposer whose own acceptor promised somebody else stops; one that has
 * fetched what it missed starts to lead; what was chosen is announced and free places are filled; a leader that hands over
 * makes its offer when its window has run empty; the next round of reads begins; missing values are pulled, also those that were here once; the known-chosen mark rides along with the
 * step's writes; invariants are checked.
 */
final class ActiveMember {

    private final Founding founding;
    private final Timing timing;
    private final Fitness fitness;
    private final Memberships memberships;
    private final OpenVotes votes;
    private final Learner learner;
    private final FollowedLeader followed;
    private final Acceptor acceptor;
    private final CatchUp catchUp;
    private final Refill refill;
    private final PendingCommands pending;
    private final Expiry expiry = new Expiry();
    private final Proposer proposer;
    private final Election election;
    private final HandOver handOver;
    private final Forwarding forwarding;
    private final LeaseGrants grants;
    private final ReadRounds readRounds;
    private final PeerMemory peers;
    private final Pushes pushes;
    private final Invariants invariants;
    private Ballot reportedLeader = Ballot.NONE;
    private boolean reportedLeadsHere;

    ActiveMember(
            DurableState remembered,
            Founding founding,
            Timing timing,
            Limits limits,
            LeaseTerms leases,
            Fitness fitness,
            long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        this.founding = founding;
        this.timing = timing;
        this.fitness = fitness;
        memberships = new Memberships(remembered.self(), founding.membership());
        votes = new OpenVotes(remembered.votes());
        learner = new Learner(remembered, votes, limits.openVotesMax(), fitness);
        followed = new FollowedLeader(timing);
        Holes holes = new Holes();
        acceptor = new Acceptor(remembered, limits, votes, learner, followed, fitness, holes);
        peers = new PeerMemory(timing, acceptor, learner);
        catchUp = new CatchUp(timing, limits, remembered.self(), learner, random.split());
        pending = new PendingCommands(limits);
        pushes = new Pushes(timing, limits, memberships);
        proposer = new Proposer(
                timing,
                limits,
                memberships,
                acceptor,
                learner,
                followed,
                catchUp,
                pending,
                pushes,
                expiry,
                fitness,
                random.split());
        grants = new LeaseGrants(leases);
        readRounds = new ReadRounds(timing, leases, memberships, acceptor, learner, followed, proposer, grants);
        election = new Election(
                timing, memberships, learner, acceptor, followed, proposer, fitness, grants, random.split());
        handOver = new HandOver(
                timing, fitness, holes, learner, followed, catchUp, proposer, readRounds, grants, random.split());
        forwarding = new Forwarding(memberships, proposer, pending, followed, learner);
        refill = new Refill(remembered, timing, limits, learner, catchUp, fitness, holes, random.split());
        invariants = new Invariants(limits, acceptor, learner, votes, proposer, pending);
    }

    Forwarding forwarding() {
        return forwarding;
    }

    ReadRounds readRounds() {
        return readRounds;
    }

    void onTime(Outbox out) {
        grants.onTime(out.nowMillis());
        refill.onTime(out);
        handOver.onTime(out); // first: who resigns now says "I have a quorum" no more
        proposer.onTime(out);
        election.onTime(out);
        readRounds.onTime(out);
    }

    /** Sessions expire when agreed time reaches this. */
    void onNextExpiry(long agreedMillis) {
        expiry.next(agreedMillis);
    }

    void onPeerStarted(MemberId peer, Outbox out) {
        peers.onPeerStarted(peer, out);
    }

    /** The disk is not what it was: who leads or stands with a sick one looks for a way out, at once. */
    void onFitnessChanged(Outbox out) {
        handOver.onTime(out);
        proposer.onTime(out);
    }

    void onHandOverAsked(@Nullable NodeId target, Outbox out) {
        handOver.asked(target, out);
    }

    /**
     * Hears one who follows without a vote: it may ask what was chosen, and send commands; a learner may also say how far it
     * is, and serve what was chosen. Whatever else it says changes nothing here, so that no tally, timer or memory of this
     * member can be moved by it.
     */
    private void onFollower(MemberId from, Message message, Outbox out) {
        if (message instanceof FollowRequest) {
            out.sendNow(from.node(), new FollowAnswer(founding, forwarding.leader(out), learner.knownChosen()));
        } else if (message instanceof CatchUpRequest request) {
            catchUp.onRequest(from, request, out);
        } else if (message instanceof Forward forward) {
            forwarding.onForward(from, forward, out);
        } else if (message instanceof ReadPointRequest request) {
            readRounds.onRequest(from, request, out);
        } else if (memberships.isLearner(from)) {
            onLearner(from, message, out);
        }
    }

    private void onLearner(MemberId from, Message message, Outbox out) {
        if (message instanceof Learned learned) {
            pushes.heard(from.node(), learned.knownChosen(), out.nowMillis());
            catchUp.heardPrefix(from, learned.knownChosen());
        } else if (message instanceof CatchUpPage page) {
            onPage(from, page, out);
        }
    }

    private void onPage(MemberId from, CatchUpPage page, Outbox out) {
        catchUp.heardPrefix(from, page.knownChosen());
        catchUp.onPage(from, page, out);
        refill.onPage(from, page, out);
    }

    /** Hands a message to the role it is for. */
    void onMessage(MemberId from, Message message, Outbox out) {
        if (memberships.mayFollow(from)) {
            onFollower(from, message, out);
            return;
        }
        boolean counts =
                memberships.knows(from) && (from.equals(memberships.self()) || peers.admits(from, message, out));
        if (!counts) {
            return;
        }
        if (message instanceof Prepare prepare) {
            onPrepare(from, prepare, out);
        } else if (message instanceof Accept accept) {
            onAccept(from, accept, out);
        } else if (message instanceof Promise page) {
            catchUp.heardPrefix(from, page.knownChosen());
            proposer.onPromise(from, page, out);
        } else if (message instanceof Accepted accepted) {
            catchUp.heardPrefix(from, accepted.knownChosen());
            proposer.onAccepted(from, accepted, out);
        } else if (message instanceof Rejected rejected) {
            catchUp.heardPrefix(from, rejected.knownChosen());
            proposer.onRejected(from, rejected, out);
        } else if (message instanceof Heartbeat heartbeat) {
            catchUp.heardPrefix(from, heartbeat.knownChosen());
            onHeartbeat(from, heartbeat, out);
        } else if (message instanceof HeartbeatAck ack) {
            catchUp.heardPrefix(from, ack.knownChosen());
            proposer.onHeartbeatAck(from, ack, out);
        } else if (message instanceof LeadershipOffer offer) {
            catchUp.heardPrefix(from, offer.knownChosen());
            handOver.onOffer(from, offer, out);
        } else if (message instanceof Canvass canvass) {
            catchUp.heardPrefix(from, canvass.knownChosen());
            election.onCanvass(from, canvass, out);
        } else if (message instanceof CanvassReply reply) {
            catchUp.heardPrefix(from, reply.knownChosen());
            election.onCanvassReply(from, reply, out);
        } else if (message instanceof ChosenNotice notice) {
            catchUp.heardPrefix(from, notice.knownChosen());
            catchUp.missing(learner.onChosenNotice(notice, out));
        } else if (message instanceof CatchUpRequest request) {
            refill.onRequest(request, out);
            catchUp.onRequest(from, request, out);
        } else if (message instanceof CatchUpPage page) {
            onPage(from, page, out);
        } else if (message instanceof Forward forward) {
            forwarding.onForward(from, forward, out);
        } else if (message instanceof ForwardRefused refused) {
            catchUp.heardPrefix(from, refused.knownChosen());
            forwarding.onRefused(from, refused, out);
        } else if (message instanceof ClientRefused refused) {
            catchUp.heardPrefix(from, refused.knownChosen());
            Forwarding.onRefused(refused, out);
        } else if (message instanceof Remembered seen) {
            peers.onRemembered(from, seen, out);
        } else if (!onReading(from, message, out) && !isForOneWithoutAVote(message)) {
            throw new InvariantViolation("no role for " + message);
        }
    }

    /** A voter follows nobody, and finds the values that were chosen among its votes. */
    private static boolean isForOneWithoutAVote(Message message) {
        return message instanceof FollowRequest
                || message instanceof FollowAnswer
                || message instanceof ChosenValues
                || message instanceof Learned;
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

    /** What is said about reads and leases. Returns false if it is about something else. */
    private boolean onReading(MemberId from, Message message, Outbox out) {
        if (message instanceof ReadRound round) {
            readRounds.onRound(from, round, out);
        } else if (message instanceof ReadRoundAnswer answer) {
            readRounds.onAnswer(from, answer, out);
        } else if (message instanceof ReadPointRequest request) {
            readRounds.onRequest(from, request, out);
        } else if (message instanceof ReadPointAnswer answer) {
            readRounds.onPoint(from, answer, out);
        } else if (message instanceof LeaseSurrender surrender) {
            grants.surrendered(surrender.ballot());
        } else {
            return false;
        }
        return true;
    }

    /** A grant forbids to raise the promise for others. They are not answered: they ask again, and it is over by then. */
    private boolean isForbidden(Ballot ballot, Outbox out) {
        return ballot.isAbove(acceptor.promised()) && grants.forbids(ballot, out.nowMillis());
    }

    private void onAccept(MemberId from, Accept accept, Outbox out) {
        if (!isForbidden(accept.proposal().ballot(), out)) {
            acceptor.onAccept(from, accept, out);
        }
    }

    private void onPrepare(MemberId from, Prepare prepare, Outbox out) {
        if (isForbidden(prepare.ballot(), out)) {
            return;
        }
        if (acceptor.onPrepare(from, prepare, out)) {
            if (!followed.ballot().equals(prepare.ballot())) { // its own leader's, if this member slept through phase 1
                followed.forget();
            }
        }
        if (prepare.ballot().equals(acceptor.promised())) {
            election.asked(prepare, out.nowMillis());
        }
    }

    private void onHeartbeat(MemberId from, Heartbeat heartbeat, Outbox out) {
        if (!heartbeat.ballot().owner().equals(from)) {
            return;
        }
        // Without a quorum it is not waited for: A hears C, C hears nobody else, and only A could lead (hazard P12).
        if (followed.heard(heartbeat.ballot(), heartbeat.hasQuorum(), out.nowMillis()) && heartbeat.hasQuorum()) {
            election.heardLeader(out.nowMillis());
        }
        if (!fitness.mayVote()) {
            return; // it carries no leader whose next accept it would not take
        }
        out.sendAfterWrites(
                from.node(),
                new HeartbeatAck(
                        heartbeat.ballot(),
                        heartbeat.sequence(),
                        acceptor.promised(),
                        followed.liveBallot(out.nowMillis()),
                        learner.knownChosen(),
                        fitness.isFit()));
    }

    void finishStep(Outbox out) {
        learner.advance(out);
        if (!proposer.isIdle() && acceptor.promised().isAbove(proposer.ballot())) {
            proposer.preempted();
        }
        proposer.leadWhenFetched(out);
        proposer.propose(out);
        handOver.finishStep(out);
        readRounds.finishStep(out);
        catchUp.pull(out);
        refill.pull(out);
        learner.mark(out, timing.retransmitMillis());
        reportLeader(out);
        invariants.check();
    }

    private void reportLeader(Outbox out) {
        Ballot leader = proposer.isElected() ? proposer.ballot() : followed.ballot();
        if (!leader.equals(reportedLeader) || proposer.takesCommands() != reportedLeadsHere) {
            reportedLeader = leader;
            reportedLeadsHere = proposer.takesCommands();
            out.notice(new Notice.LeaderChanged(leader, reportedLeadsHere));
        }
    }

    ReplicaStatus status(long nowMillis) {
        return new ReplicaStatus(
                role(),
                founding.id(),
                List.of(),
                acceptor.promised(),
                reportedLeader,
                learner.knownChosen(),
                Math.max(votes.highest(), learner.knownChosen()),
                proposer.openSlots(),
                pending.bytes(),
                refill.lowest() != 0 ? refill.lowest() : proposer.undecidableSlot(),
                Math.max(catchUp.highestHeard(), learner.knownChosen()),
                pushes.progress(nowMillis));
    }

    private ReplicaStatus.Role role() {
        if (proposer.isPreparing()) {
            return ReplicaStatus.Role.PREPARING;
        }
        if (handOver.isUnderWay()) {
            return ReplicaStatus.Role.HANDING_OVER;
        }
        if (proposer.isElected()) {
            return proposer.isRecovered() ? ReplicaStatus.Role.LEADING : ReplicaStatus.Role.RECOVERING;
        }
        return election.isCanvassing() ? ReplicaStatus.Role.CANVASSING : ReplicaStatus.Role.FOLLOWER;
    }
}
