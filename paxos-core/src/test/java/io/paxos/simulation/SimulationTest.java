// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.StateMachine;
import io.paxos.simulation.check.Counter;
import io.paxos.simulation.check.Model;
import io.paxos.simulation.trace.TraceEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SimulationTest {

    private static final SimulationOptions QUIET = SimulationOptions.DEFAULT.withFaults(FaultPlan.none());

    /** How many runs with all faults belong to the gate; {@code -Dsimulation.seeds=…} asks for more. */
    private static final long SEEDS = Long.getLong("simulation.seeds", 2_000);

    // ---- the gate -------------------------------------------------------------------------------------------

    @Test
    void everyPropertyHoldsUnderAllFaults() {
        Map<Long, String> bad = new ConcurrentSkipListMap<>();
        LongStream.rangeClosed(1, SEEDS).parallel().forEach(seed -> {
            SimulationResult result = Simulation.of(workload(seed)).run(seed);
            if (!result.isGood()) {
                bad.put(seed, result.summary());
            }
        });
        assertEquals(Map.of(), bad);
    }

    /** One client that asks for thousands of things is answered forty times a second; the nodes are compared when it stopped. */
    @Test
    void aLoadThatOutlastsTheTimeIsCutOffBeforeTheNodesAreCompared() {
        SimulationOptions options = SimulationOptions.DEFAULT
                .withNodes(3, 3)
                .withLoad(10_000, 500)
                .withFaults(FaultPlan.only(FaultClass.DELAY));
        boolean cutOff = false;
        for (long seed = 1; seed <= 20 && !cutOff; seed++) {
            SimulationResult result =
                    Simulation.of(new CounterWorkload()).with(options).run(seed);
            result.assertGood();
            cutOff = result.metrics().operations() < 10_000;
        }
        assertTrue(cutOff, "no run was cut off");
    }

    private static Workload<?, ?, ?> workload(long seed) {
        return switch ((int) (seed % 4)) {
            case 0 -> new CounterWorkload();
            case 1 -> new RegisterWorkload();
            default -> new KeyValueWorkload(4);
        };
    }

    /** Each class of fault alone, so that it is seen to do something, and not only to be drawn. */
    @ParameterizedTest
    @EnumSource(
            value = FaultClass.class,
            mode = EnumSource.Mode.EXCLUDE,
            names = {"ROLLED_BACK_DIRECTORY", "CLOCKS_OUT_OF_BOUND"})
    void everyPropertyHoldsUnderEachClassOfFault(FaultClass fault) {
        SimulationOptions options = SimulationOptions.DEFAULT
                .withFaults(FaultPlan.only(fault))
                .withNodes(3, 5)
                .withTrace(10, 1_000_000);
        Map<TraceEvent.Kind, Long> counts = new EnumMap<>(TraceEvent.Kind.class);
        for (long seed = 1; seed <= 12; seed++) {
            SimulationResult result =
                    Simulation.of(new KeyValueWorkload(3)).with(options).run(seed);
            result.assertGood();
            result.trace().counts().forEach((kind, count) -> counts.merge(kind, count, Long::sum));
        }
        TraceEvent.Kind sign = signOf(fault);
        assertTrue(sign == null || counts.get(sign) > 0, fault + " left no " + sign + " in " + counts);
    }

    private static TraceEvent.Kind signOf(FaultClass fault) {
        return switch (fault) {
            case LOSS, BANDWIDTH -> TraceEvent.Kind.MESSAGE_DROPPED;
            case DELAY, REORDERING, DUPLICATION, LATE_REPLAY, CLOCK_DRIFT, DAMAGED_PIECES ->
                TraceEvent.Kind.MESSAGE_SENT;
            case ONE_WAY_CUTS, PARTITIONS, TOPOLOGIES, FLAPPING, SWIZZLE -> TraceEvent.Kind.PARTITION_ENDED;
            case KILLS, POWER_LOSS, POWER_LOSS_OF_ALL -> TraceEvent.Kind.CRASHED;
            case PAUSES -> TraceEvent.Kind.PAUSED;
            case CLOCK_JUMPS -> TraceEvent.Kind.CLOCK_JUMPED;
            case SLOW_DISK, BIT_FLIPS, LOST_SECTORS, WIPED_DIRECTORY, DAMAGED_SNAPSHOTS -> TraceEvent.Kind.DISK_FAULT;
            case FORCE_FAILS, WRITE_FAILS, DISK_FULL -> TraceEvent.Kind.STOPPED;
            case READ_FAILS -> TraceEvent.Kind.START_REFUSED;
            case ROLLED_BACK_DIRECTORY -> TraceEvent.Kind.LOST_FOR_GOOD;
            case CLOCKS_OUT_OF_BOUND -> TraceEvent.Kind.MESSAGE_SENT;
            case SNAPSHOTS -> TraceEvent.Kind.RESTORED;
        };
    }

    /** Hazard S17: a leader whose disk is slow hands over, and says so while it still leads. */
    @Test
    void slowDisksMakeLeadersHandOver() {
        long handOvers = 0;
        for (SimulationResult result : runs(FaultClass.SLOW_DISK, 40)) {
            result.assertGood();
            handOvers += result.trace().events().stream()
                    .filter(event -> event instanceof TraceEvent.LeaderChanged change
                            && !change.leadsHere()
                            && change.leader().owner().node().equals(change.node()))
                    .count();
        }
        assertTrue(handOvers >= 5, "hand-overs: " + handOvers);
    }

    /**
     * Hazard S20: as long as its peers run, they remember what a directory put back from a copy has forgotten. One that
     * caught up before it was told goes on: what it forgot is known chosen by then.
     */
    @Test
    void directoriesPutBackFromACopyAreFoundOutByThePeers() {
        long putBack = 0;
        long foundOut = 0;
        for (SimulationResult result : runs(FaultClass.ROLLED_BACK_DIRECTORY, 60)) {
            result.assertGood();
            for (TraceEvent event : result.trace().events()) {
                boolean harmed =
                        event instanceof TraceEvent.DiskFault fault && fault.harm() == TraceEvent.Harm.ROLLED_BACK;
                putBack += harmed ? 1 : 0;
                boolean stopped = event instanceof TraceEvent.Stopped stop
                        && stop.reason().contains("older copy");
                foundOut += stopped ? 1 : 0;
            }
        }
        assertTrue(putBack >= 20, "put back: " + putBack);
        assertTrue(foundOut >= putBack / 2, foundOut + " of " + putBack + " were found out");
    }

    private static List<SimulationResult> runs(FaultClass fault, int seeds) {
        SimulationOptions options = SimulationOptions.DEFAULT
                .withFaults(FaultPlan.only(fault))
                .withNodes(3, 5)
                .withTrace(10, 1_000_000);
        return LongStream.rangeClosed(1, seeds)
                .mapToObj(seed ->
                        Simulation.of(new KeyValueWorkload(3)).with(options).run(seed))
                .toList();
    }

    @Test
    void withoutFaultsEverythingHoldsAndEveryOperationHasAnEnd() {
        for (long seed = 1; seed <= 30; seed++) {
            SimulationResult result =
                    Simulation.of(new KeyValueWorkload(4)).with(QUIET).run(seed);
            result.assertGood();
            SimulationMetrics metrics = result.metrics();
            long ended = metrics.answered() + metrics.refused() + metrics.unknown();
            assertEquals(metrics.operations(), ended, result.summary());
        }
    }

    @Test
    void halfOfTheRunsEndWithAStartOfEverybodyFromTheirDisks() {
        int again = 0;
        for (long seed = 1; seed <= 20; seed++) {
            SimulationResult result = Simulation.of(new KeyValueWorkload(4))
                    .with(QUIET.withNodes(3, 3).withTrace(10, 1))
                    .run(seed);
            result.assertGood();
            long ends = result.trace().count(TraceEvent.Kind.RUN_ENDED);
            long nodes = 3L + learnersOf(result);
            assertEquals(nodes * (ends - 1), result.trace().count(TraceEvent.Kind.CRASHED));
            assertEquals(nodes * ends, result.trace().count(TraceEvent.Kind.STARTED));
            again += (int) ends - 1;
        }
        assertTrue(again > 4 && again < 16, again + " of 20");
    }

    /** Learners are drawn beside the nodes that were asked for, and start from their disks like them. */
    private static int learnersOf(SimulationResult result) {
        TraceEvent.RunBegan began =
                (TraceEvent.RunBegan) result.trace().events().get(0);
        return began.membership().learners().size();
    }

    // ---- determinism ----------------------------------------------------------------------------------------

    @Test
    void aSeedRunTwiceGivesTheSameTraceByteForByte() {
        SimulationOptions options = SimulationOptions.DEFAULT.withTrace(100, 1_000_000);
        for (long seed = 11; seed <= 14; seed++) {
            SimulationResult once =
                    Simulation.of(new KeyValueWorkload(4)).with(options).run(seed);
            SimulationResult again =
                    Simulation.of(new KeyValueWorkload(4)).with(options).run(seed);
            assertEquals(once.trace().toText(), again.trace().toText());
            assertEquals(once.trace().fingerprint(), again.trace().fingerprint());
            assertEquals(0, once.trace().eventsLeftOut());
        }
    }

    @Test
    void anotherJvmGivesTheSameTraces() throws IOException, InterruptedException {
        Process other = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SimulationFingerprints.class.getName())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String there = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, other.waitFor());
        assertEquals(SimulationFingerprints.of(SimulationFingerprints.SEEDS), there);
    }

    @Test
    void keepingFewerEventsChangesNothing() {
        SimulationOptions all = SimulationOptions.DEFAULT.withTrace(10, 1_000_000);
        SimulationOptions some = SimulationOptions.DEFAULT.withTrace(10, 100);
        SimulationResult long1 =
                Simulation.of(new KeyValueWorkload(4)).with(all).run(12);
        SimulationResult short1 =
                Simulation.of(new KeyValueWorkload(4)).with(some).run(12);
        assertEquals(long1.trace().fingerprint(), short1.trace().fingerprint());
        assertEquals(100, short1.trace().events().size());
        assertEquals(long1.trace().events().size() - 100, short1.trace().eventsLeftOut());
    }

    // ---- it finds what it is for ----------------------------------------------------------------------------

    /** A counter that the host application broke. */
    private static final class BrokenCounter implements Workload<Long, Counter.Input, Long> {

        private final CounterWorkload whole = new CounterWorkload();
        private final StateMachine[] machines;
        private int made;

        BrokenCounter(StateMachine... machines) {
            this.machines = machines;
        }

        @Override
        public StateMachine newStateMachine() {
            return machines[made++ % machines.length];
        }

        @Override
        public Counter.Input nextInput(SplittableRandom random, long operation) {
            return whole.nextInput(random, operation);
        }

        @Override
        public byte[] encode(Counter.Input input) {
            return whole.encode(input);
        }

        @Override
        public Long decode(Counter.Input input, byte[] result) {
            return whole.decode(input, result);
        }

        @Override
        public Model<Long, Counter.Input, Long> model() {
            return whole.model();
        }
    }

    @Test
    void aStateMachineThatIsNotAFunctionOfTheLogIsFound() {
        // Three nodes, each with a state machine that answers with a number of its own.
        StateMachine[] machines = new StateMachine[3];
        for (int i = 0; i < machines.length; i++) {
            byte[] answer = ByteBuffer.allocate(Long.BYTES).putLong(i).array();
            machines[i] = entry -> answer;
        }
        SimulationResult result = Simulation.of(new BrokenCounter(machines))
                .with(QUIET.withNodes(3, 3))
                .run(1);
        assertFalse(result.isGood());
        assertEquals("SameResults", result.violation().property());
    }

    @Test
    void aStateMachineThatAnswersWronglyEverywhereIsFoundByTheHistory() {
        StateMachine forgetful = entry -> ByteBuffer.allocate(Long.BYTES).array();
        SimulationResult result = Simulation.of(new BrokenCounter(forgetful))
                .with(QUIET.withNodes(3, 3))
                .run(1);
        assertFalse(result.isGood());
        assertEquals("Linearizability", result.violation().property());
    }

    @Test
    void aStateMachineThatThrowsIsFound() {
        StateMachine throwing = entry -> {
            throw new IllegalStateException("a bug of the host application");
        };
        SimulationResult result = Simulation.of(new BrokenCounter(throwing))
                .with(QUIET.withNodes(1, 1))
                .run(1);
        assertFalse(result.isGood());
        assertEquals("StopsOnlyForCause", result.violation().property());
        assertTrue(result.summary().contains("a bug of the host application"), result.summary());
        assertTrue(result.summary().contains("Simulation.run(1L)"), result.summary());
    }

    @Test
    void aHistoryThatIsNotJudgedToTheEndIsUndecidedAndNoPass() {
        SimulationResult result = Simulation.of(new CounterWorkload())
                .with(QUIET.withNodes(3, 3).withCheckStepsMax(10))
                .run(1);

        assertFalse(result.isGood());
        assertTrue(result.isUndecided());
        assertNull(result.violation());
        AssertionError error = assertThrows(AssertionError.class, result::assertGood);
        String expected =
                "seed 1 is undecided: key (all): the check of the history would take more than 10 steps of the"
                        + " model, the most allowed (stepsMax)";
        assertTrue(error.getMessage().startsWith(expected), error::getMessage);
        assertTrue(
                error.getMessage()
                        .contains("to decide it: fewer operations a key (SimulationOptions.withLoad), more keys (in the"
                                + " workload), or a higher bound (SimulationOptions.withCheckStepsMax)"),
                error::getMessage);
    }

    /** Additions of unknown outcome that fit many gaps between the answers: these seeds were undecided once. */
    @Test
    void manyAdditionsOfUnknownOutcomeAreDecided() {
        for (long seed : new long[] {128, 610, 1317, 1748}) {
            Simulation.of(new CounterWorkload()).run(seed).assertGood();
        }
    }

    @Test
    void everySuppliedWorkloadRuns() {
        Map<String, Boolean> good = new TreeMap<>();
        good.put(
                "counter",
                Simulation.of(new CounterWorkload()).with(QUIET).run(7).isGood());
        good.put(
                "register",
                Simulation.of(new RegisterWorkload()).with(QUIET).run(7).isGood());
        good.put(
                "one key",
                Simulation.of(new KeyValueWorkload(1)).with(QUIET).run(7).isGood());
        assertEquals(Map.of("counter", true, "register", true, "one key", true), good);
    }
}
