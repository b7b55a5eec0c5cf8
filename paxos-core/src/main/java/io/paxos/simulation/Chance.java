// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** When things go wrong, and to whom; after {@link #end} nothing does any more. */
final class Chance {

    /** Some classes of fault that belong together. */
    interface Fault {
        void begin();

        /** Makes good what can be. */
        void end();
    }

    private final World world;
    private final SplittableRandom random;
    private boolean ended;

    Chance(World world) {
        this(world, world.newRandom());
    }

    Chance(World world, SplittableRandom random) {
        this.world = world;
        this.random = random;
    }

    SplittableRandom random() {
        return random;
    }

    void end() {
        ended = true;
    }

    boolean hasEnded() {
        return ended;
    }

    /** Does it again and again, on average every so many milliseconds. */
    void often(long meanMillis, World.Action action) {
        world.after(microsUpTo(2 * meanMillis), () -> {
            if (!ended) {
                action.run();
                often(meanMillis, action);
            }
        });
    }

    /** Does it once, within so many milliseconds, unless the faults end before. */
    void within(long millis, World.Action action) {
        world.after(microsUpTo(millis), () -> {
            if (!ended) {
                action.run();
            }
        });
    }

    long microsUpTo(long millis) {
        return random.nextLong(1, 1_000 * millis + 1);
    }

    /**
     * A length of time that is as likely to be short as to be long.
     *
     * @param leastMillis from 1
     */
    long spread(long leastMillis, long mostMillis) {
        double ratio = (double) mostMillis / leastMillis;
        return Math.round(leastMillis * StrictMath.pow(ratio, random.nextDouble()));
    }

    boolean oneIn(int times) {
        return random.nextInt(times) == 0;
    }

    <T> T oneOf(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }

    <T> List<T> shuffled(List<T> all) {
        List<T> copy = new ArrayList<>(all);
        for (int i = copy.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            T moved = copy.get(i);
            copy.set(i, copy.get(other));
            copy.set(other, moved);
        }
        return copy;
    }
}
