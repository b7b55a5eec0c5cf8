// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.SlotRange;
import org.jspecify.annotations.Nullable;

/**
 * Something on the disk is not what was written there and forced.
 *
 * @param file name of the file in the journal's directory
 * @param offset of the first byte in it that is known to be wrong, or of the record it is in
 * @param kind what it is, in the words of the recovery table, as in {@code value damaged}
 * @param slots that are concerned, or null if none is: then nothing was lost, or it was found elsewhere
 * @param reason a sentence for an operator
 */
public record JournalDamage(
        String file, long offset, String kind, @Nullable SlotRange slots, String reason) {

    @Override
    public String toString() {
        return "journal file " + file + " at offset " + offset + ": " + reason
                + (slots == null ? "" : "; slots concerned: " + slots);
    }
}
