// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.ClusterId;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.runtime.NodeRuntime;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One member of a replicated log, with the host application's {@link StateMachine} beside it. Every method may be called
 * from any thread, virtual ones included.
 *
 * <pre>{@code
 * PaxosNode node = PaxosNode.builder()
 *         .cluster("orders").node("n1").voters("n1", "n2", "n3")
 *         .directory(Path.of("data/n1")).formatIfEmpty(true)
 *         .transport(transport).stateMachine(counter)
 *         .start();
 * node.awaitReady(Duration.ofSeconds(30));
 * byte[] result = node.submitAndWait(command, Duration.ofSeconds(5));
 * }</pre>
 *
 * <p>Life: {@link NodeBuilder#start}, then any number of submissions, then {@link #close}. A node is not started again; build
 * another one on the same directory. Its threads are daemon threads: the host application decides how long the JVM
 * lives.
 */
public final class PaxosNode implements AutoCloseable {

    private final NodeConfiguration configuration;
    private final NodeRuntime runtime;
    private final Submissions submissions;
    private final ClientGateway gateway;

    private PaxosNode(NodeConfiguration configuration, NodeRuntime runtime) {
        this.configuration = configuration;
        this.runtime = runtime;
        this.submissions = new Submissions(configuration, runtime);
        StateMachine machine = configuration.stateMachine();
        this.gateway = new NodeGateway(
                configuration,
                runtime.clients(),
                (level, queries, timeoutMillis, receiver) -> runtime.read(
                        OneRead.kindOf(level),
                        level.slot(),
                        timeoutMillis,
                        false,
                        new Queries(machine, queries, receiver)));
    }

    /** Begins the configuration of a node. */
    public static NodeBuilder builder() {
        return new NodeBuilder();
    }

    /**
     * Formats a directory for one member: gives it the cluster's name, the node's id, and a fresh incarnation. Done once
     * in the life of a member. A directory that was lost must not be formatted again to take its place: the others
     * refuse its votes, because it has forgotten what it promised.
     *
     * @param directory absent, or without a journal; files that are no part of one, such as {@code lost+found}, stay
     * @throws NodeStartException if it holds a journal or the remains of one, or cannot be written
     */
    public static void format(Path directory, ClusterId cluster, NodeId node) {
        NodeStart.format(directory, cluster, node);
    }

    /** {@link #submit(byte[], Duration)} with the configured {@link NodeBuilder#submitTimeout}. */
    public CompletableFuture<byte[]> submit(byte[] command) {
        return submit(command, configuration.submitTimeout());
    }

    /**
     * Submits a command, here or on any other node: a follower forwards it to the leader. It waits for a leader within
     * the timeout, and takes effect once, in the order in which this node's commands were submitted.
     *
     * <p>The future completes on the {@link NodeBuilder#completionExecutor}, with the state machine's result, or with a
     * {@link PaxosException}: {@link NoLeaderException}, {@link OverloadedException}, {@link CommandTooLargeException},
     * {@link UnknownOutcomeException}, {@link NodeClosedException}, {@link NodeFailedException}. It always completes;
     * what is refused at once is complete when the method returns.
     * Cancelling it does not withdraw the command.
     *
     * @param command copied before the method returns
     * @param timeout above zero; when it has passed, the future completes with what is known then
     */
    public CompletableFuture<byte[]> submit(byte[] command, Duration timeout) {
        return submissions.submit(command, timeout);
    }

    /**
     * As {@link #submit(byte[], Duration)}, with the outcome as a value: the future never fails. It is also the way to learn
     * where in the log the command took effect.
     */
    public CompletableFuture<Outcome> execute(byte[] command, Duration timeout) {
        return submissions.execute(command, timeout);
    }

    /**
     * Asks again what became of a command whose outcome was unknown. Waits within the timeout while this node itself still
     * sends the command; of other commands it tells what the session table says, as far as the log is applied here. A command
     * of an earlier start of a node is known to be lost as soon as the node's next session is open.
     *
     * @param token of a command that was submitted through any node
     * @return never fails; {@link Outcome.Unknown} again if nothing more is known
     */
    public CompletableFuture<Outcome> ask(CommandToken token, Duration timeout) {
        return submissions.ask(token, timeout);
    }

    /** The way in for a server of remote clients. */
    public ClientGateway clients() {
        return gateway;
    }

    /**
     * Submits a command and waits for its result. An interrupted caller gets its interrupt status back, and an
     * {@link UnknownOutcomeException} or what else is known.
     *
     * @throws PaxosException as {@link #submit(byte[], Duration)}
     */
    public byte[] submitAndWait(byte[] command, Duration timeout) {
        try {
            return submit(command, timeout).get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            NodeStatus status = status();
            MemberId self = new MemberId(status.node(), status.incarnation());
            throw new UnknownOutcomeException(
                    "the caller was interrupted while it waited for the result",
                    SessionId.ofNode(self),
                    status.boot(),
                    UnknownOutcomeException.SEQUENCE_UNKNOWN);
        } catch (ExecutionException failed) {
            throw (PaxosException) failed.getCause();
        }
    }

    // ---- reads ----------------------------------------------------------------------------------------------

    /** {@link #read(ReadLevel, Supplier, Duration)} with the configured {@link NodeBuilder#submitTimeout}. */
    public <R extends @Nullable Object> CompletableFuture<ReadResult<R>> read(ReadLevel level, Supplier<R> reader) {
        return read(level, reader, configuration.submitTimeout());
    }

    /**
     * Reads the state machine of this node, whether it leads or not, as soon as that shows what the level promises. Nothing is
     * written to the log.
     *
     * <p>The future completes on the {@link NodeBuilder#completionExecutor}, with what the reader returned, or with what it
     * threw, or with a {@link PaxosException}: {@link NoLeaderException}, {@link ReadTimedOutException}, {@link
     * OverloadedException}, {@link NodeClosedException}, {@link NodeFailedException}. It always completes. A read has no
     * effect, so it may always be asked for again.
     *
     * @param reader runs on the apply thread, between slots, and nothing is applied meanwhile: it
     *     should copy what it needs and be gone. It runs once, as a rule; again, if a lease was over when it had read. An
     *     {@link Error} out of it stops the node, as out of {@code apply}
     * @param timeout above zero; how long it may wait
     */
    public <R extends @Nullable Object> CompletableFuture<ReadResult<R>> read(
            ReadLevel level, Supplier<R> reader, Duration timeout) {
        long timeoutMillis =
                NodeConfiguration.requireTimeout("timeout", timeout).toMillis();
        OneRead<R> read = new OneRead<>(reader);
        runtime.read(OneRead.kindOf(level), level.slot(), timeoutMillis, true, read);
        return read.future();
    }

    /** {@link #query(ReadLevel, byte[], Duration)} with the configured {@link NodeBuilder#submitTimeout}. */
    public CompletableFuture<ReadResult<byte[]>> query(ReadLevel level, byte[] query) {
        return query(level, query, configuration.submitTimeout());
    }

    /**
     * As {@link #read(ReadLevel, Supplier, Duration)}, with {@link StateMachine#query} for the reader.
     *
     * @param query copied before the method returns
     */
    public CompletableFuture<ReadResult<byte[]>> query(ReadLevel level, byte[] query, Duration timeout) {
        byte[] copy = query.clone();
        StateMachine machine = configuration.stateMachine();
        return read(level, () -> Queries.answer(machine, copy.clone()), timeout);
    }

    // ---- life -----------------------------------------------------------------------------------------------

    /**
     * Waits until the node is ready: it knows a leader, its own session is open, and everything it knows chosen has been
     * handed to the state machine. The very first start of a cluster needs all founding voters.
     *
     * @throws NoLeaderException if it is not ready in time, or the caller was interrupted; the message says what is missing
     * @throws NodeClosedException if it was closed
     * @throws NodeFailedException if it failed
     */
    public void awaitReady(Duration timeout) {
        boolean interrupted = false;
        try {
            if (runtime.awaitReady(
                    NodeConfiguration.requireTimeout("timeout", timeout).toMillis())) {
                return;
            }
        } catch (InterruptedException noted) {
            Thread.currentThread().interrupt();
            interrupted = true;
        }
        var end = runtime.end();
        if (end != null) {
            throw Settlement.exceptionOf(end, false);
        }
        throw new NoLeaderException(
                (interrupted ? "interrupted before the node was ready" : "not ready within " + timeout) + ": "
                        + String.join("; ", health().reasons()));
    }

    /**
     * Takes a snapshot now, or waits for the one that is being taken. The log is trimmed behind the one before it.
     *
     * @return completes with the snapshot's slot when it is durable and was read back, or with the {@link
     *     UnsupportedOperationException} of a state machine that takes none, the {@link IOException} of a disk that would not
     *     have it, or an {@link IllegalStateException} if nothing was applied yet or the node has ended
     */
    public CompletableFuture<Long> snapshot() {
        return runtime.snapshot();
    }

    /** {@link #transferLeadership(NodeId)} to the member that is best prepared. */
    public CompletableFuture<NodeId> transferLeadership() {
        return runtime.transferLeadership(null);
    }

    /**
     * Hands leadership over, if this node leads: it takes no more commands, waits until those under way are chosen, and asks the
     * target to stand. Commands submitted meanwhile, here or elsewhere, wait for the new leader, so they take the longer for
     * it, and none is lost.
     *
     * @param target another voter, which was heard lately and knows its disk to be well
     * @return completes, on the {@link NodeBuilder#completionExecutor}, with the node that leads then, as a rule the target; or
     *     with an {@link IllegalStateException} if this node does not lead, or nobody took over. It always completes, within
     *     two election timeouts
     * @throws IllegalArgumentException if the target is this node, or no voter
     */
    public CompletableFuture<NodeId> transferLeadership(NodeId target) {
        if (target.equals(configuration.node())
                || !configuration.plan().voters().contains(target)) {
            throw new IllegalArgumentException("target: " + target + " is not one of the other voters of "
                    + configuration.plan().voters());
        }
        return runtime.transferLeadership(target);
    }

    /** What the node says of itself; never blocks, answers also after close or failure. */
    public NodeStatus status() {
        return new NodeStatus(runtime.status(), runtime.end() == null, runtime.damage(), runtime.unknownSlots());
    }

    /** Whether the node works; never blocks and asks no other node. */
    public NodeHealth health() {
        var end = runtime.end();
        return end == null ? NodeHealth.of(status()) : NodeHealth.ended(Settlement.exceptionOf(end, false));
    }

    /**
     * Stops the node within a few seconds; it can be started again from its directory. A leader hands over first, for at
     * most one election timeout, so that the others need not wait for an election. Commands that never left it fail
     * with {@link NodeClosedException}, the others with {@link UnknownOutcomeException}. The transport is closed too; a
     * completion executor of the host's is not. Idempotent.
     */
    @Override
    public void close() {
        runtime.close();
    }

    /** {@link NodeBuilder#start()}. */
    static PaxosNode start(NodeConfiguration configuration) {
        return new PaxosNode(configuration, NodeStart.of(configuration));
    }
}
