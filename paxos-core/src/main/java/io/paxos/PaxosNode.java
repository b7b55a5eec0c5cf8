// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.ClusterId;
import io.paxos.model.NodeId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

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
@SuppressWarnings("DoNotCallSuggester") // until the runtime lands
public final class PaxosNode implements AutoCloseable {

    PaxosNode() {}

    /** Begins the configuration of a node. */
    public static NodeBuilder builder() {
        return new NodeBuilder();
    }

    /**
     * Formats a directory for one member: gives it the cluster's name, the node's id, and a fresh incarnation. Done once
     * in the life of a member. A directory that was lost must not be formatted again to take its place: the others
     * refuse its votes, because it has forgotten what it promised.
     *
     * @param directory empty or absent
     * @throws NodeStartException if it is formatted already, holds something else, or cannot be written
     */
    public static void format(Path directory, ClusterId cluster, NodeId node) {
        throw new UnsupportedOperationException("lands with the runtime: " + directory + cluster + node);
    }

    /** {@link #submit(byte[], Duration)} with the configured {@link NodeBuilder#submitTimeout}. */
    public CompletableFuture<byte[]> submit(byte[] command) {
        throw new UnsupportedOperationException("lands with the runtime: " + command.length);
    }

    /**
     * Submits a command, here or on any other node: a follower forwards it to the leader. It waits for a leader within
     * the timeout, and takes effect once, in the order in which this node's commands were submitted.
     *
     * <p>The future completes on the {@link NodeBuilder#completionExecutor}, with the state machine's result, or with a
     * {@link PaxosException}: {@link NoLeaderException}, {@link OverloadedException}, {@link CommandTooLargeException},
     * {@link UnknownOutcomeException}, {@link NodeClosedException}, {@link NodeFailedException}. It always completes.
     * Cancelling it does not withdraw the command.
     *
     * @param command copied before the method returns
     * @param timeout above zero; when it has passed, the future completes with what is known then
     */
    public CompletableFuture<byte[]> submit(byte[] command, Duration timeout) {
        throw new UnsupportedOperationException("lands with the runtime: " + command.length + timeout);
    }

    /**
     * Submits a command and waits for its result. An interrupted caller gets its interrupt status back, and an
     * {@link UnknownOutcomeException} or what else is known.
     *
     * @throws PaxosException as {@link #submit(byte[], Duration)}
     */
    public byte[] submitAndWait(byte[] command, Duration timeout) {
        throw new UnsupportedOperationException("lands with the runtime: " + command.length + timeout);
    }

    /**
     * Waits until the node is ready: it knows a leader, its own session is open, and everything it knows chosen has been
     * handed to the state machine. The very first start of a cluster needs all founding voters.
     *
     * @throws NoLeaderException if it is not ready in time, or the caller was interrupted; the message says what is missing
     * @throws NodeClosedException if it was closed
     * @throws NodeFailedException if it failed
     */
    public void awaitReady(Duration timeout) {
        throw new UnsupportedOperationException("lands with the runtime: " + timeout);
    }

    /** What the node says of itself; never blocks, answers also after close or failure. */
    public NodeStatus status() {
        throw new UnsupportedOperationException("lands with the runtime");
    }

    /** Whether the node works; never blocks and asks no other node. */
    public NodeHealth health() {
        throw new UnsupportedOperationException("lands with the runtime");
    }

    /**
     * Stops the node within a few seconds; it can be started again from its directory. Commands that never left it fail
     * with {@link NodeClosedException}, the others with {@link UnknownOutcomeException}. The transport is closed too; a
     * completion executor of the host's is not. Idempotent.
     */
    @Override
    public void close() {
        throw new UnsupportedOperationException("lands with the runtime");
    }
}
