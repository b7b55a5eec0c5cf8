// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.protocol.Timing;

/**
 * How slow a disk may be.
 *
 * @param resignAfterMillis a node with a write older than this that is not forced leads no more, and does not stand
 * @param wellAfterMillis until for so long no write has been older than half of that: one slow write in a while must not
 *     make leadership go to and fro
 * @param stopAfterMillis a write that is not forced for so long stops the node; at least {@code resignAfterMillis}
 */
public record DiskPatience(long resignAfterMillis, long wellAfterMillis, long stopAfterMillis) {

    /**
     * A leader's own disk is missed only when another one fails too, so half a second is soon enough, and later than the
     * hiccup that every disk has now and then.
     */
    private static final long RESIGN_AFTER_MILLIS_MIN = 500;

    /**
     * After a stall of all disks at once nobody stands until this is over, so it is a matter of elections too: a cluster
     * is to lead again within ten of them.
     */
    private static final int WELL_AFTER_ELECTIONS = 4;

    private static final long DAY_MILLIS = 86_400_000;

    public DiskPatience {
        require("stopAfterMillis", stopAfterMillis, 1, DAY_MILLIS);
        require("resignAfterMillis", resignAfterMillis, 1, stopAfterMillis);
        require("wellAfterMillis", wellAfterMillis, 1, DAY_MILLIS);
    }

    /** As long as an election takes, at least half a second; and four elections to be well again. */
    public static DiskPatience of(Timing timing, long stopAfterMillis) {
        long resignAfter = Math.min(stopAfterMillis, resignAfterMillis(timing));
        return new DiskPatience(resignAfter, wellAfterMillis(timing, resignAfter), stopAfterMillis);
    }

    /** What {@link #resignAfterMillis()} is where nobody says anything else. */
    public static long resignAfterMillis(Timing timing) {
        return Math.max(RESIGN_AFTER_MILLIS_MIN, timing.electionTimeoutMaxMillis());
    }

    /** What {@link #wellAfterMillis()} is where nobody says anything else. */
    public static long wellAfterMillis(Timing timing, long resignAfterMillis) {
        long elections = WELL_AFTER_ELECTIONS * timing.electionTimeoutMaxMillis();
        return Math.min(DAY_MILLIS, Math.max(elections, 2 * resignAfterMillis));
    }

    private static void require(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    field + ": " + value + " is outside the allowed range " + min + ".." + max);
        }
    }
}
