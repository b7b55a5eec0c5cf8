// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import org.jspecify.annotations.Nullable;

/**
 * This node stopped for good: its disk failed, its state machine threw, or it saw that going on would be wrong. It sends
 * nothing more and must be restarted.
 */
public final class NodeFailedException extends PaxosException {

    private static final long serialVersionUID = 1L;

    private final boolean mayHaveBeenApplied;

    NodeFailedException(String message, @Nullable Throwable cause, boolean mayHaveBeenApplied) {
        super(message);
        this.mayHaveBeenApplied = mayHaveBeenApplied;
        if (cause != null) {
            initCause(cause);
        }
    }

    /** True for a command submitted before the node failed; false for one refused because it had failed already. */
    @Override
    public boolean mayHaveBeenApplied() {
        return mayHaveBeenApplied;
    }
}
