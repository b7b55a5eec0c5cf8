// SPDX-License-Identifier: Apache-2.0
package io.paxos;

/**
 * What can go wrong with a command, as one small family. Each member says honestly whether the command may have taken
 * effect: only "never sent" is a definite failure.
 */
public abstract class PaxosException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    PaxosException(String message) {
        super(message);
    }

    PaxosException(String message, Throwable cause) {
        super(message, cause);
    }

    /**
     * Whether the command may have been applied, or may still be. If false, it was not and never will be, so that it
     * can be submitted again without taking effect twice.
     */
    public abstract boolean mayHaveBeenApplied();
}
