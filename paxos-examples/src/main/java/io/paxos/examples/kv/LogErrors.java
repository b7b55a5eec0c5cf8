// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.CommandTooLargeException;
import io.paxos.NoLeaderException;
import io.paxos.NodeClosedException;
import io.paxos.NodeFailedException;
import io.paxos.OverloadedException;
import io.paxos.PaxosException;
import io.paxos.UnknownOutcomeException;
import io.paxos.examples.kv.resp.RespReply;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a client is told when the log has no result: an error code for each cause, and whether the command may have been
 * applied. {@code NOTREADY}, {@code OVERLOADED} and {@code CLOSING} were not applied and can be sent again; after
 * {@code UNKNOWN} a client that must know reads, or had used {@code SET NX} or {@code CAS}.
 */
final class LogErrors {

    private static final Logger LOG = LoggerFactory.getLogger(LogErrors.class);

    private static final String MAYBE = "outcome unknown, may have been applied";

    private LogErrors() {}

    /** The RESP error for what a read failed with: it had no effect, so nothing is unknown, and it may be sent again. */
    static byte[] replyToRead(@Nullable Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof OverloadedException) {
            return RespReply.error("OVERLOADED too many reads wait: " + cause.getMessage());
        }
        if (cause instanceof NodeClosedException) {
            return RespReply.error("CLOSING this node is closing: " + cause.getMessage());
        }
        if (cause instanceof NodeFailedException) {
            return RespReply.error("FAILED this node failed: " + cause.getMessage());
        }
        if (cause instanceof PaxosException) {
            return RespReply.error("NOTREADY nothing was read: " + cause.getMessage());
        }
        LOG.error("a read failed in a way this server does not know", cause);
        return RespReply.error("ERR nothing was read: " + cause);
    }

    private static @Nullable Throwable unwrapped(@Nullable Throwable failure) {
        return failure instanceof CompletionException wrapped && wrapped.getCause() != null
                ? wrapped.getCause()
                : failure;
    }

    /** The RESP error for what a submission failed with. */
    static byte[] reply(@Nullable Throwable failure) {
        Throwable cause = unwrapped(failure);
        if (cause instanceof NoLeaderException) {
            return RespReply.error("NOTREADY no leader, not applied: " + cause.getMessage());
        }
        if (cause instanceof OverloadedException) {
            return RespReply.error("OVERLOADED too much in flight, not applied: " + cause.getMessage());
        }
        if (cause instanceof CommandTooLargeException) {
            return RespReply.error("ERR command is too large: " + cause.getMessage());
        }
        if (cause instanceof UnknownOutcomeException) {
            return RespReply.error("UNKNOWN " + MAYBE + ": " + cause.getMessage());
        }
        if (cause instanceof NodeClosedException) {
            return RespReply.error("CLOSING this node is closing, not applied: " + cause.getMessage());
        }
        if (cause instanceof NodeFailedException failed) {
            return RespReply.error((failed.mayHaveBeenApplied()
                            ? "UNKNOWN this node failed, " + MAYBE
                            : "FAILED this node failed, not applied")
                    + ": " + cause.getMessage());
        }
        LOG.error("a submission failed in a way this server does not know", cause);
        boolean maybe = !(cause instanceof PaxosException known) || known.mayHaveBeenApplied();
        return RespReply.error((maybe ? "UNKNOWN " + MAYBE : "ERR not applied") + ": " + cause);
    }
}
