// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.ClusterId;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What {@link Transport} promises, as a test. Whoever writes a transport extends this class and says, in {@link #newWorld}, how
 * transports of that kind are made. Order is not promised, and neither is delivery; but what this test sends again and again
 * over a whole network must arrive before a deadline.
 */
public abstract class TransportContract {

    /** Longer than anything here takes on a busy machine; never waited for in full unless something is broken. */
    private static final Duration DEADLINE = Duration.ofSeconds(30);

    private static final String HANGING = "the sender's thread calls the receiver, and would hang with it";

    private static final Duration CLOSE_MAX = Duration.ofSeconds(10);

    protected static final NodeId N1 = new NodeId(1);
    protected static final NodeId N2 = new NodeId(2);

    private final List<Transport> opened = new ArrayList<>();
    private World world;

    /** Transports of one kind that find each other. */
    public interface World {

        /** A transport for that node, not started, that knows the nodes n1 to n5. A node that restarts gets a new one. */
        Transport transport(NodeId node);

        /** What the message must name when the node's address is taken. */
        String address(NodeId node);

        /** Frames that this transport was asked to send and dropped. */
        long framesDropped(Transport transport);

        /** Size of the largest frame that is carried, in bytes. */
        int frameBytesMax();

        /**
         * Whether a receiver that hangs, as it must not, holds up its own node alone. Not so where the sender's thread calls
         * it.
         */
        boolean survivesHangingReceivers();

        /** Most bytes that can be on their way to a peer that takes none: the peer's budget and whatever the system holds. */
        long inFlightBytesMax();
    }

    /** A world of its own for each test. */
    protected abstract World newWorld();

    @BeforeEach
    public final void openWorld() {
        world = newWorld();
    }

    @AfterEach
    public final void closeTransports() {
        opened.forEach(Transport::close);
    }

    @Test
    public void framesArriveAsTheyWereSent() throws IOException {
        Node a = start(1, 1);
        Node b = start(2, 1);
        for (int bytes : new int[] {1, 100, 4_096, 65_537, 1 << 20, world.frameBytesMax()}) {
            Frame frame = accept(a, bytes, bytes);
            assertEquals(frame, deliver(a, b, frame), () -> "a frame of " + bytes + " bytes");
        }
        Frame answer = heartbeat(b, 7);
        assertEquals(answer, deliver(b, a, answer));
    }

    @Test
    public void severalFramesOfOneTurnArrive() throws IOException {
        Node a = start(1, 1);
        Node b = start(2, 1);
        deliver(a, b, heartbeat(a, 1));

        for (int i = 2; i <= 200; i++) {
            a.transport.send(N2, heartbeat(a, i));
        }
        a.transport.flush();

        Set<Frame> seen = ConcurrentHashMap.newKeySet();
        until("all frames of the turn", () -> {
            b.arrived.drainTo(seen);
            for (int i = 2; i <= 200; i++) {
                if (!seen.contains(heartbeat(a, i))) {
                    return false;
                }
            }
            return true;
        });
    }

    @Test
    public void nothingIsSentBeforeTheFlush() throws IOException {
        Node a = start(1, 1);
        Node b = start(2, 1);
        deliver(a, b, heartbeat(a, 1));
        b.arrived.clear();

        a.transport.send(N2, heartbeat(a, 99));
        deliver(b, a, heartbeat(b, 1));
        assertFalse(b.arrived.contains(heartbeat(a, 99)));

        a.transport.flush();
        until("the flushed frame", () -> b.arrived.contains(heartbeat(a, 99)));
    }

    @Test
    public void sendingToAnAbsentNodeDropsAndCounts() throws IOException {
        Node a = start(1, 1);
        Frame frame = accept(a, 65_536, 0);
        long before = world.framesDropped(a.transport);
        for (int i = 1; i <= 10_000; i++) {
            a.transport.send(N2, frame);
            a.transport.flush();
        }
        until("all frames counted", () -> world.framesDropped(a.transport) == before + 10_000);
        assertFalse(a.transport.isReachable(N2));
    }

    @Test
    public void sendingToNobodyOrToOneselfDropsAndCounts() throws IOException {
        Node a = start(1, 1);
        a.transport.send(new NodeId(99), heartbeat(a, 1));
        a.transport.send(N1, heartbeat(a, 1));
        a.transport.flush();
        until("both frames counted", () -> world.framesDropped(a.transport) == 2);
        assertFalse(a.transport.isReachable(new NodeId(99)));
        assertTrue(a.arrived.isEmpty());
    }

