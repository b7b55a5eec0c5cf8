// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.LeaseSurrender;
import io.paxos.message.Message.ReadPointAnswer;
import io.paxos.message.Message.ReadPointRequest;
import io.paxos.message.Message.ReadRound;
import io.paxos.message.Message.ReadRoundAnswer;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.VoterSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * From which slot on a state is not old. Whoever wants to read asks the leader for a <em>read point</em>; the leader takes its
 * known-chosen prefix, and has a phase-2 quorum confirm, after that, that it promised nobody above.
 *
 * <pre>
 *   asked ──▶ waiting ── the round under way is over ──▶ in the next round ── a quorum confirms ──▶ answered
 * </pre>
 *
 * <p><b>Why that suffices.</b> A leads at 7 and takes its prefix, 40. Suppose that something in slot 41 or above was answered
 * to somebody before. Then slot 41 was known chosen to somebody, and not to A, so it was chosen above 7, or was left over by
 * earlier leaders. It was not left over: A has <em>recovered</em>, it knows the last slot that its promises spoke of, and one of
 * its own behind. So some B had a phase-1 quorum for slot 41 above 7 <em>before the round began</em>; one of them is in A's quorum
 * for slot 41, and did not confirm. One that confirmed before the round began proves nothing (hazard P20).
 *
 * <p><b>Leases.</b> Where members grant, the same quorum moreover says: nobody else for a while. Until then the leader need not
 * ask. It counts from when it <em>asked</em>, and forgets it all when the time it goes by may have stood still (hazard P19).
 * {@link LeaseGrants} is the other side.
 */
final class ReadRounds {

    /** Who can wait at most; more are not heard, and ask again. */
    private static final int ORIGINS_MAX = 256;

    private final Timing timing;
    private final LeaseTerms terms;
    private final Memberships memberships;
    private final Acceptor acceptor;
    private final Learner learner;
    private final FollowedLeader followed;
    private final Proposer proposer;
    private final LeaseGrants grants;

    /** The newest request of each, for the next round. */
    private final TreeMap<NodeId, Request> waiting = new TreeMap<>();

    /** The ballot at which this replica leads and has recovered, or none. */
    private Ballot ballot = Ballot.NONE;

    private Ballot surrendered = Ballot.NONE;
    private @Nullable Round current;
    private long lastRound;
    private long renewMillis;
    private @Nullable Round leased;

    /**
     * Somebody waits.
     *
     * @param via who sent the request on, or the origin itself
     */
    private record Request(NodeId origin, NodeId via, long nonce) {}

    private static final class Round {
        final long number;
        final long point;
        final long beganMillis;
        final List<Request> requests;
        final TreeSet<MemberId> answered = new TreeSet<>();
        final TreeSet<MemberId> granted = new TreeSet<>();
        long sentMillis;
        boolean confirmed;

        /** False once it is not known any more how long ago it began. */
        boolean timed = true;

        Round(long number, long point, long beganMillis, List<Request> requests) {
            this.number = number;
            this.point = point;
            this.beganMillis = beganMillis;
            this.requests = requests;
            this.sentMillis = beganMillis;
        }
    }

    ReadRounds(
            Timing timing,
            LeaseTerms terms,
            Memberships memberships,
            Acceptor acceptor,
            Learner learner,
            FollowedLeader followed,
            Proposer proposer,
            LeaseGrants grants) {
        this.timing = timing;
        this.terms = terms;
        this.memberships = memberships;
        this.acceptor = acceptor;
        this.learner = learner;
        this.followed = followed;
        this.proposer = proposer;
        this.grants = grants;
    }

    // ---- who wants to read -----------------------------------------------------------------------------------

    /** This node wants a read point. Nothing happens if nobody can be asked; it wants again. */
    void wanted(long nonce, boolean byLease, Outbox out) {
        NodeId self = memberships.self().node();
        if (byLease) {
            if (holdsLease(out.nowMillis())) {
                out.notice(new Notice.ReadPointReady(nonce, learner.knownChosen(), leaseEndMillis()));
            }
        } else if (proposer.isElected()) {
            wait(new Request(self, self, nonce));
        } else if (proposer.isIdle() && !followed.ballot().isNone()) {
            out.sendNow(followed.via(), new ReadPointRequest(1, self, nonce));
        }
    }

    /** Another node wants one. */
    void onRequest(MemberId from, ReadPointRequest request, Outbox out) {
        NodeId leader = followed.ballot().owner().node();
        if (proposer.isElected()) {
            proposer.isWaitedFor(out);
            wait(new Request(request.origin(), from.node(), request.nonce()));
        } else if (request.relays() > 0
                && proposer.isIdle()
                && followed.isHeardDirectly()
                && !leader.equals(from.node())) {
            out.sendNow(leader, new ReadPointRequest(0, request.origin(), request.nonce()));
        }
    }

    private void wait(Request request) {
        if (waiting.size() < ORIGINS_MAX || waiting.containsKey(request.origin())) {
            waiting.put(request.origin(), request);
        }
    }

    /** A leader answers this node, or one that asked through it. */
    void onPoint(MemberId from, ReadPointAnswer answer, Outbox out) {
        NodeId origin = answer.origin();
        if (origin.equals(memberships.self().node())) {
            out.notice(new Notice.ReadPointReady(answer.nonce(), answer.point(), 0));
        } else if (!origin.equals(from.node())
                && (memberships.others().contains(origin)
                        || memberships.learners().contains(origin))) {
            out.sendNow(origin, answer);
        }
    }

