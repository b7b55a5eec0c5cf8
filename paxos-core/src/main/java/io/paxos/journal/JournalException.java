// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.io.IOException;

/** Why a journal cannot be opened, written or read; the message names the file, the offset where there is one, and the reason. */
public final class JournalException extends IOException {

    private static final long serialVersionUID = 1L;

    /** What went wrong, for a caller that acts on it. */
    public enum Kind {
        /** There is no journal in the directory. */
        NOT_FORMATTED,
        /** There is one already, or what is left of one. */
        ALREADY_FORMATTED,
        /** Someone has the directory open. */
        LOCKED,
        /** It belongs to another cluster, node, incarnation or founding. */
        FOREIGN,
        /** Bytes that were forced are not there any more, or are not what was written. */
        DAMAGED,
        /**
         * Nothing tells what the node promised last. It must never vote again as who it was: it is to be treated as one
         * whose disk was wiped.
         */
        PROMISE_LOST,
        /** Written by a version that knows more than this one. */
        UNSUPPORTED,
        /** An earlier write or force failed; nothing works until the next start. */
        FAILED,
        /** The journal was closed. */
        CLOSED
    }

    private final Kind kind;

    JournalException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    JournalException(Kind kind, String message, Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    /** Damage, with its place. */
    static JournalException damaged(String file, long offset, String reason) {
        return new JournalException(Kind.DAMAGED, "journal file " + file + " at offset " + offset + ": " + reason);
    }

    /** What went wrong. */
    public Kind kind() {
        return kind;
    }
}
