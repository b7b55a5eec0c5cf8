// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Position;

/**
 * The state machine threw. The node stops with the slot not applied; after a restart it meets the same entry again. If the
 * entry is to blame, and not this machine, every member stops at the same slot.
 */
public final class ApplyFailedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final long slot;

    ApplyFailedException(Position position, Throwable thrown) {
        super(
                "the state machine threw at position " + position + ", so slot " + position.slot() + " is not applied: "
                        + thrown,
                thrown);
        this.slot = position.slot();
    }

    /** The slot that is not applied. */
    public long slot() {
        return slot;
    }
}
