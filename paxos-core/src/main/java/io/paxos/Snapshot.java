// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import java.io.DataOutput;
import java.io.IOException;

/**
 * A state machine's state at one slot, captured by {@link StateMachine#snapshot}.
 *
 * <p><b>Thread.</b> {@link #writeTo} is called at most once, on a thread of the node, while {@code apply} goes on: it must
 * write what the state was when it was captured. A copy of the state will do, or a persistent (copy-on-write) structure
 * where a copy is too dear.
 */
@FunctionalInterface
public interface Snapshot {

    /**
     * Writes the whole state; {@link StateMachine#restore} reads it back, on this member or another one. No length or
     * checksum is needed: the library frames and verifies what is written.
     *
     * @throws IOException passed on from {@code out}. The snapshot is abandoned then, and the log kept; the node goes on
     */
    void writeTo(DataOutput out) throws IOException;
}
