// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a member remembers when it starts: the sum of its {@link DurableRecord}s.
 *
 * @param self node id and incarnation of the directory
 * @param boot this start's number, already durable, from 1
 * @param founding the founding adopted, or null
 * @param activated whether the founding was activated
 * @param promised highest ballot promised or accepted, or {@link Ballot#NONE}
 * @param attempt nonce of the attempt promised to; 0 if an accept raised the promise, or nothing was promised
 * @param floor everything at or below is in a snapshot; 0 for nothing
 * @param knownChosen the last known-chosen mark; 0 for none. The journal holds the chosen value of each slot above the
 *     floor up to it that is not {@code unknown}
 * @param lastChosenTimeMillis stamp of the batch in slot {@code knownChosen}; 0 if there is none
 * @param votes the last vote in each slot above {@code knownChosen} that has one, ascending
 * @param chosen slots above {@code knownChosen} that were recorded as chosen, ascending
 * @param unknown slots above the floor of which something was damaged, ascending: above {@code knownChosen} nobody knows the
 *     last vote, and {@code votes} has none of them; at or below it the chosen value cannot be read
 * @param voteless whether the directory was formatted to follow without a vote, in the place of one that was lost
 */
public record DurableState(
        MemberId self,
        long boot,
        @Nullable Founding founding,
        boolean activated,
        Ballot promised,
        long attempt,
        long floor,
        long knownChosen,
        long lastChosenTimeMillis,
        List<Proposal> votes,
        List<Proposal> chosen,
        List<SlotRange> unknown,
        boolean voteless) {

    public DurableState {
        if (self.isNone() || boot < 1) {
            throw new IllegalArgumentException("durable state: self " + self + " or boot " + boot + " is out of range");
        }
        if (activated && founding == null) {
            throw new IllegalArgumentException("durable state: activated without a founding");
        }
        votes = List.copyOf(votes);
        chosen = List.copyOf(chosen);
        unknown = List.copyOf(unknown);
        if (voteless && (!promised.isNone() || !votes.isEmpty())) {
            throw new IllegalArgumentException(
                    "durable state: voteless, but with promise " + promised + " and votes " + votes);
        }
    }

    /** What a member remembers that has a vote. */
    public DurableState(
            MemberId self,
            long boot,
            @Nullable Founding founding,
            boolean activated,
            Ballot promised,
            long attempt,
            long floor,
            long knownChosen,
            long lastChosenTimeMillis,
            List<Proposal> votes,
            List<Proposal> chosen,
            List<SlotRange> unknown) {
        this(
                self,
                boot,
                founding,
                activated,
                promised,
                attempt,
                floor,
                knownChosen,
                lastChosenTimeMillis,
                votes,
                chosen,
                unknown,
                false);
    }

    /** A directory formatted a moment ago. */
    public static DurableState fresh(MemberId self) {
        return new DurableState(self, 1, null, false, Ballot.NONE, 0, 0, 0, 0, List.of(), List.of(), List.of());
    }
}
