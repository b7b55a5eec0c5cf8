// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.NodeId;
import io.paxos.model.Position;
import io.paxos.simulation.trace.TraceEvent;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An operation takes effect at one position of the log, the same on every node, and at most once in each life of a node,
 * however often it was sent (Ongaro, dissertation, section 6.3; hazards C3 and C6).
 */
public final class ExactlyOnce implements Property {

    private final ByNumber<Position> positions = new ByNumber<>();
    private final Effects inSnapshots = new Effects();
    private final TreeMap<NodeId, BitSet> executed = new TreeMap<>();

    /** For one run. */
    public ExactlyOnce() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.EXECUTED, TraceEvent.Kind.RESTORED, TraceEvent.Kind.STARTED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Started started) {
            executed.put(started.member().node(), new BitSet());
        } else if (event instanceof TraceEvent.Restored restored) {
            executed.put(restored.node(), inSnapshots.upTo(restored.slot()));
        } else if (event instanceof TraceEvent.Executed now) {
            inSnapshots.executed(now);
            Position before = positions.putIfAbsent(now.operation(), now.position());
            if (before != null && !before.equals(now.position())) {
                return now.node() + " executes operation " + now.operation() + " at " + now.position()
                        + ", which took effect at " + before;
            }
            BitSet effects = executed.computeIfAbsent(now.node(), node -> new BitSet());
            int operation = Math.toIntExact(now.operation());
            if (effects.get(operation)) {
                return now.node() + " executes operation " + now.operation() + " twice, at " + now.position();
            }
            effects.set(operation);
        }
        return null;
    }
}
