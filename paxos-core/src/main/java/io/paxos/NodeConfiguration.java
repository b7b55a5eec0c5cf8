// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.driver.DiskPatience;
import io.paxos.driver.SnapshotOptions;
import io.paxos.model.Batch;
import io.paxos.model.ClusterId;
import io.paxos.model.Command;
import io.paxos.model.FoundingPlan;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import io.paxos.protocol.LeaseTerms;
import io.paxos.protocol.Limits;
import io.paxos.protocol.Timing;
import io.paxos.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Everything a node is configured with; immutable, valid, and printed in full by {@link #toString()}. */
public final class NodeConfiguration {

    /** What a frame takes beside the values of a page, and beside each of them, at most. */
    private static final int FRAME_BYTES = 4_096;

    private static final int SLOT_BYTES = 64;

    private final ClusterId cluster;
    private final NodeId node;
    private final FoundingPlan plan;
    private final Path directory;
    private final boolean directWrites;
    private final boolean formatIfEmpty;
    private final boolean rejoin;
    private final Transport transport;
    private final StateMachine stateMachine;
    private final @Nullable Executor completionExecutor;
    private final NodeListener listener;
    private final Duration submitTimeout;
    private final Timing timing;
    private final Limits limits;
    private final int submittedCommandsMax;
    private final long submittedBytesMax;
    private final long inboxBytesMax;
    private final long applyBacklogBytesMax;
    private final long journalBacklogBytesMax;
    private final int readsMax;
    private final LeaseTerms leases;
    private final DiskPatience diskPatience;
    private final SnapshotOptions snapshots;
    private final int snapshotWritePercentMax;

    NodeConfiguration(NodeBuilder from) {
        cluster = present("cluster", from.cluster);
        node = present("node", from.node);
        plan = new FoundingPlan(present("voters", from.voters), from.learners, from.quorums, from.alpha);
        if (node.isNone() || !(plan.voters().contains(node) || plan.isLearner(node))) {
            throw new IllegalArgumentException("node: " + node + " is not one of the founding voters " + plan.voters()
                    + (plan.learners().isEmpty() ? "" : ", nor of the founding learners " + plan.learners()));
        }
        directory = present("directory", from.directory);
        directWrites = from.directWrites;
        formatIfEmpty = from.formatIfEmpty;
        rejoin = from.rejoin;
        if (rejoin && plan.isLearner(node)) {
            throw new IllegalArgumentException(
                    "rejoin: true, but " + node + " is one of the founding learners " + plan.learners()
                            + ", which have no vote to lose: call formatIfEmpty(true) if its directory was lost");
        }
        if (rejoin && plan.voters().size() == 1) {
            throw new IllegalArgumentException(
                    "rejoin: true, but " + node + " is the only voter: there is nobody to follow");
        }
        transport = present("transport", from.transport);
        stateMachine = present("stateMachine", from.stateMachine);
        completionExecutor = from.completionExecutor;
        listener = from.listener;
        submitTimeout = requireTimeout("submitTimeout", from.submitTimeout);
        timing = new Timing(
                millis("heartbeat", from.heartbeat),
                millis("electionTimeoutMin", from.electionTimeoutMin),
                millis("electionTimeoutMax", from.electionTimeoutMax),
                millis("retransmit", from.retransmit));
        limits = new Limits(
                from.inFlightSlotsMax,
                from.batchBytesMax,
                from.batchCommandsMax,
                from.leaderPendingBytesMax,
                from.pageBytesMax,
                from.pageSlotsMax,
                from.openVotesMax);
        requireCarried(limits, transport.frameBytesMax());
        // Two leaders' windows may be open above one prefix; an acceptor has to find room for both.
        require("openVotesMax", limits.openVotesMax(), 2L * plan.alpha(), 1 << 20);
        submittedCommandsMax = (int) require("submittedCommandsMax", from.submittedCommandsMax, 1, 1 << 20);
        submittedBytesMax = require("submittedBytesMax", from.submittedBytesMax, limits.batchBytesMax(), 1L << 40);
        readsMax = (int) require("readsMax", from.readsMax, 1, 1 << 24);
        Integer drift = from.clockDriftPartsPerMillion;
        leases = drift == null ? LeaseTerms.OFF : LeaseTerms.of(timing.electionTimeoutMinMillis(), drift);
        inboxBytesMax = require("inboxBytesMax", from.inboxBytesMax, limits.pageBytesMax(), 1L << 40);
        applyBacklogBytesMax =
                require("applyBacklogBytesMax", from.applyBacklogBytesMax, limits.batchBytesMax(), 1L << 40);
        journalBacklogBytesMax =
                require("journalBacklogBytesMax", from.journalBacklogBytesMax, limits.batchBytesMax(), 1L << 40);
        diskPatience = diskPatience(from, timing);
        snapshotWritePercentMax = (int) require("snapshotWritePercentMax", from.snapshotWritePercentMax, 1, 100);
        long most = 1L << 50;
        snapshots = new SnapshotOptions(
                require("snapshotEveryBytes", from.snapshotEveryBytes, 0, most),
                require("snapshotEverySlots", from.snapshotEverySlots, 0, most),
                require("snapshotRetainedBytesMax", from.snapshotRetainedBytesMax, 0, most),
                // A piece travels in a frame, and no frame is longer than a page.
                Math.min(SnapshotOptions.DEFAULT.pieceBytes(), limits.pageBytesMax()),
                SnapshotOptions.DEFAULT.piecesMax(),
                require("snapshotFetchBytesPerSecond", from.snapshotFetchBytesPerSecond, 0, most));
    }

    /** A batch that no frame carries would be proposed for ever, and everything behind it stand still. */
    private static void requireCarried(Limits limits, int frameBytesMax) {
        long pageMax = frameBytesMax - FRAME_BYTES - (long) SLOT_BYTES * limits.pageSlotsMax();
        long slotsMax = ((long) frameBytesMax - FRAME_BYTES - limits.batchBytesMax()) / SLOT_BYTES;
        if (slotsMax >= 1 && limits.pageSlotsMax() > slotsMax) {
            throw new IllegalArgumentException("pageSlotsMax: " + limits.pageSlotsMax()
                    + " is outside the allowed range 1.." + slotsMax + ", since the transport carries frames of up to "
                    + frameBytesMax + " bytes (its frameBytesMax), and batchBytesMax is " + limits.batchBytesMax());
        }
        if (limits.pageBytesMax() > pageMax) {
            throw new IllegalArgumentException("pageBytesMax: " + limits.pageBytesMax()
                    + " is outside the allowed range 1.." + pageMax + ", since the transport carries frames of up to "
                    + frameBytesMax + " bytes (its frameBytesMax), and pageSlotsMax is " + limits.pageSlotsMax());
        }
    }

    private static DiskPatience diskPatience(NodeBuilder from, Timing timing) {
        long stopAfter = requireTimeout("diskStopAfter", from.diskStopAfter).toMillis();
        DiskPatience suited = DiskPatience.of(timing, stopAfter);
        Duration resignAfter = from.diskResignAfter;
        if (resignAfter == null) {
            resignAfter = Duration.ofMillis(suited.resignAfterMillis());
        } else if (resignAfter.toMillis() < 1 || resignAfter.toMillis() > stopAfter) {
            throw new IllegalArgumentException("diskResignAfter: " + resignAfter
                    + " is outside the allowed range PT0.001S.." + Duration.ofMillis(stopAfter)
                    + ", which is diskStopAfter");
        }
        Duration wellAfter = from.diskWellAfter;
        return new DiskPatience(
                resignAfter.toMillis(),
                wellAfter == null
                        ? DiskPatience.wellAfterMillis(timing, resignAfter.toMillis())
                        : requireTimeout("diskWellAfter", wellAfter).toMillis(),
                stopAfter);
    }

    private static <T> T present(String field, @Nullable T value) {
        if (value == null) {
            throw new IllegalArgumentException(field + ": missing; call " + field + "(…) on the builder");
        }
        return value;
    }

    private static long require(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    field + ": " + value + " is outside the allowed range " + min + ".." + max);
        }
        return value;
    }

    /** A timeout that a caller or an operator chose: 1 ms to 1 day. */
    static Duration requireTimeout(String field, Duration value) {
        if (value.compareTo(Duration.ofMillis(1)) < 0 || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(field + ": " + value + " is outside the allowed range PT0.001S..PT24H");
        }
        return value;
    }

    /** What follows in the same slot of {@link Timing} is checked there; this only guards the conversion. */
    private static long millis(String field, Duration value) {
        if (value.isNegative() || value.compareTo(Duration.ofDays(1)) > 0) {
            throw new IllegalArgumentException(field + ": " + value + " is outside the allowed range PT0S..PT24H");
        }
        return value.toMillis();
    }

    public ClusterId cluster() {
        return cluster;
    }

    public NodeId node() {
        return node;
    }

    /** Node ids of the founding voters, ascending. */
    public List<NodeId> voters() {
        return plan.voters();
    }

    /** Node ids of the founding learners, ascending. */
    public List<NodeId> learners() {
        return plan.learners();
    }

    public QuorumSystem quorums() {
        return plan.quorums();
    }

    public Path directory() {
        return directory;
    }

    public Duration submitTimeout() {
        return submitTimeout;
    }

    /** The longest command that can be submitted, in bytes: what a batch holds, less what it costs to say whose it is. */
    public int commandBytesMax() {
        return limits.batchBytesMax() - Batch.HEADER_BYTES - Command.OVERHEAD_BYTES;
    }

    FoundingPlan plan() {
        return plan;
    }

    boolean rejoin() {
        return rejoin;
    }

    boolean directWrites() {
        return directWrites;
    }

    boolean formatIfEmpty() {
        return formatIfEmpty;
    }

    Transport transport() {
        return transport;
    }

    StateMachine stateMachine() {
        return stateMachine;
    }

    @Nullable
    Executor completionExecutor() {
        return completionExecutor;
    }

    NodeListener listener() {
        return listener;
    }

    Timing timing() {
        return timing;
    }

    Limits limits() {
        return limits;
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

    long applyBacklogBytesMax() {
        return applyBacklogBytesMax;
    }

    long journalBacklogBytesMax() {
        return journalBacklogBytesMax;
    }

    int readsMax() {
        return readsMax;
    }

    LeaseTerms leases() {
        return leases;
    }

    DiskPatience diskPatience() {
        return diskPatience;
    }

    int snapshotWritePercentMax() {
        return snapshotWritePercentMax;
    }

    SnapshotOptions snapshots() {
        return snapshots;
    }

    @Override
    public String toString() {
        return "cluster=" + cluster + ", node=" + node + ", voters=" + plan.voters() + ", learners="
                + plan.learners() + ", quorums=" + plan.quorums()
                + ", alpha=" + plan.alpha() + ", directory=" + directory + ", directWrites=" + directWrites
                + ", formatIfEmpty=" + formatIfEmpty
                + ", rejoin=" + rejoin
                + ", transport=" + transport.getClass().getName() + ", stateMachine="
                + stateMachine.getClass().getName() + ", completionExecutor="
                + (completionExecutor == null
                        ? "the library's"
                        : completionExecutor.getClass().getName())
                + ", listener=" + listener.getClass().getName() + ", submitTimeout=" + submitTimeout + ", heartbeat="
                + Duration.ofMillis(timing.heartbeatMillis()) + ", electionTimeoutMin="
                + Duration.ofMillis(timing.electionTimeoutMinMillis()) + ", electionTimeoutMax="
                + Duration.ofMillis(timing.electionTimeoutMaxMillis()) + ", retransmit="
                + Duration.ofMillis(timing.retransmitMillis()) + ", inFlightSlotsMax=" + limits.inFlightSlotsMax()
                + ", batchBytesMax=" + limits.batchBytesMax() + ", batchCommandsMax=" + limits.batchCommandsMax()
                + ", leaderPendingBytesMax=" + limits.pendingBytesMax() + ", pageBytesMax=" + limits.pageBytesMax()
                + ", pageSlotsMax=" + limits.pageSlotsMax() + ", openVotesMax=" + limits.openVotesMax()
                + ", submittedCommandsMax=" + submittedCommandsMax + ", submittedBytesMax=" + submittedBytesMax
                + ", readsMax=" + readsMax
                + ", leases=" + (leases.equals(LeaseTerms.OFF) ? "off" : leases)
                + ", inboxBytesMax=" + inboxBytesMax + ", applyBacklogBytesMax=" + applyBacklogBytesMax
                + ", journalBacklogBytesMax=" + journalBacklogBytesMax + ", diskResignAfter="
                + Duration.ofMillis(diskPatience.resignAfterMillis()) + ", diskWellAfter="
                + Duration.ofMillis(diskPatience.wellAfterMillis()) + ", diskStopAfter="
                + Duration.ofMillis(diskPatience.stopAfterMillis()) + ", snapshotEveryBytes=" + snapshots.everyBytes()
                + ", snapshotEverySlots=" + snapshots.everySlots() + ", snapshotRetainedBytesMax="
                + snapshots.retainedBytesMax() + ", snapshotFetchBytesPerSecond=" + snapshots.bytesPerSecond()
                + ", snapshotWritePercentMax=" + snapshotWritePercentMax;
    }
}
