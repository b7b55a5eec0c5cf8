// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.message.Message;
import io.paxos.model.DurableRecord;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A learner, and a node whose directory was lost and that comes back as another incarnation, neither promises nor votes, nor
 * says a word of either. The latter has forgotten what it promised, so that whatever it said could be believed by mistake (Paxos
 * Made Simple, section 2.5, on what an acceptor must remember; hazard S18); the former is in no quorum (Reconfiguring a State
 * Machine, section 2.1). Both may ask for what was chosen, and send commands.
 */
public final class OnlyMembersVote implements Property {

    /** Nodes that run as no voter of the membership. */
    private final TreeSet<NodeId> strangers = new TreeSet<>();

    private @Nullable Membership membership;

    /** For one run. */
    public OnlyMembersVote() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(
                TraceEvent.Kind.RUN_BEGAN,
                TraceEvent.Kind.STARTED,
                TraceEvent.Kind.FORCED,
                TraceEvent.Kind.MESSAGE_SENT);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.MessageSent sent) {
            return !strangers.isEmpty() && strangers.contains(sent.from()) && speaksOfVotes(sent.message())
                    ? sent.from() + " is no voter, and sends " + sent.message()
                    : null;
        }
        Membership voters = membership;
        if (event instanceof TraceEvent.Forced forced) {
            for (DurableRecord record : forced.records()) {
                boolean votes = record instanceof DurableRecord.Promised || record instanceof DurableRecord.Accepted;
                if (votes && voters != null && !voters.isVoter(forced.member())) {
                    return forced.member() + " is no voter, and writes " + record;
                }
            }
        } else if (event instanceof TraceEvent.Started started) {
            if (voters != null && !voters.isVoter(started.member())) {
                strangers.add(started.member().node());
            } else {
                strangers.remove(started.member().node());
            }
        } else if (event instanceof TraceEvent.RunBegan began) {
            membership = began.membership();
        }
        return null;
    }

    private static boolean speaksOfVotes(Message message) {
        return message instanceof Message.Promise
                || message instanceof Message.Accepted
                || message instanceof Message.Rejected
                || message instanceof Message.HeartbeatAck
                || message instanceof Message.CanvassReply
                || message instanceof Message.Canvass
                || message instanceof Message.Prepare
                || message instanceof Message.Accept
                || message instanceof Message.Heartbeat
                || message instanceof Message.ChosenNotice
                || message instanceof Message.ChosenValues
                || message instanceof Message.ReadRound
                || message instanceof Message.ReadRoundAnswer
                || message instanceof Message.ReadPointAnswer
                || message instanceof Message.LeadershipOffer;
    }
}
