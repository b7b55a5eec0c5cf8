// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.driver.SnapshotOptions;
import io.paxos.model.ClusterId;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import io.paxos.protocol.Limits;
import io.paxos.protocol.Timing;
import io.paxos.transport.Transport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Collects the configuration of a node. Needed: cluster, node, voters, directory, transport, state machine; everything
 * else has a default. One thread at a time. Values are checked by {@link #build()}, and the message of an
 * {@link IllegalArgumentException} names the field, its value and the allowed range.
 */
public final class NodeBuilder {

    @Nullable
    ClusterId cluster;

    @Nullable
    NodeId node;

    @Nullable
    List<NodeId> voters;

    List<NodeId> learners = List.of();

    @Nullable
    Path directory;

    @Nullable
    Transport transport;

    @Nullable
    StateMachine stateMachine;

    @Nullable
    Executor completionExecutor;

    QuorumSystem quorums = new QuorumSystem.Majority();
    int alpha = 1_024;
    boolean directWrites = true;
    boolean formatIfEmpty;
    boolean rejoin;
    NodeListener listener = new NodeListener() {};
    Duration submitTimeout = Duration.ofSeconds(10);
    Duration heartbeat = Duration.ofMillis(Timing.DEFAULT.heartbeatMillis());
    Duration electionTimeoutMin = Duration.ofMillis(Timing.DEFAULT.electionTimeoutMinMillis());
    Duration electionTimeoutMax = Duration.ofMillis(Timing.DEFAULT.electionTimeoutMaxMillis());
    Duration retransmit = Duration.ofMillis(Timing.DEFAULT.retransmitMillis());
    int inFlightSlotsMax = Limits.DEFAULT.inFlightSlotsMax();
    int batchBytesMax = Limits.DEFAULT.batchBytesMax();
    int batchCommandsMax = Limits.DEFAULT.batchCommandsMax();
    long leaderPendingBytesMax = Limits.DEFAULT.pendingBytesMax();
    int pageBytesMax = Limits.DEFAULT.pageBytesMax();
    int pageSlotsMax = Limits.DEFAULT.pageSlotsMax();
    int openVotesMax = Limits.DEFAULT.openVotesMax();
    int submittedCommandsMax = 16_384;
    long submittedBytesMax = 16L << 20;
    int readsMax = 65_536;
    long inboxBytesMax = 64L << 20;
    long applyBacklogBytesMax = 16L << 20;
    long journalBacklogBytesMax = 64L << 20;
    Duration diskStopAfter = Duration.ofSeconds(30);

    long snapshotEveryBytes = SnapshotOptions.DEFAULT.everyBytes();
    long snapshotEverySlots = SnapshotOptions.DEFAULT.everySlots();
    long snapshotRetainedBytesMax = SnapshotOptions.DEFAULT.retainedBytesMax();
    int snapshotWritePercentMax = 25;
    long snapshotFetchBytesPerSecond = SnapshotOptions.DEFAULT.bytesPerSecond();

    @Nullable
    Integer clockDriftPartsPerMillion;

    @Nullable
    Duration diskResignAfter;

    @Nullable
    Duration diskWellAfter;

    NodeBuilder() {}

    // ---- who this is ----------------------------------------------------------------------------------------

    /** The cluster's name, the same on every member; a member of another cluster is refused. */
    public NodeBuilder cluster(ClusterId cluster) {
        this.cluster = cluster;
        return this;
    }

    /** {@link #cluster(ClusterId)} from its name. */
    public NodeBuilder cluster(String name) {
        return cluster(new ClusterId(name));
    }

    /** This node's id; one of the {@link #voters(List)} or of the {@link #learners(List)}. */
    public NodeBuilder node(NodeId node) {
        this.node = node;
        return this;
    }

    /** {@link #node(NodeId)} from a text such as {@code n1}. */
    public NodeBuilder node(String node) {
        return node(NodeId.parse(node));
    }

    /** The founding voters; the same on every member. */
    public NodeBuilder voters(List<NodeId> voters) {
        this.voters = List.copyOf(voters);
        return this;
    }

    /** {@link #voters(List)}. */
    public NodeBuilder voters(NodeId... voters) {
        return voters(List.of(voters));
    }

    /** {@link #voters(List)} from texts such as {@code n1}. */
    public NodeBuilder voters(String... voters) {
        return voters(parsed(voters));
    }

    private static List<NodeId> parsed(String... nodes) {
        List<NodeId> parsed = new ArrayList<>();
        for (String node : nodes) {
            parsed.add(NodeId.parse(node));
        }
        return parsed;
    }

    /**
     * The founding learners; the same on every member. Default: none. A learner receives what the voters choose, applies it,
     * takes snapshots and commands, and votes for nothing: the founding, elections and commands wait for voters only. It is
     * started with the same configuration and its own id, whenever it suits. One whose directory was lost starts again with
     * {@link #formatIfEmpty}.
     */
    public NodeBuilder learners(List<NodeId> learners) {
        this.learners = List.copyOf(learners);
        return this;
    }

    /** {@link #learners(List)}. */
    public NodeBuilder learners(NodeId... learners) {
        return learners(List.of(learners));
    }

    /** {@link #learners(List)} from texts such as {@code n4}. */
    public NodeBuilder learners(String... learners) {
        return learners(parsed(learners));
    }

    /** Which voters suffice; the same on every member. Default: a majority. */
    public NodeBuilder quorums(QuorumSystem quorums) {
        this.quorums = quorums;
        return this;
    }

    /**
     * α: how many slots a leader may have open above the chosen prefix; the same on every member, part of the founding.
     * Default 1,024.
     */
    public NodeBuilder alpha(int slots) {
        this.alpha = slots;
        return this;
    }

    // ---- what it works with ---------------------------------------------------------------------------------

    /** Where the node keeps its log; one directory a member, on a disk that keeps what it was told to force. */
    public NodeBuilder directory(Path directory) {
        this.directory = directory;
        return this;
    }

    /**
     * Whether the log is written past the page cache, where the file system is ext4 or xfs on Linux: one system call then
     * writes and forces. Elsewhere, and with false, a batch is written to the page cache and forced; it is as durable, and takes
     * longer. Default true; either may be chosen at each start.
     */
    public NodeBuilder directWrites(boolean allowed) {
        this.directWrites = allowed;
        return this;
    }

    /**
     * Whether to format the directory if it holds no journal or is absent. Default false, so that a member whose disk was lost, or
     * not mounted, does not start as a stranger by accident. See {@link PaxosNode#format}.
     */
    public NodeBuilder formatIfEmpty(boolean formatIfEmpty) {
        this.formatIfEmpty = formatIfEmpty;
        return this;
    }

    /**
     * Whether this node comes back after its directory was lost: a directory that holds no journal, or is absent, is formatted
     * to follow <em>without a vote</em>. It applies what the others choose and takes commands, but promises and votes nothing,
     * for it has forgotten what it promised; the others refuse it as a voter in any case. The directory remembers this for
     * good, also if later starts do not say so. A directory that was formatted anew by mistake, and never voted, loses its vote; one
     * that holds a voter's log is refused. Default false.
     */
    public NodeBuilder rejoin(boolean rejoin) {
        this.rejoin = rejoin;
        return this;
    }

    /** Carries frames to the other members. The node starts it, and closes it when it stops. */
    public NodeBuilder transport(Transport transport) {
        this.transport = transport;
        return this;
    }

    public NodeBuilder stateMachine(StateMachine stateMachine) {
        this.stateMachine = stateMachine;
        return this;
    }

    /**
     * Completes the futures of {@code submit}, and so runs what the host application chained to them. Not shut down by the
     * node. Default: one thread of the library, which also takes the place of an executor that refuses. An error, of no native
     * thread say, stops the node; each future is completed nevertheless, by the thread that stops it if there is no other. While
     * {@link #submittedCommandsMax} and {@link #readsMax} results together wait for the library's thread, because of a
     * continuation that does not return, no more is taken.
     */
    public NodeBuilder completionExecutor(Executor executor) {
        this.completionExecutor = executor;
        return this;
    }

    public NodeBuilder listener(NodeListener listener) {
        this.listener = listener;
        return this;
    }

    /** How long {@link PaxosNode#submit(byte[])} waits for a result. Default 10 s; 1 ms to 1 day. */
    public NodeBuilder submitTimeout(Duration timeout) {
        this.submitTimeout = timeout;
        return this;
    }

    // ---- timing: raise it on slow networks and slow disks ---------------------------------------------------

    /** A leader's heartbeat interval. Default 50 ms. */
    public NodeBuilder heartbeat(Duration interval) {
        this.heartbeat = interval;
        return this;
    }

    /** A follower waits at least and at most so long for a leader; at least three heartbeats. Default 300–450 ms. */
    public NodeBuilder electionTimeout(Duration min, Duration max) {
        this.electionTimeoutMin = min;
        this.electionTimeoutMax = max;
        return this;
    }

    /** An unanswered message is repeated after this long. Default 100 ms. */
    public NodeBuilder retransmit(Duration interval) {
        this.retransmit = interval;
        return this;
    }

    /**
     * A node with a write that is not forced to the disk for so long hands leadership over, and does not stand until the
     * disk is well. Default: the maximum election timeout, at least 500 ms; 1 ms to {@link #diskStopAfter}.
     */
    public NodeBuilder diskResignAfter(Duration age) {
        this.diskResignAfter = age;
        return this;
    }

    /**
     * The disk is well again when for so long no write was older than half of {@link #diskResignAfter}. Default: four
     * maximum election timeouts, at least twice {@link #diskResignAfter}; 1 ms to 1 day.
     */
    public NodeBuilder diskWellAfter(Duration time) {
        this.diskWellAfter = time;
        return this;
    }

    /** The node stops if a write is not forced to the disk for so long. Default 30 s; 1 ms to 1 day. */
    public NodeBuilder diskStopAfter(Duration age) {
        this.diskStopAfter = age;
        return this;
    }

    /**
     * Lets a leader answer {@link ReadLevel#LEASED} reads without asking anybody. Off unless this is called; the same on every
     * member. It rests on clocks, and {@code docs/reads.md} says when that is unsafe: a host that suspends its virtual machines,
     * or whose monotonic clock runs further off than declared here, may read what is old. Members that grant a lease promise
     * nobody else for a minimum election timeout, also after each start. To change this, or that timeout, on a cluster that
     * runs, stop each member for longer than a timeout before it starts with the new one.
     *
     * @param clockDriftPartsPerMillion how much faster or slower than true time the clock of any member may run, at most;
     *     0 to 100,000. Quartz drifts by some hundred; 1,000 is a cautious choice
     */
    public NodeBuilder leasedReads(int clockDriftPartsPerMillion) {
        this.clockDriftPartsPerMillion = clockDriftPartsPerMillion;
        return this;
    }

    // ---- snapshots ------------------------------------------------------------------------------------------

    /**
     * After so many bytes of log the node takes a snapshot, give or take a quarter, so that members do not all do it at once.
     * Two are kept, and the log behind the older one. Default 64 MiB; 0 for never, up to 1 PiB.
     */
    public NodeBuilder snapshotEveryBytes(long bytes) {
        this.snapshotEveryBytes = bytes;
        return this;
    }

    /** The same in slots; whichever comes first. Default 0: no such rule. */
    public NodeBuilder snapshotEverySlots(long slots) {
        this.snapshotEverySlots = slots;
        return this;
    }

    /** While a member fetches a snapshot, so many bytes of log behind it are kept for it at most. Default 1 GiB. */
    public NodeBuilder snapshotRetainedBytesMax(long bytes) {
        this.snapshotRetainedBytesMax = bytes;
        return this;
    }

    /**
     * Writing a snapshot takes so much of the time at most, in percent; it rests in between, so that the log's writes find the
     * disk free. Default 25; 1 to 100.
     */
    public NodeBuilder snapshotWritePercentMax(int percent) {
        this.snapshotWritePercentMax = percent;
        return this;
    }

    /** A snapshot is fetched no faster than that; bytes per second. Default 0: as fast as it can. */
    public NodeBuilder snapshotFetchBytesPerSecond(long bytes) {
        this.snapshotFetchBytesPerSecond = bytes;
        return this;
    }

    // ---- bounds: seldom touched -----------------------------------------------------------------------------

    /** Slots a leader keeps open at once; the smaller of this and α holds. Default 64. */
    public NodeBuilder inFlightSlotsMax(int slots) {
        this.inFlightSlotsMax = slots;
        return this;
    }

    /** Size of a slot's batch, and so of the longest command. Default 1 MiB; the same on every member. */
    public NodeBuilder batchBytesMax(int bytes) {
        this.batchBytesMax = bytes;
        return this;
    }

    /** Commands in a slot's batch. Default 4,096. */
    public NodeBuilder batchCommandsMax(int commands) {
        this.batchCommandsMax = commands;
        return this;
    }

    /** Commands that wait at a leader for a slot, in bytes. Default 32 MiB. */
    public NodeBuilder leaderPendingBytesMax(long bytes) {
        this.leaderPendingBytesMax = bytes;
        return this;
    }

    /** Size of a page of promises, of catch-up and of forwarded commands; at least a batch. Default 2 MiB. */
    public NodeBuilder pageBytesMax(int bytes) {
        this.pageBytesMax = bytes;
        return this;
    }

    /** Slots in a page. Default 1,024. */
    public NodeBuilder pageSlotsMax(int slots) {
        this.pageSlotsMax = slots;
        return this;
    }

    /** Votes a node holds above its known-chosen prefix; more are not cast, nor beyond the bytes of 128 batches. Default 8,192. */
    public NodeBuilder openVotesMax(int votes) {
        this.openVotesMax = votes;
        return this;
    }

    /** Commands submitted here and not applied yet; more are refused as overload. Default 16,384. */
    public NodeBuilder submittedCommandsMax(int commands) {
        this.submittedCommandsMax = commands;
        return this;
    }

    /** Their size in bytes; more are refused as overload. Default 16 MiB. */
    public NodeBuilder submittedBytesMax(long bytes) {
        this.submittedBytesMax = bytes;
        return this;
    }

    /** Reads asked for here and not answered yet; more are refused as overload. Default 65,536. */
    public NodeBuilder readsMax(int reads) {
        this.readsMax = reads;
        return this;
    }

    /** Frames that arrived and wait for the core, in bytes; more are dropped. Default 64 MiB. */
    public NodeBuilder inboxBytesMax(long bytes) {
        this.inboxBytesMax = bytes;
        return this;
    }

    /** Chosen values that wait for the state machine, in bytes; more are read from the log later. Default 16 MiB. */
    public NodeBuilder applyBacklogBytesMax(long bytes) {
        this.applyBacklogBytesMax = bytes;
        return this;
    }

    /** Records that wait for the disk, in bytes; beyond it, frames that carry values are dropped. Default 64 MiB. */
    public NodeBuilder journalBacklogBytesMax(long bytes) {
        this.journalBacklogBytesMax = bytes;
        return this;
    }

    /**
     * Checks everything and freezes it.
     *
     * @throws IllegalArgumentException if a value is missing or out of range; the message names it
     */
    public NodeConfiguration build() {
        return new NodeConfiguration(this);
    }

    /**
     * Starts the node: opens its directory, recovers its log, raises its boot, opens the transport. When this returns,
     * the node takes part; the replay of its log to the state machine may still go on.
     *
     * @throws IllegalArgumentException as {@link #build()}
     * @throws NodeStartException if the directory is not formatted (and neither {@link #formatIfEmpty} nor {@link #rejoin}
     *     was called), is of another cluster or node, is in use or damaged, holds a voter's log though {@link #rejoin} was
     *     called, or if the transport could not be opened
     */
    public PaxosNode start() {
        return PaxosNode.start(build());
    }
}
