// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.DurableRecord;
import io.paxos.model.Proposal;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Once a value is chosen in a slot, every vote at a higher ballot there is for that value (Paxos Made Simple, section 2.2,
 * P2), and so no other can ever be chosen.
 */
public final class ChosenNeverChanges implements Property {

    /** By slot: chosen at the lowest ballot seen. */
    private final ByNumber<Proposal> chosen = new ByNumber<>();

    /** For one run. */
    public ChosenNeverChanges() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.CHOSEN, TraceEvent.Kind.FORCED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Chosen seen) {
            Proposal now = seen.proposal();
            Proposal before = chosen.putIfAbsent(now.slot(), now);
            if (before != null && !before.value().equals(now.value())) {
                return "slot " + now.slot() + " was chosen as " + before.value() + " at " + before.ballot()
                        + " and is now chosen as " + now.value() + " at " + now.ballot();
            }
            if (before != null && before.ballot().isAbove(now.ballot())) {
                chosen.put(now.slot(), now);
            }
        } else if (event instanceof TraceEvent.Forced forced) {
            for (DurableRecord record : forced.records()) {
                if (record instanceof DurableRecord.Accepted accepted) {
                    Proposal vote = accepted.proposal();
                    Proposal before = chosen.get(vote.slot());
                    if (before != null
                            && vote.ballot().isAbove(before.ballot())
                            && !vote.value().equals(before.value())) {
                        return forced.member() + " votes for " + vote.value() + " at " + vote.ballot() + " in slot "
                                + vote.slot() + ", where " + before.value() + " was chosen at " + before.ballot();
                    }
                }
            }
        }
        return null;
    }
}
