// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/**
 * How far the tests explore what they do not exhaust: {@code -Dexplore.statesMax=…} states, 300,000 if not given, and at
 * most {@code -Dexplore.seconds=…} of one core's time for each configuration, if given.
 */
final class ExploreBounds {
    private static final int STATES_MAX = Integer.getInteger("explore.statesMax", 300_000);
    private static final int SECONDS_MAX = Integer.getInteger("explore.seconds", 0);

    private ExploreBounds() {}

    /** From now on. */
    static Bounds begun() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        return new Bounds(
                STATES_MAX,
                Integer.MAX_VALUE,
                () -> SECONDS_MAX > 0 && threads.getCurrentThreadCpuTime() - start > SECONDS_MAX * 1_000_000_000L);
    }

    /** No limit but memory's: the configuration is small. */
    static Bounds whole() {
        return Bounds.states(10_000_000);
    }
}
