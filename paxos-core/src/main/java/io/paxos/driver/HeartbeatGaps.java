// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Ballot;
import java.util.Arrays;

/**
 * How regularly a follower hears its leader, as its core's thread sees it: a leader that stalls, a network that queues and a
 * follower that stalls look the same, and each brings an election nearer.
 *
 * <p>Owned by the driver's thread.
 */
final class HeartbeatGaps {

    private static final int SECONDS = 10;

    private final long lateAfterMillis;
    private Ballot from = Ballot.NONE;
    private long heardMillis;
    private long late;

    /** The longest gap that ended in a second, for the last ten seconds, in a ring. */
    private final long[] longest = new long[SECONDS];

    private long second;

    /** @param heartbeatMillis how often a leader sends one */
    HeartbeatGaps(long heartbeatMillis) {
        this.lateAfterMillis = 2 * heartbeatMillis;
    }

    /** A heartbeat came. One of a lower ballot is a former leader's. */
    void heard(Ballot ballot, long nowMillis) {
        if (ballot.equals(from)) {
            ended(nowMillis - heardMillis, nowMillis);
        } else if (!ballot.isAbove(from)) {
            return;
        }
        from = ballot;
        heardMillis = nowMillis;
    }

    /** This node follows another leader, or nobody, or leads: no heartbeat of the one before is waited for. */
    void leader(Ballot now, long nowMillis) {
        if (!from.isNone() && !now.equals(from)) {
            ended(nowMillis - heardMillis, nowMillis);
            from = Ballot.NONE;
        }
    }

    private void ended(long gapMillis, long nowMillis) {
        forgetOld(nowMillis);
        int at = (int) (second % SECONDS);
        longest[at] = Math.max(longest[at], gapMillis);
        if (gapMillis > lateAfterMillis) {
            late++;
        }
    }

    private void forgetOld(long nowMillis) {
        long now = nowMillis / 1_000;
        for (long each = Math.max(second + 1, now - SECONDS + 1); each <= now; each++) {
            longest[(int) (each % SECONDS)] = 0;
        }
        second = Math.max(second, now);
    }

    /** The longest time between two heartbeats that were heard within the last ten seconds, or since the last one. */
    long longestMillis(long nowMillis) {
        forgetOld(nowMillis);
        long open = from.isNone() ? 0 : nowMillis - heardMillis;
        return Math.max(open, Arrays.stream(longest).max().orElse(0));
    }

    /** How many came more than one interval late, since the start. */
    long late() {
        return late;
    }
}
