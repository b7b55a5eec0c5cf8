// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code bench}: what this library does on this machine, beside what the machine itself can do. Exit code 0 if it was measured, 1
 * if something failed, 2 for wrong flags.
 */
@Command(
        name = "bench",
        subcommands = BenchNode.class,
        synopsisSubcommandLabel = "",
        sortOptions = false,
        description = {
            "Starts a cluster of real processes on this machine, makes load, and measures it, beside the raw limits of the"
                    + " machine: round trip, force, checksum.",
            "A table goes to the output, and a TSV and a page with plots to files. docs/benchmarks.md says what each"
                    + " figure means."
        },
        footer = {
            "",
            "Examples:",
            "  paxos-kv bench --size 256 --outstanding 1,256 --data /var/tmp",
            "  paxos-kv bench --kills 20",
            "  paxos-kv bench --soak 30"
        })
public final class BenchCommand implements Callable<Integer> {

    private static final long LIMIT_MILLIS_MAX = 1_000;
    private static final double LIMIT_SPANS = 8.5;
    private static final long START_MILLIS = 4_000;
    private static final long KILL_MILLIS = 5_000;
    private static final int INTERRUPTED = 130;

    @Mixin
    private BenchFlags flags = new BenchFlags();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    /** The command, for the command line that has it. */
    public BenchCommand() {}

    @Override
    public Integer call() throws IOException, InterruptedException {
        // Read when the first logger is made, which is later: clients whose leader is killed say so, and it is no news
        // here.
        System.setProperty("paxos.log.level", "ERROR");
        BenchOptions options = checked();
        Progress progress = new Progress(spec.commandLine().getErr(), Progress.errorStreamIsTerminal());
        Path data = options.data() == null ? Path.of(System.getProperty("java.io.tmpdir")) : options.data();
        Leftovers leftovers = new Leftovers(data);
        try (leftovers;
                TsvFile tsv = new TsvFile(Path.of(options.out() + ".tsv"))) {
            run(options, leftovers, progress, tsv);
            return CommandLine.ExitCode.OK;
        } catch (IOException | RuntimeException e) {
            if (leftovers.isInterrupted()) {
                return INTERRUPTED;
            }
            throw e;
        } finally {
            progress.clear();
        }
    }

    private BenchOptions checked() {
        try {
            return flags.check();
        } catch (BenchFlags.BadFlagException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage(), e);
        }
    }

    private void run(BenchOptions options, Leftovers leftovers, Progress progress, TsvFile tsv)
            throws IOException, InterruptedException {
        LoadPlan plan = LoadPlan.of(options);
        long limitMillis = Math.min(LIMIT_MILLIS_MAX, TimeUnit.SECONDS.toMillis(options.seconds()) / 4);
        progress.say(announcement(options, plan, limitMillis));
        List<String> facts = new ArrayList<>(options.facts());
        facts.addAll(Machine.facts(leftovers.home()));
        progress.begin("raw limits");
        RawLimits raw = RawLimits.measure(leftovers.home(), options.nodes(), limitMillis);
        for (String line : facts) {
            tsv.comment(line);
        }
        for (String line : ResultTable.limits(raw)) {
            tsv.comment(line.strip());
        }
        ResultPage page = new ResultPage(facts, raw);
        List<String> lines;
        if (options.kills() > 0) {
            List<FailOver> kills = new FailOverRun(options, leftovers, progress, tsv).run();
            lines = FailOverRun.summary(kills);
            page.kills(kills, lines);
        } else if (options.soakMinutes() > 0) {
            List<SoakMinute> minutes = new SoakRun(options, leftovers, progress, tsv).run();
            lines = SoakRun.summary(minutes);
            page.soak(minutes, lines);
        } else {
            List<Measurement> all = new PlanRun(options, plan, leftovers, raw, progress, tsv).run();
            lines = ResultTable.lines(all, options.nodes(), raw);
            page.loads(all, options.nodes());
        }
        Path html = Path.of(options.out() + ".html");
        Files.writeString(html, page.html());
        progress.clear();
        PrintWriter out = spec.commandLine().getOut();
        facts.forEach(out::println);
        out.println();
        lines.forEach(out::println);
        out.println();
        out.println("written: " + tsv.file() + ", " + html);
        out.flush();
    }

    /** What is going to happen, and for how long. */
    static String announcement(BenchOptions options, LoadPlan plan, long limitMillis) {
        long millis = Math.round(LIMIT_SPANS * limitMillis) + START_MILLIS * options.rounds();
        String what;
        if (options.kills() > 0) {
            millis += plan.warmUpMillis() + options.kills() * KILL_MILLIS;
            what = options.kills() + (options.kills() == 1 ? " kill" : " kills") + " of the leader";
        } else if (options.soakMinutes() > 0) {
            millis += plan.warmUpMillis() + TimeUnit.MINUTES.toMillis(options.soakMinutes());
            what = "steady load for " + options.soakMinutes() + " min";
        } else {
            millis += plan.millisMax();
            int loads = plan.loads().size() * Math.max(1, plan.prefills().size());
            what = loads + (loads == 1 ? " load of " : " loads of ") + options.seconds() + " s"
                    + (plan.rounds() == 1 ? "" : " in " + plan.rounds() + " rounds");
        }
        String prefill = plan.prefillMax() == 0
                ? ""
                : ", and the time to write " + plan.prefillMax() + " commands" + (plan.rounds() == 1 ? "" : " a round");
        return what + ", behind a warm-up of at most " + options.warmUpSeconds() + " s: " + duration(millis)
                + " at most" + prefill;
    }

    private static String duration(long millis) {
        long seconds = (millis + 999) / 1_000;
        return seconds < 60 ? seconds + " s" : seconds / 60 + " min " + seconds % 60 + " s";
    }
}
