// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.simulation.property.Judges;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * Makes a failure smaller before a person looks at it: fewer kinds of fault, fewer nodes, fewer operations in less time. A
 * smaller setting is kept if it violates the same property, at the same seed or at one of a few others.
 *
 * <p>The same failure and the same bound give the same result. It stops when nothing smaller fails, or when its runs are
 * used up; the result then fails all the same.
 */
public final class Reduction {

    /** Runs unless said otherwise: some seconds. */
    public static final int RUNS_MAX_DEFAULT = 400;

    /** Seeds that are tried where the failing seed itself does not fail with a smaller cluster or load. */
    private static final int OTHER_SEEDS = 6;

    /**
     * A failure, made small.
     *
     * @param options with which it fails
     * @param result of the run that fails; its seed may be another one
     * @param runs how many were tried
     */
    public record Reduced(SimulationOptions options, SimulationResult result, int runs) {}

    private final Simulation<?, ?, ?> simulation;
    private final String property;
    private final int runsMax;
    private SimulationOptions options;
    private SimulationResult smallest;
    private int runs;
    private int nodesTried;

    private Reduction(
            Simulation<?, ?, ?> simulation, SimulationOptions options, SimulationResult failure, int runsMax) {
        this.simulation = simulation;
        this.options = options;
        this.smallest = failure;
        this.property = propertyOf(failure);
        this.runsMax = runsMax;
    }

    /**
     * Reduces a failure.
     *
     * @param simulation that failed; its own options do not matter
     * @param options with which it failed
     * @param failure how
     * @param runsMax at most so many runs, from 0
     * @throws IllegalArgumentException if the run violated nothing
     */
    public static Reduced of(
            Simulation<?, ?, ?> simulation, SimulationOptions options, SimulationResult failure, int runsMax) {
        Reduction reduction = new Reduction(simulation, options, failure, runsMax);
        reduction.reduce();
        return new Reduced(reduction.options, reduction.smallest, reduction.runs);
    }

    private static String propertyOf(SimulationResult failure) {
        Judges.Violation violation = failure.violation();
        if (violation == null) {
            throw new IllegalArgumentException("failure: seed " + failure.seed() + " violates nothing");
        }
        return violation.property();
    }

    private void reduce() {
        boolean isSmaller = true;
        while (isSmaller && runs < runsMax) {
            isSmaller = fewerFaults();
            isSmaller |= fewerNodes();
            isSmaller |= lessLoad();
        }
        // What is left was drawn, or leaving it out would have changed nothing: the same run, said more plainly.
        keepIfItFails(options.withFaults(options.faults().withEveryPossible()), 0);
    }

    private boolean fewerFaults() {
        boolean isSmaller = false;
        for (FaultClass each : options.faults().possible()) {
            isSmaller |= keepIfItFails(options.withFaults(options.faults().without(each)), 0);
        }
        for (Split each : options.faults().splits()) {
            List<Split> others = new ArrayList<>(options.faults().splits());
            others.remove(each);
            isSmaller |= keepIfItFails(options.withFaults(options.faults().withSplits(others)), 0);
        }
        if (options.faults().lossPerMille() > 0) {
            isSmaller |= keepIfItFails(options.withFaults(options.faults().withLoss(0)), 0);
        }
        return isSmaller;
    }

    private boolean fewerNodes() {
        // What was tried once is not tried again with fewer faults: such a run seldom fails, and each must run to its
        // end.
        while (nodesTried + 1 < options.nodesMax()) {
            int nodes = ++nodesTried;
            if (keepIfItFails(options.withNodes(nodes, nodes), OTHER_SEEDS)) {
                return true;
            }
        }
        return options.nodesMin() < options.nodesMax()
                && keepIfItFails(options.withNodes(options.nodesMax(), options.nodesMax()), OTHER_SEEDS);
    }

    private boolean lessLoad() {
        int operations = options.operations();
        long millis = options.safetyMillis();
        boolean isSmaller = false;
        if (operations > 1) {
            isSmaller = keepIfItFails(options.withLoad(operations / 2, millis / 2), OTHER_SEEDS)
                    || keepIfItFails(options.withLoad(operations / 2, millis), OTHER_SEEDS);
        }
        if (!isSmaller && millis > 1) {
            isSmaller = keepIfItFails(options.withLoad(operations, millis / 2), OTHER_SEEDS);
        }
        return isSmaller;
    }

    /** Tries a smaller setting, with the seed that fails and then with others. */
    private boolean keepIfItFails(SimulationOptions smaller, int otherSeeds) {
        Simulation<?, ?, ?> candidate = simulation.with(smaller);
        SplittableRandom seeds = new SplittableRandom(smallest.seed());
        long seed = smallest.seed();
        for (int i = 0; i <= otherSeeds && runs < runsMax; i++) {
            runs++;
            SimulationResult result = candidate.run(seed);
            Judges.Violation violation = result.violation();
            if (violation != null && Objects.equals(violation.property(), property)) {
                options = smaller;
                smallest = result;
                return true;
            }
            seed = seeds.nextInt(Integer.MAX_VALUE);
        }
        return false;
    }
}
