// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.ClientRefused;
import io.paxos.message.Message.Forward;
import io.paxos.message.Message.ForwardRefused;
import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Ballot;
import io.paxos.model.Command;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Brings commands to the leader: into its own queue if that is this replica, else to the leader it follows, at most over
 * one relay. Nothing is kept and nothing repeated here; a session sends again what gets lost.
 */
final class Forwarding {

    private final Memberships memberships;
    private final Proposer proposer;
    private final PendingCommands pending;
    private final FollowedLeader followed;
    private final Learner learner;

    Forwarding(
            Memberships memberships,
            Proposer proposer,
            PendingCommands pending,
            FollowedLeader followed,
            Learner learner) {
        this.memberships = memberships;
        this.proposer = proposer;
        this.pending = pending;
        this.followed = followed;
        this.learner = learner;
    }

    /** Commands of sessions that are attached to this node. */
    void onSubmitted(List<Command> commands, Outbox out) {
        if (proposer.takesCommands()) {
            refuseHere(pending.offer(commands), RefusalReason.OVERLOADED, out);
        } else if (!proposer.isIdle() || followed.ballot().isNone()) {
            refuseHere(firstOfEach(commands), RefusalReason.NO_LEADER, out);
        } else {
            out.sendNow(followed.via(), new Forward(1, commands));
        }
    }

    /** Of each session the first command. */
    static List<Command> firstOfEach(List<Command> commands) {
        Map<SessionId, Command> first = new LinkedHashMap<>();
        commands.forEach(command -> first.putIfAbsent(command.session(), command));
        return List.copyOf(first.values());
    }

    static void refuseHere(List<Command> firsts, RefusalReason reason, Outbox out) {
        for (Command first : firsts) {
            out.notice(new Notice.CommandsRefused(first.session(), first.sequence(), reason));
        }
    }

    /** Commands that another member sent on. */
    void onForward(MemberId from, Forward forward, Outbox out) {
        if (proposer.takesCommands()) {
            proposer.isWaitedFor(out);
            refuse(from.node(), RefusalReason.OVERLOADED, pending.offer(forward.commands()), out);
            return;
        }
        NodeId leader = followed.ballot().owner().node();
        boolean mayRelay = forward.relays() > 0 && followed.isHeardDirectly() && !leader.equals(from.node());
        if (proposer.isIdle() && mayRelay) {
            out.sendNow(leader, new Forward(0, forward.commands()));
        } else {
            refuse(from.node(), RefusalReason.NO_LEADER, firstOfEach(forward.commands()), out);
        }
    }

    /** The leader that commands would go to, as far as it is known here. */
    Ballot leader(Outbox out) {
        return proposer.isElected() ? proposer.ballot() : followed.liveBallot(out.nowMillis());
    }

    private void refuse(NodeId to, RefusalReason reason, List<Command> firsts, Outbox out) {
        for (Command first : firsts) {
            Ballot leader = leader(out);
            out.sendNow(
                    to,
                    first.session().owner() == 0
                            ? new ClientRefused(
                                    reason, first.session(), first.sequence(), leader, learner.knownChosen())
                            : new ForwardRefused(
                                    reason,
                                    first.sequence(),
                                    originOf(first.session()),
                                    leader,
                                    learner.knownChosen()));
        }
    }

    private MemberId originOf(SessionId session) {
        boolean node = session.owner() > 0 && session.owner() <= NodeId.NUMBER_MAX && session.tag() != 0;
        return node
                ? new MemberId(new NodeId((int) session.owner()), new Incarnation(session.tag()))
                : memberships.self();
    }

    /** A refusal for a client that may be attached here; if it came over a relay, the relay alone is told, and drops it. */
    static void onRefused(ClientRefused refused, Outbox out) {
        out.notice(new Notice.CommandsRefused(refused.session(), refused.firstSequence(), refused.reason()));
    }

    /** A refusal: for this node's session, or to be relayed to the member whose session it is. */
    void onRefused(MemberId from, ForwardRefused refused, Outbox out) {
        if (refused.origin().equals(memberships.self())) {
            out.notice(new Notice.CommandsRefused(
                    SessionId.ofNode(memberships.self()), refused.firstSequence(), refused.reason()));
        } else if ((memberships.knows(refused.origin()) || memberships.mayFollow(refused.origin()))
                && !refused.origin().node().equals(from.node())) {
            out.sendNow(refused.origin().node(), refused);
        }
    }
}
