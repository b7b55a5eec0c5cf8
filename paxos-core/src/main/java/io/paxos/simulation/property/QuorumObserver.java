// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.Proposal;
import io.paxos.model.VoterSet;
import io.paxos.simulation.trace.TraceEvent;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Computes what is chosen from durable votes alone: a value is chosen in a slot when a phase-2 quorum of the slot's
 * membership has durably voted for it at one ballot (Paxos Made Simple, section 2.2). It asks no node. It tells each
 * (slot, ballot) once, when its quorum is complete.
 *
 * <p>A vote counts from the moment at which somebody can act on it: when its force was reported, or when a start found
 * it on the disk after a crash that nobody heard the end of.
 */
public final class QuorumObserver {

    private final Consumer<TraceEvent> sink;
    private final ByNumber<TreeMap<Ballot, VoterSet>> votes = new ByNumber<>();
    private @Nullable Membership membership;

    /** @param sink is handed the {@link TraceEvent.Chosen} events */
    public QuorumObserver(Consumer<TraceEvent> sink) {
        this.sink = sink;
    }

    /** Sees an event. */
    public void observe(TraceEvent event) {
        if (event instanceof TraceEvent.Forced forced) {
            for (DurableRecord record : forced.records()) {
                if (record instanceof DurableRecord.Accepted accepted) {
                    vote(forced.atMicros(), forced.member(), accepted.proposal());
                }
            }
        } else if (event instanceof TraceEvent.Started started) {
            for (Proposal found : started.remembered().votes()) {
                vote(started.atMicros(), started.member(), found);
            }
        } else if (event instanceof TraceEvent.RunBegan began) {
            membership = began.membership();
        }
    }

    private void vote(long atMicros, MemberId member, Proposal vote) {
        Membership voters = membership;
        if (voters == null || !voters.isVoter(member)) {
            return;
        }
        TreeMap<Ballot, VoterSet> byBallot = votes.getOrMake(vote.slot(), TreeMap::new);
        VoterSet before = byBallot.getOrDefault(vote.ballot(), VoterSet.EMPTY);
        VoterSet after = voters.add(before, member);
        byBallot.put(vote.ballot(), after);
        if (voters.isPhase2Quorum(after) && !voters.isPhase2Quorum(before)) {
            sink.accept(new TraceEvent.Chosen(atMicros, vote));
        }
    }
}
