// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import org.jspecify.annotations.Nullable;

/**
 * Why a read has no answer.
 *
 * @param kind what happened
 * @param detail a sentence
 * @param cause what was thrown, if the node failed by that
 */
public record ReadFailure(
        Kind kind, String detail, @Nullable Throwable cause) {

    /** What can happen to a read. */
    public enum Kind {
        /** No leader confirmed a read point before the deadline. */
        NO_LEADER,
        /** What it must see was not applied, or the state machine did not come to it, before the deadline. */
        TIMED_OUT,
        /** Too many wait. */
        OVERLOADED,
        /** The node is closed. */
        CLOSED,
        /** The node stopped for good. */
        FAILED
    }

    static ReadFailure of(Kind kind, String detail) {
        return new ReadFailure(kind, detail, null);
    }
}
