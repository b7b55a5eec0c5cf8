// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.model.Ballot;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import org.junit.jupiter.api.Test;

class HeartbeatGapsTest {

    private static final Ballot LEADER = new Ballot(3, new MemberId(new NodeId(2), new Incarnation(8)));
    private static final Ballot LATER = new Ballot(4, new MemberId(new NodeId(3), new Incarnation(9)));

    private final HeartbeatGaps gaps = new HeartbeatGaps(50);

    @Test
    void oneThatComesMoreThanAnIntervalLateIsCounted() {
        gaps.heard(LEADER, 1_000);
        gaps.heard(LEADER, 1_100);
        assertEquals(0, gaps.late());
        gaps.heard(LEADER, 1_201);
        assertEquals(1, gaps.late());
        assertEquals(101, gaps.longestMillis(1_201));
    }

    @Test
    void theGapThatIsStillOpenCounts() {
        gaps.heard(LEADER, 1_000);
        gaps.heard(LEADER, 1_060);
        assertEquals(60, gaps.longestMillis(1_060));
        assertEquals(140, gaps.longestMillis(1_200));
    }

    @Test
    void aGapIsForgottenAfterTenSeconds() {
        gaps.heard(LEADER, 1_000);
        gaps.heard(LEADER, 1_400);
        for (long at = 1_450; at <= 10_950; at += 50) {
            gaps.heard(LEADER, at);
        }
        assertEquals(400, gaps.longestMillis(10_999));
        gaps.heard(LEADER, 11_000);
        assertEquals(50, gaps.longestMillis(11_000));
        assertEquals(1, gaps.late());
    }

    @Test
    void aLongSilenceForgetsEverythingBefore() {
        gaps.heard(LEADER, 1_000);
        gaps.heard(LEADER, 1_090);
        gaps.leader(Ballot.NONE, 1_100);
        assertEquals(90, gaps.longestMillis(5_000));
        assertEquals(0, gaps.longestMillis(60_000));
    }

    @Test
    void theFirstOfAnotherLeaderEndsNoGap() {
        gaps.heard(LEADER, 1_000);
        gaps.leader(Ballot.NONE, 1_450); // it was given up: a gap all the same
        gaps.heard(LATER, 3_000);
        gaps.leader(LATER, 3_000);
        assertEquals(450, gaps.longestMillis(3_000));
        assertEquals(1, gaps.late());
    }

    @Test
    void aFormerLeaderIsNotListenedTo() {
        gaps.heard(LATER, 1_000);
        gaps.heard(LEADER, 1_050);
        gaps.heard(LATER, 1_090);
        assertEquals(90, gaps.longestMillis(1_090));
    }
}
