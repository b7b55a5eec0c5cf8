// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.Outcome.Reason;
import io.paxos.driver.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Turns the outcome of a submission into what its caller sees. */
final class Settlement {

    private Settlement() {}

    /** Completes the future of a command that was taken. */
    static void settle(CompletableFuture<byte[]> future, Outcome outcome) {
        if (outcome instanceof Outcome.Applied applied) {
            future.complete(applied.result().clone()); // the session table keeps the other one
        } else {
            future.completeExceptionally(exceptionOf(outcome, true));
        }
    }

    /**
     * The exception for an outcome other than {@link Outcome.Applied}.
     *
     * @param taken whether the node had taken the command before it ended so
     */
    static PaxosException exceptionOf(Outcome outcome, boolean taken) {
        if (outcome instanceof Outcome.NoLeader) {
            return new NoLeaderException("no leader took the command within its deadline; it never left this node");
        }
        if (outcome instanceof Outcome.Overloaded) {
            return new OverloadedException(
                    "too many commands are on their way; this one never left this node, try again later");
        }
        if (outcome instanceof Outcome.Closed) {
            return new NodeClosedException("the node was closed; the command never left it");
        }
        if (outcome instanceof Outcome.ResultGone) {
            return new ResultGoneException("the command was applied, and its result is kept no longer");
        }
        if (outcome instanceof Outcome.Unknown unknown) {
            String when = unknown.closed() ? "the node was closed" : "its deadline passed";
            return new UnknownOutcomeException(
                    "the command was sent as " + unknown.session() + ", boot " + unknown.boot() + ", sequence "
                            + unknown.sequence() + ", and " + when + " before its outcome was known",
                    unknown.session(),
                    unknown.boot(),
                    unknown.sequence());
        }
        if (outcome instanceof Outcome.Failed failed) {
            return failure(failed, taken);
        }
        throw new IllegalStateException("no exception stands for " + outcome);
    }

    /**
     * The same as a value.
     *
     * @param taken whether the node had taken the command before it ended so
     */
    static io.paxos.Outcome outcomeOf(Outcome outcome, boolean taken) {
        if (outcome instanceof Outcome.Applied applied) {
            return new io.paxos.Outcome.Done(applied.result().clone(), applied.position());
        }
        if (outcome instanceof Outcome.ResultGone gone) {
            return new io.paxos.Outcome.DoneResultGone(Optional.ofNullable(gone.position()));
        }
        if (outcome instanceof Outcome.NeverApplied) {
            return new io.paxos.Outcome.Refused(
                    Reason.LOST, "it was not applied before its node started again, and never will be");
        }
        PaxosException exception = exceptionOf(outcome, taken);
        String detail = String.valueOf(exception.getMessage());
        if (outcome instanceof Outcome.Unknown unknown) {
            CommandToken token = new CommandToken(unknown.session(), unknown.boot(), unknown.sequence());
            return new io.paxos.Outcome.Unknown(Optional.of(token), detail);
        }
        if (exception.mayHaveBeenApplied()) {
            return new io.paxos.Outcome.Unknown(Optional.empty(), detail);
        }
        return new io.paxos.Outcome.Refused(reasonOf(outcome), detail);
    }

    private static Reason reasonOf(Outcome refused) {
        if (refused instanceof Outcome.NoLeader) {
            return Reason.NO_LEADER;
        }
        if (refused instanceof Outcome.Overloaded) {
            return Reason.OVERLOADED;
        }
        return refused instanceof Outcome.Closed ? Reason.CLOSED : Reason.FAILED;
    }

    private static NodeFailedException failure(Outcome.Failed failed, boolean taken) {
        @Nullable Throwable cause = failed.cause();
        return new NodeFailedException("the node stopped for good: " + failed.reason(), cause, taken);
    }
}
