// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * "At this ballot, this value for this slot": what an {@code Accept} asks for, what a vote says, what is chosen.
 *
 * @param slot from 1
 * @param ballot never {@link Ballot#NONE}
 * @param value what the slot would hold
 */
public record Proposal(long slot, Ballot ballot, Value value) {

    public Proposal {
        Slots.requireSlot(slot);
        if (ballot.isNone()) {
            throw new IllegalArgumentException("proposal for slot " + slot + ": ballot is none");
        }
    }
}
