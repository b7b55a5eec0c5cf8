// SPDX-License-Identifier: Apache-2.0
package io.paxos;

/** What a read has to see was not applied on this node within its deadline, or the state machine was busy for so long. */
public final class ReadTimedOutException extends PaxosException {

    private static final long serialVersionUID = 1L;

    ReadTimedOutException(String message) {
        super(message);
    }

    /** False: a read has no effect. */
    @Override
    public boolean mayHaveBeenApplied() {
        return false;
    }
}
