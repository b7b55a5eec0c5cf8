// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.Proposal;
import java.util.Collection;
import java.util.Collections;
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
    private long bytes;

    OpenVotes(List<Proposal> remembered) {
        remembered.forEach(this::put);
    }

    @Nullable
    Proposal in(long slot) {
        return votes.get(slot);
    }

    void put(Proposal vote) {
        bytes += vote.value().length() - lengthOf(votes.put(vote.slot(), vote));
    }

    void forget(long slot) {
        bytes -= lengthOf(votes.remove(slot));
    }

    void forgetUpTo(long slot) {
        while (lowest() <= slot) {
            forget(lowest());
        }
    }

    private static int lengthOf(@Nullable Proposal vote) {
        return vote == null ? 0 : vote.value().length();
    }

    int count() {
        return votes.size();
    }

    /** Of all their values. */
    long bytes() {
        return bytes;
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
        return Collections.unmodifiableSortedMap(votes.tailMap(slot));
    }

    Collection<Proposal> all() {
        return Collections.unmodifiableCollection(votes.values());
    }
}
