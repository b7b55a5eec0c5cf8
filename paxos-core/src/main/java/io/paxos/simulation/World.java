// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Virtual time: one queue of things to do, ordered by (time, sequence). Time is what the next thing says; nothing ever
 * waits. Two things due at the same microsecond run in the order in which they were scheduled.
 *
 * <p>The queue is a binary heap of its own making: a run is little else than putting things in and taking them out.
 */
final class World {

    /** Something to do. */
    @FunctionalInterface
    interface Action {
        void run();
    }

    private static final int FIRST_LENGTH = 256;

    private long[] dueMicros = new long[FIRST_LENGTH];
    private long[] sequences = new long[FIRST_LENGTH];
    private @Nullable Action[] actions = new @Nullable Action[FIRST_LENGTH];
    private int waiting;

    private final long seed;
    private final SplittableRandom seeds;
    private long nowMicros;
    private long lastSequence;

    World(long seed) {
        this.seed = seed;
        this.seeds = new SplittableRandom(seed);
    }

    /**
     * A stream of chance for one part of the world. The parts ask in a fixed order at the start of a run, so that what one
     * part draws later does not move the others.
     */
    SplittableRandom newRandom() {
        return seeds.split();
    }

    /**
     * A stream for a part of the world that came later, told apart by its name: it moves none of the others, whenever it is
     * asked for, so that a seed stays what it was.
     */
    SplittableRandom randomApart(String part) {
        return new SplittableRandom(seed + 0x9E3779B97F4A7C15L * part.hashCode());
    }

    long nowMicros() {
        return nowMicros;
    }

    /** Does it at that time, or now if that is past. */
    void at(long atMicros, Action action) {
        if (waiting == actions.length) {
            dueMicros = Arrays.copyOf(dueMicros, 2 * waiting);
            sequences = Arrays.copyOf(sequences, 2 * waiting);
            actions = Arrays.copyOf(actions, 2 * waiting);
        }
        riseFrom(waiting++, Math.max(nowMicros, atMicros), ++lastSequence, action);
    }

    void after(long delayMicros, Action action) {
        at(nowMicros + delayMicros, action);
    }

    /** Does the next thing if it is due by then; else time moves there and nothing is done. */
    boolean runNext(long untilMicros) {
        if (waiting == 0 || dueMicros[0] > untilMicros) {
            nowMicros = Math.max(nowMicros, untilMicros);
            return false;
        }
        nowMicros = dueMicros[0];
        Action next = Objects.requireNonNull(actions[0]);
        waiting--;
        Action last = Objects.requireNonNull(actions[waiting]);
        actions[waiting] = null;
        if (waiting > 0) {
            sinkFromTop(dueMicros[waiting], sequences[waiting], last);
        }
        next.run();
        return true;
    }

    // ---- the heap: a parent is due before its children ------------------------------------------------------

    private void riseFrom(int free, long due, long sequence, Action action) {
        int place = free;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (isBefore(parent, due, sequence)) {
                break;
            }
            move(parent, place);
            place = parent;
        }
        put(place, due, sequence, action);
    }

    private void sinkFromTop(long due, long sequence, Action action) {
        int place = 0;
        int child = 1;
        while (child < waiting) {
            if (child + 1 < waiting && isBefore(child + 1, dueMicros[child], sequences[child])) {
                child++;
            }
            if (!isBefore(child, due, sequence)) {
                break;
            }
            move(child, place);
            place = child;
            child = 2 * place + 1;
        }
        put(place, due, sequence, action);
    }

    private boolean isBefore(int place, long due, long sequence) {
        return dueMicros[place] < due || (dueMicros[place] == due && sequences[place] < sequence);
    }

    private void move(int from, int to) {
        put(to, dueMicros[from], sequences[from], actions[from]);
    }

    private void put(int place, long due, long sequence, @Nullable Action action) {
        dueMicros[place] = due;
        sequences[place] = sequence;
        actions[place] = action;
    }
}
