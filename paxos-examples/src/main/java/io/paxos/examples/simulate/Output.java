// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.simulate;

import io.paxos.simulation.Simulation;
import io.paxos.simulation.SimulationOptions;
import io.paxos.simulation.SimulationResult;
import io.paxos.simulation.report.Recording;
import io.paxos.simulation.report.RunReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a run's findings go.
 *
 * @param out for what was asked for
 * @param err for progress
 * @param file of the report, or null if none was asked for
 * @param eventsMax drawn in a report
 * @param part drawn, or null to let the verdict decide
 */
record Output(PrintWriter out, PrintWriter err, @Nullable Path file, int eventsMax, RunReport.@Nullable Part part) {

    Recording recording() {
        return new Recording(eventsMax);
    }

    /** Runs that seed again and writes what happened. */
    Path writeReport(Simulation<?, ?, ?> simulation, SimulationOptions options, long seed, String replay, Path target) {
        Recording recording = recording();
        SimulationResult result =
                simulation.with(options).alsoJudging(() -> List.of(recording)).run(seed);
        return writeReport(result, recording, options, replay, target);
    }

    Path writeReport(
            SimulationResult result, Recording recording, SimulationOptions options, String replay, Path target) {
        RunReport page = RunReport.of(result, recording, options).withReplay(replay);
        (part == null ? page : page.showing(part)).writeTo(target);
        return target.toAbsolutePath().normalize();
    }

    Path fileFor(long seed) {
        return file == null ? Path.of("simulation-" + seed + ".html") : file;
    }
}
