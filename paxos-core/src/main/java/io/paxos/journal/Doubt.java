// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.SlotSet;
import java.util.List;
import java.util.TreeMap;

/**
 * The slots of which a damaged record may have said more than what is left says: their vote, or their chosen value, is
 * unknown. Told of everything in the order of the log, when it is recovered and after.
 *
 * <pre>
 * in doubt ──a chosen record of the slot──▶ known
 *          ──a vote, while the slot is above the known-chosen mark, not below the ballot that was damaged──▶ known
 *          ──the floor rises over it──▶ nobody asks any more
 * </pre>
 *
 * <p>Why a vote does not do at or below the mark: the slot was chosen already, say at ballot 5 and without this node, which
 * fetched the value and lost it. A straggler at ballot 3 may get its vote afresh, for another value, and the mark would make
 * that the chosen one.
 *
 * <p>Any thread.
 */
final class Doubt {

    /** A journal with more holes than that is in doubt between them, too: the set may be too large, never too small. */
    private static final int RANGES_MAX = 1_024;

    private final SlotSet slots = new SlotSet();
    private final TreeMap<Long, Ballot> damagedBallots = new TreeMap<>();

    /** A record of that slot was damaged, but its header tells the ballot. */
    synchronized void valueLost(long slot, Ballot ballot) {
        slots.add(new SlotRange(slot, slot));
        slots.fillGapsBeyond(RANGES_MAX);
        damagedBallots.merge(slot, ballot, Ballot::max);
    }

    /** Records were lost that may have been about any of these slots. */
    synchronized void recordsLost(SlotRange range) {
        slots.add(range);
        slots.fillGapsBeyond(RANGES_MAX);
    }

    synchronized void voted(Proposal vote, long knownChosen) {
        Ballot damaged = damagedBallots.get(vote.slot());
        if (vote.slot() > knownChosen && (damaged == null || !damaged.isAbove(vote.ballot()))) {
            known(vote.slot());
        }
    }

    synchronized void known(long slot) {
        slots.remove(slot);
        slots.fillGapsBeyond(RANGES_MAX);
        damagedBallots.remove(slot);
    }

    synchronized void trimmed(long floor) {
        slots.removeUpTo(floor);
        damagedBallots.headMap(floor, true).clear();
    }

    synchronized boolean isEmpty() {
        return slots.isEmpty();
    }

    synchronized boolean contains(long slot) {
        return slots.contains(slot);
    }

    /** The stretch in doubt around a slot in doubt, within bounds. */
    synchronized SlotRange around(long slot, long least, long most) {
        return slots.around(slot, least, most);
    }

    /** All of them, ascending. */
    synchronized List<SlotRange> ranges() {
        return slots.ranges();
    }
}
