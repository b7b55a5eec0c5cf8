// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What an acceptor has durably promised, voted for, known chosen or trimmed never goes back: not in what it writes, and not
 * in what it remembers after a crash (Paxos Made Simple, section 2.5; hazards S1, S3 and S4). What was reported forced is
 * what it may have told others, so that is what it must remember, or know to be unknown where its disk was damaged; but for a
 * directory that was put back from a copy, of which nobody can ask that.
 */
public final class NothingGoesBack implements Property {

    private static final class Memory {
        private Ballot promised = Ballot.NONE;
        private long knownChosen;
        private long floor;
        private long boot;
        private final TreeMap<Long, Ballot> votes = new TreeMap<>();
    }

    /** Nodes whose forced bytes read otherwise now. */
    private final TreeSet<NodeId> damaged = new TreeSet<>();

    private final TreeMap<MemberId, Memory> memories = new TreeMap<>();

    /** For one run. */
    public NothingGoesBack() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.FORCED, TraceEvent.Kind.STARTED, TraceEvent.Kind.DISK_FAULT);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.Forced forced) {
            Memory memory = memories.computeIfAbsent(forced.member(), member -> new Memory());
            for (DurableRecord record : forced.records()) {
                String wrong = write(memory, record);
                if (wrong != null) {
                    return forced.member() + " " + wrong;
                }
            }
        } else if (event instanceof TraceEvent.DiskFault fault) {
            if (fault.harm() == TraceEvent.Harm.BIT_FLIPPED || fault.harm() == TraceEvent.Harm.SECTOR_LOST) {
                damaged.add(fault.node());
            } else if (fault.harm() == TraceEvent.Harm.ROLLED_BACK) {
                memories.keySet().removeIf(member -> member.node().equals(fault.node()));
            }
        } else if (event instanceof TraceEvent.Started started) {
            Memory memory = memories.computeIfAbsent(started.member(), member -> new Memory());
            String wrong =
                    start(memory, started, damaged.contains(started.member().node()));
            return wrong == null ? null : started.member() + " " + wrong;
        }
        return null;
    }

    private static @Nullable String write(Memory memory, DurableRecord record) {
        if (record instanceof DurableRecord.Promised promise) {
            if (memory.promised.isAbove(promise.ballot())) {
                return "promises " + promise.ballot() + " after " + memory.promised;
            }
            memory.promised = promise.ballot();
        } else if (record instanceof DurableRecord.Accepted accepted) {
            Proposal vote = accepted.proposal();
            if (memory.promised.isAbove(vote.ballot())) {
                return "votes at " + vote.ballot() + " in slot " + vote.slot() + " after it promised "
                        + memory.promised;
            }
            memory.promised = vote.ballot();
            memory.votes.put(vote.slot(), vote.ballot());
        } else if (record instanceof DurableRecord.KnownChosen mark) {
            if (mark.slot() < memory.knownChosen) {
                return "knows slots up to " + mark.slot() + " chosen after " + memory.knownChosen;
            }
            memory.knownChosen = mark.slot();
        } else if (record instanceof DurableRecord.Trimmed trim) {
            if (trim.floor() < memory.floor) {
                return "lowers its floor from " + memory.floor + " to " + trim.floor();
            }
            memory.floor = trim.floor();
        }
        return null;
    }

    private static @Nullable String start(Memory memory, TraceEvent.Started started, boolean damaged) {
        DurableState found = started.remembered();
        if (memory.promised.isAbove(found.promised())) {
            return "starts with promise " + found.promised() + " and had promised " + memory.promised;
        }
        if (!knowsUpTo(Math.max(memory.knownChosen, memory.floor), found, damaged)
                || (found.floor() < memory.floor && !damaged)
                || found.boot() <= memory.boot) {
            return "starts boot " + found.boot() + " with slots up to " + found.knownChosen()
                    + " known chosen and floor " + found.floor() + "; it had boot " + memory.boot + ", "
                    + memory.knownChosen + " and " + memory.floor;
        }
        TreeMap<Long, Ballot> votes = new TreeMap<>();
        for (Proposal vote : found.votes()) {
            votes.put(vote.slot(), vote.ballot());
        }
        for (Proposal chosen : found.chosen()) { // as good as a vote, and it may be all that damage left
            votes.merge(chosen.slot(), chosen.ballot(), Ballot::max);
        }
        for (var before : memory.votes.tailMap(found.knownChosen(), false).entrySet()) {
            Ballot now = votes.getOrDefault(before.getKey(), Ballot.NONE);
            if (!isUnknown(before.getKey(), found) && before.getValue().isAbove(now)) {
                return "starts with vote " + now + " in slot " + before.getKey() + " and had voted at "
                        + before.getValue();
            }
        }
        memory.promised = found.promised();
        memory.knownChosen = found.knownChosen();
        memory.floor = found.floor();
        memory.boot = found.boot();
        memory.votes.putAll(votes);
        return null;
    }

    private static boolean isUnknown(long slot, DurableState found) {
        for (SlotRange range : found.unknown()) {
            if (range.contains(slot)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The prefix may end before slots that are unknown, and only there; but where a disk was damaged the mark itself may be
     * lost, while the votes below it are whole. A floor that is lost so is made up for by the prefix: below it nobody is told
     * that nothing was accepted.
     */
    private static boolean knowsUpTo(long mark, DurableState found, boolean damaged) {
        TreeSet<Long> remembered = new TreeSet<>();
        if (damaged) {
            found.votes().forEach(vote -> remembered.add(vote.slot()));
            found.chosen().forEach(chosen -> remembered.add(chosen.slot()));
        }
        for (long slot = found.knownChosen() + 1; slot <= mark; slot++) {
            if (!isUnknown(slot, found) && !remembered.contains(slot)) {
                return false;
            }
        }
        return true;
    }
}
