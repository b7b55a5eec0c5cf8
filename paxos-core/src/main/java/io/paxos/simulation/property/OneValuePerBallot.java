// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * At one ballot, one slot has one value, whoever votes: a ballot belongs to one attempt of one proposer, which proposes
 * once a slot (Paxos Made Simple, section 2.2; hazards S5 and P8).
 */
public final class OneValuePerBallot implements Property {

    private final ByNumber<TreeMap<Ballot, Value>> values = new ByNumber<>();

    /** For one run. */
    public OneValuePerBallot() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.FORCED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Forced forced) {
            for (DurableRecord record : forced.records()) {
                if (record instanceof DurableRecord.Accepted accepted) {
                    Proposal vote = accepted.proposal();
                    Value before = values.getOrMake(vote.slot(), TreeMap::new).putIfAbsent(vote.ballot(), vote.value());
                    if (before != null && !before.equals(vote.value())) {
                        return "slot " + vote.slot() + " has two values at ballot " + vote.ballot() + ": " + before
                                + " and " + vote.value() + ", for which " + forced.member() + " votes";
                    }
                }
            }
        }
        return null;
    }
}
