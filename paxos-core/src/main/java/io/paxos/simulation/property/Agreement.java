// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.Proposal;
import io.paxos.model.Value;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * No slot is applied with two values, by any node, in any of its lives: "only a single value is chosen" (Paxos Made
 * Simple, section 2.1), seen where it matters to the host application.
 */
public final class Agreement implements Property {

    private final ByNumber<Value> values = new ByNumber<>();

    /** For one run. */
    public Agreement() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.APPLIED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Applied applied) {
            Proposal proposal = applied.proposal();
            Value before = values.putIfAbsent(proposal.slot(), proposal.value());
            if (before != null && !before.equals(proposal.value())) {
                return applied.node() + " applies " + proposal.value() + " in slot " + proposal.slot() + ", where "
                        + before + " was applied before";
            }
        }
        return null;
    }
}
