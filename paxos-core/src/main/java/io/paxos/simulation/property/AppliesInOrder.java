// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * In each life of a node its state machine sees slot 1, 2, 3, … without a gap (state machine approach: Schneider 1990,
 * section 2; hazard S23).
 */
public final class AppliesInOrder implements Property {

    private record Place(long boot, long slot) {}

    private final TreeMap<NodeId, Place> places = new TreeMap<>();

    /** For one run. */
    public AppliesInOrder() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.APPLIED, TraceEvent.Kind.RESTORED, TraceEvent.Kind.STARTED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Applied applied) {
            long slot = applied.proposal().slot();
            Place now = new Place(applied.boot(), slot);
            Place before = places.put(applied.node(), now);
            long due = before == null || before.boot() != applied.boot() ? 1 : before.slot() + 1;
            if (slot != due) {
                return applied.node() + " in boot " + applied.boot() + " applies slot " + slot + ", where slot " + due
                        + " was due";
            }
        } else if (event instanceof TraceEvent.Restored restored) {
            Place before = places.put(restored.node(), new Place(restored.boot(), restored.slot()));
            if (before != null && before.boot() == restored.boot() && before.slot() >= restored.slot()) {
                return restored.node() + " in boot " + restored.boot() + " replaces slot " + before.slot()
                        + " by a snapshot of slot " + restored.slot();
            }
        } else if (event instanceof TraceEvent.Started started) {
            places.remove(started.member().node()); // the boots of a directory that was lost begin at 1 again
        }
        return null;
    }
}
