// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * At the end of a run every live node has applied the same slots with the same values, by a hash chain over all of them
 * (eventual learning; hazard P15).
 */
public final class EqualState implements Property {

    private record Place(long slot, long chain) {}

    private final TreeMap<NodeId, Place> places = new TreeMap<>();

    /** For one run. */
    public EqualState() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(
                TraceEvent.Kind.APPLIED, TraceEvent.Kind.RESTORED, TraceEvent.Kind.STARTED, TraceEvent.Kind.RUN_ENDED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Applied applied) {
            places.put(applied.node(), new Place(applied.proposal().slot(), applied.chain()));
        } else if (event instanceof TraceEvent.Restored restored) {
            places.put(restored.node(), new Place(restored.slot(), restored.chain()));
        } else if (event instanceof TraceEvent.Started started) {
            places.remove(started.member().node());
        } else if (event instanceof TraceEvent.RunEnded ended) {
            NodeId first = null;
            for (NodeId node : ended.live()) {
                Place there = first == null ? places.get(node) : places.get(first);
                if (places.get(node) == null || there == null || !there.equals(places.get(node))) {
                    return node + " ends with " + places.get(node)
                            + (first == null ? "" : ", " + first + " with " + there);
                }
                first = node;
            }
        }
        return null;
    }
}
