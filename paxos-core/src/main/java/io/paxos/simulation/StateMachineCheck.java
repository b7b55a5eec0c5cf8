// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.StateMachine;
import io.paxos.model.Entry;
import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.simulation.check.Model;
import io.paxos.simulation.report.Recording;
import io.paxos.simulation.report.RunReport;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Attacks a host application's own state machine, the way the library attacks itself. For any test framework:
 *
 * <pre>{@code
 * @Test
 * void myStateMachineIsReplicable() {
 *     StateMachineCheck.of(MyStateMachine::new, new MyWorkload())
 *             .withDigest(MyStateMachine::digest)
 *             .withSeeds(1, 200)
 *             .assertGood();
 * }
 * }</pre>
 *
 * <p>Three things are checked, the cheap ones first.
 * <ol>
 *   <li><b>Determinism.</b> The same commands go to two fresh instances; their results, and their digests if one is given, must
 *       be equal after every command. It finds clocks, randomness and hash order in {@code apply}.
 *   <li><b>Snapshots</b>, if the state machine takes any. Some commands are applied, a snapshot is captured, the rest of them
 *       is applied, and only then it is written: it must hold what was captured. It is restored into a fresh instance and into
 *       ones that hold another state, an older one and a newer one; each is given the rest, and must answer as the one that
 *       was never restored. It finds fields that the snapshot forgot, a {@code restore} that merges instead of replacing, and a
 *       capture that later commands reach. Snapshots of equal states must be equal bytes, too.
 *   <li><b>Whole clusters</b>, a run for each seed: crashes, partitions, lost messages, torn writes, drifting clocks. The replicas
 *       must agree, and what the clients saw must be linearizable by the workload's model.
 * </ol>
 *
 * <p>Why equal bytes are asked for, although nothing in the library compares them: without them a field that no later answer
 * shows for a long time, or a hash order that reaches the snapshot now and an answer later, goes unseen; and a transfer that lost
 * its source can only go on with another member's snapshot if that is the same bytes. If yours differ for a good reason, say so
 * with {@link #withSnapshotBytesUnequal}: then only results and digests count.
 *
 * <p>Immutable; runs on the caller's thread alone. Same seeds, options and workload: the same verdict, unless the state machine
 * itself is not deterministic.
 *
 * @param <M> the state machine
 */
public final class StateMachineCheck<M extends StateMachine> {

    private static final int COMMANDS = 500;
    private static final SessionId SESSION = new SessionId(1, 1);

    private final Supplier<M> stateMachines;
    private final Workload<?, ?, ?> workload;
    private final @Nullable Function<? super M, byte[]> digest;
    private final SimulationOptions options;
    private final long firstSeed;
    private final int seeds;
    private final @Nullable Path reports;
    private final boolean equalBytes;

    private StateMachineCheck(
            Supplier<M> stateMachines,
            Workload<?, ?, ?> workload,
            @Nullable Function<? super M, byte[]> digest,
            SimulationOptions options,
            long firstSeed,
            int seeds,
            @Nullable Path reports,
            boolean equalBytes) {
        this.stateMachines = stateMachines;
        this.workload = workload;
        this.digest = digest;
        this.options = options;
        this.firstSeed = firstSeed;
        this.seeds = seeds;
        this.reports = reports;
        this.equalBytes = equalBytes;
    }

    /**
     * A check with 100 seeds from 1, {@link SimulationOptions#DEFAULT}, no digest, and no report.
     *
     * @param stateMachines makes a fresh one, as at the start of a process
     * @param workload what clients ask of it, and what a correct answer is; its own state machine is not used
     */
    public static <M extends StateMachine> StateMachineCheck<M> of(
            Supplier<M> stateMachines, Workload<?, ?, ?> workload) {
        return new StateMachineCheck<>(
                Objects.requireNonNull(stateMachines, "stateMachines"),
                Objects.requireNonNull(workload, "workload"),
                null,
                SimulationOptions.DEFAULT,
                1,
                100,
                null,
                true);
    }

    /**
     * The same, which also compares what this says of two instances that applied the same commands.
     *
     * @param bytes of the whole state, or a hash of it, without changing it
     */
    public StateMachineCheck<M> withDigest(Function<? super M, byte[]> bytes) {
        return new StateMachineCheck<>(stateMachines, workload, bytes, options, firstSeed, seeds, reports, equalBytes);
    }

    /** The same with other clusters, loads and faults. */
    public StateMachineCheck<M> with(SimulationOptions other) {
        return new StateMachineCheck<>(stateMachines, workload, digest, other, firstSeed, seeds, reports, equalBytes);
    }

    /**
     * The same with other seeds.
     *
     * @param first of them
     * @param count how many, from 1
     * @throws IllegalArgumentException if there are none
     */
    public StateMachineCheck<M> withSeeds(long first, int count) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "seeds: " + count + " is outside the allowed range 1.." + Integer.MAX_VALUE);
        }
        return new StateMachineCheck<>(stateMachines, workload, digest, options, first, count, reports, equalBytes);
    }

    /** The same, which writes the report of a failing seed into that directory. */
    public StateMachineCheck<M> reportingTo(Path directory) {
        return new StateMachineCheck<>(
                stateMachines, workload, digest, options, firstSeed, seeds, directory, equalBytes);
    }

    /**
     * The same for a state machine whose snapshots of equal states may be other bytes each time, in another order for example.
     * What they restore to must be equal all the same.
     */
    public StateMachineCheck<M> withSnapshotBytesUnequal() {
        return new StateMachineCheck<>(stateMachines, workload, digest, options, firstSeed, seeds, reports, false);
    }

    /**
     * Checks everything; returns only if all is well.
     *
     * @throws AssertionError at the first thing that is not; the message names the seed, says how to see it again, and where
     *     the report is
     */
    public void assertGood() {
        assertDeterministic();
        assertRestorable();
        assertGoodInClusters();
    }

    /**
     * Only the first of the checks.
     *
     * @throws AssertionError as {@link #assertGood}
     */
    public void assertDeterministic() {
        new Twins<>(workload).compare();
    }

    /**
     * Only the check of snapshots and restore; nothing for a state machine that takes none.
     *
     * @throws AssertionError as {@link #assertGood}
     */
    public void assertRestorable() {
        new RestoreCheck<>(stateMachines, workload, digest, firstSeed, equalBytes).run();
    }

    /**
     * Only the last of the checks.
     *
     * @throws AssertionError as {@link #assertGood}
     */
    public void assertGoodInClusters() {
        Simulation<?, ?, ?> simulation = simulation(workload);
        for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
            SimulationResult result = simulation.with(options).run(seed);
            if (result.isUndecided()) {
                throw new AssertionError(result.summary());
            }
            if (!result.isGood()) {
                throw new AssertionError(explained(simulation, result));
            }
        }
    }

    private <S, I, O> Simulation<S, I, O> simulation(Workload<S, I, O> asked) {
        return Simulation.of(new Substituted<>(asked, stateMachines));
    }

    private String explained(Simulation<?, ?, ?> simulation, SimulationResult failure) {
        Reduction.Reduced reduced = Reduction.of(simulation, options, failure, Reduction.RUNS_MAX_DEFAULT);
        String text = "seed " + failure.seed() + " violates " + failure.violation() + " | replay: withSeeds("
                + failure.seed() + "L, 1) | smaller: seed " + reduced.result().seed() + " with " + reduced.options();
        Path directory = reports;
        if (directory == null) {
            return text + " | no report: name a directory with reportingTo";
        }
        Recording recording = new Recording(Recording.EVENTS_MAX_DEFAULT);
        SimulationResult again = simulation
                .with(reduced.options())
                .alsoJudging(() -> List.of(recording))
                .run(reduced.result().seed());
        Path file = directory.resolve("seed-" + failure.seed() + ".html");
        RunReport.of(again, recording, reduced.options()).writeTo(file);
        return text + " | report: " + file.toAbsolutePath();
    }

    /** Two instances that are given the same. */
    private final class Twins<I> {
        private final Workload<?, I, ?> asked;
        private final M one = stateMachines.get();
        private final M other = stateMachines.get();

        Twins(Workload<?, I, ?> asked) {
            this.asked = asked;
        }

        void compare() {
            SplittableRandom random = new SplittableRandom(firstSeed);
            for (int number = 1; number <= COMMANDS; number++) {
                I input = asked.nextInput(random, number);
                // Each has bytes of its own: what a state machine does to them must not reach the other.
                byte[] first = one.apply(entry(number, asked.encode(input)));
                byte[] second = other.apply(entry(number, asked.encode(input)));
                if (!Arrays.equals(first, second)) {
                    throw differs(number, input, "result", first, second);
                }
                if (digest != null) {
                    byte[] state = digest.apply(one);
                    byte[] otherState = digest.apply(other);
                    if (!Arrays.equals(state, otherState)) {
                        throw differs(number, input, "digest", state, otherState);
                    }
                }
            }
        }

        private Entry entry(int number, byte[] command) {
            return new Entry(new Position(number, 0), 1_000L * number, SESSION, command);
        }

        private AssertionError differs(int number, I input, String what, byte[] first, byte[] second) {
            return new AssertionError("not deterministic: two fresh instances were given the same " + number
                    + " commands, and the " + what + " of the last one, " + input + ", differs: " + shown(first)
                    + " and " + shown(second) + " | seed " + firstSeed
                    + " | look for hash order, clocks, randomness and static state in apply");
        }
    }

    static String shown(byte[] bytes) {
        int shown = Math.min(bytes.length, 32);
        return HexFormat.of().formatHex(bytes, 0, shown) + (shown < bytes.length ? "…" : "") + " (" + bytes.length
                + " bytes)";
    }

    /** A workload with another state machine. */
    private record Substituted<S, I, O>(Workload<S, I, O> workload, Supplier<? extends StateMachine> stateMachines)
            implements Workload<S, I, O> {
        @Override
        public StateMachine newStateMachine() {
            return stateMachines.get();
        }

        @Override
        public I nextInput(SplittableRandom random, long operation) {
            return workload.nextInput(random, operation);
        }

        @Override
        public byte[] encode(I input) {
            return workload.encode(input);
        }

        @Override
        public @Nullable O decode(I input, byte[] result) {
            return workload.decode(input, result);
        }

        @Override
        public Model<S, I, O> model() {
            return workload.model();
        }
    }
}
