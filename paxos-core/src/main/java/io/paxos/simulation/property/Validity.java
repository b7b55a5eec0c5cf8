// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.simulation.trace.TraceEvent;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Nothing takes effect that no client asked for: "only a value that has been proposed may be chosen" (Paxos Made Simple,
 * section 2.1).
 */
public final class Validity implements Property {

    private final BitSet asked = new BitSet();

    /** For one run. */
    public Validity() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.CLIENT_INVOKED, TraceEvent.Kind.EXECUTED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.ClientInvoked invoked) {
            asked.set(Math.toIntExact(invoked.operation()));
        } else if (event instanceof TraceEvent.Executed executed && !asked.get(Math.toIntExact(executed.operation()))) {
            return executed.node() + " executes operation " + executed.operation() + " at " + executed.position()
                    + ", which nobody asked for";
        }
        return null;
    }
}