    @Test
    public void floodingWithoutAFlushKeepsABoundAndCounts() throws IOException {
        Node a = start(1, 1);
        Node b = start(2, 1);
        deliver(a, b, heartbeat(a, 1));
        Frame frame = accept(a, 65_536, 0);
        long sent = 2 * world.inFlightBytesMax() / 65_536;
        long before = world.framesDropped(a.transport);
        for (long i = 0; i < sent; i++) {
            a.transport.send(N2, frame);
        }
        assertTrue(world.framesDropped(a.transport) - before >= sent / 2);
        deliver(a, b, heartbeat(a, 2));
    }

    @Test
    public void floodingAPeerThatTakesNothingKeepsABoundAndCounts() throws IOException {
        assumeTrue(world.survivesHangingReceivers(), HANGING);
        Node a = start(1, 1);
        CountDownLatch stuck = new CountDownLatch(1);
        Node b = start(2, 1, frame -> awaitQuietly(stuck));
        try {
            until("b is reachable", () -> {
                a.transport.flush();
                return a.transport.isReachable(N2);
            });
            Frame frame = accept(a, 65_536, 0);
            long size = FrameCodec.encodedLength(frame);
            long before = world.framesDropped(a.transport);
            long sent = 4 * world.inFlightBytesMax() / size;
            for (long i = 0; i < sent; i++) {
                a.transport.send(N2, frame);
                a.transport.flush();
            }
            long onTheirWay = (sent - (world.framesDropped(a.transport) - before)) * size;
            assertTrue(
                    onTheirWay <= world.inFlightBytesMax(),
                    () -> onTheirWay + " bytes are on their way, the bound is " + world.inFlightBytesMax());
        } finally {
            stuck.countDown();
        }
        b.transport.close();
    }

    @Test
    public void aPeerThatWasStuckIsHeardAgain() throws IOException {
        assumeTrue(world.survivesHangingReceivers(), HANGING);
        Node a = start(1, 1);
        CountDownLatch stuck = new CountDownLatch(1);
        BlockingQueue<Frame> arrived = new LinkedBlockingQueue<>();
        start(2, 1, frame -> {
            awaitQuietly(stuck);
            if (frame.message() instanceof Message.Heartbeat) {
                arrived.add(frame);
            }
        });
        Frame large = accept(a, 65_536, 0);
        until("frames are dropped", () -> {
            for (int i = 0; i < 100; i++) {
                a.transport.send(N2, large);
            }
            a.transport.flush();
            return a.transport.isReachable(N2) && world.framesDropped(a.transport) > 200;
        });
        stuck.countDown();
        until("a heartbeat arrives", () -> {
            a.transport.send(N2, heartbeat(a, 1));
            a.transport.flush();
            return arrived.contains(heartbeat(a, 1));
        });
    }

    @Test
    public void aPeerThatRestartsWithAHigherBootIsFoundAgain() throws IOException {
        Node a = start(1, 1);
        for (int boot = 1; boot <= 4; boot++) {
            Node b = start(2, boot);
            deliver(a, b, heartbeat(a, boot));
            Frame answer = heartbeat(b, boot);
            assertEquals(answer, deliver(b, a, answer));
            b.transport.close();
        }
    }

    @Test
    public void aFrameThatNamesAnotherSenderIsNotDelivered() throws IOException {
        Node a = start(1, 2);
        Node b = start(2, 1);
        deliver(a, b, heartbeat(a, 1));
        Node other = new Node(introduction(3, 2), a.transport, new LinkedBlockingQueue<>());
        Node earlier = new Node(introduction(1, 1), a.transport, new LinkedBlockingQueue<>());
        MemberId wiped = new MemberId(N1, new Incarnation(999));
        Node anotherLife =
                new Node(new Introduction(a.self.cluster(), wiped, 2), a.transport, new LinkedBlockingQueue<>());

        int sequence = 100;
        for (Node forged : List.of(other, earlier, anotherLife)) {
            a.transport.send(N2, heartbeat(forged, 66));
            a.transport.flush();
            deliver(a, b, heartbeat(a, sequence++));
        }
        assertTrue(b.all.stream().allMatch(frame -> frame.sender().equals(a.self.self())), () -> "arrived: " + b.all);
        assertTrue(b.all.stream().allMatch(frame -> frame.boot() == 2), () -> "arrived: " + b.all);
    }

    @Test
    public void nodesOfAnotherClusterAreNotHeard() throws IOException {
        Node a = start(1, 1);
        Node stranger = newNode(new Introduction(new ClusterId("other"), member(2), 1));
        stranger.transport.start(stranger.self, stranger::receive);
        Node c = start(3, 1);

        for (int i = 1; i <= 20; i++) {
            stranger.transport.send(N1, heartbeat(stranger, i));
            stranger.transport.flush();
            a.transport.send(N2, heartbeat(a, i));
            deliver(a, c, heartbeat(a, i));
            deliver(c, a, heartbeat(c, i));
        }
        assertTrue(stranger.all.isEmpty());
        assertTrue(a.all.stream().allMatch(frame -> frame.sender().equals(c.self.self())), () -> "arrived: " + a.all);
        assertFalse(a.transport.isReachable(N2));
        assertFalse(stranger.transport.isReachable(N1));
    }

