// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void itDoublesUpToTheMostAndStartsAnewAfterAReset() {
        Backoff longest = new Backoff(50, 2_000, bound -> bound - 1);
        List<Long> waits = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            waits.add(longest.nextMillis());
        }
        assertEquals(List.of(50L, 100L, 200L, 400L, 800L, 1_600L, 2_000L, 2_000L), waits);
        longest.reset();
        assertEquals(50, longest.nextMillis());
    }

    @Test
    void itNeverOverflowsNorLeavesItsRange() {
        SplittableRandom random = new SplittableRandom(1);
        Backoff backoff = new Backoff(1, 3_600_000, random::nextLong);
        for (int i = 0; i < 1_000_000; i++) {
            long millis = backoff.nextMillis();
            assertTrue(millis >= 0 && millis <= 3_600_000, () -> millis + " ms");
        }
        assertTrue(backoff.nextMillis() >= 1_800_000);
    }
}
