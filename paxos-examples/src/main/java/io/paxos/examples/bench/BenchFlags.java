// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What can be asked for, as flags. What is wrong is named with its flag, its value and the allowed range. */
final class BenchFlags {

    private static final int NODES_MAX = 7;
    private static final int KILL_NODES_MIN = 3;
    private static final int KILL_OUTSTANDING = 16;
    private static final int STEADY_OUTSTANDING = 256;
    private static final int STEADY_BYTES = 256;
    private static final int LIST_MAX = 100;
    private static final long BYTES_LIMIT = 1L << 50;

    /** What was asked for cannot be; the message names the flag, the value and what is allowed. */
    static final class BadFlagException extends Exception {
        private static final long serialVersionUID = 1;

        BadFlagException(String message) {
            super(message);
        }
    }

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "3", description = "How many nodes, 1..7 (default: 3).")
    private int nodes;

    @Option(
            names = "--outstanding",
            paramLabel = "N",
            split = ",",
            description = "Operations in flight, a load each, 1..65536: each answer sends the next (default:"
                    + " 1,16,256,4096; 16 with --kills, 256 with --soak).")
    private @Nullable List<Integer> outstanding;

    @Option(
            names = "--size",
            paramLabel = "BYTES",
            split = ",",
            description =
                    "Sizes of commands, a load each, 1..524288 (default: 16,256,4096; 256 with --kills or --soak).")
    private @Nullable List<Integer> sizes;

    @Option(
            names = "--rate",
            paramLabel = "N",
            split = ",",
            description =
                    "Instead of --outstanding: so many operations a second, a load each, 1..10000000, whatever becomes"
                            + " of them; latency counts from the moment at which each was to be sent.")
    private List<Long> rates = List.of();

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "8",
            description = "That each load is measured, 1..3600 (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description =
                    "The nodes are warmed up until they get no faster and compile no more, but for so long at most, 0..600 (default:"
                            + " ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description =
                    "How often everything, each time on a fresh cluster, 1..100 (default: 1). The table has medians,"
                            + " the TSV every round.")
    private @Nullable Integer rounds;

    @Option(names = "--reads", description = "Linearizable reads too, behind the writes.")
    private boolean reads;

    @Option(
            names = "--in-process",
            arity = "0..1",
            paramLabel = "NODE",
            fallbackValue = "leader",
            description =
                    "Make the load inside the JVM of the leader, or of a follower: 'leader' or 'follower' (default: a"
                            + " remote client; without a value: leader).")
    private @Nullable String inProcess;

    @Option(
            names = "--kills",
            paramLabel = "N",
            description =
                    "Instead of loads: kill the leader so often, 1..1000, under 16 outstanding operations, and measure"
                            + " how long there is no answer.")
    private @Nullable Integer kills;

    @Option(
            names = "--soak",
            paramLabel = "MINUTES",
            description =
                    "Instead of loads: one steady load for so long, 1..10080, with a line a minute; says at the end"
                            + " whether the heaps have grown.")
    private @Nullable Integer soak;

    @Option(
            names = "--prefill",
            paramLabel = "N",
            split = ",",
            description = "Fill the log up to so many commands of the first size before the loads, 1..1000000000. With"
                    + " several, in ascending order, the loads are made at each, and compared. Turns snapshots off.")
    private List<Long> prefills = List.of();

    @Option(
            names = "--snapshot-every",
            paramLabel = "BYTES",
            description = "As the server's: a snapshot after so many bytes of log (default: 67108864; 0: none).")
    private @Nullable Long snapshotEvery;

    @Option(
            names = "--jvm-options",
            paramLabel = "OPTIONS",
            defaultValue = "-Xms256m -Xmx2g",
            description = "For the JVM of each node, separated by spaces (default: '${DEFAULT-VALUE}').")
    private String jvmOptions = "";

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where the nodes' directories are made, and deleted in the end; on the disk that is to be measured"
                            + " (default: the system's place for temporary files).")
    private @Nullable Path data;

    @Option(
            names = "--out",
            paramLabel = "PREFIX",
            description = "Results go to PREFIX.tsv and PREFIX.html (default: paxos-bench- and the time).")
    private @Nullable Path out;

    BenchOptions check() throws BadFlagException {
        require("--nodes", nodes, 1, NODES_MAX);
        require("--seconds", seconds, 1, 3_600);
        require("--warm-up", warmUp, 0, 600);
        exclude();
        boolean steady = kills != null || soak != null;
        List<Integer> pressures = outstanding != null
                ? outstanding
                : kills != null
                        ? List.of(KILL_OUTSTANDING)
                        : soak != null ? List.of(STEADY_OUTSTANDING) : List.of(1, 16, 256, 4_096);
        List<Integer> bytes = sizes != null ? sizes : steady ? List.of(STEADY_BYTES) : List.of(16, 256, 4_096);
        requireEach("--outstanding", pressures, LoadPlan.OUTSTANDING_MAX);
        requireEach("--size", bytes, LoadPlan.SIZE_MAX);
        requireEach("--rate", rates, 10_000_000);
        requireEach("--prefill", prefills, 1_000_000_000);
        requireBearable(pressures, bytes);
        for (int i = 1; i < prefills.size(); i++) {
            if (prefills.get(i) <= prefills.get(i - 1)) {
                throw new BadFlagException(
                        "--prefill: " + prefills.get(i) + " is not above " + prefills.get(i - 1) + " before it");
            }
        }
        if (steady && (pressures.size() > 1 || bytes.size() > 1 || rates.size() > 1)) {
            throw new BadFlagException((kills != null ? "--kills" : "--soak")
                    + ": one --size and one --outstanding or --rate, for there is one load");
        }
        return new BenchOptions(
                nodes,
                pressures,
                bytes,
                seconds,
                warmUp,
                checked("--rounds", rounds, 100, 1),
                rates,
                reads,
                place(),
                checked("--kills", kills, 1_000, 0),
                checked("--soak", soak, 10_080, 0),
                prefills,
                snapshots(),
                jvmOptions.isBlank() ? List.of() : List.of(jvmOptions.strip().split("\\s+")),
                data,
                out == null ? Path.of("paxos-bench-" + now()) : out);
    }

    /** What cannot be asked for at once. */
    private void exclude() throws BadFlagException {
        exclusive("--outstanding", outstanding != null, "--rate", !rates.isEmpty());
        exclusive("--kills", kills != null, "--soak", soak != null);
        for (String flag : List.of("--kills", "--soak")) {
            boolean given = flag.equals("--kills") ? kills != null : soak != null;
            exclusive(flag, given, "--reads", reads);
            exclusive(flag, given, "--rounds", rounds != null);
            exclusive(flag, given, "--prefill", !prefills.isEmpty());
        }
        exclusive("--kills", kills != null, "--in-process", inProcess != null);
        exclusive("--kills", kills != null, "--rate", !rates.isEmpty());
        exclusive("--prefill", !prefills.isEmpty(), "--snapshot-every", snapshotEvery != null && snapshotEvery > 0);
        if (kills != null && nodes < KILL_NODES_MIN) {
            throw new BadFlagException("--kills: with --nodes " + nodes + " nobody is left to lead; at least "
                    + KILL_NODES_MIN + " are needed");
        }
    }

    private static void exclusive(String one, boolean isOne, String other, boolean isOther) throws BadFlagException {
        if (isOne && isOther) {
            throw new BadFlagException(one + " and " + other + ": give one of them");
        }
    }

    private void requireBearable(List<Integer> pressures, List<Integer> bytes) throws BadFlagException {
        for (int pressure : rates.isEmpty() ? pressures : List.<Integer>of()) {
            for (int size : bytes) {
                long together = (long) pressure * size;
                if (together > LoadPlan.IN_FLIGHT_BYTES_MAX) {
                    throw new BadFlagException("--outstanding: " + pressure + " commands of " + size + " bytes are "
                            + together + " bytes in flight, more than " + LoadPlan.IN_FLIGHT_BYTES_MAX);
                }
            }
        }
    }

    private LoadPlace place() throws BadFlagException {
        if (inProcess == null) {
            return LoadPlace.CLIENT;
        }
        for (LoadPlace place : List.of(LoadPlace.LEADER, LoadPlace.FOLLOWER)) {
            if (place.word().equals(inProcess)) {
                if (place == LoadPlace.FOLLOWER && nodes == 1) {
                    throw new BadFlagException("--in-process: 'follower', but --nodes 1 has none");
                }
                return place;
            }
        }
        throw new BadFlagException("--in-process: '" + inProcess + "' is none of leader, follower");
    }

    private long snapshots() throws BadFlagException {
        if (snapshotEvery != null) {
            require("--snapshot-every", snapshotEvery, 0, BYTES_LIMIT);
            return snapshotEvery;
        }
        return prefills.isEmpty() ? 64L << 20 : 0;
    }

    private static String now() {
        return DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT)
                .format(LocalDateTime.now(ZoneId.systemDefault()));
    }

    private static int checked(String flag, @Nullable Integer value, int most, int otherwise) throws BadFlagException {
        if (value == null) {
            return otherwise;
        }
        require(flag, value, 1, most);
        return value;
    }

    private static void requireEach(String flag, List<? extends Number> values, long most) throws BadFlagException {
        if (values.size() > LIST_MAX) {
            throw new BadFlagException(flag + ": " + values.size() + " values are more than " + LIST_MAX);
        }
        for (Number value : values) {
            require(flag, value.longValue(), 1, most);
        }
    }

    private static void require(String flag, long value, long least, long most) throws BadFlagException {
        if (value < least || value > most) {
            throw new BadFlagException(flag + ": " + value + " is outside the allowed range " + least + ".." + most);
        }
    }
}
