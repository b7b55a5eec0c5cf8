// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.simulate;

import io.paxos.model.NodeId;
import io.paxos.simulation.CounterWorkload;
import io.paxos.simulation.FaultClass;
import io.paxos.simulation.FaultPlan;
import io.paxos.simulation.KeyValueWorkload;
import io.paxos.simulation.RegisterWorkload;
import io.paxos.simulation.Simulation;
import io.paxos.simulation.SimulationOptions;
import io.paxos.simulation.Split;
import io.paxos.simulation.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a run is drawn from, as flags: read from a command line, and written into the line that replays a run. */
final class RunOptions {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Pattern SPLIT = Pattern.compile("([^-:]+)-([^-:]+):(.+)");
    private static final int KEYS = 4;

    @Option(
            names = "--nodes",
            paramLabel = "N[-M]",
            description = "How many nodes, 1..7, or from how many to how many the seed may draw (default: 1-7).")
    private @Nullable String nodes;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            description =
                    "Virtual time with faults, such as 500ms, 3s, 10m; a phase without faults follows (default: 3s).")
    private @Nullable String duration;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description =
                    "Operations per virtual second, about, of all clients together (default: 200 operations in all).")
    private @Nullable Integer rate;

    @Option(names = "--operations", paramLabel = "N", description = "How many operations in all, instead of a rate.")
    private @Nullable Integer operations;

    @Option(
            names = "--faults",
            paramLabel = "LIST",
            description =
                    "'drawn': the seed decides; 'none'; or a list such as PAUSES,KILLS,LOSS? where ? leaves it to the"
                            + " seed (default: drawn; none if --drop or --partition is given). All: ${COMPLETION-CANDIDATES}",
            completionCandidates = FaultNames.class)
    private @Nullable String faults;

    @Option(
            names = "--drop",
            paramLabel = "P",
            description = "This share of the frames is lost, 0..1, as long as the faults last.")
    private @Nullable Double drop;

    @Option(
            names = "--partition",
            paramLabel = "TIME-TIME:NODES/NODES",
            description =
                    "Parts that do not hear each other for a while, such as 1s-2s:n1,n2/n3,n4,n5. May be repeated.")
    private List<String> partitions = new ArrayList<>();

    @Option(
            names = "--keys",
            paramLabel = "N",
            description = "How many keys the kv workload has, 1..1000 (default: 4). The fewer, the more clients meet.")
    private @Nullable Integer keys;

    @Option(
            names = "--check-steps",
            paramLabel = "N",
            description = "Steps that the check of what clients saw may take for one key; a run that needs more is"
                    + " undecided (default: 20000000).")
    private @Nullable Long checkSteps;

    @Option(names = "--workload", paramLabel = "NAME", description = "kv, register or counter (default: kv).")
    private String workload = "kv";

    /** The names of all classes of fault, for the help. */
    static final class FaultNames extends ArrayList<String> {
        private static final long serialVersionUID = 1;

        FaultNames() {
            for (FaultClass each : FaultClass.values()) {
                add(each.name());
            }
        }
    }

    /** What was asked for cannot be; the message names the flag, the value and what is allowed. */
    static final class BadFlagException extends Exception {
        private static final long serialVersionUID = 1;

        BadFlagException(@Nullable String message) {
            super(message);
        }
    }

    SimulationOptions toOptions() throws BadFlagException {
        SimulationOptions options = SimulationOptions.DEFAULT;
        try {
            String[] range = (nodes == null ? "1-7" : nodes).split("-", 2);
            int least = number("--nodes", range[0], 1, SimulationOptions.NODES_MOST);
            int most = range.length == 1 ? least : number("--nodes", range[1], least, SimulationOptions.NODES_MOST);
            options = options.withNodes(least, most).withFaults(faultPlan(most));
            long millis = duration == null ? options.safetyMillis() : millis("--duration", duration);
            if (checkSteps != null) {
                options = options.withCheckStepsMax(checkSteps);
            }
            return options.withLoad(load(options.operations(), millis), millis);
        } catch (IllegalArgumentException e) {
            throw new BadFlagException(e.getMessage());
        }
    }

    private int load(int otherwise, long millis) throws BadFlagException {
        if (rate != null && operations != null) {
            throw new BadFlagException("--rate and --operations: give one of them");
        }
        if (rate != null) {
            if (rate < 1 || rate > 1_000_000) {
                throw new BadFlagException("--rate: " + rate + " is outside the allowed range 1..1000000");
            }
            long count = Math.max(1, rate * millis / 1_000);
            if (count > 1_000_000) {
                throw new BadFlagException(
                        "--rate: " + rate + " for " + millis + " ms are " + count + " operations, more than 1000000");
            }
            return (int) count;
        }
        if (operations != null && (operations < 1 || operations > 1_000_000)) {
            throw new BadFlagException("--operations: " + operations + " is outside the allowed range 1..1000000");
        }
        return operations == null ? otherwise : operations;
    }

    private FaultPlan faultPlan(int nodesMost) throws BadFlagException {
        String asked = faults;
        if (asked == null) {
            asked = drop == null && partitions.isEmpty() ? "drawn" : "none";
        }
        FaultPlan plan;
        if (asked.equals("drawn")) {
            plan = FaultPlan.drawn();
        } else if (asked.equals("none")) {
            plan = FaultPlan.none();
        } else {
            plan = listed(asked);
        }
        if (drop != null) {
            if (!(drop >= 0 && drop <= 1)) {
                throw new BadFlagException("--drop: " + drop + " is outside the allowed range 0..1");
            }
            plan = plan.withLoss((int) Math.round(1_000 * drop));
        }
        List<Split> splits = new ArrayList<>();
        for (String each : partitions) {
            splits.add(split(each, nodesMost));
        }
        return plan.withSplits(splits);
    }

    private static FaultPlan listed(String list) throws BadFlagException {
        FaultPlan plan = FaultPlan.none();
        for (String each : list.split(",", -1)) {
            boolean isDrawn = each.endsWith("?");
            String name = (isDrawn ? each.substring(0, each.length() - 1) : each)
                    .toUpperCase(Locale.ROOT)
                    .replace('-', '_');
            try {
                FaultClass fault = FaultClass.valueOf(name);
                plan = isDrawn ? plan.withDrawn(fault) : plan.with(fault);
            } catch (IllegalArgumentException e) {
                throw new BadFlagException(
                        "--faults: '" + each + "' is none of drawn, none, " + String.join(", ", new FaultNames()));
            }
        }
        return plan;
    }

    private static Split split(String text, int nodesMost) throws BadFlagException {
        Matcher matcher = SPLIT.matcher(text);
        if (!matcher.matches()) {
            throw new BadFlagException("--partition: '" + text + "' is not of the form 1s-2s:n1,n2/n3,n4,n5");
        }
        List<List<NodeId>> parts = new ArrayList<>();
        for (String part : matcher.group(3).split("/", -1)) {
            List<NodeId> members = new ArrayList<>();
            for (String member : part.split(",", -1)) {
                NodeId node = parsed(member);
                if (node.number() > nodesMost) {
                    throw new BadFlagException("--partition: " + node + " is not among n1..n" + nodesMost);
                }
                members.add(node);
            }
            parts.add(members);
        }
        long from = millis("--partition", matcher.group(1));
        long until = millis("--partition", matcher.group(2));
        try {
            return new Split(from, until, parts);
        } catch (IllegalArgumentException e) {
            throw new BadFlagException("--partition: " + e.getMessage());
        }
    }

    private static NodeId parsed(String text) throws BadFlagException {
        try {
            return NodeId.parse(text);
        } catch (IllegalArgumentException e) {
            throw new BadFlagException("--partition: " + e.getMessage());
        }
    }

    private static int number(String flag, String text, int least, int most) throws BadFlagException {
        if (!text.matches("\\d{1,9}")) {
            throw new BadFlagException(flag + ": '" + text + "' is not a number");
        }
        int number = Integer.parseInt(text);
        if (number < least || number > most) {
            throw new BadFlagException(flag + ": " + number + " is outside the allowed range " + least + ".." + most);
        }
        return number;
    }

    private static long millis(String flag, String text) throws BadFlagException {
        Matcher matcher = DURATION.matcher(text);
        if (!matcher.matches()) {
            throw new BadFlagException(flag + ": '" + text + "' is not a time such as 500ms, 3s, 10m or 1h");
        }
        long number = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> number;
            case "s" -> 1_000 * number;
            case "m" -> 60_000 * number;
            default -> 3_600_000 * number;
        };
    }

    /** The simulation of the workload that was asked for. */
    Simulation<?, ?, ?> simulation() throws BadFlagException {
        return simulationOf(workload());
    }

    private static <S, I, O> Simulation<S, I, O> simulationOf(Workload<S, I, O> asked) {
        return Simulation.of(asked);
    }

    private Workload<?, ?, ?> workload() throws BadFlagException {
        return switch (workload) {
            case "kv" -> new KeyValueWorkload(keys());
            case "register" -> new RegisterWorkload();
            case "counter" -> new CounterWorkload();
            default -> throw new BadFlagException("--workload: '" + workload + "' is none of kv, register, counter");
        };
    }

    private int keys() throws BadFlagException {
        if (keys != null && (keys < 1 || keys > 1_000)) {
            throw new BadFlagException("--keys: " + keys + " is outside the allowed range 1..1000");
        }
        return keys == null ? KEYS : keys;
    }

    /** The command line that runs that seed with these options and this workload. */
    String replayLine(long seed, SimulationOptions options) {
        StringBuilder line = new StringBuilder("java -jar paxos-kv.jar simulate --seed ").append(seed);
        line.append(" --nodes ").append(options.nodesMin());
        line.append(options.nodesMax() == options.nodesMin() ? "" : "-" + options.nodesMax());
        line.append(" --duration ").append(options.safetyMillis()).append("ms");
        line.append(" --operations ").append(options.operations());
        FaultPlan plan = options.faults();
        line.append(" --faults ").append(faultsFlag(plan));
        if (plan.lossPerMille() > 0) {
            line.append(" --drop ").append(plan.lossPerMille() / 1_000.0);
        }
        for (Split split : plan.splits()) {
            line.append(" --partition ").append(split);
        }
        if (options.checkStepsMax() != SimulationOptions.DEFAULT.checkStepsMax()) {
            line.append(" --check-steps ").append(options.checkStepsMax());
        }
        line.append(keys == null ? "" : " --keys " + keys);
        return line.append(workload.equals("kv") ? "" : " --workload " + workload)
                .toString();
    }

    private static String faultsFlag(FaultPlan plan) {
        FaultPlan classes = plan.withSplits(List.of());
        if (classes.equals(FaultPlan.drawn())) {
            return "drawn";
        }
        Set<FaultClass> certain = plan.certain();
        List<String> names = new ArrayList<>();
        for (FaultClass each : plan.possible()) {
            names.add(certain.contains(each) ? each.name() : each.name() + "?");
        }
        String list = names.isEmpty() ? "none" : String.join(",", names);
        // A shell would look for files with names like that.
        return list.contains("?") ? "'" + list + "'" : list;
    }
}
