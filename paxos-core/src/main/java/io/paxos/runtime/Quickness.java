// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

/**
 * Whether something that a thread would wait for is quick these days, a disk's forces say: most of late took a fraction of a millisecond. It takes
 * many quick ones to earn that name, and one that hangs to lose it.
 */
final class Quickness {

    static final int GIVEN = 32;
    static final int MOST = 64;

    private final long quickNanos;
    private long score;

    private Quickness(long quickNanos, long score) {
        this.quickNanos = quickNanos;
        this.score = score;
    }

    /** Of something that has to show it first. */
    static Quickness unknown(long quickNanos) {
        return new Quickness(quickNanos, 0);
    }

    /** Of something that is believed until it shows the contrary. */
    static Quickness believed(long quickNanos) {
        return new Quickness(quickNanos, MOST);
    }

    /** It took so long. Once slow weighs as much as the quick ones that it took the time of. */
    void took(long nanos) {
        score = nanos <= quickNanos ? Math.min(MOST, score + 1) : Math.max(0, score - nanos / quickNanos);
    }

    boolean isGiven() {
        return score >= GIVEN;
    }
}
