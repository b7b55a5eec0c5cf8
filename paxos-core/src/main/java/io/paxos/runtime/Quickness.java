// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import java.util.concurrent.TimeUnit;

/**
 * Whether a disk forces quickly these days: most forces of late took a fraction of a millisecond. It takes many quick ones to
 * earn that name, and one that hangs to lose it.
 */
final class Quickness {

    /** A force that takes no longer may be waited for by a thread that has other things to do. */
    static final long QUICK_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    static final int GIVEN = 32;
    static final int MOST = 64;

    private long score;

    /** A force took so long. One that is slow weighs as much as the quick ones that it took the time of. */
    void took(long nanos) {
        score = nanos <= QUICK_NANOS ? Math.min(MOST, score + 1) : Math.max(0, score - nanos / QUICK_NANOS);
    }

    boolean isGiven() {
        return score >= GIVEN;
    }
}
