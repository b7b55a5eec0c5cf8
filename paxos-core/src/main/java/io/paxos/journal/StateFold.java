// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Adds up records, and what is missing of them, to a {@link DurableState}. It holds the values above the known-chosen mark
 * only, so it needs no more memory than the window of open slots takes, however long the log is.
 */
final class StateFold {

    private final Marks marks = new Marks();
    private final Doubt doubt = new Doubt();
    private final TreeMap<Long, Proposal> votes = new TreeMap<>();
    private final TreeMap<Long, Proposal> chosen = new TreeMap<>();

    void apply(DurableRecord record) {
        marks.apply(record);
        if (record instanceof DurableRecord.Accepted accepted) {
            keep(votes, accepted.proposal());
            doubt.voted(accepted.proposal(), marks.knownChosen());
        } else if (record instanceof DurableRecord.Chosen fetched) {
            keep(chosen, fetched.proposal());
            doubt.known(fetched.proposal().slot());
        } else if (record instanceof DurableRecord.KnownChosen) {
            forgetChosen();
        } else if (record instanceof DurableRecord.Trimmed) {
            doubt.trimmed(marks.floor());
            forgetChosen();
        }
    }

    private void keep(Map<Long, Proposal> proposals, Proposal proposal) {
        if (proposal.slot() > marks.knownChosen()) {
            proposals.put(proposal.slot(), proposal);
        }
    }

    private void forgetChosen() {
        votes.headMap(marks.knownChosen(), true).clear();
        chosen.headMap(marks.knownChosen(), true).clear();
    }

    /** The value in a record is damaged; returns the slot that is unknown by it, or null. */
    @Nullable
    SlotRange valueLost(RecordHeader header) {
        marks.raiseTo(header.promised(), header.highestSlot());
        long slot = header.slot();
        if (slot <= marks.floor() || chosen.containsKey(slot)) {
            return null;
        }
        doubt.valueLost(slot, header.ballot());
        return new SlotRange(slot, slot);
    }

    /**
     * Records are lost. They may have been about any slot that was not known chosen before them, up to the highest one
     * that anything was written about.
     *
     * @param promised in force after them
     * @param highestSlot that a vote or chosen value was written about, after them
     * @return the slots from the first to the last one that is unknown by it, or null
     */
    @Nullable
    SlotRange recordsLost(Ballot promised, long highestSlot) {
        marks.raiseTo(promised, highestSlot);
        long first = Math.max(marks.floor(), marks.knownChosen()) + 1;
        if (highestSlot < first) {
            return null;
        }
        SlotRange lost = new SlotRange(first, highestSlot);
        doubt.recordsLost(lost);
        chosen.keySet().forEach(doubt::known);
        return lost;
    }

    /** Goes on from the sum of all records before some place. */
    void raiseTo(Checkpoint before) {
        marks.raiseTo(before);
        doubt.trimmed(marks.floor());
        forgetChosen();
    }

    Marks marks() {
        return marks;
    }

    Doubt doubt() {
        return doubt;
    }

    /**
     * The last slot of the known-chosen prefix. If the last slots below the mark are in doubt, it ends before them: a
     * leader's clock goes on from the stamp of that slot.
     */
    long knownChosen() {
        long mark = marks.knownChosen();
        return mark > marks.floor() && doubt.contains(mark)
                ? doubt.around(mark, 1, mark).first() - 1
                : mark;
    }

    DurableState toState(Identity identity, long lastChosenTimeMillis) {
        return new DurableState(
                identity.self(),
                identity.boot(),
                identity.founding(),
                identity.activated(),
                marks.promised(),
                marks.attempt(),
                marks.floor(),
                knownChosen(),
                lastChosenTimeMillis,
                certain(votes),
                List.copyOf(chosen.values()),
                doubt.ranges(),
                identity.voteless());
    }

    /** An older vote of a slot in doubt is none: reported, it would say that nothing newer was accepted. */
    private List<Proposal> certain(Map<Long, Proposal> proposals) {
        List<Proposal> certain = new ArrayList<>();
        for (Proposal proposal : proposals.values()) {
            if (!doubt.contains(proposal.slot())) {
                certain.add(proposal);
            }
        }
        return certain;
    }
}
