// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.simulation.check.LinearizabilityChecker;
import io.paxos.simulation.check.Verdict;
import io.paxos.simulation.property.Judges;
import io.paxos.simulation.property.Properties;
import io.paxos.simulation.property.Property;
import io.paxos.simulation.trace.Trace;
import io.paxos.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs whole clusters in virtual time, each from one seed: the production driver, protocol, journal and apply over a
 * simulated network, simulated disks and clocks, under the host application's own state machine.
 *
 * <pre>{@code
 * SimulationResult result = Simulation.of(new KeyValueWorkload(4)).run(42);
 * result.assertGood();
 * }</pre>
 *
 * <p>A run has a safety phase, in which things go wrong, then a liveness phase, in which nothing does and in which the
 * cluster must answer within ten election timeouts and become equal everywhere. At its end every acknowledged operation is
 * looked for; then, if the seed says so, all lose power and start again from their disks, and it is looked for once more. The
 * history of the clients is checked to be linearizable.
 *
 * <p>Same seed, options and workload: the same run, event by event, in any JVM of one version. Immutable; any thread may
 * run seeds, each run on the caller's thread alone.
 *
 * @param <S> states of the workload's model
 * @param <I> inputs of the workload's model
 * @param <O> outputs of the workload's model
 */
public final class Simulation<S, I, O> {

    private final Workload<S, I, O> workload;
    private final SimulationOptions options;
    private final Supplier<List<Property>> properties;

    private Simulation(Workload<S, I, O> workload, SimulationOptions options, Supplier<List<Property>> properties) {
        this.workload = workload;
        this.options = options;
        this.properties = properties;
    }

    /** Runs of that workload, with {@link SimulationOptions#DEFAULT} and all supplied properties. */
    public static <S, I, O> Simulation<S, I, O> of(Workload<S, I, O> workload) {
        return new Simulation<>(workload, SimulationOptions.DEFAULT, Properties::all);
    }

    /** The same with other options. */
    public Simulation<S, I, O> with(SimulationOptions other) {
        return new Simulation<>(workload, other, properties);
    }

    /**
     * The same with properties of the caller's own beside the supplied ones.
     *
     * @param more makes fresh ones for each run
     */
    public Simulation<S, I, O> alsoJudging(Supplier<List<Property>> more) {
        return new Simulation<>(workload, options, () -> {
            List<Property> both = new ArrayList<>(properties.get());
            both.addAll(more.get());
            return both;
        });
    }

    /** Runs one seed to its end, or to its first violation. */
    public SimulationResult run(long seed) {
        return new Run(seed).result();
    }

    /** One run. */
    private final class Run {

        private static final long SLICE_MICROS = 10_000;
        private static final int SETTLE_TIMEOUTS = 40;
        private static final long READS_SALT = 0x5eadL << 40;

        private final long seed;
        private final World world;
        private final RunConfig config;
        private final Recorder recorder;
        private final Cluster cluster;
        private final SimulatedClients<I, O> clients;
        private final SimulatedReads<I, O> reads;
        private long faultsEndedMicros;
        private long recoveryMillis = -1;
        private @Nullable String undecided;

        Run(long seed) {
            this.seed = seed;
            this.world = new World(seed);
            this.config = new RunConfig(options, world.newRandom(), world.randomApart("config"));
            this.recorder = new Recorder(world, new Trace(options.traceEventsMax()), new Judges(properties.get()));
            this.cluster = new Cluster(world, recorder, config, workload::newStateMachine);
            this.clients = new SimulatedClients<>(cluster, workload);
            this.reads = new SimulatedReads<>(
                    cluster, workload, clients.historySoFar(), new SplittableRandom(seed ^ READS_SALT));
            clients.tell(reads::acknowledged);
        }

        SimulationResult result() {
            begin();
            safetyPhase();
            if (!recorder.hasViolation()) {
                livenessPhase();
            }
            if (!recorder.hasViolation() && config.startsAllAgain()) {
                startAllAgain();
            }
            if (!recorder.hasViolation()) {
                checkHistory();
            }
            for (SimulatedNode node : cluster.nodes()) {
                recorder.seal(node.disk().checksum());
            }
            return new SimulationResult(
                    seed, config.toString(), recorder.judges().violation(), undecided, metrics(), recorder.trace());
        }

        private void begin() {
            List<MemberId> voters = new ArrayList<>();
            List<NodeId> learners = new ArrayList<>();
            for (SimulatedNode node : cluster.nodes()) {
                if (node.isLearner()) {
                    learners.add(node.id());
                } else {
                    voters.add(node.member());
                }
            }
            Membership membership = new Membership(1, voters, learners, config.quorums(), config.alpha());
            recorder.record(new TraceEvent.RunBegan(0, membership, config.electionTimeoutMaxMillis(), config.bounds()));
            cluster.nodes().forEach(SimulatedNode::start);
            clients.start();
            reads.start();
        }

