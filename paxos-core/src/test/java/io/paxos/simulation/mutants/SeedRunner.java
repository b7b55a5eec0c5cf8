// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import io.paxos.simulation.KeyValueWorkload;
import io.paxos.simulation.Simulation;
import io.paxos.simulation.SimulationResult;
import io.paxos.simulation.property.Judges;
import java.util.function.LongFunction;

/**
 * Runs a seed of the simulator in whatever library it was loaded with. Speaks in types of the JDK only, because the caller
 * has another library.
 */
public final class SeedRunner implements LongFunction<String[]> {

    private final Simulation<?, ?, ?> simulation = Simulation.of(new KeyValueWorkload(4));

    /** Called by reflection. */
    public SeedRunner() {}

    /** The name of the violated property and what was seen; empty if the run was good. */
    @Override
    public String[] apply(long seed) {
        SimulationResult result = simulation.run(seed);
        Judges.Violation violation = result.violation();
        return violation == null ? new String[0] : new String[] {violation.property(), violation.explanation()};
    }
}
