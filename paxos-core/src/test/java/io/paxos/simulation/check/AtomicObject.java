// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;

/**
 * A simulated object that does one operation at a moment, and clients that talk to it over slow links: its histories are
 * linearizable because of how they come about. Each event has its own time.
 */
final class AtomicObject<S, I, O> {
    private final Load<S, I, O> load;
    private final Random random;
    private final int operationsMax;
    private final int openPerKeyMax;
    private final double openChance;
    private final PriorityQueue<Event> queue = new PriorityQueue<>();
    private final Map<Object, S> states = new HashMap<>();
    private final Map<Object, Integer> open = new HashMap<>();
    private final List<Operation<I, O>> history = new ArrayList<>();
    private long sequence;
    private long clock;
    private int asked;

    private AtomicObject(Load<S, I, O> load, long seed, int operationsMax, int openPerKeyMax, double openChance) {
        this.load = load;
        this.random = new Random(seed);
        this.operationsMax = operationsMax;
        this.openPerKeyMax = openPerKeyMax;
        this.openChance = openChance;
    }

    /**
     * @param openPerKeyMax operations of one key whose outcome stays unknown, at most
     * @param openChance that an operation is one, as long as there are fewer
     */
    static <S, I, O> List<Operation<I, O>> history(
            Load<S, I, O> load, long seed, int clients, int operations, int openPerKeyMax, double openChance) {
        AtomicObject<S, I, O> object = new AtomicObject<>(load, seed, operations, openPerKeyMax, openChance);
        for (int client = 1; client <= clients; client++) {
            object.think(client);
        }
        while (!object.queue.isEmpty()) {
            Event next = object.queue.remove();
            object.clock++;
            object.at = next.at();
            next.action().run();
        }
        return object.history;
    }

    private long at;

    private void think(long client) {
        later(random.nextInt(20), () -> invoke(client));
    }

    private void invoke(long client) {
        if (asked == operationsMax) {
            return;
        }
        I input = load.ask(random, asked++);
        Object key = load.model().key(input);
        long invokedAt = clock;
        boolean unknown = open.getOrDefault(key, 0) < openPerKeyMax && random.nextDouble() < openChance;
        if (unknown) {
            open.merge(key, 1, Integer::sum);
            history.add(Operation.open(client, input, invokedAt));
            if (random.nextBoolean()) {
                later(random.nextInt(1000), () -> apply(key, input));
            }
            think(client);
            return;
        }
        later(random.nextInt(30), () -> {
            Optional<O> output = apply(key, input);
            boolean told = random.nextInt(20) > 0;
            later(random.nextInt(30), () -> {
                history.add(
                        output.isPresent() && told
                                ? Operation.answered(client, input, output.get(), invokedAt, clock)
                                : Operation.acknowledged(client, input, invokedAt, clock));
                think(client);
            });
        });
    }

    private Optional<O> apply(Object key, I input) {
        S state = states.getOrDefault(key, load.model().initial());
        Optional<O> output = load.answer(state, input);
        S next = load.model().step(state, input, output.orElse(null));
        if (next == null) {
            throw new AssertionError("the load's answer " + output + " to " + input + " is impossible in " + state);
        }
        states.put(key, next);
        return output;
    }

    private void later(long delay, Runnable action) {
        queue.add(new Event(at + delay, sequence++, action));
    }

    private record Event(long at, long sequence, Runnable action) implements Comparable<Event> {
        @Override
        public int compareTo(Event other) {
            return at != other.at ? Long.compare(at, other.at) : Long.compare(sequence, other.sequence);
        }
    }
}
