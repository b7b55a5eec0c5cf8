// SPDX-License-Identifier: Apache-2.0
package io.paxos;

/**
 * A node could not be started, or a directory not be formatted. The message is one sentence for the operator: what is
 * wrong, with which directory or address, and what to do.
 */
public final class NodeStartException extends PaxosException {

    private static final long serialVersionUID = 1L;

    NodeStartException(String message) {
        super(message);
    }

    NodeStartException(String message, Throwable cause) {
        super(message, cause);
    }

    /** False: nothing was submitted yet. */
    @Override
    public boolean mayHaveBeenApplied() {
        return false;
    }
}
