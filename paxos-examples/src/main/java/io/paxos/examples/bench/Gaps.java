// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.concurrent.TimeUnit;

/** The longest time without an answer since a moment. Any thread. */
final class Gaps {

    private static final long CALM_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long FLOWING_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private long since = Long.MAX_VALUE;
    private long lastAnswer;
    private long longest;
    private long longestEnd;
    private boolean watching;

    /** Forgets what was; what counts is behind this moment. */
    synchronized void watch(long now) {
        since = now;
        lastAnswer = now;
        longest = 0;
        longestEnd = now;
        watching = true;
    }

    synchronized void answered(long now) {
        if (watching && now - lastAnswer > 0) {
            if (now - lastAnswer > longest) {
                longest = now - lastAnswer;
                longestEnd = now;
            }
            lastAnswer = now;
        }
    }

    /** Whether answers have come for a while again since the longest time without one. */
    synchronized boolean isOver(long now) {
        return watching && now - longestEnd >= CALM_NANOS && now - lastAnswer < FLOWING_NANOS;
    }

    /** From the moment that was watched from to the first answer behind the longest time without one. */
    synchronized long untilAnsweredNanos() {
        return longestEnd - since;
    }
}
