// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.message.Message.Forward;
import io.paxos.message.Message.ForwardRefused;
import io.paxos.message.Message.RefusalReason;
import io.paxos.model.Ballot;
import io.paxos.model.Command;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import java.util.List;

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

    /** Commands of this node's own session. */
    void onSubmitted(List<Command> commands, Outbox out) {
        long firstSequence = commands.get(0).sequence();
        if (proposer.takesCommands()) {
            if (!pending.offer(commands)) {
                out.notice(new Notice.CommandsRefused(firstSequence, RefusalReason.OVERLOADED));
            }
        } else if (!proposer.isIdle() || followed.ballot().isNone()) {
            out.notice(new Notice.CommandsRefused(firstSequence, RefusalReason.NO_LEADER));
        } else {
            out.sendNow(followed.via(), new Forward(1, commands));
        }
    }

    /** Commands that another member sent on. */
    void onForward(MemberId from, Forward forward, Outbox out) {
        if (proposer.takesCommands()) {
            if (!pending.offer(forward.commands())) {
                refuse(from.node(), RefusalReason.OVERLOADED, forward, out);
            }
            return;
        }
        NodeId leader = followed.ballot().owner().node();
        boolean mayRelay = forward.relays() > 0 && followed.isHeardDirectly() && !leader.equals(from.node());
        if (proposer.isIdle() && mayRelay) {
            out.sendNow(leader, new Forward(0, forward.commands()));
        } else {
            refuse(from.node(), RefusalReason.NO_LEADER, forward, out);
        }
    }

    /** The leader that commands would go to, as far as it is known here. */
    Ballot leader(Outbox out) {
        return proposer.isElected() ? proposer.ballot() : followed.liveBallot(out.nowMillis());
    }

    private void refuse(NodeId to, RefusalReason reason, Forward forward, Outbox out) {
        Command first = forward.commands().get(0);
        out.sendNow(
                to,
                new ForwardRefused(
                        reason, first.sequence(), originOf(first.session()), leader(out), learner.knownChosen()));
    }

    private MemberId originOf(SessionId session) {
        boolean node = session.owner() > 0 && session.owner() <= NodeId.NUMBER_MAX && session.tag() != 0;
        return node
                ? new MemberId(new NodeId((int) session.owner()), new Incarnation(session.tag()))
                : memberships.self();
    }

    /** A refusal: for this node's session, or to be relayed to the member whose session it is. */
    void onRefused(MemberId from, ForwardRefused refused, Outbox out) {
        if (refused.origin().equals(memberships.self())) {
            out.notice(new Notice.CommandsRefused(refused.firstSequence(), refused.reason()));
        } else if ((memberships.knows(refused.origin()) || memberships.mayFollow(refused.origin()))
                && !refused.origin().node().equals(from.node())) {
            out.sendNow(refused.origin().node(), refused);
        }
    }
}
