// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.driver.DriverOptions;
import io.paxos.driver.SnapshotOptions;
import io.paxos.model.QuorumSystem;
import io.paxos.protocol.LeaseTerms;
import io.paxos.protocol.Limits;
import io.paxos.protocol.Timing;
import io.paxos.simulation.trace.TraceEvent;
import java.util.Set;
import java.util.SplittableRandom;

/** What one seed decided before its run began. Always something that the host application could have configured. */
final class RunConfig {

    private static final long DRIFT_MOST_PARTS_PER_MILLION = 50_000;
    private static final long OUT_OF_BOUND_PARTS_PER_MILLION = 700_000;
    /** A last start of everybody costs a third of a run. */
    private static final int STARTS_ALL_AGAIN_ONE_IN = 4;

    private static final long STALL_MILLIS = 5_000;
    private static final int LEARNERS_MOST = 2;
    private static final int FRAME_OVERHEAD_BYTES = 64 << 10;

    private final SimulationOptions options;
    private final Set<FaultClass> faults;
    private final int nodes;
    private final int learners;
    private final QuorumSystem quorums;
    private final int alpha;
    private final DriverOptions driverOptions;
    private final int segmentBytesMax;
    private final boolean encodesFrames;
    private final long[] drifts;
    private final long[] clockOrigins;
    private final int submittedCommandsMax;
    private final long submittedBytesMax;
    private final long inboxBytesMax;
    private final long turnMicros;
    private final int clients;
    private final boolean opensLoop;
    private final boolean startsAllAgain;
    private final boolean hasRemoteClients;
    private final int readers;
    private final LeaseTerms leases;

    /** @param apart for what was not drawn when the first seeds were recorded */
    RunConfig(SimulationOptions options, SplittableRandom random, SplittableRandom apart) {
        this.options = options;
        this.faults = options.faults().draw(random, apart);
        this.nodes = random.nextInt(options.nodesMin(), options.nodesMax() + 1);
        this.quorums = quorums(random, nodes, options.flexibleQuorums());
        this.alpha = pick(random, 1, 2, 8, 64, 1_024);
        DriverOptions drawn = drawDriverOptions(random, options, alpha);
        this.driverOptions = faults.contains(FaultClass.SNAPSHOTS) ? drawn.with(drawSnapshots(random)) : drawn;
        this.segmentBytesMax = pick(random, 8 << 10, 16 << 10, 64 << 20);
        this.encodesFrames = random.nextInt(100) < options.encodedFramesPercent();
        this.drifts = new long[nodes + LEARNERS_MOST];
        this.clockOrigins = new long[nodes + LEARNERS_MOST];
        for (int i = 0; i < nodes; i++) {
            drawClock(i, random);
        }
        this.submittedCommandsMax = pick(random, 4, 64, 16_384);
        Limits limits = driverOptions.limits();
        this.submittedBytesMax = Math.max(limits.batchBytesMax(), pick(random, 1 << 10, 1 << 20));
        this.inboxBytesMax = Math.max(limits.pageBytesMax(), pick(random, 16 << 10, 64 << 20));
        this.turnMicros = pick(random, 10, 50, 500);
        this.clients = random.nextInt(1, 13);
        this.opensLoop = random.nextInt(4) == 0;
        this.startsAllAgain = random.nextInt(STARTS_ALL_AGAIN_ONE_IN) == 0;
        this.hasRemoteClients = random.nextBoolean();
        // Last, so that a run without learners is what it was before there were any.
        this.learners = random.nextBoolean() ? random.nextInt(1, LEARNERS_MOST + 1) : 0;
        for (int i = nodes; i < nodes + learners; i++) {
            drawClock(i, random);
        }
        this.readers = random.nextInt(3) == 0 ? 0 : random.nextInt(1, 4);
        boolean leased = random.nextBoolean() && readers > 0;
        boolean outOfBound = faults.contains(FaultClass.CLOCKS_OUT_OF_BOUND);
        // A clock that jumps runs further off than any bound that one could declare.
        this.leases = outOfBound || (leased && !faults.contains(FaultClass.CLOCK_JUMPS))
                ? LeaseTerms.of(driverOptions.timing().electionTimeoutMinMillis(), (int) DRIFT_MOST_PARTS_PER_MILLION)
                : LeaseTerms.OFF;
        if (outOfBound) {
            for (int i = 0; i < nodes; i++) {
                drifts[i] = random.nextLong(-OUT_OF_BOUND_PARTS_PER_MILLION, OUT_OF_BOUND_PARTS_PER_MILLION + 1);
            }
        }
    }

    private void drawClock(int index, SplittableRandom random) {
        drifts[index] = faults.contains(FaultClass.CLOCK_DRIFT)
                ? random.nextLong(-DRIFT_MOST_PARTS_PER_MILLION, DRIFT_MOST_PARTS_PER_MILLION + 1)
                : 0;
        clockOrigins[index] = random.nextLong(1L << 40);
    }

