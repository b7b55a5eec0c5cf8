// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport;

import io.paxos.message.Frame;
import io.paxos.model.NodeId;
import java.io.IOException;
import java.util.List;

/**
 * Carries frames between members. It may lose, delay, duplicate and reorder them: the protocol repeats what matters. It
 * must not corrupt them, and must not say that a frame came from someone else. {@code TransportContract}, in the tests
 * of this module, is the contract as a test.
 *
 * <p>Life: {@link #start} once, then any number of {@link #send} and {@link #flush}, then {@link #close}. A transport is
 * not started again.
 */
public interface Transport extends AutoCloseable {

    /**
     * Opens the transport. Called once, before any send.
     *
     * @param self how this node introduces itself
     * @param receiver called for every frame that arrives, from any thread, also from several at once
     * @throws IOException if the address is taken, or cannot be bound
     */
    void start(Introduction self, Receiver receiver) throws IOException;

    /**
     * Queues a frame. Called by one thread at a time, whichever turns the node's core, so also by one of the transport's
     * own within {@link Receiver#receive(List)}. Never blocks and never throws; when the bounded
     * budget of that peer is spent, when it is not connected, or after close, the frame is dropped and counted.
     *
     * @param to any node of the cluster but the sender
     */
    void send(NodeId to, Frame frame);

    /** Sends what was queued since the last flush; called once a turn, by the thread that calls {@link #send}. */
    void flush();

    /** Whether frames to that node seem to get through just now. A hint for status, never for the protocol. */
    boolean isReachable(NodeId node);

    /** Longest frame it carries, encoded, in bytes; it drops what is longer. Asked before it is started. */
    default int frameBytesMax() {
        return Integer.MAX_VALUE;
    }

    /**
     * Whether the threads that call the receiver are the transport's own, and may be kept for as long as a quick force takes, a
     * fraction of a millisecond: who waits for a disk then does so without a hand-over between threads. Asked once.
     */
    default boolean lendsThreads() {
        return false;
    }

    /** Stops delivering, releases sockets and threads, within a few seconds. Idempotent. */
    @Override
    void close();

    /** Where arriving frames go. */
    interface Receiver {

        /**
         * Takes a frame. Must not block and must not throw. It may drop.
         *
         * @param frame its sender is whom the connection was introduced as
         */
        void receive(Frame frame);

        /**
         * Takes frames that arrived together, in their order: the same as one after another, at a lower price. The node may work
         * on them in the calling thread. Must not throw; it may drop.
         *
         * @param frames all of the same sender
         */
        default void receive(List<Frame> frames) {
            frames.forEach(this::receive);
        }

        /**
         * A peer refuses this process for good, because it knows another one of the same member. Whoever gets to know this
         * stops: the transport goes on dialling, but it will not be let in. Must not block and must not throw; any thread,
         * and as often as a peer says so. A transport that cannot tell two processes of one member apart never calls it.
         */
        default void refusedAsCopy(CopyRefusal refusal) {}
    }
}
