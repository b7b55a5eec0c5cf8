// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

/**
 * By what terms a leader may read without asking anybody: members that <em>grant</em> promise nobody else for a while, and
 * the leader counts on it for a little less long.
 *
 * <p>Leader A asks at 0 by its clock, B hears it later and promises nobody else for 300 ms by its own. Were both clocks
 * perfect, A could count on 300 ms, for B began to count after A. A's clock may be slow and B's fast, each by the declared
 * drift, and both are read in whole milliseconds; so much less it is.
 *
 * @param leaseMillis for how long a member that grants, or that started, promises nobody else; by its own clock; 0 if there are
 *     no leases
 * @param leaderMillis for how long a leader counts on a grant from when it asked for it; by its own clock
 */
public record LeaseTerms(long leaseMillis, long leaderMillis) {

    /** No leases: nothing is granted, and nobody is kept waiting by a grant. */
    public static final LeaseTerms OFF = new LeaseTerms(0, 0);

    /** Largest drift that can be declared: a tenth. */
    public static final int DRIFT_MOST_PARTS_PER_MILLION = 100_000;

    private static final long PARTS = 1_000_000;

    /** Both clocks are read in whole milliseconds, so each span may be one longer or shorter than it looks. */
    private static final long ROUNDING_MILLIS = 2;

    public LeaseTerms {
        boolean off = leaseMillis == 0 && leaderMillis == 0;
        if (!off && (leaderMillis < 1 || leaderMillis >= leaseMillis)) {
            throw new IllegalArgumentException("lease: a leader that counts on " + leaderMillis
                    + " ms is outside the allowed range 1.." + (leaseMillis - 1));
        }
    }

    /**
     * Terms that are safe as long as no clock drifts more than that.
     *
     * @param driftPartsPerMillion how much faster or slower than true time any member's clock may run, at most
     * @throws IllegalArgumentException if nothing is left of the lease
     */
    public static LeaseTerms of(long leaseMillis, int driftPartsPerMillion) {
        if (driftPartsPerMillion < 0 || driftPartsPerMillion > DRIFT_MOST_PARTS_PER_MILLION) {
            throw new IllegalArgumentException("clock drift: " + driftPartsPerMillion
                    + " parts per million is outside the allowed range 0.." + DRIFT_MOST_PARTS_PER_MILLION);
        }
        long shrunk = leaseMillis * (PARTS - driftPartsPerMillion) / (PARTS + driftPartsPerMillion);
        return new LeaseTerms(leaseMillis, shrunk - ROUNDING_MILLIS);
    }

    boolean areOff() {
        return leaseMillis == 0;
    }
}
