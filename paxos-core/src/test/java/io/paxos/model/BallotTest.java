// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class BallotTest {

    /** Ascending: by round, then node, then incarnation as an unsigned number. */
    private static final List<Ballot> ASCENDING = List.of(
            Ballot.NONE,
            ballot(1, 1, 1),
            ballot(1, 1, 2),
            ballot(1, 1, Long.MAX_VALUE),
            ballot(1, 1, Long.MIN_VALUE),
            ballot(1, 1, -1),
            ballot(1, 2, 1),
            ballot(1, NodeId.NUMBER_MAX, 1),
            ballot(2, 1, 1),
            ballot(Long.MAX_VALUE - 10, 1, 1),
            ballot(Ballot.ROUND_MAX, 1, 1));

    @Test
    void ballotsAreTotallyOrderedByRoundThenNodeThenIncarnation() {
        for (int i = 0; i < ASCENDING.size(); i++) {
            for (int j = 0; j < ASCENDING.size(); j++) {
                Ballot a = ASCENDING.get(i);
                Ballot b = ASCENDING.get(j);
                assertEquals(Integer.signum(Integer.compare(i, j)), Integer.signum(a.compareTo(b)), a + " and " + b);
                assertEquals(i == j, a.equals(b));
                assertEquals(i > j, a.isAbove(b));
                assertSame(i >= j ? a : b, Ballot.max(a, b), "max of " + a + " and " + b);
            }
        }
    }

    @Test
    void twoIncarnationsOfANodeNeverShareABallot() {
        assertFalse(ballot(7, 1, 1).equals(ballot(7, 1, 2)));
        assertTrue(ballot(7, 1, 2).isAbove(ballot(7, 1, 1)));
    }

    @Test
    void aRoundIsRefusedBeforeItCouldWrap() {
        assertEquals(Long.MAX_VALUE - 1, Ballot.ROUND_MAX);
        assertRefused(
                "ballot round: 9223372036854775807 is outside the allowed range 0..9223372036854775806",
                Long.MAX_VALUE,
                member(1, 1));
        assertRefused(
                "ballot round: -9223372036854775808 is outside the allowed range 0..9223372036854775806",
                Long.MAX_VALUE + 1,
                member(1, 1));
    }

    @Test
    void onlyNoneHasRoundZeroAndNoOwner() {
        assertRefused("ballot: round 0 does not fit owner n1/0000", 0, member(1, 1));
        assertRefused("ballot: round 1 does not fit owner none", 1, MemberId.NONE);
        assertEquals(Ballot.NONE, new Ballot(0, MemberId.NONE));
        assertTrue(Ballot.NONE.isNone());
        assertFalse(ballot(1, 1, 1).isNone());
    }

    @Test
    void aBallotReadsAsRoundAndNode() {
        assertEquals("7.n2", ballot(7, 2, 1).toString());
        assertEquals("none", Ballot.NONE.toString());
    }

    private static void assertRefused(String message, long round, MemberId owner) {
        assertEquals(
                message,
                assertThrows(IllegalArgumentException.class, () -> new Ballot(round, owner))
                        .getMessage());
    }

    private static Ballot ballot(long round, int node, long incarnation) {
        return new Ballot(round, member(node, incarnation));
    }

    private static MemberId member(int node, long incarnation) {
        return new MemberId(new NodeId(node), new Incarnation(incarnation));
    }
}
