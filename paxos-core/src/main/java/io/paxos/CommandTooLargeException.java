// SPDX-License-Identifier: Apache-2.0
package io.paxos;

/** The command does not fit in a batch, so no slot can hold it. */
public final class CommandTooLargeException extends PaxosException {

    private static final long serialVersionUID = 1L;

    CommandTooLargeException(String message) {
        super(message);
    }

    /** False: the command was not taken. */
    @Override
    public boolean mayHaveBeenApplied() {
        return false;
    }
}
