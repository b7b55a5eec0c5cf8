// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.Position;
import java.util.Optional;

/**
 * How a command ended, as far as is known: {@link PaxosNode#execute}. Each says honestly whether the command took effect; no
 * command ever takes effect twice under one of them.
 */
public sealed interface Outcome {

    /**
     * It took effect, once.
     *
     * @param result what the state machine returned; owned by the caller
     * @param position where in the log: read at or behind it to read your write, or use it as a fencing token
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record Done(byte[] result, Position position) implements Outcome {}

    /**
     * It took effect, once; its result is kept no longer.
     *
     * @param position where, if that is kept
     */
    record DoneResultGone(Optional<Position> position) implements Outcome {}

    /**
     * It was not applied, and never will be: it may be submitted again.
     *
     * @param reason why
     * @param detail a sentence
     */
    record Refused(Reason reason, String detail) implements Outcome {}

    /**
     * It left this node, and nobody knows yet. It may have been applied, may still be, or may never be.
     *
     * @param token asks again, with {@link PaxosNode#ask}; empty if the node failed before it could tell
     * @param detail a sentence
     */
    record Unknown(Optional<CommandToken> token, String detail) implements Outcome {}

    /** Why a command was refused. */
    enum Reason {
        /** No leader took it within its deadline. */
        NO_LEADER,
        /** Too many commands are on their way. */
        OVERLOADED,
        /** It is larger than a command may be. */
        TOO_LARGE,
        /** The node was closed. */
        CLOSED,
        /** The node had stopped for good before. */
        FAILED,
        /** The session of a remote client had expired before the command reached the log. */
        SESSION_EXPIRED,
        /** Asked about later: it had not been applied when its node started again, so that no copy of it ever will be. */
        LOST
    }
}
