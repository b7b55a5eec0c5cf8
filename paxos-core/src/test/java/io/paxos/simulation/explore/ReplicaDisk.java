// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import java.util.List;
import java.util.TreeMap;

/**
 * What a journal holds, added up: as {@code journal} would recover it.
 *
 * @param promised highest ballot promised or voted at
 * @param attempt whose promise that is, or 0
 * @param marked the known-chosen mark
 * @param votes the last vote of each slot
 * @param chosen the fetched value of each slot that has one
 */
record ReplicaDisk(
        Ballot promised, long attempt, long marked, TreeMap<Long, Proposal> votes, TreeMap<Long, Proposal> chosen) {

    static final ReplicaDisk BLANK = new ReplicaDisk(Ballot.NONE, 0, 0, new TreeMap<>(), new TreeMap<>());

    ReplicaDisk with(List<DurableRecord> records) {
        ReplicaDisk disk = this;
        for (DurableRecord record : records) {
            disk = disk.with(record);
        }
        return disk;
    }

    private ReplicaDisk with(DurableRecord record) {
        if (record instanceof DurableRecord.Promised next) {
            return new ReplicaDisk(next.ballot(), next.attempt(), marked, votes, chosen);
        } else if (record instanceof DurableRecord.Accepted accepted) {
            Ballot ballot = accepted.proposal().ballot();
            boolean raises = ballot.isAbove(promised);
            return new ReplicaDisk(
                    raises ? ballot : promised, raises ? 0 : attempt, marked, plus(votes, accepted.proposal()), chosen);
        } else if (record instanceof DurableRecord.Chosen fetched) {
            return new ReplicaDisk(promised, attempt, marked, votes, plus(chosen, fetched.proposal()));
        } else if (record instanceof DurableRecord.KnownChosen mark) {
            return new ReplicaDisk(promised, attempt, mark.slot(), votes, chosen);
        }
        throw new IllegalStateException("no place for " + record);
    }

    private static TreeMap<Long, Proposal> plus(TreeMap<Long, Proposal> old, Proposal proposal) {
        TreeMap<Long, Proposal> copy = new TreeMap<>(old);
        copy.put(proposal.slot(), proposal);
        return copy;
    }

    /** The value of a slot that is known chosen: of vote and fetched value the one with the higher ballot. */
    Proposal known(long slot) {
        Proposal vote = votes.get(slot);
        Proposal fetched = chosen.get(slot);
        if (vote == null || fetched == null) {
            return vote == null ? fetched : vote;
        }
        return vote.ballot().isAbove(fetched.ballot()) ? vote : fetched;
    }

    DurableState remembered(MemberId self, Founding founding, long boot, long firstStamp) {
        Proposal last = known(marked);
        if (marked > 0 && last == null) {
            throw new IllegalStateException(
                    "slot " + marked + " is marked known chosen, and its value is not on the disk");
        }
        long stamp = last == null ? firstStamp : Batch.agreedTimeMillisOf(last.value());
        return new DurableState(
                self,
                boot,
                founding,
                true,
                promised,
                attempt,
                0,
                marked,
                stamp,
                List.copyOf(votes.tailMap(marked + 1).values()),
                List.copyOf(chosen.tailMap(marked + 1).values()),
                List.of());
    }
}
