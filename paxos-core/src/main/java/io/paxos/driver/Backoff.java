// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import java.util.SplittableRandom;

/** Delays that double up to a cap, each drawn from its upper half so that several nodes do not retry in step. */
final class Backoff {

    private final long firstMillis;
    private final long maxMillis;
    private final SplittableRandom random;
    private long delayMillis;

    Backoff(long firstMillis, long maxMillis, long seed) {
        this.firstMillis = firstMillis;
        this.maxMillis = maxMillis;
        this.random = new SplittableRandom(seed);
        this.delayMillis = firstMillis;
    }

    /** The next delay; the one after it is up to twice as long. */
    long nextMillis() {
        long delay = delayMillis / 2 + random.nextLong(delayMillis / 2 + 1);
        delayMillis = Math.min(maxMillis, delayMillis * 2);
        return Math.max(1, delay);
    }

    /** Things moved on: begin again with the shortest delay. */
    void reset() {
        delayMillis = firstMillis;
    }
}
