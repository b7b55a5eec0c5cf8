// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.SessionId;

/**
 * The command was sent, and its outcome was not learnt within its deadline or before the node closed. It may have been
 * applied, may still be, or may never be. It takes effect at most once all the same: the node goes on sending it under
 * the same sequence number for as long as it runs, and no replica applies that number twice.
 */
public final class UnknownOutcomeException extends PaxosException {

    private static final long serialVersionUID = 1L;

    static final long SEQUENCE_UNKNOWN = 0;

    private final transient SessionId session;
    private final long boot;
    private final long sequence;

    UnknownOutcomeException(String message, SessionId session, long boot, long sequence) {
        super(message);
        this.session = session;
        this.boot = boot;
        this.sequence = sequence;
    }

    /** The session of the command; with boot and sequence it names the command in the whole log. */
    public SessionId session() {
        return session;
    }

    /** The boot of the session's owner. */
    public long boot() {
        return boot;
    }

    /** The command's sequence number within the session, from 2; 0 if the caller was interrupted before it could be known. */
    public long sequence() {
        return sequence;
    }

    /** True: nobody knows yet. */
    @Override
    public boolean mayHaveBeenApplied() {
        return true;
    }
}
