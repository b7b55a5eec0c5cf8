// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.DurableRecord;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whatever a node applies, or writes down as chosen, a phase-2 quorum has durably voted for before (Paxos Made Simple,
 * section 2.2; hazards P5 and S6). What is chosen comes from the outside observer of durable votes.
 */
public final class ChosenOnlyByQuorum implements Property {

    private final ByNumber<Value> chosen = new ByNumber<>();

    /** Every slot up to here is chosen. */
    private long prefix;

    /** For one run. */
    public ChosenOnlyByQuorum() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.CHOSEN, TraceEvent.Kind.FORCED, TraceEvent.Kind.APPLIED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Chosen seen) {
            chosen.putIfAbsent(seen.proposal().slot(), seen.proposal().value());
            while (chosen.get(prefix + 1) != null) {
                prefix++;
            }
        } else if (event instanceof TraceEvent.Applied applied) {
            return judge(applied.node(), "applies", applied.proposal());
        } else if (event instanceof TraceEvent.Forced forced) {
            for (DurableRecord record : forced.records()) {
                String wrong = judge(forced.member().node(), record);
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        return null;
    }

    private @Nullable String judge(NodeId node, DurableRecord record) {
        if (record instanceof DurableRecord.Chosen fetched) {
            return judge(node, "writes down as chosen", fetched.proposal());
        }
        if (record instanceof DurableRecord.KnownChosen mark && mark.slot() > prefix) {
            return node + " marks all slots up to " + mark.slot() + " as known chosen, but slot " + (prefix + 1)
                    + " is not chosen";
        }
        return null;
    }

    private @Nullable String judge(NodeId node, String does, Proposal proposal) {
        Value value = chosen.get(proposal.slot());
        if (value != null && value.equals(proposal.value())) {
            return null;
        }
        return node + " " + does + " " + proposal.value() + " in slot " + proposal.slot() + ", where "
                + (value == null ? "nothing is chosen" : value + " is chosen");
    }
}
