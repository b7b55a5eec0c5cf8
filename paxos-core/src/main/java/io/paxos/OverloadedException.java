// SPDX-License-Identifier: Apache-2.0
package io.paxos;

/** Too many commands, or too many bytes, are on their way through this node already; try again later. */
public final class OverloadedException extends PaxosException {

    private static final long serialVersionUID = 1L;

    OverloadedException(String message) {
        super(message);
    }

    /** False: the command was not taken. */
    @Override
    public boolean mayHaveBeenApplied() {
        return false;
    }
}
