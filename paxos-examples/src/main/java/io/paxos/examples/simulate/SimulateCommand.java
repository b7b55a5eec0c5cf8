// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.simulate;

import io.paxos.simulation.report.Recording;
import io.paxos.simulation.report.RunReport;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code simulate}: whole clusters in virtual time. Exit code 0 if every property held, 1 if one did not or a report could
 * not be written, 2 for wrong flags, 3 if nothing was found to be wrong but some history stayed undecided.
 */
@Command(
        name = "simulate",
        sortOptions = false,
        description = {
            "Runs whole clusters in virtual time, each from one seed, under faults, and judges what they did.",
            "One seed shows its four figures and can write a report to look at; many seeds look for one that fails."
        })
public final class SimulateCommand implements Callable<Integer> {

    @Option(names = "--seed", paramLabel = "SEED", description = "Run this seed (default: 1).")
    private @Nullable Long seed;

    @Option(
            names = "--seeds",
            paramLabel = "COUNT",
            description = "Run so many seeds, and stop at the first that fails.")
    private @Nullable Long seeds;

    @Option(names = "--from", paramLabel = "SEED", description = "First of --seeds (default: 1).")
    private @Nullable Long from;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads for --seeds, 1..256 (default: one a processor).")
    private @Nullable Integer threads;

    @Mixin
    private RunOptions run = new RunOptions();

    @Option(
            names = "--report",
            paramLabel = "FILE",
            description = "Write an HTML report (default: only of a failure, to simulation-SEED.html).")
    private @Nullable Path report;

    @Option(
            names = "--events",
            paramLabel = "N",
            defaultValue = "" + Recording.EVENTS_MAX_DEFAULT,
            description = "Draw at most so many events in the report, 1..1000000 (default: ${DEFAULT-VALUE}).")
    private int events;

    @Option(
            names = "--part",
            paramLabel = "PART",
            description = "Draw the beginning or the end, if not everything fits (default: the end of a failure, the"
                    + " beginning of a good run).")
    private @Nullable String part;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The command, for the command line that has it. */
    public SimulateCommand() {}

    @Override
    public Integer call() throws InterruptedException {
        // Read when the first logger is made, which is later: torn journals are the daily bread of simulated nodes.
        System.setProperty("paxos.log.level", "ERROR");
        Output output = new Output(
                spec.commandLine().getOut(), spec.commandLine().getErr(), report, checkedEvents(), checkedPart());
        try {
            Finding finding = seeds == null ? runOne(output) : runMany(output);
            return finding.exitCode();
        } catch (RunOptions.BadFlagException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        } catch (UncheckedIOException e) {
            spec.commandLine().getErr().println("paxos-kv simulate: " + e.getMessage());
            spec.commandLine().getErr().flush();
            return CommandLine.ExitCode.SOFTWARE;
        }
    }

    private Finding runOne(Output output) throws RunOptions.BadFlagException {
        refuse("--from", from);
        refuse("--threads", threads);
        return new OneSeed(run, run.simulation(), run.toOptions(), output).run(seed == null ? 1 : seed);
    }

    private Finding runMany(Output output) throws RunOptions.BadFlagException, InterruptedException {
        if (seed != null) {
            throw new ParameterException(spec.commandLine(), "--seed and --seeds: give one of them");
        }
        long count = seeds == null ? 0 : seeds;
        require("--seeds", count, 1, Long.MAX_VALUE / 2);
        long first = from == null ? 1 : from;
        require("--from", first, Long.MIN_VALUE / 2, Long.MAX_VALUE / 2);
        int workers = threads == null ? Runtime.getRuntime().availableProcessors() : threads;
        require("--threads", workers, 1, 256);
        return new ManySeeds(run, run.simulation(), run.toOptions(), output, first, count, workers).run();
    }

    private void refuse(String flag, @Nullable Object value) {
        if (value != null) {
            throw new ParameterException(spec.commandLine(), flag + ": only with --seeds");
        }
    }

    private int checkedEvents() {
        require("--events", events, 1, 1_000_000);
        return events;
    }

    private RunReport.@Nullable Part checkedPart() {
        if (part == null) {
            return null;
        }
        return switch (part) {
            case "beginning" -> RunReport.Part.BEGINNING;
            case "end" -> RunReport.Part.END;
            default ->
                throw new ParameterException(spec.commandLine(), "--part: '" + part + "' is none of beginning, end");
        };
    }

    private void require(String flag, long value, long least, long most) {
        if (value < least || value > most) {
            throw new ParameterException(
                    spec.commandLine(), flag + ": " + value + " is outside the allowed range " + least + ".." + most);
        }
    }
}
