// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.Slots;
import java.nio.ByteBuffer;

/**
 * What all records before some place add up to, but for the values. A segment begins with one, so that the segments before
 * it may go.
 *
 * @param promised the promise in force
 * @param attempt nonce of the attempt promised to, or 0
 * @param floor the highest trimmed slot
 * @param knownChosen the known-chosen mark
 * @param highestSlot the highest slot of any vote or chosen value
 */
record Checkpoint(Ballot promised, long attempt, long floor, long knownChosen, long highestSlot) {

    static final Checkpoint EMPTY = new Checkpoint(Ballot.NONE, 0, 0, 0, 0);

    Checkpoint {
        Slots.requirePrefix(floor);
        Slots.requirePrefix(knownChosen);
        Slots.requirePrefix(highestSlot);
    }

    void encode(ByteBuffer out) {
        RecordHeader.encode(promised, out);
        out.putLong(attempt).putLong(floor).putLong(knownChosen).putLong(highestSlot);
    }

    /** Reads one; what is out of range throws {@link IllegalArgumentException}. */
    static Checkpoint decode(ByteBuffer in) {
        Ballot promised = RecordHeader.decodeBallot(in);
        return new Checkpoint(promised, in.getLong(), in.getLong(), in.getLong(), in.getLong());
    }
}
