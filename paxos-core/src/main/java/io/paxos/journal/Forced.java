// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.Slots;
import java.nio.ByteBuffer;

/**
 * What was known to be on the disk at some moment: every record up to one, and what they added up to as far as nothing
 * may be forgotten of it. It stands in segment headers and in the identity, beside the records, so that a promise survives
 * the loss of the records that made it.
 *
 * @param record sequence of the last record known forced; 0 for none
 * @param promised the promise in force with it
 * @param highestSlot the highest slot of any vote or chosen value up to it
 */
record Forced(long record, Ballot promised, long highestSlot) {

    static final Forced NOTHING = new Forced(0, Ballot.NONE, 0);

    Forced {
        if (record < 0 || record > RecordHeader.SEQUENCE_MAX) {
            throw new IllegalArgumentException("forced: record " + record + " is out of range");
        }
        Slots.requirePrefix(highestSlot);
    }

    void encode(ByteBuffer out) {
        out.putLong(record);
        RecordHeader.encode(promised, out);
        out.putLong(highestSlot);
    }

    /** Reads one; what is out of range throws {@link IllegalArgumentException}. */
    static Forced decode(ByteBuffer in) {
        long record = in.getLong();
        Ballot promised = RecordHeader.decodeBallot(in);
        return new Forced(record, promised, in.getLong());
    }
}
