// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

/**
 * How long the core waits for what, in milliseconds of the time that {@link Event.TimeIsNow} brings.
 *
 * @param heartbeatMillis a leader's heartbeat interval, from 1
 * @param electionTimeoutMinMillis a follower waits at least so long for a leader with a quorum; at least three heartbeats
 * @param electionTimeoutMaxMillis and at most so long; above the minimum
 * @param retransmitMillis an unanswered message is repeated after this long, from 1
 */
public record Timing(
        long heartbeatMillis, long electionTimeoutMinMillis, long electionTimeoutMaxMillis, long retransmitMillis) {

    /** Heartbeat 50 ms, election timeout 300–450 ms, retransmission after 100 ms. */
    public static final Timing DEFAULT = new Timing(50, 300, 450, 100);

    private static final long MILLIS_MAX = 3_600_000;

    public Timing {
        require("heartbeatMillis", heartbeatMillis, 1);
        require("electionTimeoutMinMillis", electionTimeoutMinMillis, 3 * heartbeatMillis);
        require("electionTimeoutMaxMillis", electionTimeoutMaxMillis, electionTimeoutMinMillis + 1);
        require("retransmitMillis", retransmitMillis, 1);
    }

    private static void require(String field, long value, long min) {
        if (value < min || value > MILLIS_MAX) {
            throw new IllegalArgumentException(
                    field + ": " + value + " ms is outside the allowed range " + min + ".." + MILLIS_MAX);
        }
    }
}
