// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The state machine answers the same on every node and in every replay: it is deterministic (state machine approach:
 * Schneider 1990, section 2). If this fails alone, the state machine of the host application is at fault.
 */
public final class SameResults implements Property {

    private final ByNumber<Integer> results = new ByNumber<>();

    /** For one run. */
    public SameResults() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.EXECUTED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Executed executed) {
            Integer before = results.putIfAbsent(executed.operation(), executed.resultChecksum());
            if (before != null && before != executed.resultChecksum()) {
                return executed.node() + " answers operation " + executed.operation() + " at " + executed.position()
                        + " otherwise than another node, or an earlier replay, did";
            }
        }
        return null;
    }
}
