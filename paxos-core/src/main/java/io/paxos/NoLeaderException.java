// SPDX-License-Identifier: Apache-2.0
package io.paxos;

/** No leader took the command within its deadline; or, from {@code awaitReady}, the node was not ready in time. */
public final class NoLeaderException extends PaxosException {

    private static final long serialVersionUID = 1L;

    NoLeaderException(String message) {
        super(message);
    }

    /** False: the command never left this node. */
    @Override
    public boolean mayHaveBeenApplied() {
        return false;
    }
}
