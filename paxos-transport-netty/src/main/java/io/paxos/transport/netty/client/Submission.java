// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.Outcome;
import io.paxos.model.Command;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One command of the application on its way; the I/O thread's, but for what is final. To run it, once it has an outcome, is
 * to tell the caller.
 */
final class Submission implements Runnable {
    private final byte[] payload;
    private final long deadlineMillis;
    private final CompletableFuture<Outcome> future;

    /** With its number, once it has one: never another one from then on. */
    private @Nullable Command command;

    /** In which attachment of its session it was sent first. */
    private long attachment;

    private boolean settled;
    private @Nullable Outcome outcome;

    /**
     * @param payload never written again
     * @param deadlineMillis when the caller stops waiting, by the clock of the session
     */
    Submission(byte[] payload, long deadlineMillis, CompletableFuture<Outcome> future) {
        this.payload = payload;
        this.deadlineMillis = deadlineMillis;
        this.future = future;
    }

    byte[] payload() {
        return payload;
    }

    /** Whether it counts among what may be in flight; what the client sends for itself does not. */
    boolean takesRoom() {
        return deadlineMillis != Long.MAX_VALUE;
    }

    int bytes() {
        return payload.length;
    }

    long deadlineMillis() {
        return deadlineMillis;
    }

    /** Gives it its number. */
    void number(Command numbered, long sentInAttachment) {
        command = numbered;
        attachment = sentInAttachment;
    }

    @Nullable
    Command command() {
        return command;
    }

    long attachment() {
        return attachment;
    }

    /** Whether this call was the first: a caller is told once. */
    boolean settle() {
        boolean first = !settled;
        settled = true;
        return first;
    }

    boolean isSettled() {
        return settled;
    }

    /** That is what the caller is told. */
    Submission settled(Outcome told) {
        outcome = told;
        return this;
    }

    @Override
    public void run() {
        Outcome told = outcome;
        if (told != null) {
            future.complete(told);
        }
    }
}