    // ---- a member is asked -----------------------------------------------------------------------------------

    /** Says yes, at once, if it promised nobody above. That reveals no promise, forced or not. */
    void onRound(MemberId from, ReadRound round, Outbox out) {
        if (!round.ballot().owner().equals(from) || acceptor.promised().isAbove(round.ballot())) {
            return;
        }
        // One that stands itself may raise its own promise at any time.
        boolean granted = proposer.isIdle() && grants.grant(round.ballot(), round.leaseMillis(), out.nowMillis());
        out.sendNow(from.node(), new ReadRoundAnswer(round.ballot(), round.round(), granted));
    }

    // ---- the leader's rounds ---------------------------------------------------------------------------------

    void onAnswer(MemberId from, ReadRoundAnswer answer, Outbox out) {
        Round round = current;
        if (round == null || !answer.ballot().equals(ballot) || answer.round() != round.number) {
            return; // of an earlier round: it was sent before this one began, perhaps
        }
        round.answered.add(from);
        if (answer.granted()) {
            round.granted.add(from);
        }
        count(round, out);
    }

    private void count(Round round, Outbox out) {
        long slot = round.point + 1;
        if (!round.confirmed && isQuorum(slot, round.answered)) {
            round.confirmed = true;
            for (Request request : round.requests) {
                answer(request, round.point, out);
            }
        }
        if (round.timed && !terms.areOff() && isQuorum(slot, round.granted)) {
            leased = round;
        }
    }

    /** With this replica itself, whose promise is its ballot as long as it leads. */
    private boolean isQuorum(long slot, Set<MemberId> others) {
        VoterSet set = memberships.add(slot, VoterSet.EMPTY, memberships.self());
        for (MemberId member : others) {
            set = memberships.add(slot, set, member);
        }
        return memberships.isPhase2Quorum(slot, set);
    }

    private void answer(Request request, long point, Outbox out) {
        if (request.origin().equals(memberships.self().node())) {
            out.notice(new Notice.ReadPointReady(request.nonce(), point, 0));
        } else {
            out.sendNow(request.via(), new ReadPointAnswer(request.origin(), request.nonce(), ballot, point));
        }
    }

    /** At the end of each step: leadership may have come or gone, and the next round may begin. */
    void finishStep(Outbox out) {
        Ballot now = proposer.isRecovered() ? proposer.ballot() : Ballot.NONE;
        if (!now.equals(ballot)) {
            ballot = now;
            current = null;
            leased = null;
            renewMillis = out.nowMillis();
        }
        if (!proposer.isElected()) {
            waiting.clear(); // who is followed now does not know of them; they ask again
        }
        boolean free = current == null || current.confirmed;
        boolean due = mayLease() && out.nowMillis() >= renewMillis;
        if (!ballot.isNone() && free && (due || !waiting.isEmpty())) {
            begin(out);
        }
    }

    private void begin(Outbox out) {
        Round round = new Round(++lastRound, learner.knownChosen(), out.nowMillis(), new ArrayList<>(waiting.values()));
        waiting.clear();
        current = round;
        renewMillis = out.nowMillis() + timing.heartbeatMillis();
        send(round, out);
        count(round, out); // alone it is a quorum, perhaps
    }

    private void send(Round round, Outbox out) {
        round.sentMillis = out.nowMillis();
        ReadRound question = new ReadRound(ballot, round.number, mayLease() ? terms.leaseMillis() : 0);
        for (MemberId voter : memberships.forSlot(round.point + 1).voters()) {
            if (!voter.equals(memberships.self()) && !round.answered.contains(voter)) {
                out.sendNow(voter.node(), question);
            }
        }
    }

    /** Asks again who did not answer; the round stays what it was. */
    void onTime(Outbox out) {
        Round round = current;
        if (round != null && !round.confirmed && out.nowMillis() - round.sentMillis >= timing.retransmitMillis()) {
            send(round, out);
        }
    }

    // ---- leases ----------------------------------------------------------------------------------------------

    private boolean mayLease() {
        return !terms.areOff() && !surrendered.equals(proposer.ballot());
    }

    /** Whether nobody else can have chosen anything by now. */
    private boolean holdsLease(long nowMillis) {
        Round round = leased;
        return round != null
                && mayLease()
                && proposer.isRecovered()
                && proposer.ballot().equals(ballot)
                && nowMillis < leaseEndMillis()
                && isQuorum(learner.knownChosen() + 1, round.granted);
    }

    private long leaseEndMillis() {
        Round round = leased;
        return round == null ? 0 : round.beganMillis + terms.leaderMillis();
    }

    /** The node stood still, and nobody knows for how long: rounds that began before are no measure of time any more. */
    void timeWasLost() {
        leased = null;
        if (current != null) {
            current.timed = false;
        }
    }

    /** Before leadership is offered to somebody: this leader reads by its lease no more, and those who granted may know. */
    void surrender(Outbox out) {
        surrendered = proposer.ballot();
        leased = null;
        tellSurrender(surrendered, out);
    }

    /** A leader surrendered: this member is free, and tells it on before it asks the others for their promises. */
    void surrenderedBy(Ballot leader, Outbox out) {
        grants.surrendered(leader);
        tellSurrender(leader, out);
    }

    private void tellSurrender(Ballot of, Outbox out) {
        if (!terms.areOff()) {
            for (NodeId other : memberships.others()) {
                out.sendNow(other, new LeaseSurrender(of));
            }
        }
    }
}
