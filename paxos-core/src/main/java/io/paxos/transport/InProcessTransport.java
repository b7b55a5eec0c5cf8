// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport;

import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.model.NodeId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's place in an {@link InProcessNetwork}.
 *
 * <p>It has no thread of its own: {@link #flush} calls the receivers of the other nodes, on the sender's thread, and they take
 * the frames into their queues without waiting, as {@link Transport.Receiver} demands. Frames are handed over as they are,
 * without being encoded: they are immutable. What is queued for one node between two flushes has a bound in bytes; frames beyond
 * are dropped and counted.
 *
 * <p>Life: new, started, closed; it never goes back.
 */
public final class InProcessTransport implements Transport {

    private static final Logger LOG = LoggerFactory.getLogger(InProcessTransport.class);

    private static final long CLOSE_MILLIS_MAX = 1_000;

    private final InProcessNetwork network;
    private final NodeId node;
    private final long linkBytesMax;
    private final AtomicReference<@Nullable Member> member = new AtomicReference<>();
    private final LongAdder dropped = new LongAdder();
    private final LongAdder received = new LongAdder();

    /** Read: a frame is being received. Write: the transport is being closed, so that none is received afterwards. */
    private final ReentrantReadWriteLock receiving = new ReentrantReadWriteLock();

    /** What was queued since the last flush; of whoever turns the core. */
    private final Map<NodeId, Turn> turns = new TreeMap<>();

    private volatile boolean closed;

    private record Member(Introduction self, Receiver receiver) {}

    /** Frames for one node, between two flushes. */
    private static final class Turn {
        private final List<Frame> frames = new ArrayList<>();
        private long bytes;
    }

    InProcessTransport(InProcessNetwork network, NodeId node, long linkBytesMax) {
        this.network = network;
        this.node = node;
        this.linkBytesMax = linkBytesMax;
    }

    @Override
    public void start(Introduction self, Receiver receiver) throws IOException {
        if (!self.self().node().equals(node)) {
            throw new IllegalArgumentException(
                    "self: " + self.self() + " starts a transport that was made for " + node);
        }
        if (closed || !member.compareAndSet(null, new Member(self, receiver))) {
            throw new IllegalStateException("the in-process transport of " + node + " was started or closed before");
        }
        if (!network.join(node, this)) {
            closed = true;
            throw new IOException("cannot start the in-process transport of " + node
                    + ": another one of that node is started in this network");
        }
    }

    @Override
    public void send(NodeId to, Frame frame) {
        if (closed || member.get() == null || to.equals(node)) {
            dropped.increment();
            return;
        }
        Turn turn = turns.computeIfAbsent(to, unused -> new Turn());
        long bytes = encodedLength(frame);
        if (turn.bytes + bytes > linkBytesMax) {
            dropped.increment();
            return;
        }
        turn.bytes += bytes;
        turn.frames.add(frame);
    }

    private static long encodedLength(Frame frame) {
        try {
            return FrameCodec.encodedLength(frame);
        } catch (IllegalArgumentException longerThanAnInt) {
            return Long.MAX_VALUE >> 1; // more than any budget; send never throws
        }
    }

    @Override
    public void flush() {
        Member self = member.get();
        if (self == null) {
            return;
        }
        for (Map.Entry<NodeId, Turn> entry : turns.entrySet()) {
            Turn turn = entry.getValue();
            for (Frame frame : turn.frames) {
                InProcessTransport target = closed ? null : network.route(node, entry.getKey());
                if (target == null || !target.take(self.self(), frame)) {
                    dropped.increment();
                }
            }
            turn.frames.clear();
            turn.bytes = 0;
        }
    }

    /** Gives the frame to this node's receiver, unless it is closed or the frame is not the sender's. */
    private boolean take(Introduction from, Frame frame) {
        Member self = member.get();
        if (self == null
                || !self.self().cluster().equals(from.cluster())
                || !frame.sender().equals(from.self())
                || frame.boot() != from.boot()
                || !receiving.readLock().tryLock()) {
            return false;
        }
        try {
            if (closed) {
                return false;
            }
            received.increment();
            self.receiver().receive(frame);
        } catch (Throwable thrown) { // this node's bug must not stop the sender, which did nothing wrong
            LOG.error(
                    "{}: the receiver failed on {} from {}",
                    node,
                    frame.message().getClass().getSimpleName(),
                    from.self(),
                    thrown);
        } finally {
            receiving.readLock().unlock();
        }
        return true;
    }

    @Override
    public boolean isReachable(NodeId other) {
        Member self = member.get();
        InProcessTransport target = network.route(node, other);
        Member there = target == null ? null : target.member.get();
        return !closed
                && self != null
                && there != null
                && there.self().cluster().equals(self.self().cluster());
    }

    /** Frames of this node that were dropped: budget spent, link cut, receiver absent, sender forged, or closed. */
    public long framesDropped() {
        return dropped.sum();
    }

    /** Frames handed to this node's receiver. */
    public long framesReceived() {
        return received.sum();
    }

    @Override
    public void close() {
        closed = true;
        network.leave(node, this);
        if (receiving.getReadHoldCount() > 0) {
            return; // called by the receiver itself, which is the last frame
        }
        try {
            // Whoever is in the receiver just now finishes; one that hangs must not make close hang.
            if (receiving.writeLock().tryLock(CLOSE_MILLIS_MAX, TimeUnit.MILLISECONDS)) {
                receiving.writeLock().unlock();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "in-process transport of " + node;
    }
}
