// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * What an acceptor must remember across a crash. The core emits these in the order in which they must reach the disk;
 * the journal keeps them in that order.
 */
public sealed interface DurableRecord {

    /**
     * No ballot below this one will be promised or accepted any more, in any slot.
     *
     * @param ballot the promise
     * @param attempt nonce of the attempt to lead that asked for it; 0 if an accept raised the promise
     */
    record Promised(Ballot ballot, long attempt) implements DurableRecord {}

    /** A vote; it raises the promise to its ballot in the same record (hazard S4). */
    record Accepted(Proposal proposal) implements DurableRecord {}

    /** A value known to be chosen that this acceptor did not vote for at that ballot: it was fetched. */
    record Chosen(Proposal proposal) implements DurableRecord {}

    /**
     * Every slot up to here is known chosen, and the journal holds the chosen value of each above the floor.
     *
     * @param slot the last of them
     */
    record KnownChosen(long slot) implements DurableRecord {
        public KnownChosen {
            Slots.requireSlot(slot);
        }
    }

    /**
     * Everything up to here is in a snapshot and may be gone from the journal.
     *
     * @param floor the last such slot
     */
    record Trimmed(long floor) implements DurableRecord {
        public Trimmed {
            Slots.requireSlot(floor);
        }
    }

    /**
     * The node started.
     *
     * @param boot from 1, one higher at each start
     */
    record Booted(long boot) implements DurableRecord {
        public Booted {
            if (boot < 1) {
                throw new IllegalArgumentException("boot: " + boot + " is below 1");
            }
        }
    }

    /** This member agreed to be of that founding, and will never be of another. */
    record FoundingAdopted(Founding founding) implements DurableRecord {}

    /** Every founding member adopted it: promises and votes are allowed from here on. */
    record FoundingActivated(FoundingId id) implements DurableRecord {}
}
