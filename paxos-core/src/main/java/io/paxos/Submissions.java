// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.runtime.NodeRuntime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Commands of the host application on their way in, and what it is told of them. */
final class Submissions {

    private final NodeConfiguration configuration;
    private final NodeRuntime runtime;

    Submissions(NodeConfiguration configuration, NodeRuntime runtime) {
        this.configuration = configuration;
        this.runtime = runtime;
    }

    CompletableFuture<byte[]> submit(byte[] command, Duration timeout) {
        long timeoutMillis =
                NodeConfiguration.requireTimeout("timeout", timeout).toMillis();
        if (command.length > configuration.commandBytesMax()) {
            return CompletableFuture.failedFuture(new CommandTooLargeException(tooLarge(command)));
        }
        CompletableFuture<byte[]> future = new CompletableFuture<>();
        var refused = runtime.submit(command.clone(), timeoutMillis, outcome -> Settlement.settle(future, outcome));
        return refused == null ? future : CompletableFuture.failedFuture(Settlement.exceptionOf(refused, false));
    }

    CompletableFuture<Outcome> execute(byte[] command, Duration timeout) {
        long timeoutMillis =
                NodeConfiguration.requireTimeout("timeout", timeout).toMillis();
        if (command.length > configuration.commandBytesMax()) {
            return CompletableFuture.completedFuture(new Outcome.Refused(Outcome.Reason.TOO_LARGE, tooLarge(command)));
        }
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        var refused = runtime.submit(
                command.clone(), timeoutMillis, outcome -> future.complete(Settlement.outcomeOf(outcome, true)));
        return refused == null ? future : CompletableFuture.completedFuture(Settlement.outcomeOf(refused, false));
    }

    CompletableFuture<Outcome> ask(CommandToken token, Duration timeout) {
        long timeoutMillis =
                NodeConfiguration.requireTimeout("timeout", timeout).toMillis();
        CompletableFuture<Outcome> future = new CompletableFuture<>();
        runtime.ask(token.session(), token.boot(), token.sequence(), timeoutMillis, outcome -> {
            Outcome told = Settlement.outcomeOf(outcome, true);
            // That this node stops says nothing of the command.
            boolean node = told instanceof Outcome.Unknown
                    || (told instanceof Outcome.Refused refused && refused.reason() != Outcome.Reason.LOST);
            future.complete(
                    node ? new Outcome.Unknown(Optional.of(token), "what became of it is not known here") : told);
        });
        return future;
    }

    private String tooLarge(byte[] command) {
        return "command: " + command.length + " bytes is outside the allowed range 0.."
                + configuration.commandBytesMax();
    }
}