    private static int pick(SplittableRandom random, int... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private static QuorumSystem quorums(SplittableRandom random, int nodes, boolean flexible) {
        int phase2 = random.nextInt(1, nodes + 1);
        int phase1 = random.nextInt(nodes + 1 - phase2, nodes + 1);
        boolean drawn = random.nextInt(4) == 0;
        return flexible && drawn
                ? new QuorumSystem.FlexibleSizes(Math.max(1, phase1), phase2)
                : new QuorumSystem.Majority();
    }

    private static DriverOptions drawDriverOptions(SplittableRandom random, SimulationOptions options, int alpha) {
        Timing timing = drawTiming(random, options);
        int inFlightSlotsMax = pick(random, 1, 4, 16, 64);
        int openVotesMax = Math.max(inFlightSlotsMax, 2 * alpha) * pick(random, 1, 8);
        int batchBytesMax = pick(random, 1_024, 16 << 10);
        int pageBytesMax = batchBytesMax * pick(random, 1, 8);
        Limits limits = new Limits(
                inFlightSlotsMax,
                batchBytesMax,
                pick(random, 1, 4, 4_096),
                batchBytesMax * (long) pick(random, 1, 64),
                pageBytesMax,
                pick(random, 2, 32, 1_024),
                openVotesMax);
        long backlogBytesMax = pick(random, batchBytesMax, 1 << 20);
        return DriverOptions.of(timing, limits, backlogBytesMax, backlogBytesMax, STALL_MILLIS);
    }

    /** Due after some ten commands, and fetched in more than one piece. */
    private static SnapshotOptions drawSnapshots(SplittableRandom random) {
        long everySlots = random.nextLong(5, 61);
        long everyBytes = pick(random, 0, 0, 4 << 10);
        long retainedBytesMax = pick(random, 0, 4 << 10, 1 << 30);
        int pieceBytes = pick(random, 64, 100, 512);
        int piecesMax = random.nextInt(1, 9);
        long bytesPerSecond = pick(random, 0, 0, 20_000, 100_000);
        return new SnapshotOptions(everyBytes, everySlots, retainedBytesMax, pieceBytes, piecesMax, bytesPerSecond);
    }

    /** Half of, as, or twice as long as the options say, all alike. */
    private static Timing drawTiming(SplittableRandom random, SimulationOptions options) {
        int halves = pick(random, 1, 2, 4);
        long min = options.electionTimeoutMinMillis() * halves / 2;
        return new Timing(
                Math.max(1, options.heartbeatMillis() * halves / 2),
                Math.max(3, min),
                Math.max(Math.max(3, min) + 1, options.electionTimeoutMaxMillis() * halves / 2),
                Math.max(1, options.retransmitMillis() * halves / 2));
    }

    // ---- what was drawn -------------------------------------------------------------------------------------

    boolean has(FaultClass fault) {
        return faults.contains(fault);
    }

    Set<FaultClass> faults() {
        return faults;
    }

    /** Those that vote; the first numbers are theirs. */
    int voters() {
        return nodes;
    }

    /** Those that learn without a vote; their numbers follow. */
    int learners() {
        return learners;
    }

    QuorumSystem quorums() {
        return quorums;
    }

    /** How many nodes can be lost for good while both quorums are left. */
    int spareNodes() {
        if (quorums instanceof QuorumSystem.FlexibleSizes sizes) {
            return nodes - Math.max(sizes.phase1(), sizes.phase2());
        }
        return (nodes - 1) / 2;
    }

    int alpha() {
        return alpha;
    }

    DriverOptions driverOptions() {
        return driverOptions.with(leases);
    }

    /** How many clients do nothing but read, without the log; 0 for none. */
    int readers() {
        return readers;
    }

    long electionTimeoutMaxMillis() {
        return driverOptions.timing().electionTimeoutMaxMillis();
    }

    int segmentBytesMax() {
        return segmentBytesMax;
    }

    boolean encodesFrames() {
        return encodesFrames;
    }

    long driftPartsPerMillion(int number) {
        return drifts[number - 1];
    }

    long clockOriginMicros(int number) {
        return clockOrigins[number - 1];
    }

    int submittedCommandsMax() {
        return submittedCommandsMax;
    }

    long submittedBytesMax() {
        return submittedBytesMax;
    }

    long inboxBytesMax() {
        return inboxBytesMax;
    }

    /** How long after something arrived a node looks at it. */
    long turnMicros() {
        return turnMicros;
    }

    /** How often an idle node looks at its clock; the runtime does it as often. */
    long tickMicros() {
        return Math.max(1, driverOptions.timing().heartbeatMillis() / 5) * 1_000;
    }

    long slowForceMostMicros() {
        return 2_000 * electionTimeoutMaxMillis();
    }

    int clients() {
        return clients;
    }

    boolean opensLoop() {
        return opensLoop;
    }

    /** Whether every other client is a remote one, with a session of its own. */
    boolean hasRemoteClients() {
        return hasRemoteClients;
    }

    /** Whether the power of all is lost at the end, once more than the faults do it. */
    boolean startsAllAgain() {
        return startsAllAgain;
    }

    int operations() {
        return options.operations();
    }

    long safetyMicros() {
        return 1_000 * options.safetyMillis();
    }

    TraceEvent.Bounds bounds() {
        Limits limits = driverOptions.limits();
        SnapshotOptions snapshots = driverOptions.snapshots();
        return new TraceEvent.Bounds(
                limits.inFlightSlotsMax(),
                limits.pendingBytesMax(),
                submittedCommandsMax,
                submittedBytesMax,
                inboxBytesMax,
                limits.pageBytesMax() + FRAME_OVERHEAD_BYTES,
                (long) snapshots.piecesMax() * snapshots.pieceBytes());
    }

    @Override
    public String toString() {
        return nodes + " nodes, " + (learners == 0 ? "" : learners + " learners, ") + quorums + ", alpha " + alpha
                + ", " + clients + " clients"
                + (opensLoop ? " in an open loop" : "") + (hasRemoteClients ? ", half of them remote" : "")
                + (readers > 0 ? ", " + readers + " readers" : "")
                + (leases.equals(LeaseTerms.OFF) ? "" : ", " + leases) + ", "
                + driverOptions.timing() + ", " + driverOptions.limits()
                + ", faults " + faults;
    }
}
