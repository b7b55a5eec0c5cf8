// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * Virtual time: one queue of things to do, ordered by (time, sequence). Time is what the next thing says; nothing ever
 * waits. Two things due at the same microsecond run in the order in which they were scheduled.
 */
final class World {

    /** Something to do. */
    @FunctionalInterface
    interface Action {
        void run();
    }

    private record Due(long atMicros, long sequence, Action action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            return atMicros != other.atMicros
                    ? Long.compare(atMicros, other.atMicros)
                    : Long.compare(sequence, other.sequence);
        }
    }

    private final PriorityQueue<Due> queue = new PriorityQueue<>(256);
    private final SplittableRandom seeds;
    private long nowMicros;
    private long sequence;

    World(long seed) {
        this.seeds = new SplittableRandom(seed);
    }

    /**
     * A stream of chance for one part of the world. The parts ask in a fixed order at the start of a run, so that what one
     * part draws later does not move the others.
     */
    SplittableRandom newRandom() {
        return seeds.split();
    }

    long nowMicros() {
        return nowMicros;
    }

    /** Does it at that time, or now if that is past. */
    void at(long atMicros, Action action) {
        queue.add(new Due(Math.max(nowMicros, atMicros), sequence++, action));
    }

    void after(long delayMicros, Action action) {
        at(nowMicros + delayMicros, action);
    }

    /** Does the next thing if it is due by then; else time moves there and nothing is done. */
    boolean runNext(long untilMicros) {
        Due next = queue.peek();
        if (next == null || next.atMicros > untilMicros) {
            nowMicros = Math.max(nowMicros, untilMicros);
            return false;
        }
        queue.remove();
        nowMicros = next.atMicros;
        next.action.run();
        return true;
    }

    int waiting() {
        return queue.size();
    }
}
