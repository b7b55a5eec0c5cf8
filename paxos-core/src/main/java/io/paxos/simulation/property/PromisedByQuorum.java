// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.VoterSet;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Nobody proposes at a ballot that a phase-1 quorum has not durably promised: "if the proposer receives a response to its
 * prepare requests (numbered n) from a majority of acceptors, then it sends an accept request" (Paxos Made Simple, section
 * 2.2; hazard P2). It is judged when the accept is sent, so that no rival has to come at the one moment that would do harm.
 */
public final class PromisedByQuorum implements Property {

    private final TreeMap<Ballot, VoterSet> promises = new TreeMap<>();
    private final TreeSet<Ballot> judged = new TreeSet<>();
    private @Nullable Membership membership;

    /** For one run. */
    public PromisedByQuorum() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(
                TraceEvent.Kind.RUN_BEGAN,
                TraceEvent.Kind.FORCED,
                TraceEvent.Kind.STARTED,
                TraceEvent.Kind.MESSAGE_SENT);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.MessageSent sent) {
            return sent.message() instanceof Message.Accept accept
                    ? judge(sent, accept.proposal().ballot())
                    : null;
        }
        if (event instanceof TraceEvent.Forced forced) {
            for (DurableRecord record : forced.records()) {
                if (record instanceof DurableRecord.Promised promise) {
                    promised(forced.member(), promise.ballot());
                }
            }
        } else if (event instanceof TraceEvent.Started started) {
            DurableState found = started.remembered();
            if (found.attempt() != 0) {
                promised(started.member(), found.promised());
            }
        } else if (event instanceof TraceEvent.RunBegan began) {
            membership = began.membership();
        }
        return null;
    }

    private void promised(MemberId member, Ballot ballot) {
        Membership voters = membership;
        if (voters != null && voters.isVoter(member)) {
            promises.put(ballot, voters.add(promises.getOrDefault(ballot, VoterSet.EMPTY), member));
        }
    }

    private @Nullable String judge(TraceEvent.MessageSent sent, Ballot ballot) {
        Membership voters = membership;
        if (voters == null || !judged.add(ballot)) {
            return null;
        }
        return voters.isPhase1Quorum(promises.getOrDefault(ballot, VoterSet.EMPTY))
                ? null
                : sent.from() + " proposes at " + ballot + ", which no phase-1 quorum has promised";
    }
}
