// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One operation as its client saw it: what was asked, when, and what came back, if anything did.
 *
 * <p>Three kinds, by how it ended:
 * <ul>
 *   <li><em>answered</em>: it took effect once, between invocation and response, and gave this output;
 *   <li><em>acknowledged</em>: it took effect once, between invocation and response; what it gave was not told (a plain
 *       write, or a duplicate whose first result is no longer kept);
 *   <li><em>open</em>: nobody answered. It takes effect at any time after its invocation, however late, or never.
 * </ul>
 * An operation that is known to have had no effect is in no history: see {@link History.Builder#neverTookEffect}.
 *
 * @param client who asked
 * @param input what was asked
 * @param output what came back; null if nothing did or nothing was told
 * @param invokedAt in any unit that is the same for the whole history
 * @param respondedAt not before {@code invokedAt}; {@link #OPEN} if there was no response
 * @param <I> inputs of the model
 * @param <O> outputs of the model
 */
public record Operation<I, O>(
        long client, I input, @Nullable O output, long invokedAt, long respondedAt) {
    /** The response time of an operation that got no response. */
    public static final long OPEN = Long.MAX_VALUE;

    /**
     * @throws IllegalArgumentException if it is answered before it is invoked, or is open and has an output
     */
    public Operation {
        Objects.requireNonNull(input, "operation input");
        if (invokedAt == OPEN) {
            throw new IllegalArgumentException(
                    "operation invokedAt: " + invokedAt + " is the mark of an open operation");
        }
        if (respondedAt < invokedAt) {
            throw new IllegalArgumentException("operation respondedAt: " + respondedAt + " is before its invocation at "
                    + invokedAt + " (" + input + " of client " + client + ")");
        }
        if (respondedAt == OPEN && output != null) {
            throw new IllegalArgumentException("operation output: " + output + " of " + input + " of client " + client
                    + " has no response time, but only an operation without output may be open");
        }
    }

    /** An operation that gave an output. */
    public static <I, O> Operation<I, O> answered(long client, I input, O output, long invokedAt, long respondedAt) {
        return new Operation<>(client, input, Objects.requireNonNull(output, "output"), invokedAt, respondedAt);
    }

    /** An operation that took effect for certain and told no output. */
    public static <I, O> Operation<I, O> acknowledged(long client, I input, long invokedAt, long respondedAt) {
        if (respondedAt == OPEN) {
            throw new IllegalArgumentException("operation respondedAt: " + OPEN + " is the mark of an open operation");
        }
        return new Operation<>(client, input, null, invokedAt, respondedAt);
    }

    /** An operation whose outcome nobody knows. */
    public static <I, O> Operation<I, O> open(long client, I input, long invokedAt) {
        return new Operation<>(client, input, null, invokedAt, OPEN);
    }

    /** Whether it got no response, so that it may take effect at any later time or never. */
    public boolean isOpen() {
        return respondedAt == OPEN;
    }

    @Override
    public String toString() {
        String result = isOpen() ? "unknown" : output == null ? "ok" : output.toString();
        return "client " + client + ": " + input + " -> " + result + " [" + invokedAt + ", "
                + (isOpen() ? "open" : Long.toString(respondedAt)) + "]";
    }
}
