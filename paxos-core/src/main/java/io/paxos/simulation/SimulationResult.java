// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.simulation.property.Judges;
import io.paxos.simulation.trace.Trace;
import org.jspecify.annotations.Nullable;

/**
 * How a run ended: good, with a violation, or undecided. Undecided is a run in which every property held as far as it was
 * looked at, but the search for an order of what the clients saw was given up at its bound. That is no pass.
 *
 * @param seed that decided it
 * @param cluster what the seed drew, in a line
 * @param violation the first property that did not hold, or null if none was found
 * @param undecided why the check of the history was given up, or null if it was not
 * @param metrics figures
 * @param trace what happened
 */
public record SimulationResult(
        long seed,
        String cluster,
        Judges.@Nullable Violation violation,
        @Nullable String undecided,
        SimulationMetrics metrics,
        Trace trace) {

    /** Whether every property held, and the history of the clients was shown to be linearizable. */
    public boolean isGood() {
        return violation == null && undecided == null;
    }

    /** Whether nothing was found to be wrong, but not everything could be judged either. */
    public boolean isUndecided() {
        return violation == null && undecided != null;
    }

    /** One line: what was violated, or why that is not known, and how to see it again. */
    public String summary() {
        if (isGood()) {
            return "seed " + seed + ": good, " + metrics;
        }
        String found = violation != null
                ? "violates " + violation
                : "is undecided: " + undecided
                        + " | to decide it: fewer operations a key (SimulationOptions.withLoad), more keys (in the"
                        + " workload), or a higher bound (SimulationOptions.withCheckStepsMax)";
        return "seed " + seed + " " + found + " | replay: Simulation.run(" + seed
                + "L) with the same workload and options | drawn: " + cluster;
    }

    /**
     * For a test: returns only if the run was good.
     *
     * @throws AssertionError if it was not, or was undecided; the message is the summary
     */
    public void assertGood() {
        if (!isGood()) {
            throw new AssertionError(summary());
        }
    }
}
