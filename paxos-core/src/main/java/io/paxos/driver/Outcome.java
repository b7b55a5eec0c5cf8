// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.session.SessionResult;
import org.jspecify.annotations.Nullable;

/** How a submission ended. */
public sealed interface Outcome {

    /** What the log says of a command that took effect. */
    static Outcome of(SessionResult result) {
        Position position = result.position();
        return result.status() == SessionResult.Status.APPLIED && position != null
                ? new Applied(result.result(), position)
                : new ResultGone(position);
    }

    /**
     * Applied here, and so chosen.
     *
     * @param result what the state machine returned; owned by the receiver
     * @param position where
     */
    @SuppressWarnings("ArrayRecordComponent") // handed over, not compared
    record Applied(byte[] result, Position position) implements Outcome {}

    /**
     * Applied, and its result is kept no longer.
     *
     * @param position where, or null if that is kept no longer either
     */
    record ResultGone(@Nullable Position position) implements Outcome {}

    /** It was not applied, and never will be: a later boot of its owner has opened the session. */
    record NeverApplied() implements Outcome {}

    /** It never left this node: no leader took it before its deadline. */
    record NoLeader() implements Outcome {}

    /** It never left this node: the leader had no room for it before its deadline. */
    record Overloaded() implements Outcome {}

    /** It never left this node, which is closed now. */
    record Closed() implements Outcome {}

    /**
     * It left, and nobody knows yet.
     *
     * @param session whose command it is
     * @param boot of the session's owner
     * @param sequence within the session
     * @param closed whether the node was closed, or else the deadline passed
     */
    record Unknown(SessionId session, long boot, long sequence, boolean closed) implements Outcome {}

    /**
     * The node stopped for good while the command was on its way; it may have been applied.
     *
     * @param reason a sentence for the operator
     * @param cause what was thrown, or null if nothing was
     */
    record Failed(String reason, @Nullable Throwable cause) implements Outcome {}
}
