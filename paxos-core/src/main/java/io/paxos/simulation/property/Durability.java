// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import java.util.BitSet;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Every operation that was acknowledged to a client has taken effect in the final state of every live node: the scan at the
 * end of a run (hazards S1, S6 and S24).
 */
public final class Durability implements Property {

    private final BitSet acknowledged = new BitSet();

    private final Effects effects = new Effects();

    /** By node: the operations that took effect in its current life. */
    private final TreeMap<NodeId, BitSet> executed = new TreeMap<>();

    /** For one run. */
    public Durability() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(
                TraceEvent.Kind.CLIENT_ANSWERED,
                TraceEvent.Kind.STARTED,
                TraceEvent.Kind.EXECUTED,
                TraceEvent.Kind.RESTORED,
                TraceEvent.Kind.RUN_ENDED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Executed now) {
            executed.computeIfAbsent(now.node(), node -> new BitSet()).set(Math.toIntExact(now.operation()));
            effects.executed(now);
        } else if (event instanceof TraceEvent.Restored restored) {
            executed.put(restored.node(), effects.upTo(restored.slot()));
        } else if (event instanceof TraceEvent.ClientAnswered answered) {
            if (answered.answer() == TraceEvent.Answer.DONE) {
                acknowledged.set(Math.toIntExact(answered.operation()));
            }
        } else if (event instanceof TraceEvent.Started started) {
            executed.put(started.member().node(), new BitSet());
        } else if (event instanceof TraceEvent.RunEnded ended) {
            for (NodeId node : ended.live()) {
                BitSet missing = (BitSet) acknowledged.clone();
                missing.andNot(executed.getOrDefault(node, new BitSet()));
                if (!missing.isEmpty()) {
                    return "operation " + missing.nextSetBit(0) + " was acknowledged and is not in the state of "
                            + node;
                }
            }
        }
        return null;
    }
}
