// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.SlotRange;
import java.io.IOException;

/**
 * The chosen values of these slots were in the journal, and cannot be read any more: their bytes do not match their
 * checksums, or may not be the last that was known of the slot. Nothing else is wrong with the journal: they can be fetched
 * from another member and appended again as chosen, and are read from there.
 */
public final class UnknownSlotsException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient SlotRange slots;

    UnknownSlotsException(SlotRange slots, String message) {
        super(message);
        this.slots = slots;
    }

    /** The first of them is the first slot that was asked for. */
    public SlotRange slots() {
        return slots;
    }
}
