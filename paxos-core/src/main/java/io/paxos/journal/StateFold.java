// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Proposal;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds up records to a {@link DurableState}. It holds the values above the known-chosen mark only, so it needs no more
 * memory than the window of open slots takes, however long the log is.
 */
final class StateFold {

    private final Marks marks = new Marks();
    private final TreeMap<Long, Proposal> votes = new TreeMap<>();
    private final TreeMap<Long, Proposal> chosen = new TreeMap<>();

    void apply(DurableRecord record) {
        marks.apply(record);
        if (record instanceof DurableRecord.Accepted accepted) {
            keep(votes, accepted.proposal());
        } else if (record instanceof DurableRecord.Chosen fetched) {
            keep(chosen, fetched.proposal());
        } else if (record instanceof DurableRecord.KnownChosen) {
            votes.headMap(marks.knownChosen(), true).clear();
            chosen.headMap(marks.knownChosen(), true).clear();
        }
    }

    private void keep(Map<Long, Proposal> proposals, Proposal proposal) {
        if (proposal.slot() > marks.knownChosen()) {
            proposals.put(proposal.slot(), proposal);
        }
    }

    Marks marks() {
        return marks;
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
                marks.knownChosen(),
                lastChosenTimeMillis,
                List.copyOf(votes.values()),
                List.copyOf(chosen.values()),
                List.of());
    }
}
