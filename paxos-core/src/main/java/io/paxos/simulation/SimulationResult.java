// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.simulation.property.Judges;
import io.paxos.simulation.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended.
 *
 * @param seed that decided it
 * @param cluster what the seed drew, in a line
 * @param violation the first property that did not hold, or null if all did
 * @param metrics figures
 * @param trace what happened
 */
public record SimulationResult(
        long seed, String cluster, Judges.@Nullable Violation violation, SimulationMetrics metrics, Trace trace) {

    /** Whether every property held. */
    public boolean isGood() {
        return violation == null;
    }

    /** One line: what was violated, and how to see it again. */
    public String summary() {
        return violation == null
                ? "seed " + seed + ": good, " + metrics
                : "seed " + seed + " violates " + violation + " | replay: Simulation.run(" + seed
                        + "L) with the same workload and options | drawn: " + cluster;
    }

    /**
     * For a test: returns only if the run was good.
     *
     * @throws AssertionError if it was not; the message is the summary
     */
    public void assertGood() {
        if (violation != null) {
            throw new AssertionError(summary());
        }
    }
}
