// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

/**
 * How much may be sent a second time: a bucket of tokens, one for each command or read that is sent again. It fills with what
 * is answered, and slowly with time. So a cluster that answers is asked again as often as needed, and one that does not is not
 * buried under the retries of all its clients (hazard V4: overload that outlives its cause). One thread at a time.
 */
final class RetryBudget {
    private final double capacity;
    private final double perAnswer;
    private final double perMilli;
    private double tokens;
    private long filledMillis;

    /**
     * @param capacity most tokens, and how many there are at first
     * @param perAnswer tokens that an answer is worth
     * @param perSecond tokens that a second is worth
     */
    RetryBudget(double capacity, double perAnswer, double perSecond, long nowMillis) {
        this.capacity = capacity;
        this.perAnswer = perAnswer;
        this.perMilli = perSecond / 1_000;
        this.tokens = capacity;
        this.filledMillis = nowMillis;
    }

    /** Takes one token, if there is one. */
    boolean take(long nowMillis) {
        fill(nowMillis);
        if (tokens < 1) {
            return false;
        }
        tokens -= 1;
        return true;
    }

    /** Something was answered. */
    void answered() {
        tokens = Math.min(capacity, tokens + perAnswer);
    }

    private void fill(long nowMillis) {
        long passed = nowMillis - filledMillis;
        if (passed > 0) {
            tokens = Math.min(capacity, tokens + passed * perMilli);
            filledMillis = nowMillis;
        }
    }
}
