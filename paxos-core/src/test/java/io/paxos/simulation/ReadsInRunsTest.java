// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.NodeId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Reads in whole runs: never old within the declared drift of clocks; beyond it old ones are found, or the checks were blind. */
class ReadsInRunsTest {

    private static final int SEEDS_MAX = 300;

    /** Each node in turn is cut off from the two others for a while, the leader among them. */
    private static List<Split> eachInTurn() {
        List<Split> splits = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            List<NodeId> others = new ArrayList<>(List.of(new NodeId(1), new NodeId(2), new NodeId(3)));
            NodeId alone = others.remove(i % 3);
            splits.add(new Split(1_200 + i * 1_300L, 2_100 + i * 1_300L, List.of(List.of(alone), others)));
        }
        return splits;
    }

    private static SimulationOptions cutOff(FaultClass... faults) {
        return SimulationOptions.DEFAULT
                .withNodes(3, 3)
                .withLoad(800, 9_000)
                .withFaults(FaultPlan.only(faults).withSplits(eachInTurn()));
    }

    @Test
    void withinTheDeclaredDriftNoReadIsOldThoughLeadersAreCutOffAndStandStill() {
        for (long seed = 1; seed <= 12; seed++) {
            Simulation.of(new KeyValueWorkload(4))
                    .with(cutOff(FaultClass.CLOCK_DRIFT, FaultClass.PAUSES))
                    .run(seed)
                    .assertGood();
        }
    }

    /** Fault case 37: the proof that an old read would be seen. */
    @Test
    void beyondTheDeclaredDriftALeasedReadIsOldSoonerOrLater() {
        for (long seed = 1; seed <= SEEDS_MAX; seed++) {
            SimulationResult result = Simulation.of(new KeyValueWorkload(4))
                    .with(cutOff(FaultClass.CLOCKS_OUT_OF_BOUND))
                    .run(seed);
            var violation = result.violation();
            if (violation != null && violation.property().equals("ReadsAreNotOld")) {
                assertTrue(violation.explanation().startsWith("a LEASED read"), violation.explanation());
                return;
            }
        }
        throw new AssertionError("no old read in " + SEEDS_MAX + " runs with clocks that drift beyond all bounds");
    }
}
