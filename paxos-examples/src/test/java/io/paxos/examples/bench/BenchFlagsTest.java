// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What is asked for on the command line, and the plan that comes of it. */
class BenchFlagsTest {

    private static BenchOptions options(String... flags) throws Exception {
        return CommandLine.populateCommand(new BenchFlags(), flags).check();
    }

    @Test
    void withoutFlagsEverySizeMeetsEveryPressure() throws Exception {
        LoadPlan plan = LoadPlan.of(options());
        assertEquals(12, plan.loads().size());
        assertEquals(
                LoadSpec.closed(Operation.WRITE, 16, 1, 2_000, 8_000),
                plan.loads().get(0));
        assertEquals(
                LoadSpec.closed(Operation.WRITE, 16, 16, 2_000, 8_000),
                plan.loads().get(1));
        assertEquals(
                LoadSpec.closed(Operation.WRITE, 4_096, 4_096, 2_000, 8_000),
                plan.loads().get(11));
        assertEquals(4_096, plan.inFlightMax());
        assertEquals(4_096 * (4_096 + 128), plan.inFlightBytesMax());
        assertEquals(60_000 + 12 * 10_000, plan.millisMax());
        assertEquals(LoadSpec.closed(Operation.WRITE, 256, 1, 0, 2_000), plan.quietWarmUp(Operation.WRITE, 2_000));
    }

    @Test
    void readsComeBehindTheWritesWhateverTheSizes() throws Exception {
        BenchOptions options = options("--reads", "--size", "16,256", "--outstanding", "1,64", "--seconds", "1");
        List<LoadSpec> loads = LoadPlan.of(options).loads();
        assertEquals(6, loads.size());
        assertEquals(LoadSpec.closed(Operation.READ, 8, 1, 500, 1_000), loads.get(4));
        assertEquals(LoadSpec.closed(Operation.READ, 8, 64, 500, 1_000), loads.get(5));
    }

    @Test
    void ratesTakeThePlaceOfOutstandingOperations() throws Exception {
        List<LoadSpec> loads =
                LoadPlan.of(options("--rate", "100,2000", "--size", "16")).loads();
        assertEquals(
                List.of(
                        LoadSpec.open(Operation.WRITE, 16, 100, 2_000, 8_000),
                        LoadSpec.open(Operation.WRITE, 16, 2_000, 2_000, 8_000)),
                loads);
    }

    @Test
    void loadInsideTheLeaderNeedsNoValue() throws Exception {
        assertEquals(LoadPlace.CLIENT, options().place());
        assertEquals(LoadPlace.LEADER, options("--in-process").place());
        assertEquals(LoadPlace.LEADER, options("--in-process", "--reads").place());
        assertEquals(LoadPlace.FOLLOWER, options("--in-process", "follower").place());
    }

    @Test
    void killsAndSoakHaveOneLoadOfTheirOwn() throws Exception {
        BenchOptions kills = options("--kills", "20");
        assertEquals(List.of(16), kills.outstanding());
        assertEquals(List.of(256), kills.sizes());
        BenchOptions soak = options("--soak", "30", "--size", "16");
        assertEquals(List.of(256), soak.outstanding());
        assertEquals(List.of(16), soak.sizes());
    }

    @Test
    void filledLogsAreNotTrimmedBySnapshots() throws Exception {
        assertEquals(64L << 20, options().snapshotEvery());
        assertEquals(0, options("--prefill", "100,200").snapshotEvery());
        assertEquals(
                List.of(100L, 200L),
                LoadPlan.of(options("--prefill", "100,200")).prefills());
    }

    @Test
    void jvmOptionsAreSeparatedBySpaces() throws Exception {
        assertEquals(List.of("-Xms256m", "-Xmx2g"), options().jvmOptions());
        assertEquals(List.of(), options("--jvm-options", " ").jvmOptions());
        assertEquals(
                List.of("-Xmx1g", "-XX:+UseZGC"),
                options("--jvm-options", " -Xmx1g  -XX:+UseZGC").jvmOptions());
    }

    @Test
    void resultsHaveTheTimeInTheirNameUnlessTheyAreNamed() throws Exception {
        assertTrue(options().out().toString().matches("paxos-bench-\\d{8}-\\d{6}"));
        assertEquals(Path.of("here/it"), options("--out", "here/it").out());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--nodes 8 | --nodes: 8 is outside the allowed range 1..7",
                "--seconds 0 | --seconds: 0 is outside the allowed range 1..3600",
                "--warm-up 601 | --warm-up: 601 is outside the allowed range 0..600",
                "--outstanding 1,0 | --outstanding: 0 is outside the allowed range 1..65536",
                "--size 524289 | --size: 524289 is outside the allowed range 1..524288",
                "--rate 0 | --rate: 0 is outside the allowed range 1..10000000",
                "--rounds 101 | --rounds: 101 is outside the allowed range 1..100",
                "--kills 0 | --kills: 0 is outside the allowed range 1..1000",
                "--soak 10081 | --soak: 10081 is outside the allowed range 1..10080",
                "--prefill 0 | --prefill: 0 is outside the allowed range 1..1000000000",
                "--prefill 5,5 | --prefill: 5 is not above 5 before it",
                "--snapshot-every -1 | --snapshot-every: -1 is outside the allowed range 0..1125899906842624",
                "--in-process both | --in-process: 'both' is none of leader, follower",
                "--in-process follower --nodes 1 | --in-process: 'follower', but --nodes 1 has none",
                "--rate 1 --outstanding 1 | --outstanding and --rate: give one of them",
                "--kills 1 --soak 1 | --kills and --soak: give one of them",
                "--kills 1 --in-process | --kills and --in-process: give one of them",
                "--soak 1 --reads | --soak and --reads: give one of them",
                "--soak 1 --size 1,2 | --soak: one --size and one --outstanding or --rate, for there is one load",
                "--kills 1 --nodes 2 | --kills: with --nodes 2 nobody is left to lead; at least 3 are needed",
                "--outstanding 4096 --size 16385 | --outstanding: 4096 commands of 16385 bytes are 67112960 bytes in"
                        + " flight, more than 67108864",
            })
    void whatCannotBeIsNamedWithItsRange(String flags, String message) {
        BenchFlags.BadFlagException refused =
                assertThrows(BenchFlags.BadFlagException.class, () -> options(flags.split(" ", -1)));
        assertEquals(message, refused.getMessage());
    }

    @Test
    void howLongItTakesIsSaidBefore() throws Exception {
        BenchOptions all = options();
        assertEquals(
                "12 loads of 8 s, behind a warm-up of at most 60 s: 3 min 13 s at most",
                BenchCommand.announcement(all, LoadPlan.of(all), 1_000));
        BenchOptions filled = options("--prefill", "10,20", "--rounds", "2", "--size", "16", "--outstanding", "1");
        assertEquals(
                "2 loads of 8 s in 2 rounds, behind a warm-up of at most 60 s: 2 min 57 s at most, and the time to write 20"
                        + " commands a round",
                BenchCommand.announcement(filled, LoadPlan.of(filled), 1_000));
        BenchOptions kills = options("--kills", "1");
        assertEquals(
                "1 kill of the leader, behind a warm-up of at most 60 s: 1 min 18 s at most",
                BenchCommand.announcement(kills, LoadPlan.of(kills), 1_000));
        BenchOptions soak = options("--soak", "30");
        assertEquals(
                "steady load for 30 min, behind a warm-up of at most 60 s: 31 min 13 s at most",
                BenchCommand.announcement(soak, LoadPlan.of(soak), 1_000));
    }
}
