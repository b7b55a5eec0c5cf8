// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class SimulationTest {

    private static final SimulationOptions QUIET = SimulationOptions.DEFAULT.withFaults(FaultPlan.none());

    @Test
    void withoutFaultsEverythingHoldsAndEveryOperationHasAnEnd() {
        for (long seed = 1; seed <= 30; seed++) {
            SimulationResult result =
                    Simulation.of(new KeyValueWorkload(4)).with(QUIET).run(seed);
            result.assertGood();
            SimulationMetrics metrics = result.metrics();
            long ended = metrics.answered() + metrics.refused() + metrics.unknown();
            assertEquals(metrics.operations(), ended, result.summary());
        }
    }

    @Test
    void everySuppliedWorkloadRuns() {
        Simulation.of(new CounterWorkload()).with(QUIET).run(7).assertGood();
        Simulation.of(new RegisterWorkload()).with(QUIET).run(7).assertGood();
        Simulation.of(new KeyValueWorkload(1)).with(QUIET).run(7).assertGood();
    }

    @Test
    void aSeedRunTwiceGivesTheSameTraceByteForByte() {
        SimulationOptions options = SimulationOptions.DEFAULT.withTrace(100, 1_000_000);
        SimulationResult once =
                Simulation.of(new KeyValueWorkload(4)).with(options).run(11);
        SimulationResult again =
                Simulation.of(new KeyValueWorkload(4)).with(options).run(11);
        assertEquals(once.trace().toText(), again.trace().toText());
        assertEquals(once.trace().fingerprint(), again.trace().fingerprint());
        assertTrue(once.trace().eventsLeftOut() == 0, "the whole trace was compared");
    }

    @Test
    void keepingFewerEventsChangesNothing() {
        SimulationResult all = Simulation.of(new KeyValueWorkload(4))
                .with(SimulationOptions.DEFAULT.withTrace(10, 1_000_000))
                .run(12);
        SimulationResult none = Simulation.of(new KeyValueWorkload(4))
                .with(SimulationOptions.DEFAULT.withTrace(10, 0))
                .run(12);
        assertEquals(all.trace().fingerprint(), none.trace().fingerprint());
    }
}
