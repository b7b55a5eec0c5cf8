// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.simulate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.simulation.FaultPlan;
import io.paxos.simulation.Simulation;
import io.paxos.simulation.SimulationOptions;
import io.paxos.simulation.property.Property;
import io.paxos.simulation.report.Recording;
import io.paxos.simulation.trace.TraceEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SimulateCommandTest {

    private static final String[] SMALL = {"--nodes", "3", "--duration", "500ms", "--operations", "20"};

    @TempDir
    private Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void oneSeedShowsItsFiguresItsVerdictItsReplayAndItsReport() throws Exception {
        Path report = home.resolve("run.html");
        int code = run("--seed", "7", "--report", report.toString());

        assertEquals(0, code, err::toString);
        for (String figure : List.of(
                "consensus_latency_ms p50",
                "consensus_latency_ms p99",
                "proposal_rejection_rate",
                "throughput_rps",
                "availability_pct")) {
            assertTrue(out.toString().contains("\n  " + figure), out::toString);
        }
        assertTrue(out.toString().contains("verdict: every property held"), out::toString);
        assertTrue(out.toString().contains("report:  " + report), out::toString);
        assertTrue(Files.readString(report).contains("Seed 7"));
    }

    @Test
    void theReplayLineRunsTheSameRun() {
        run("--seed", "7", "--drop", "0.1", "--partition", "100ms-300ms:n1/n2,n3", "--workload", "register");
        String first = out.toString();
        String replay = first.replaceFirst("(?s).*replay:  java -jar paxos-kv.jar simulate (.*?)\\R.*", "$1");
        assertEquals(
                "--seed 7 --nodes 3 --duration 500ms --operations 20 --faults none --drop 0.1"
                        + " --partition 100ms-300ms:n1/n2,n3 --workload register",
                replay);
        out.getBuffer().setLength(0);

        assertEquals(0, execute(replay.split(" ", -1)));
        assertEquals(first, out.toString());
    }

    @Test
    void whatIsLeftToTheSeedIsQuotedForTheShell() throws Exception {
        RunOptions flags = new RunOptions();
        CommandLine.populateCommand(flags, "--faults", "kills,late-replay?");
        SimulationOptions options = flags.toOptions();

        assertEquals("KILLS LATE_REPLAY?", sorted(options.faults()));
        assertTrue(
                flags.replayLine(1, options).endsWith(" --faults 'LATE_REPLAY?,KILLS'"), flags.replayLine(1, options));
    }

    private static String sorted(FaultPlan plan) {
        return String.join(
                " ", List.of(plan.toString().split(" ", -1)).stream().sorted().toList());
    }

    @Test
    void manySeedsSayHowFastTheyWere() {
        assertEquals(0, run("--seeds", "6", "--from", "10", "--threads", "2"));

        assertTrue(
                out.toString().matches("6 seeds from 10: every property held; \\d+ seeds/s on 2 threads\\R"),
                out::toString);
    }

    @Test
    void theFirstFailureIsOneLineAndAReportOfTheReducedRun() throws Exception {
        Path report = home.resolve("failure.html");
        assertEquals(Finding.VIOLATION, many(report, 2).run());

        String line = out.toString();
        assertEquals(1, line.lines().count(), line);
        assertTrue(
                line.matches(
                        "seed 1 violates Fails \\| replay: java -jar paxos-kv\\.jar simulate --seed 1 --nodes 1-7 .*"
                                + " \\| reduced: java -jar paxos-kv\\.jar simulate --seed \\d+ --nodes 1 .* --faults none"
                                + " \\| report: .*failure\\.html\\R"),
                line);
        assertTrue(Files.readString(report).contains("violates Fails"));
    }

    @Test
    void theFirstFailureIsTheSameOnOneThreadAndOnMany() throws Exception {
        assertEquals(Finding.VIOLATION, many(home.resolve("one.html"), 1).run());
        String one = out.toString().replace("one.html", "x");
        out.getBuffer().setLength(0);
        assertEquals(Finding.VIOLATION, many(home.resolve("three.html"), 3).run());

        assertEquals(one, out.toString().replace("three.html", "x"));
    }

    @Test
    void aFailingSeedIsShownWithItsReportAndASmallerReplay() throws Exception {
        RunOptions flags = new RunOptions();
        Path report = home.resolve("failure.html");
        SimulationOptions options = flags.toOptions().withLoad(30, 300);
        assertEquals(Finding.VIOLATION, new OneSeed(flags, failing(flags), options, output(report)).run(3));

        assertTrue(out.toString().contains("verdict: violates Fails at "), out::toString);
        assertTrue(out.toString().contains("\nsmaller: java -jar paxos-kv.jar simulate --seed "), out::toString);
        assertTrue(Files.exists(report));
    }

    @Test
    void anUndecidedSeedIsNeitherGoodNorAViolation() {
        Path report = home.resolve("undecided.html");
        assertEquals(3, run("--seed", "7", "--check-steps", "1", "--report", report.toString()));

        assertTrue(out.toString().contains("\nverdict: undecided: key "), out::toString);
        assertTrue(out.toString().contains("more than 1 steps of the model"), out::toString);
        assertTrue(out.toString().contains("more --keys or more --check-steps decide it"), out::toString);
        assertTrue(out.toString().contains(" --check-steps 1"), out::toString);
    }

    @Test
    void undecidedSeedsAreNamedAndDoNotStopTheOthers() {
        assertEquals(3, run("--seeds", "6", "--from", "10", "--threads", "1", "--check-steps", "1", "--keys", "2"));

        List<String> lines = out.toString().lines().toList();
        assertEquals(7, lines.size(), out::toString);
        assertTrue(lines.get(0).startsWith("seed 10 is undecided: key "), out::toString);
        assertTrue(lines.get(0).endsWith(" --check-steps 1 --keys 2"), out::toString);
        assertTrue(
                lines.get(6).matches("6 seeds from 10: 6 undecided, nothing violated in any; .* on 1 threads"),
                out::toString);
    }

    private ManySeeds many(Path report, int threads) throws Exception {
        RunOptions flags = new RunOptions();
        SimulationOptions options = flags.toOptions().withLoad(30, 300);
        return new ManySeeds(flags, failing(flags), options, output(report), 1, 20, threads);
    }

    private Output output(Path report) {
        return new Output(
                new PrintWriter(out, true), new PrintWriter(err, true), report, Recording.EVENTS_MAX_DEFAULT, null);
    }

    private static Simulation<?, ?, ?> failing(RunOptions flags) throws Exception {
        return flags.simulation().alsoJudging(() -> List.of(new Fails()));
    }

    /** Objects to the third slot. */
    private static final class Fails implements Property {
        private int seen;

        @Override
        public Set<TraceEvent.Kind> watches() {
            return EnumSet.of(TraceEvent.Kind.CHOSEN);
        }

        @Override
        public @Nullable String observe(TraceEvent event) {
            return ++seen == 3 ? "the third slot" : null;
        }
    }

    @Test
    void wrongFlagsAreNamedWithTheirRange() {
        assertRefused("--nodes: 9 is outside the allowed range 1..7", "--nodes", "9");
        assertRefused("--nodes: 2 is outside the allowed range 3..7", "--nodes", "3-2");
        assertRefused("--nodes: 'x' is not a number", "--nodes", "x");
        assertRefused("--drop: 1.5 is outside the allowed range 0..1", "--drop", "1.5");
        assertRefused("--drop: NaN is outside", "--drop", "NaN");
        assertRefused("--duration: '3' is not a time such as 500ms", "--duration", "3");
        assertRefused("safetyMillis: 90000000 is outside the allowed range 0..86400000", "--duration", "25h");
        assertRefused("--rate: 0 is outside the allowed range 1..1000000", "--rate", "0");
        assertRefused("more than 1000000", "--rate", "1000000", "--duration", "2s");
        assertRefused("--rate and --operations: give one of them", "--rate", "5", "--operations", "5");
        assertRefused("--operations: 0 is outside the allowed range", "--operations", "0");
        assertRefused("--partition: '1s' is not of the form", "--partition", "1s");
        assertRefused("--partition: n6 is not among n1..n5", "--nodes", "5", "--partition", "1s-2s:n1/n6");
        assertRefused("fewer than two", "--partition", "1s-2s:n1");
        assertRefused("--faults: 'RAIN' is none of drawn, none, LOSS,", "--faults", "KILLS,RAIN");
        assertRefused("--keys: 0 is outside the allowed range 1..1000", "--keys", "0");
        assertRefused("checkStepsMax: 0 is outside the allowed range 1..", "--check-steps", "0");
        assertRefused("--workload: 'x' is none of kv, register, counter", "--workload", "x");
        assertRefused("--seed and --seeds: give one of them", "--seed", "1", "--seeds", "2");
        assertRefused("--from: only with --seeds", "--from", "1");
        assertRefused("--threads: only with --seeds", "--threads", "1");
        assertRefused("--threads: 0 is outside the allowed range 1..256", "--seeds", "1", "--threads", "0");
        assertRefused("--seeds: 0 is outside the allowed range 1..", "--seeds", "0");
        assertRefused("--events: 0 is outside the allowed range 1..1000000", "--events", "0");
        assertRefused("--part: 'middle' is none of beginning, end", "--part", "middle");
    }

    @Test
    void aReportThatCannotBeWrittenIsOneLine() throws Exception {
        Path file = Files.createFile(home.resolve("file"));
        assertEquals(1, run("--report", file.resolve("below.html").toString()));

        assertTrue(err.toString().startsWith("paxos-kv simulate: report "), err::toString);
        assertEquals(1, err.toString().lines().count(), err::toString);
    }

    private void assertRefused(String expected, String... flags) {
        err.getBuffer().setLength(0);
        assertEquals(2, execute(flags), String.join(" ", flags));
        String first = err.toString().lines().findFirst().orElse("");
        assertTrue(first.contains(expected), first);
    }

    private int run(String... flags) {
        String[] all = java.util.Arrays.copyOf(SMALL, SMALL.length + flags.length);
        System.arraycopy(flags, 0, all, SMALL.length, flags.length);
        return execute(all);
    }

    private int execute(String... flags) {
        return new CommandLine(new SimulateCommand())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(flags);
    }
}
