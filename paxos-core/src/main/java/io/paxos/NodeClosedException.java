// SPDX-License-Identifier: Apache-2.0
package io.paxos;

/** The node was closed before the command left it. */
public final class NodeClosedException extends PaxosException {

    private static final long serialVersionUID = 1L;

    NodeClosedException(String message) {
        super(message);
    }

    /** False: the command never left this node. */
    @Override
    public boolean mayHaveBeenApplied() {
        return false;
    }
}
