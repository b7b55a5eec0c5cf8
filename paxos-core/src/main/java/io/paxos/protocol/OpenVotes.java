// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.Proposal;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * This acceptor's last vote in each slot above the known-chosen prefix. Below it a vote no longer matters to anyone: the
 * slot is chosen, and the journal has its value.
 */
final class OpenVotes {

    private final TreeMap<Long, Proposal> votes = new TreeMap<>();

    OpenVotes(List<Proposal> remembered) {
        for (Proposal vote : remembered) {
            votes.put(vote.slot(), vote);
        }
    }

    @Nullable
    Proposal in(long slot) {
        return votes.get(slot);
    }

    void put(Proposal vote) {
        votes.put(vote.slot(), vote);
    }

    void forget(long slot) {
        votes.remove(slot);
    }

    void forgetUpTo(long slot) {
        votes.headMap(slot, true).clear();
    }

    int count() {
        return votes.size();
    }

    /** Highest slot with a vote, or 0. */
    long highest() {
        return votes.isEmpty() ? 0 : votes.lastKey();
    }

    /** Lowest slot with a vote, or {@code Long.MAX_VALUE}. */
    long lowest() {
        return votes.isEmpty() ? Long.MAX_VALUE : votes.firstKey();
    }

    SortedMap<Long, Proposal> from(long slot) {
        return votes.tailMap(slot);
    }

    Collection<Proposal> all() {
        return votes.values();
    }
}
