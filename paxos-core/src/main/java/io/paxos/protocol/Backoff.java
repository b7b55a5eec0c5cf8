// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import java.util.SplittableRandom;

/** Randomized waits that double with each failure, up to a cap. The exponent is capped, so nothing overflows. */
final class Backoff {

    private static final int DOUBLINGS_MAX = 4;

    private final SplittableRandom random;
    private int failures;

    Backoff(SplittableRandom random) {
        this.random = random;
    }

    void failed() {
        failures = Math.min(failures + 1, DOUBLINGS_MAX);
    }

    void succeeded() {
        failures = 0;
    }

    /** From {@code minMillis} up to, but not including, {@code minMillis} plus the range, doubled per failure. */
    long drawMillis(long minMillis, long rangeMillis) {
        return minMillis + random.nextLong(rangeMillis << failures);
    }
}
