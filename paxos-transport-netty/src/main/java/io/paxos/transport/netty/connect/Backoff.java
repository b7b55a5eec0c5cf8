// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.connect;

import java.util.function.LongUnaryOperator;

/**
 * How long to wait before something is tried again: doubling from a least to a most, and each time somewhere between half of
 * that and all of it, so that those who lost each other, or were refused, at once do not come back at once. One thread at a
 * time.
 */
public final class Backoff {
    private final int millisMin;
    private final int millisMax;
    private final LongUnaryOperator randomBelow;
    private int current;

    /**
     * @param randomBelow a random number from 0 to its argument, which it does not reach
     */
    public Backoff(int millisMin, int millisMax, LongUnaryOperator randomBelow) {
        this.millisMin = millisMin;
        this.millisMax = millisMax;
        this.randomBelow = randomBelow;
        this.current = millisMin;
    }

    /** Milliseconds to wait now; the next answer is about twice as long. */
    public long nextMillis() {
        long half = current / 2;
        long millis = half + randomBelow.applyAsLong(current - half + 1);
        current = (int) Math.min(millisMax, 2L * current);
        return millis;
    }

    /** The next answer is the shortest again. */
    public void reset() {
        current = millisMin;
    }
}
