// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/**
 * Whole clusters of replicas under random schedules. Faults first: nothing may be chosen twice, no promise may go back, no
 * replica may hand out what is not chosen. Then the faults end: within ten election timeouts everybody has the same log.
 * One run is replayed with {@code -Dchaos.seed=…}.
 */
final class RandomScheduleTest {

    private static final int SEEDS = Integer.getInteger("chaos.seeds", 300);

    private long offers;

    @Test
    void agreementHoldsUnderFaultsAndProgressResumesAfterThem() {
        Long one = Long.getLong("chaos.seed");
        long slots = 0;
        offers = 0;
        for (long seed = one == null ? 1 : one; seed <= (one == null ? SEEDS : one); seed++) {
            try {
                slots += run(seed);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed + ": replay with -Dchaos.seed=" + seed, failure);
            }
        }
        assertTrue(slots > 0, "no slot was ever chosen: the schedules prove nothing");
        assertTrue(one != null || offers > SEEDS, "hardly any leadership was offered: " + offers);
    }

    private long run(long seed) {
        ChaosCluster cluster = new ChaosCluster(seed);
        cluster.run(6_000, true);
        cluster.heal();
        cluster.run(2_000 + cluster.catchUpMillis(), false);
        cluster.run(200, true);
        cluster.run(2_000, false);
        offers += cluster.offers();
        long highest = cluster.nodes.get(0).replica.status().knownChosen();
        for (ChaosCluster.Node node : cluster.nodes) {
            ReplicaStatus status = node.replica.status();
            assertEquals(highest, status.knownChosen(), "prefix of " + node.id + ", " + status);
            assertTrue(status.knownChosen() > 0, "nothing was chosen by " + node.id + ", " + status);
            assertTrue(!status.leader().isNone(), "no leader at " + node.id + ", " + status);
        }
        return highest;
    }
}
