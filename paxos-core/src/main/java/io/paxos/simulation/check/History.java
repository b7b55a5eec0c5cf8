// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a set of clients asked and was answered, with the one thing that linearizability needs to know beside it: which
 * operations had ended before which others began.
 *
 * <p>Immutable. Either recorded while it happens ({@link #builder()}), where the order of the calls is the order of the
 * events and times are for the reader; or made of operations gathered elsewhere ({@link #ofTimes}), where times decide.
 *
 * @param <I> inputs of the model
 * @param <O> outputs of the model
 */
public final class History<I, O> {
    /** Where the response of an open operation stands: after all else. */
    static final int NEVER = Integer.MAX_VALUE;

    private final List<Operation<I, O>> operations;
    private final int[] invocations;
    private final int[] responses;

    private History(List<Operation<I, O>> operations, int[] invocations, int[] responses) {
        this.operations = List.copyOf(operations);
        this.invocations = invocations;
        this.responses = responses;
    }

    /** Records a history of clients that each wait for an answer, or give up on it, before they ask again. */
    public static <I, O> Builder<I, O> builder() {
        return new Builder<>(1);
    }

    /**
     * Records a history of clients that may have several operations in flight at once.
     *
     * @param inFlightPerClientMax operations, at least 1
     * @throws IllegalArgumentException if it is less than 1
     */
    public static <I, O> Builder<I, O> builder(int inFlightPerClientMax) {
        return new Builder<>(inFlightPerClientMax);
    }

    /**
     * A history of operations in any order, by their times alone: one precedes another if it responded at an earlier time
     * than the other was invoked. Equal times count as overlapping, which never accuses the innocent but may let the guilty
     * go: finer times make a stronger judge. A simulator, where many events share a millisecond, should number its events and give
     * the numbers as times, or record with {@link #builder()}.
     */
    public static <I, O> History<I, O> ofTimes(List<Operation<I, O>> operations) {
        int count = operations.size();
        List<Event> events = new ArrayList<>(2 * count);
        for (int i = 0; i < count; i++) {
            Operation<I, O> operation = operations.get(i);
            events.add(new Event(operation.invokedAt(), false, i));
            if (!operation.isOpen()) {
                events.add(new Event(operation.respondedAt(), true, i));
            }
        }
        events.sort(null);
        int[] invocations = new int[count];
        int[] responses = new int[count];
        Arrays.fill(responses, NEVER);
        List<Integer> byInvocation = new ArrayList<>(count);
        for (int at = 0; at < events.size(); at++) {
            Event event = events.get(at);
            if (event.isResponse()) {
                responses[event.operation()] = at;
            } else {
                invocations[event.operation()] = at;
                byInvocation.add(event.operation());
            }
        }
        List<Operation<I, O>> sorted = new ArrayList<>(count);
        int[] sortedInvocations = new int[count];
        int[] sortedResponses = new int[count];
        for (int i = 0; i < count; i++) {
            int from = byInvocation.get(i);
            sorted.add(operations.get(from));
            sortedInvocations[i] = invocations[from];
            sortedResponses[i] = responses[from];
        }
        return new History<>(sorted, sortedInvocations, sortedResponses);
    }

    /** All operations, in the order of their invocations; not modifiable. */
    public List<Operation<I, O>> operations() {
        return operations;
    }

    /** Where among all events the operation with this number was invoked. */
    int invocation(int operation) {
        return invocations[operation];
    }

    /** Where among all events it was answered, or {@link #NEVER}. */
    int response(int operation) {
        return responses[operation];
    }

    /** Whether the first had ended before the second began; both are numbers of {@link #operations()}. */
    boolean precedes(int first, int second) {
        return responses[first] < invocations[second];
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Operation<I, O> operation : operations) {
            text.append(operation).append('\n');
        }
        return text.toString();
    }

    /** At one time all invocations come before all responses: what happened at the same time overlapped. */
    private record Event(long at, boolean isResponse, int operation) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            int byTime = Long.compare(at, other.at);
            if (byTime != 0) {
                return byTime;
            }
            int byKind = Boolean.compare(isResponse, other.isResponse);
            return byKind != 0 ? byKind : Integer.compare(operation, other.operation);
        }
    }

    /**
     * Records operations while they happen. The order in which these methods are called is the order of the events: call
     * {@link #invoke} before the request can leave, and {@link #respond} after the response is there. Times are shown to the
     * reader and decide nothing.
     *
     * <p>Any thread may call; a lock orders them.
     *
     * @param <I> inputs of the model
     * @param <O> outputs of the model
     */
    public static final class Builder<I, O> {
        private final int inFlightPerClientMax;
        private final List<Entry<I, O>> entries = new ArrayList<>();
        private final Map<Long, Integer> inFlight = new HashMap<>();
        private int events;

        private Builder(int inFlightPerClientMax) {
            if (inFlightPerClientMax < 1) {
                throw new IllegalArgumentException("inFlightPerClientMax: " + inFlightPerClientMax + " is less than 1");
            }
            this.inFlightPerClientMax = inFlightPerClientMax;
        }

        /**
         * A client asks.
         *
         * @return the number of the operation, for what is told of it later
         * @throws IllegalStateException if the client has as many operations in flight as this history allows
         */
        public synchronized int invoke(long client, I input, long at) {
            Objects.requireNonNull(input, "operation input");
            int already = inFlight.getOrDefault(client, 0);
            if (already >= inFlightPerClientMax) {
                throw new IllegalStateException("client " + client + " invokes " + input + " at " + at + " with "
                        + already + " operations in flight, of " + inFlightPerClientMax
                        + " allowed; respond to one or leave it open first");
            }
            Entry<I, O> entry = new Entry<>(client, input, at, events++);
            inFlight.put(client, already + 1);
            entries.add(entry);
            return entries.size() - 1;
        }

        /**
         * It was answered with an output.
         *
         * @throws IllegalStateException if something was told of its end before
         * @throws IllegalArgumentException if there is no such operation, or the response is before the invocation
         */
        public synchronized void respond(int operation, O output, long at) {
            Objects.requireNonNull(output, "operation output");
            end(operation, at, "is answered with " + output).output = output;
        }

        /**
         * It was answered, and so took effect, but told no output.
         *
         * @throws IllegalStateException if something was told of its end before
         * @throws IllegalArgumentException if there is no such operation, or the response is before the invocation
         */
        public synchronized void acknowledge(int operation, long at) {
            end(operation, at, "is acknowledged");
        }

        /**
         * Its client gives up on it, its outcome unknown, and may ask for something else. An operation of which nothing is
         * told is left open too; this only lets the client go on.
         *
         * @throws IllegalStateException if something was told of its end before
         * @throws IllegalArgumentException if there is no such operation
         */
        public synchronized void leaveOpen(int operation) {
            finish(operation, "is left open");
        }

        /**
         * It is certain that it had no effect and never will: it was refused before it was sent. It leaves the history. A
         * timeout or a lost connection is no such certainty; see {@link #leaveOpen}.
         *
         * @throws IllegalStateException if something was told of its end before
         * @throws IllegalArgumentException if there is no such operation
         */
        public synchronized void neverTookEffect(int operation) {
            finish(operation, "never took effect").dropped = true;
        }

        /** The history so far. Operations still in flight are open in it. Recording may go on. */
        public synchronized History<I, O> build() {
            List<Operation<I, O>> operations = new ArrayList<>(entries.size());
            int[] invocations = new int[entries.size()];
            int[] responses = new int[entries.size()];
            int count = 0;
            for (Entry<I, O> entry : entries) {
                if (!entry.dropped) {
                    operations.add(new Operation<>(
                            entry.client, entry.input, entry.output, entry.invokedAt, entry.respondedAt));
                    invocations[count] = entry.invocation;
                    responses[count] = entry.response;
                    count++;
                }
            }
            return new History<>(operations, Arrays.copyOf(invocations, count), Arrays.copyOf(responses, count));
        }

        private Entry<I, O> end(int operation, long at, String how) {
            Entry<I, O> entry = entry(operation, how);
            if (at < entry.invokedAt || at == Operation.OPEN) {
                throw new IllegalArgumentException(
                        "operation " + operation + " (" + entry.input + " of client " + entry.client
                                + ") " + how + " at " + at + ", outside the allowed range " + entry.invokedAt
                                + " (its invocation).." + (Operation.OPEN - 1));
            }
            finish(operation, how);
            entry.respondedAt = at;
            entry.response = events++;
            return entry;
        }

        private Entry<I, O> finish(int operation, String how) {
            Entry<I, O> entry = entry(operation, how);
            if (entry.ended != null) {
                throw new IllegalStateException("operation " + operation + " (" + entry.input + " of client "
                        + entry.client + ") " + how + ", but before it " + entry.ended);
            }
            entry.ended = how;
            inFlight.merge(entry.client, -1, Integer::sum);
            return entry;
        }

        private Entry<I, O> entry(int operation, String how) {
            if (operation < 0 || operation >= entries.size()) {
                throw new IllegalArgumentException("operation " + operation + " " + how + ", but " + entries.size()
                        + " operations were invoked, numbered from 0");
            }
            return entries.get(operation);
        }
    }

    private static final class Entry<I, O> {
        private final long client;
        private final I input;
        private final long invokedAt;
        private final int invocation;
        private @Nullable O output;
        private long respondedAt = Operation.OPEN;
        private int response = NEVER;
        private @Nullable String ended;
        private boolean dropped;

        private Entry(long client, I input, long invokedAt, int invocation) {
            this.client = client;
            this.input = input;
            this.invokedAt = invokedAt;
            this.invocation = invocation;
        }
    }
}
