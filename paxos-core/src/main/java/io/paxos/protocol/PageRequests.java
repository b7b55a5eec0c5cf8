// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import java.util.Collections;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * The requests for pages that one puller has sent: the one under way, and those before it whose answers did not come in time. Such
 * an answer may only be slow, so it is taken in too; and the next is waited for twice as long as the last one took, if that is
 * longer, up to {@link #PATIENCE_TIMES_MAX} times. Otherwise a page that is longer on its way than a fixed patience would be
 * asked for again and again, each copy would delay the others, and none would ever count. A request that is lost teaches nothing.
 */
final class PageRequests {

    /** What an answer is. */
    enum Answer {
        /** To nothing that was asked here, or once more. */
        STRANGE,
        /** To a request that another one has followed. */
        LATE,
        /** To the one under way, which is over now. */
        IN_TIME
    }

    static final int PATIENCE_TIMES_MAX = 4;

    private static final int LATE_MAX = 4;

    private final SplittableRandom random;
    private final long patienceMillisMin;
    /** When each was asked whose answer did not come in time, by its nonce. */
    private final TreeMap<Long, Long> late = new TreeMap<>();

    private long nonce;
    private long askedMillis;
    private long patienceMillis;

    /** @param patienceMillisMin how long an answer is waited for, at least */
    PageRequests(long patienceMillisMin, SplittableRandom random) {
        this.patienceMillisMin = patienceMillisMin;
        this.patienceMillis = patienceMillisMin;
        this.random = random;
    }

    /** One more is sent, instead of the one under way if there is one; returns its nonce. */
    long begin(long nowMillis) {
        if (nonce != 0) {
            late.put(nonce, askedMillis);
            if (late.size() > LATE_MAX) {
                late.values().remove(Collections.min(late.values()));
            }
        }
        nonce = random.nextLong(1, Long.MAX_VALUE);
        askedMillis = nowMillis;
        return nonce;
    }

    /** Nobody waits for the one under way any more. */
    void end() {
        nonce = 0;
    }

    boolean isUnderWay() {
        return nonce != 0;
    }

    boolean isOverdue(long nowMillis) {
        return nonce != 0 && nowMillis - askedMillis >= patienceMillis;
    }

    Answer answered(long toNonce, long nowMillis) {
        if (nonce != 0 && toNonce == nonce) {
            nonce = 0;
            took(nowMillis - askedMillis);
            return Answer.IN_TIME;
        }
        Long asked = late.remove(toNonce);
        if (asked == null) {
            return Answer.STRANGE;
        }
        took(nowMillis - asked);
        return Answer.LATE;
    }

    private void took(long millis) {
        long most = PATIENCE_TIMES_MAX * patienceMillisMin;
        patienceMillis = Math.min(most, Math.max(patienceMillisMin, 2 * millis));
    }
}