        private void safetyPhase() {
            Faults faults = new Faults(cluster);
            PlannedFaults planned = new PlannedFaults(cluster, options.faults());
            faults.begin();
            planned.begin();
            runUntil(config.safetyMicros());
            planned.end();
            faults.end();
        }

        private void livenessPhase() {
            faultsEndedMicros = world.nowMicros();
            recorder.record(new TraceEvent.FaultsEnded(faultsEndedMicros));
            clients.hurry();
            reads.stop();
            runUntilSettled();
            if (!clients.isDone()) {
                // One client that is answered forty times a second has not asked for a thousand things by now, and
                // nodes
                // that apply are never equal. What is judged is whether they become so when nothing more is asked.
                clients.stop();
                runUntilSettled();
            }
            recorder.record(new TraceEvent.RunEnded(world.nowMicros(), live()));
        }

        private void runUntilSettled() {
            long deadline = deadline();
            while (world.nowMicros() < deadline && !recorder.hasViolation() && !isSettled()) {
                runUntil(world.nowMicros() + SLICE_MICROS);
                if (recoveryMillis < 0 && clients.hasProgressed()) {
                    recoveryMillis = (world.nowMicros() - faultsEndedMicros) / 1_000;
                }
            }
        }

        /** A node without a vote learns late of what was chosen last, and its clients wait for that. */
        private long deadline() {
            boolean voteLost = cluster.nodes().stream().anyMatch(SimulatedNode::hasLostItsVote);
            long timeouts = voteLost ? 3 * SETTLE_TIMEOUTS : SETTLE_TIMEOUTS;
            return world.nowMicros() + timeouts * 1_000 * config.electionTimeoutMaxMillis();
        }

        /**
         * The power of all is lost at once, and they start from what they forced, with nobody asking for anything: whatever
         * was acknowledged must be found in that, and nothing else to help.
         */
        private void startAllAgain() {
            clients.stop();
            long applied = mostApplied();
            cluster.nodes().forEach(node -> node.crash(true));
            cluster.nodes().forEach(SimulatedNode::start);
            long deadline = deadline();
            while (world.nowMicros() < deadline && !recorder.hasViolation() && !isEqual(applied)) {
                runUntil(world.nowMicros() + SLICE_MICROS);
            }
            recorder.record(new TraceEvent.RunEnded(world.nowMicros(), live()));
        }

        private long mostApplied() {
            long slots = 0;
            for (SimulatedNode node : cluster.nodes()) {
                SimulatedProcess process = node.process();
                slots = Math.max(slots, process == null ? 0 : process.applied());
            }
            return slots;
        }

        private void runUntil(long untilMicros) {
            while (!recorder.hasViolation() && world.nowMicros() < untilMicros) {
                long slice = Math.min(untilMicros, world.nowMicros() + SLICE_MICROS);
                while (world.runNext(slice)) {
                    if (recorder.hasViolation()) {
                        return;
                    }
                }
                for (SimulatedNode node : cluster.nodes()) {
                    SimulatedProcess process = node.process();
                    if (process != null) {
                        recorder.record(process.measure());
                    }
                }
            }
        }

        private List<NodeId> live() {
            List<NodeId> live = new ArrayList<>();
            for (SimulatedNode node : cluster.nodes()) {
                if (!node.isLostForGood()) {
                    live.add(node.id());
                }
            }
            return live;
        }

        /** Whether every answer is there and every node has applied as much as the others. */
        private boolean isSettled() {
            return clients.isDone() && reads.isDone() && clients.hasProgressed() && isEqual(0);
        }

        /** Whether every node has applied as much as the others, and no less than that. */
        private boolean isEqual(long atLeast) {
            long applied = -1;
            for (NodeId id : live()) {
                SimulatedProcess process = cluster.node(id).process();
                if (process == null || process.applied() < atLeast || (applied >= 0 && process.applied() != applied)) {
                    return false;
                }
                applied = process.applied();
            }
            return true;
        }

        private void checkHistory() {
            Verdict<I, O> verdict = LinearizabilityChecker.of(workload.model())
                    .stepsMax(options.checkStepsMax())
                    .check(clients.history());
            if (verdict instanceof Verdict.NotLinearizable<I, O> wrong) {
                recorder.judges()
                        .report(new Judges.Violation("Linearizability", wrong.explanation(), world.nowMicros()));
            } else if (verdict instanceof Verdict.Undecided<I, O> open) {
                undecided = "key " + open.key() + ": the check of the history " + open.reason();
            }
        }

        private SimulationMetrics metrics() {
            SimulatedClients.Tally tally = clients.tally();
            return new SimulationMetrics(
                    world.nowMicros() / 1_000,
                    tally.asked,
                    tally.answers(),
                    tally.refused,
                    tally.unknown,
                    tally.latencyMicros(50),
                    tally.latencyMicros(99),
                    mostApplied(),
                    recorder.trace().count(TraceEvent.Kind.LEADER_CHANGED),
                    recoveryMillis,
                    cluster.tally().installed,
                    cluster.tally().goneOnAfterRestart,
                    cluster.tally().tooLate);
        }
    }
}
