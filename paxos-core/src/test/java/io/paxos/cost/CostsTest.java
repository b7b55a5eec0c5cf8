// SPDX-License-Identifier: Apache-2.0
package io.paxos.cost;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The guard itself: it lets pass what is within its bounds, and says what is not. */
class CostsTest {

    private static final int COMMANDS = 1_000;
    private static final Bound BOUND = new Bound("a list of arrays", "bytes allocated per command", 64, "this test");

    private final List<byte[]> kept = new ArrayList<>(COMMANDS);
    private int blocks;

    @BeforeEach
    void boundsAreNotRecorded() {
        assumeFalse(Boolean.getBoolean("costs.record"), "bounds are being recorded: nothing fails");
    }

    /** An array of 24 bytes has a header of 16, too. */
    private void block(Costs costs, int bytes) {
        blocks++;
        kept.clear();
        long before = ThreadCosts.allocatedHere();
        for (int i = 0; i < COMMANDS; i++) {
            kept.add(new byte[bytes]);
        }
        costs.saw(BOUND, (double) (ThreadCosts.allocatedHere() - before) / COMMANDS);
    }

    @Test
    void whatIsWithinItsBoundPassesAtOnce() {
        Costs.of(5, costs -> block(costs, 24));
        assertEquals(1, blocks);
    }

    @Test
    void anArrayMoreThanTheBoundFailsAndSaysWhereToLook() {
        AssertionError failure = assertThrows(AssertionError.class, () -> Costs.of(3, costs -> block(costs, 64)));
        assertEquals(3, blocks);
        assertTrue(
                failure.getMessage()
                        .contains("a list of arrays: 80.00 bytes allocated per command, the bound is 64.00;"
                                + " look at this test"),
                failure.getMessage());
    }

    @Test
    void theLeastOfTheBlocksCounts() {
        Costs.of(3, costs -> block(costs, blocks == 1 ? 24 : 64));
        assertEquals(2, blocks);
    }
}
