// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

/**
 * How long the core waits for what, in milliseconds of the time that {@link Event.TimeIsNow} brings.
 *
 * @param heartbeatMillis a leader's heartbeat interval, from 1
 * @param electionTimeoutMinMillis a follower waits at least so long for a leader with a quorum; at least three heartbeats
 * @param electionTimeoutMaxMillis and at most so long; above the minimum
 * @param retransmitMillis an unanswered message is repeated after this long, from 1
 * @param noticeMillis the word of what was chosen waits so long for an accept to go along with; 0 for not at all
 */
public record Timing(
        long heartbeatMillis,
        long electionTimeoutMinMillis,
        long electionTimeoutMaxMillis,
        long retransmitMillis,
        long noticeMillis) {

    /** Heartbeat 50 ms, election timeout 300–450 ms, retransmission after 100 ms, notices after 3 ms. */
    public static final Timing DEFAULT = new Timing(50, 300, 450, 100);

    private static final long MILLIS_MAX = 3_600_000;
    private static final long NOTICE_MILLIS = 3;

    public Timing {
        require("heartbeatMillis", heartbeatMillis, 1);
        require("electionTimeoutMinMillis", electionTimeoutMinMillis, 3 * heartbeatMillis);
        require("electionTimeoutMaxMillis", electionTimeoutMaxMillis, electionTimeoutMinMillis + 1);
        require("retransmitMillis", retransmitMillis, 1);
        require("noticeMillis", noticeMillis, 0);
    }

    /** With notices after 3 ms. */
    public Timing(
            long heartbeatMillis, long electionTimeoutMinMillis, long electionTimeoutMaxMillis, long retransmitMillis) {
        this(heartbeatMillis, electionTimeoutMinMillis, electionTimeoutMaxMillis, retransmitMillis, NOTICE_MILLIS);
    }

    private static void require(String field, long value, long min) {
        if (value < min || value > MILLIS_MAX) {
            throw new IllegalArgumentException(
                    field + ": " + value + " ms is outside the allowed range " + min + ".." + MILLIS_MAX);
        }
    }
}