    @Test
    public void aReceiverThatThrowsIsCalledAgain() throws IOException {
        Node a = start(1, 1);
        AtomicInteger calls = new AtomicInteger();
        BlockingQueue<Frame> arrived = new LinkedBlockingQueue<>();
        start(2, 1, frame -> {
            int call = calls.incrementAndGet();
            if (call == 1) {
                throw new IllegalStateException("thrown by the test");
            }
            if (call == 2) {
                throw new StackOverflowError("thrown by the test");
            }
            arrived.add(frame);
        });
        until("a frame after the failures", () -> {
            a.transport.send(N2, heartbeat(a, 1));
            a.transport.flush();
            return !arrived.isEmpty();
        });
        assertTrue(calls.get() > 2);
    }

    @Test
    public void severalPeersAreHeardAtOnce() throws IOException {
        Node hub = start(1, 1);
        List<Node> peers = List.of(start(2, 1), start(3, 1), start(4, 1), start(5, 1));
        AtomicBoolean enough = new AtomicBoolean();
        List<Thread> threads = new ArrayList<>();
        for (Node peer : peers) {
            Thread thread = new Thread(() -> {
                while (!enough.get()) {
                    for (int i = 1; i <= 100; i++) {
                        peer.transport.send(N1, heartbeat(peer, i));
                    }
                    peer.transport.flush();
                    pause();
                }
            });
            thread.start();
            threads.add(thread);
        }
        Set<Frame> seen = ConcurrentHashMap.newKeySet();
        try {
            until("every frame of every peer", () -> {
                hub.arrived.drainTo(seen);
                return seen.size() == 400;
            });
        } finally {
            enough.set(true);
            threads.forEach(TransportContract::join);
        }
        for (Node peer : peers) {
            assertEquals(
                    100,
                    seen.stream()
                            .filter(frame -> frame.sender().equals(peer.self.self()))
                            .count());
        }
    }

    @Test
    public void reachabilityFollowsThePeer() throws IOException {
        Node a = start(1, 1);
        assertFalse(a.transport.isReachable(N2));
        Node b = start(2, 1);
        until("b is reachable", () -> a.transport.isReachable(N2));
        b.transport.close();
        until("b is gone", () -> !a.transport.isReachable(N2));
    }

    @Test
    public void aTakenAddressIsAnIoExceptionThatNamesIt() throws IOException {
        start(1, 1);
        Node second = newNode(introduction(1, 2));
        IOException refused =
                assertThrows(IOException.class, () -> second.transport.start(second.self, second::receive));
        assertTrue(refused.getMessage().contains(world.address(N1)), refused.getMessage());
        second.transport.close();
    }

    @Test
    public void aTransportIsStartedOnce() throws IOException {
        Node a = start(1, 1);
        assertThrows(IllegalStateException.class, () -> a.transport.start(a.self, a::receive));
        a.transport.close();
        assertThrows(IllegalStateException.class, () -> a.transport.start(a.self, a::receive));
    }

    @Test
    public void beforeStartAndAfterCloseFramesAreDroppedAndCounted() throws IOException {
        Node a = newNode(introduction(1, 1));
        Node b = start(2, 1);
        a.transport.send(N2, heartbeat(a, 1));
        a.transport.flush();
        assertEquals(1, world.framesDropped(a.transport));

        a.transport.start(a.self, a::receive);
        deliver(a, b, heartbeat(a, 2));
        long dropped = world.framesDropped(a.transport);
        a.transport.close();
        for (int i = 0; i < 100; i++) {
            a.transport.send(N2, heartbeat(a, 3));
            a.transport.flush();
        }
        until("all frames counted", () -> world.framesDropped(a.transport) == dropped + 100);
        assertFalse(a.transport.isReachable(N2));
    }

    @Test
    public void closeIsIdempotentBoundedAndEndsDelivery() throws IOException {
        Node a = start(1, 1);
        Node b = start(2, 1);
        deliver(a, b, heartbeat(a, 1));

        long began = System.nanoTime();
        List<Thread> closing = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            Thread thread = new Thread(b.transport::close);
            thread.start();
            closing.add(thread);
        }
        closing.forEach(TransportContract::join);
        b.transport.close();
        assertTrue(System.nanoTime() - began < CLOSE_MAX.toNanos(), "close took too long");

