// SPDX-License-Identifier: Apache-2.0
package io.paxos;

/**
 * The command was applied, once, and its result is kept no longer: a snapshot took the place of the log before this node had
 * applied it, and the bounded table of results in it had let go of this one.
 */
public final class ResultGoneException extends PaxosException {

    private static final long serialVersionUID = 1L;

    ResultGoneException(String message) {
        super(message);
    }

    /** True: it was. */
    @Override
    public boolean mayHaveBeenApplied() {
        return true;
    }
}
