// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.simulation.trace.TraceEvent;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;

/** Which operations took effect in which slots, on any node: and so what a snapshot of a slot must hold. */
final class Effects {

    private final TreeMap<Long, BitSet> bySlot = new TreeMap<>();

    void executed(TraceEvent.Executed now) {
        bySlot.computeIfAbsent(now.position().slot(), slot -> new BitSet()).set(Math.toIntExact(now.operation()));
    }

    /** All that took effect at or below that slot. */
    BitSet upTo(long slot) {
        BitSet all = new BitSet();
        for (Map.Entry<Long, BitSet> each : bySlot.headMap(slot, true).entrySet()) {
            all.or(each.getValue());
        }
        return all;
    }
}
