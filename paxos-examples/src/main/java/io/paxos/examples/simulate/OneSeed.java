// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.simulate;

import io.paxos.simulation.Reduction;
import io.paxos.simulation.Simulation;
import io.paxos.simulation.SimulationOptions;
import io.paxos.simulation.SimulationResult;
import io.paxos.simulation.property.Property;
import io.paxos.simulation.report.Figures;
import io.paxos.simulation.report.Recording;
import io.paxos.simulation.trace.TraceEvent;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run, for a person who wants to see it. */
final class OneSeed {

    private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final RunOptions flags;
    private final Simulation<?, ?, ?> simulation;
    private final SimulationOptions options;
    private final Output output;

    OneSeed(RunOptions flags, Simulation<?, ?, ?> simulation, SimulationOptions options, Output output) {
        this.flags = flags;
        this.simulation = simulation.with(options);
        this.options = options;
        this.output = output;
    }

    Finding run(long seed) {
        Recording recording = output.recording();
        Progress progress = new Progress(options.safetyMillis());
        SimulationResult result =
                simulation.alsoJudging(() -> List.of(recording, progress)).run(seed);
        String replay = flags.replayLine(seed, options);
        print("seed %d: %s", seed, result.cluster());
        print("%s", "");
        for (Figures.Row row : recording.figures().rows()) {
            print("  %-26s %12s   %s", row.name(), row.value(), row.meaning());
        }
        print("%s", "");
        print(
                "%d operations: %d answered, %d refused, %d of unknown outcome; %d slots; %.3f s of virtual time",
                result.metrics().operations(),
                result.metrics().answered(),
                result.metrics().refused(),
                result.metrics().unknown(),
                result.metrics().slots(),
                result.metrics().virtualMillis() / 1_000.0);
        Finding finding = Finding.of(result);
        switch (finding) {
            case GOOD -> print("verdict: every property held");
            case UNDECIDED ->
                print(
                        "verdict: undecided: %s; fewer --operations, more --keys or more --check-steps decide it",
                        result.undecided());
            case VIOLATION -> print("verdict: violates %s", result.violation());
        }
        print("replay:  %s", replay);
        if (output.file() != null || !result.isGood()) {
            Path written = output.writeReport(result, recording, options, replay, output.fileFor(seed));
            print("report:  %s", written);
        }
        if (finding == Finding.VIOLATION) {
            reduce(result);
        }
        return finding;
    }

    private void reduce(SimulationResult failure) {
        Reduction.Reduced reduced = Reduction.of(simulation, options, failure, Reduction.RUNS_MAX_DEFAULT);
        if (!reduced.options().equals(options)) {
            print("smaller: %s", flags.replayLine(reduced.result().seed(), reduced.options()));
        }
    }

    private void print(String format, @Nullable Object... values) {
        output.out().println(String.format(Locale.ROOT, format, values));
        output.out().flush();
    }

    /** Says on the error stream how far a long run is. It is a property only because these see every event. */
    private final class Progress implements Property {
        private final long safetyMillis;
        private long saidNanos = System.nanoTime();

        Progress(long safetyMillis) {
            this.safetyMillis = safetyMillis;
        }

        @Override
        public Set<TraceEvent.Kind> watches() {
            return EnumSet.of(TraceEvent.Kind.MEASURED);
        }

        @Override
        public @Nullable String observe(TraceEvent event) {
            long now = System.nanoTime();
            if (now - saidNanos > PROGRESS_NANOS) {
                saidNanos = now;
                output.err()
                        .printf(
                                Locale.ROOT,
                                "%.1f s of %.1f s of virtual time%n",
                                event.atMicros() / 1e6,
                                safetyMillis / 1e3);
                output.err().flush();
            }
            return null;
        }
    }
}
