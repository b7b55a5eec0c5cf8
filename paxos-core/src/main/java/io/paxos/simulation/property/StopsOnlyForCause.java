// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A node stops by itself only if something was done to it that explains it, and then does: never because an invariant of
 * its own broke (hazard V7). A node whose bytes came back changed may start: what it cannot tell any more it says is unknown
 * (hazard S9), and that it tells nothing wrong is for {@link NothingGoesBack} and {@link ChosenNeverChanges} to judge.
 */
public final class StopsOnlyForCause implements Property {

    private final TreeSet<NodeId> harmed = new TreeSet<>();

    /** For one run. */
    public StopsOnlyForCause() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.DISK_FAULT, TraceEvent.Kind.STOPPED, TraceEvent.Kind.START_REFUSED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.DiskFault fault) {
            harmed.add(fault.node());
        } else if (event instanceof TraceEvent.Stopped stopped) {
            return stopped.hasCause() ? null : stopped.node() + " stopped without a cause: " + stopped.reason();
        } else if (event instanceof TraceEvent.StartRefused refused) {
            return harmed.contains(refused.node())
                    ? null
                    : refused.node() + " refused to start, and nothing was done to it: " + refused.reason();
        }
        return null;
    }
}