        int delivered = b.all.size();
        for (int i = 0; i < 100; i++) {
            a.transport.send(N2, heartbeat(a, 2));
            a.transport.flush();
        }
        until("a sees b gone", () -> !a.transport.isReachable(N2));
        assertEquals(delivered, b.all.size());
    }

    @Test
    public void closeIsBoundedThoughTheReceiverHangs() throws IOException {
        assumeTrue(world.survivesHangingReceivers(), HANGING);
        Node a = start(1, 1);
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(1);
        Node b = start(2, 1, frame -> {
            entered.countDown();
            awaitQuietly(hangs);
        });
        until("the receiver is called", () -> {
            a.transport.send(N2, heartbeat(a, 1));
            a.transport.flush();
            return entered.getCount() == 0;
        });
        long began = System.nanoTime();
        b.transport.close();
        assertTrue(System.nanoTime() - began < CLOSE_MAX.toNanos(), "close took too long");
        hangs.countDown();
    }

    // ---- what the tests are written with ---------------------------------------------------------------------

    /** A node, as far as a transport can tell. */
    protected static final class Node {
        public final Introduction self;
        public final Transport transport;
        private final BlockingQueue<Frame> arrived;
        private final Set<Frame> all = ConcurrentHashMap.newKeySet();

        Node(Introduction self, Transport transport, BlockingQueue<Frame> arrived) {
            this.self = self;
            this.transport = transport;
            this.arrived = arrived;
        }

        void receive(Frame frame) {
            all.add(frame);
            arrived.add(frame);
        }
    }

    protected static MemberId member(int number) {
        return new MemberId(new NodeId(number), new Incarnation(0x1111L * number));
    }

    protected static Introduction introduction(int number, long boot) {
        return new Introduction(new ClusterId("contract"), member(number), boot);
    }

    private Node newNode(Introduction self) {
        Transport transport = world.transport(self.self().node());
        opened.add(transport);
        return new Node(self, transport, new LinkedBlockingQueue<>());
    }

    private Node start(int number, long boot) throws IOException {
        Node node = newNode(introduction(number, boot));
        node.transport.start(node.self, node::receive);
        return node;
    }

    private Node start(int number, long boot, Transport.Receiver receiver) throws IOException {
        Node node = newNode(introduction(number, boot));
        node.transport.start(node.self, receiver);
        return node;
    }

    /** Sends the frame again and again, as the protocol does, until it arrives. */
    private Frame deliver(Node from, Node to, Frame frame) {
        List<Frame> found = new ArrayList<>();
        until(
                frame.message().getClass().getSimpleName() + " from " + from.self.self() + " to " + to.self.self(),
                () -> {
                    from.transport.send(to.self.self().node(), frame);
                    from.transport.flush();
                    for (int i = 0; i < 20 && found.isEmpty(); i++) {
                        pause();
                        Frame next = to.arrived.poll();
                        while (next != null) {
                            if (next.equals(frame)) {
                                found.add(next);
                            }
                            next = to.arrived.poll();
                        }
                    }
                    return !found.isEmpty();
                });
        return found.get(0);
    }

    private static Frame heartbeat(Node from, int sequence) {
        Ballot ballot = new Ballot(1, from.self.self());
        return new Frame(
                new FoundingId(1, 2),
                0,
                from.self.self(),
                from.self.boot(),
                new Message.Heartbeat(ballot, sequence, true, sequence));
    }

    /** A frame of exactly that size, if that is possible. */
    private static Frame accept(Node from, int bytes, long seed) {
        int overhead = FrameCodec.encodedLength(acceptOf(from, new byte[0]));
        byte[] value = new byte[Math.max(0, bytes - overhead)];
        new Random(seed).nextBytes(value);
        return acceptOf(from, value);
    }

    private static Frame acceptOf(Node from, byte[] value) {
        Proposal proposal = new Proposal(1, new Ballot(1, from.self.self()), Value.of(value));
        return new Frame(new FoundingId(1, 2), 0, from.self.self(), from.self.boot(), new Message.Accept(proposal));
    }

    /** Asks until it is so. */
    protected static void until(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE.toNanos();
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - deadline < 0, () -> "not within " + DEADLINE + ": " + what);
            pause();
        }
    }

    private static void pause() {
        awaitAtMost(new CountDownLatch(1), 2);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        awaitAtMost(latch, DEADLINE.toMillis());
    }

    private static void awaitAtMost(CountDownLatch latch, long millis) {
        try {
            boolean unused = latch.await(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join(DEADLINE.toMillis());
            assertFalse(thread.isAlive(), () -> thread + " did not end");
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
