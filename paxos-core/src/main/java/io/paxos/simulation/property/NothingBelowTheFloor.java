// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.message.Message.Accept;
import io.paxos.model.DurableRecord;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is at or below a node's floor is in its snapshots: it is applied, voted for and proposed no more, in no later life of its
 * directory, and a start never stands on less than the floor and then applies (hazards R1, R2 and S22; fault case 23).
 */
public final class NothingBelowTheFloor implements Property {

    private final TreeMap<NodeId, MemberId> members = new TreeMap<>();
    private final TreeMap<MemberId, Long> floors = new TreeMap<>();

    /** For one run. */
    public NothingBelowTheFloor() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(
                TraceEvent.Kind.STARTED,
                TraceEvent.Kind.FORCED,
                TraceEvent.Kind.RESTORED,
                TraceEvent.Kind.APPLIED,
                TraceEvent.Kind.MESSAGE_SENT);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Started started) {
            members.put(started.member().node(), started.member());
        } else if (event instanceof TraceEvent.Forced forced) {
            return write(forced);
        } else if (event instanceof TraceEvent.Restored restored) {
            return judge(restored.node(), restored.slot() + 1, "stands on a snapshot below it");
        } else if (event instanceof TraceEvent.Applied applied) {
            return judge(applied.node(), applied.proposal().slot(), "applies it");
        } else if (event instanceof TraceEvent.MessageSent sent && sent.message() instanceof Accept accept) {
            return judge(sent.from(), accept.proposal().slot(), "proposes it");
        }
        return null;
    }

    private @Nullable String write(TraceEvent.Forced forced) {
        for (DurableRecord record : forced.records()) {
            if (record instanceof DurableRecord.Trimmed trim) {
                floors.merge(forced.member(), trim.floor(), Math::max);
            } else if (record instanceof DurableRecord.Accepted accepted) {
                String wrong = judge(forced.member().node(), accepted.proposal().slot(), "votes for it");
                if (wrong != null) {
                    return wrong;
                }
            }
        }
        return null;
    }

    private @Nullable String judge(NodeId node, long slot, String what) {
        MemberId member = members.get(node);
        long floor = member == null ? 0 : floors.getOrDefault(member, 0L);
        return slot > floor
                ? null
                : node + " has everything up to slot " + floor + " in snapshots; slot " + slot + ": " + what;
    }
}
