// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport;

import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.model.NodeId;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node's place in an {@link InProcessNetwork}.
 *
 * <p>{@link #flush} puts the frames into the queue of the receiving node, which never waits; a thread of the receiving node,
 * named {@code paxos-<node>-in-process}, hands them to its receiver one after another. Frames are handed over as they are,
 * without being encoded: they are immutable. Each link has a bounded number of bytes on their way, from {@link #send} until the
 * receiver has returned; what goes beyond is dropped and counted by the sender.
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

    /** What was queued since the last flush; the core thread's alone. */
    private final Map<NodeId, Turn> turns = new HashMap<>();

    /** Guarded by {@code lock}: what has arrived and was not received yet. */
    private final ArrayDeque<Arrival> inbox = new ArrayDeque<>();

    /** Guarded by {@code lock}: bytes on their way, by sender. */
    private final Map<NodeId, Long> onTheirWay = new HashMap<>();

    private final Object lock = new Object();
    private volatile boolean closed;

    private record Member(Introduction self, Receiver receiver, Thread thread) {}

    private record Arrival(NodeId from, Frame frame, long bytes) {}

    /** Frames for one node, between two flushes. */
    private static final class Turn {
        private final List<Arrival> arrivals = new ArrayList<>();
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
        Thread thread = new Thread(this::deliver, "paxos-" + node + "-in-process");
        thread.setDaemon(true);
        if (closed || !member.compareAndSet(null, new Member(self, receiver, thread))) {
            throw new IllegalStateException("the in-process transport of " + node + " was started or closed before");
        }
        if (!network.join(node, this)) {
            closed = true;
            throw new IOException("cannot start the in-process transport of " + node
                    + ": another one of that node is started in this network");
        }
        thread.start();
    }

    @Override
    public void send(NodeId to, Frame frame) {
        if (closed || member.get() == null || to.equals(node)) {
            dropped.increment();
            return;
        }
        Turn turn = turns.computeIfAbsent(to, unused -> new Turn());
        int bytes = FrameCodec.encodedLength(frame);
        if (turn.bytes + bytes > linkBytesMax) {
            dropped.increment();
            return;
        }
        turn.bytes += bytes;
        turn.arrivals.add(new Arrival(node, frame, bytes));
    }

    @Override
    public void flush() {
        Member self = member.get();
        for (Map.Entry<NodeId, Turn> entry : turns.entrySet()) {
            Turn turn = entry.getValue();
            if (turn.arrivals.isEmpty() || self == null) {
                continue;
            }
            InProcessTransport target = closed ? null : network.route(node, entry.getKey());
            int taken = target == null ? 0 : target.take(self.self(), turn.arrivals);
            dropped.add(turn.arrivals.size() - taken);
            turn.arrivals.clear();
            turn.bytes = 0;
        }
    }

    /** Queues what fits; never waits. Returns how many frames were taken. */
    private int take(Introduction from, List<Arrival> arrivals) {
        Member self = member.get();
        if (self == null || !self.self().cluster().equals(from.cluster())) {
            return 0;
        }
        int taken = 0;
        synchronized (lock) {
            if (closed) {
                return 0;
            }
            long bytes = onTheirWay.getOrDefault(from.self().node(), 0L);
            for (Arrival arrival : arrivals) {
                boolean introduced = arrival.frame().sender().equals(from.self())
                        && arrival.frame().boot() == from.boot();
                if (introduced && bytes + arrival.bytes() <= linkBytesMax) {
                    bytes += arrival.bytes();
                    inbox.add(arrival);
                    taken++;
                }
            }
            onTheirWay.put(from.self().node(), bytes);
            lock.notifyAll();
        }
        return taken;
    }

    /** The receiving thread's whole life. */
    private void deliver() {
        Receiver receiver = Objects.requireNonNull(member.get()).receiver();
        Arrival next = await(null);
        while (next != null) {
            try {
                received.increment();
                receiver.receive(next.frame());
            } catch (Throwable thrown) { // the receiver's bug must not make this node deaf without a word
                LOG.error("{}: the receiver failed on {} from {}", node, kindOf(next.frame()), next.from(), thrown);
            }
            next = await(next);
        }
    }

    /** Gives back the bytes of the frame that was received, and waits for the next one; null once closed. */
    private @Nullable Arrival await(@Nullable Arrival done) {
        synchronized (lock) {
            if (done != null) {
                onTheirWay.merge(done.from(), -done.bytes(), Long::sum);
            }
            while (inbox.isEmpty() && !closed) {
                try {
                    lock.wait();
                } catch (InterruptedException interrupted) {
                    // Somebody's receiver was interrupted late; only close() ends this thread.
                    LOG.debug("{}: interrupted while waiting for frames", node, interrupted);
                }
            }
            return closed ? null : inbox.poll();
        }
    }

    private static String kindOf(Frame frame) {
        return frame.message().getClass().getSimpleName();
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

    /** Frames of this node that it dropped: budget spent, link cut, receiver absent, sender forged, or closed. */
    public long framesDropped() {
        return dropped.sum();
    }

    /** Frames handed to this node's receiver. */
    public long framesReceived() {
        return received.sum();
    }

    @Override
    public void close() {
        network.leave(node, this);
        synchronized (lock) {
            closed = true;
            inbox.clear();
            lock.notifyAll();
        }
        Member self = member.get();
        if (self == null || self.thread() == Thread.currentThread()) {
            return;
        }
        try {
            // A receiver that hangs must not make close hang.
            self.thread().join(CLOSE_MILLIS_MAX);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public String toString() {
        return "in-process transport of " + node;
    }
}
