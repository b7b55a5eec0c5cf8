// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TurnClockTest {

    private final TurnClock clock = new TurnClock(300, 50);

    @Test
    void theCoresTimeMovesWithTheTurns() {
        assertTrue(clock.advance(7));
        assertFalse(clock.advance(7));
        assertTrue(clock.advance(10));
        assertTrue(clock.advance(310));
        assertFalse(clock.wasPaused());
        assertEquals(310, clock.coreMillis());
    }

    @Test
    void aPauseCountsAsOneHeartbeat() {
        clock.advance(1_000);
        assertTrue(clock.advance(1_301));
        assertTrue(clock.wasPaused());
        assertEquals(1_050, clock.coreMillis());
        clock.advance(1_311);
        assertFalse(clock.wasPaused());
        assertEquals(1_060, clock.coreMillis());
    }

    @Test
    void itKnowsWhenThisTurnAndTheOneBeforeBeganWhateverAPauseCountsAs() {
        clock.advance(1_000);
        assertEquals(1_000, clock.lastTurnMillis());
        clock.advance(1_301);
        assertEquals(1_301, clock.turnMillis());
        assertEquals(1_000, clock.lastTurnMillis());
    }

    @Test
    void timeThatGoesBackIsABugOfTheCaller() {
        clock.advance(10);
        assertThrows(IllegalArgumentException.class, () -> clock.advance(9));
    }
}
