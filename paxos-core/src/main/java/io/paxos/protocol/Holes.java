// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.SlotRange;
import io.paxos.model.SlotSet;
import org.jspecify.annotations.Nullable;

/**
 * Slots of the known-chosen prefix whose values this member's journal lost. They are chosen, so the prefix does not go back
 * for them, but they cannot be served.
 *
 * <p>How far this member can vouch for the log therefore depends on where somebody begins to read it. A lost 5 of a million:
 * whoever asks for what follows 900,000 gets it all; to whoever asks from 3 on, A can give 3 and 4.
 */
final class Holes {

    private final SlotSet lost = new SlotSet();

    void add(SlotRange slots) {
        lost.add(slots);
    }

    /** Fills one slot. Returns whether it was lost. */
    boolean remove(long slot) {
        return lost.remove(slot);
    }

    /** Nobody asks for these any more. */
    void removeUpTo(long slot) {
        lost.removeUpTo(slot);
    }

    boolean isEmpty() {
        return lost.isEmpty();
    }

    boolean contains(long slot) {
        return lost.contains(slot);
    }

    /** The lowest lost slots that lie together, or null. */
    @Nullable
    SlotRange lowest() {
        return lost.lowest();
    }

    /** The lowest lost slot that is not below this one, or 0. */
    long lowestFrom(long slot) {
        return lost.lowestFrom(slot);
    }

    /**
     * How much of a prefix this member can vouch for, to somebody who reads from that slot on: all of it, or what lies below
     * the first value that it would miss.
     */
    long prefixFor(long from, long knownChosen) {
        long hole = lowestFrom(from > knownChosen ? 1 : from);
        return hole == 0 ? knownChosen : hole - 1;
    }
}
