// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import org.jspecify.annotations.Nullable;

/** The core found itself in a state that must not exist. The step emits nothing and the replica is dead. */
public final class InvariantViolation extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    InvariantViolation(String message) {
        super(message);
    }

    static void require(boolean holds, String invariant, Object detail) {
        if (!holds) {
            throw new InvariantViolation(invariant + ": " + detail);
        }
    }

    /** The same with two details, which become text only if it does not hold: this runs at every vote. */
    static void require(boolean holds, String invariant, @Nullable Object first, Object second) {
        if (!holds) {
            throw new InvariantViolation(invariant + ": " + first + ", " + second);
        }
    }
}
