// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Entry;
import java.io.DataInput;
import java.io.IOException;
import java.util.OptionalLong;

/** The host application's state machine as the driver sees it. One call at a time, from whoever applies. */
@FunctionalInterface
public interface Application {

    /** Applies an entry and returns its result, never null. Whatever it throws stops the node. */
    byte[] apply(Entry entry);

    /** Whether {@link #apply} never takes longer than a few tens of microseconds, and waits for nothing. */
    default boolean isQuick() {
        return false;
    }

    /** A hash of the state as it is now, the same on every replica; empty if it gives none. Cheap: called now and then. */
    default OptionalLong digest() {
        return OptionalLong.empty();
    }

    /**
     * Captures the state as it is now.
     *
     * @throws UnsupportedOperationException if it takes no snapshots: then none are ever taken
     */
    default CapturedState capture() {
        throw new UnsupportedOperationException("this application takes no snapshots");
    }

    /**
     * Replaces the whole state by one that was captured, here or on another member.
     *
     * @throws IOException if the input ends early or is not what it wrote
     */
    default void restore(DataInput in) throws IOException {
        throw new UnsupportedOperationException("this application takes no snapshots");
    }
}
