// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.Fixtures.FRAME_BYTES_MAX;
import static io.paxos.transport.netty.Fixtures.N1;
import static io.paxos.transport.netty.Fixtures.N2;
import static io.paxos.transport.netty.Fixtures.N3;
import static io.paxos.transport.netty.Fixtures.accept;
import static io.paxos.transport.netty.Fixtures.encoded;
import static io.paxos.transport.netty.Fixtures.heartbeat;
import static io.paxos.transport.netty.Fixtures.introduction;
import static io.paxos.transport.netty.Fixtures.lines;
import static io.paxos.transport.netty.Fixtures.listenTo;
import static io.paxos.transport.netty.Fixtures.notice;
import static io.paxos.transport.netty.Fixtures.piece;
import static io.paxos.transport.netty.Fixtures.stopListening;
import static io.paxos.transport.netty.Fixtures.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.message.Message;
import io.paxos.model.NodeId;
import io.paxos.transport.CopyRefusal;
import io.paxos.transport.Transport;
import io.paxos.transport.netty.ControlFrame.Reason;
import io.paxos.transport.netty.ControlFrame.Refusal;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What can only be seen with real sockets. */
class NettySocketsTest {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int STRANGERS = 50;
    private static final int RESTARTS = 200;

    private final ListAppender<ILoggingEvent> log = listenTo(NettyTransport.class);
    private final List<NettyTransport> opened = new ArrayList<>();

    @AfterEach
    void close() {
        opened.forEach(NettyTransport::close);
        stopListening(NettyTransport.class, log);
    }

    @Test
    void aCrowdOfStrangersIsClosedWithOneLineThatNamesTheFirst() throws IOException {
        NettyTransport node = start(1, 1, builder().peer(N2, LOOPBACK, Ports.free()), frame -> {});
        String first = "";
        for (int i = 0; i < STRANGERS; i++) {
            try (Socket stranger = connect(node)) {
                first = first.isEmpty() ? "127.0.0.1:" + stranger.getLocalPort() : first;
                stranger.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                assertTrue(isClosedByTheOtherEnd(stranger));
            }
        }
        assertEquals(STRANGERS, node.counters().strangersClosed());
        assertEquals(
                List.of("n1: closed a connection from /" + first + ": it looks like HTTP: 'GET / HTTP/1.1\\r\\n'"),
                lines(log));
    }

    @Test
    void idleStrangersDoNotKeepAMemberOut() throws Exception {
        int port = Ports.free();
        NettyTransport node = start(
                1,
                1,
                builder().bind(LOOPBACK, port).unidentifiedConnectionsMax(4).peer(N2, LOOPBACK, 1),
                frame -> {});
        List<Socket> idle = new ArrayList<>();
        try {
            for (int i = 0; i < STRANGERS; i++) {
                idle.add(connect(node));
            }
            NettyTransport member = start(2, 1, builder().peer(N1, LOOPBACK, port), frame -> {});
            until("the member is connected", () -> member.isReachable(N1));
            until("the oldest are closed", () -> node.counters().strangersClosed() >= STRANGERS - 4);
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void aPeerThatConfirmsNothingIsDialledAnew() throws Exception {
        try (FakePeer silent = new FakePeer(hello -> welcome(2, 1, FRAME_BYTES_MAX)).listening()) {
            NettyTransport node =
                    start(1, 1, builder().deadPeerMillis(1_000).peer(N2, LOOPBACK, silent.port()), frame -> {});
            until("connected", () -> node.isReachable(N2));
            until("dialled anew", () -> {
                node.send(N2, heartbeat(1, 1, 1));
                node.flush();
                return silent.hellos() >= 2;
            });
        }
    }

    @Test
    void anIdleConnectionIsLeftAlone() throws Exception {
        try (FakePeer silent = new FakePeer(hello -> welcome(2, 1, FRAME_BYTES_MAX)).listening()) {
            NettyTransport node =
                    start(1, 1, builder().deadPeerMillis(1_000).peer(N2, LOOPBACK, silent.port()), frame -> {});
            until("connected", () -> node.isReachable(N2));
            assertFalse(new CountDownLatch(1).await(1_600, TimeUnit.MILLISECONDS));
            assertTrue(node.isReachable(N2));
            assertEquals(1, silent.hellos());
        }
    }

    @Test
    void whoeverDoesNotAnswerTheHelloIsDialledAnew() throws Exception {
        try (FakePeer mute = new FakePeer(hello -> null).listening()) {
            NettyTransport node =
                    start(1, 1, builder().helloTimeoutMillis(50).peer(N2, LOOPBACK, mute.port()), frame -> {});
            until("three attempts", () -> mute.hellos() >= 3);
            assertFalse(node.isReachable(N2));
        }
    }

    @Test
    void aWrongNodeAtTheAddressIsNotTalkedTo() throws Exception {
        try (FakePeer other = new FakePeer(hello -> welcome(3, 1, FRAME_BYTES_MAX)).listening()) {
            NettyTransport node =
                    start(1, 1, builder().peer(N2, LOOPBACK, other.port()).peer(N3, LOOPBACK, 1), frame -> {});
            until("two attempts", () -> other.hellos() >= 2);
            assertFalse(node.isReachable(N2));
            assertEquals(
                    "n1: dialled n2 at /127.0.0.1:" + other.port()
                            + " and closed the connection: wanted n2, but n3/3333 answered",
                    lines(log).get(0));
        }
    }

    @Test
    void aRefusalIsLoggedInTheOthersWords() throws Exception {
        byte[] refusal = ControlCodec.encode(new Refusal(Reason.OLD_BOOT, "n1 is an older copy"));
        try (FakePeer refusing = new FakePeer(hello -> refusal).listening()) {
            NettyTransport node = start(1, 1, builder().peer(N2, LOOPBACK, refusing.port()), frame -> {});
            until("refused twice", () -> node.counters().hellosRefused() > 1);
            assertEquals(
                    "n1: dialled n2 at /127.0.0.1:" + refusing.port()
                            + " and was refused by n2 (OLD_BOOT): n1 is an older copy",
                    lines(log).get(0));
        }
    }

    @Test
    void aStrangerAtThePeersAddressIsDialledAgainWithoutHarm() throws Exception {
        byte[] banner = "SSH-2.0-OpenSSH_9.2p1\r\n".getBytes(StandardCharsets.US_ASCII);
        try (FakePeer stranger = new FakePeer(hello -> banner).listening()) {
            NettyTransport node = start(1, 1, builder().peer(N2, LOOPBACK, stranger.port()), frame -> {});
            until("three attempts", () -> stranger.hellos() >= 3);
            assertFalse(node.isReachable(N2));
        }
    }

    @Test
    void aFrameLargerThanThePeerTakesIsDroppedAndTheConnectionStays() throws Exception {
        int port = Ports.free();
        Set<Frame> arrived = ConcurrentHashMap.newKeySet();
        start(2, 1, builder().bind(LOOPBACK, port).frameBytesMax(8_192).peer(N1, LOOPBACK, 1), arrived::add);
        NettyTransport node = start(1, 1, builder().peer(N2, LOOPBACK, port), frame -> {});
        until("connected", () -> node.isReachable(N2));
        node.send(N2, accept(1, 1, 8_192));
        node.send(N2, accept(1, 1, 7_000));
        node.flush();
        until("the smaller arrived", () -> arrived.contains(accept(1, 1, 7_000)));
        assertEquals(1, arrived.size());
        assertEquals(1, node.counters().framesDropped());
        assertEquals(1, node.counters().connectionsOpened());
        assertTrue(
                lines(log).get(0).startsWith("n1: dropped a frame of "),
                lines(log).get(0));
    }

    @Test
    void smallFramesHaveRoomWhenBulkHasNone() throws Exception {
        try (FakePeer silent = new FakePeer(hello -> welcome(2, 1, 1 << 20)).listening()) {
            NettyTransport node = start(
                    1,
                    1,
                    builder().frameBytesMax(1 << 20).peerBudgetBytesMax(2 << 20).peer(N2, LOOPBACK, silent.port()),
                    frame -> {});
            until("connected", () -> node.isReachable(N2));
            Frame bulk = accept(1, 1, 60_000);
            until("bulk has no room", () -> {
                for (int i = 0; i < 100; i++) {
                    node.send(N2, bulk);
                }
                node.flush();
                return node.counters().framesDropped() > 1_000;
            });
            // Small ones that wait behind it must not take the room that heartbeats need.
            long withoutNotices = node.counters().framesDropped();
            for (int i = 0; i < 10_000 && node.counters().framesDropped() == withoutNotices; i++) {
                node.send(N2, notice(1, 1));
            }
            long dropped = node.counters().framesDropped();
            assertTrue(dropped > withoutNotices);
            for (int i = 1; i <= 100; i++) {
                node.send(N2, heartbeat(1, 1, i));
            }
            node.flush();
            assertEquals(dropped, node.counters().framesDropped());
        }
    }

    /**
     * B fetches a snapshot from the leader A over a link that has come to a standstill: everything that A can get rid of is
     * under way. A's next heartbeat overtakes the rest, and is behind no more than a link of 100 Mbit/s carries in one
     * heartbeat interval, 50 ms.
     */
    @Test
    void aHeartbeatOvertakesThePiecesOfASnapshotOnASlowLink() throws Exception {
        overtakenByAHeartbeat(piece(1, 1, 64 << 10), 50);
    }

    /**
     * A has a window full of values for B. B's vote would be late, and that is all; without A's heartbeats B would stand against
     * it. It is behind half of the least election timeout, 150 ms, at most. The word that they were chosen stays behind them: B would ask for each of them once more.
     */
    @Test
    void aHeartbeatOvertakesTheValuesOfAFullWindowOnASlowLink() throws Exception {
        overtakenByAHeartbeat(accept(1, 1, 60_000), 150);
    }

    private void overtakenByAHeartbeat(Frame large, int millisMax) throws Exception {
        int count = 100;
        try (FakePeer slow = new FakePeer(hello -> welcome(2, 1, 1 << 20)).listening()) {
            NettyTransport node =
                    start(1, 1, builder().frameBytesMax(1 << 20).peer(N2, LOOPBACK, slow.port()), frame -> {});
            until("connected", () -> node.isReachable(N2));
            for (int i = 0; i < count; i++) {
                node.send(N2, large);
                node.flush();
            }
            until("the link takes no more", standsStill(node));
            Frame notice = notice(1, 1);
            Frame heartbeat = heartbeat(1, 1, 1);
            if (large.message() instanceof Message.Accept) {
                node.send(N2, notice);
            }
            node.send(N2, heartbeat);
            node.flush();
            long ahead = 0;
            int framesAhead = 0;
            DataInputStream in = new DataInputStream(slow.connection());
            for (int length = frameLength(in); length != encoded(heartbeat).length; length = frameLength(in)) {
                ahead += length;
                framesAhead++;
            }
            assertTrue(ahead <= 100_000_000L / 8 * millisMax / 1_000, ahead + " bytes go ahead of a heartbeat");
            for (int i = framesAhead; i < count; i++) {
                assertEquals(encoded(large).length, frameLength(in));
            }
            if (large.message() instanceof Message.Accept) {
                assertEquals(encoded(notice).length, frameLength(in));
            }
            assertEquals(0, node.counters().framesDropped());
        }
    }

    /** That nothing was taken by the operating system for a while, although there is more. */
    private static BooleanSupplier standsStill(NettyTransport node) {
        long[] last = {-1, System.nanoTime()};
        return () -> {
            long sent = node.counters().bytesSent();
            if (sent != last[0]) {
                last[0] = sent;
                last[1] = System.nanoTime();
            }
            return sent > 0 && System.nanoTime() - last[1] > TimeUnit.MILLISECONDS.toNanos(100);
        };
    }

    /** Reads one frame and returns its length. */
    private static int frameLength(DataInputStream in) throws IOException {
        byte[] header = new byte[FrameCodec.HEADER_BYTES];
        in.readFully(header);
        int length = FrameCodec.lengthOf(ByteBuffer.wrap(header), 1 << 20);
        in.skipNBytes(length - header.length);
        return length;
    }

    @Test
    void nodesThatDialEachOtherAtOnceHaveOneConnectionInEachDirection() throws Exception {
        for (int round = 1; round <= 20; round++) {
            int first = Ports.free();
            int second = Ports.free();
            NettyTransport a = builder()
                    .bind(LOOPBACK, first)
                    .peer(N2, LOOPBACK, second)
                    .reconnectMillis(1, 5)
                    .build();
            NettyTransport b = builder()
                    .bind(LOOPBACK, second)
                    .peer(N1, LOOPBACK, first)
                    .reconnectMillis(1, 5)
                    .build();
            opened.add(a);
            opened.add(b);
            CountDownLatch go = new CountDownLatch(1);
            Thread starter = new Thread(() -> {
                try {
                    go.await();
                    b.start(introduction(2, 1), frame -> {});
                } catch (IOException | InterruptedException failed) {
                    throw new AssertionError(failed);
                }
            });
            starter.start();
            go.countDown();
            a.start(introduction(1, 1), frame -> {});
            until("both directions", () -> a.isReachable(N2) && b.isReachable(N1));
            for (NettyTransport node : List.of(a, b)) {
                assertEquals(1, node.counters().connectionsOpened());
                assertEquals(1, node.counters().connectionsAccepted());
                assertEquals(0, node.counters().hellosRefused());
            }
            a.close();
            b.close();
        }
    }

    /** Hazards V13 and V14; the leak gate looks at the buffers when the class is done. */
    @Test
    void twoHundredRestartsUnderLoadLeaveNothingBehind() throws Exception {
        int first = Ports.free();
        int second = Ports.free();
        Set<Long> heard = ConcurrentHashMap.newKeySet();
        NettyTransport node = start(
                1, 1, builder().bind(LOOPBACK, first).peer(N2, LOOPBACK, second), frame -> heard.add(frame.boot()));
        for (int restart = 1; restart <= RESTARTS; restart++) {
            long boot = restart;
            NettyTransport peer =
                    start(2, boot, builder().bind(LOOPBACK, second).peer(N1, LOOPBACK, first), frame -> {});
            until("boot " + boot + " is heard, and hears", () -> {
                for (int i = 0; i < 5; i++) {
                    peer.send(N1, accept(2, boot, 10_000));
                    node.send(N2, accept(1, 1, 10_000));
                }
                peer.flush();
                node.flush();
                return heard.contains(boot) && node.isReachable(N2);
            });
            peer.close();
        }
        until("the last connection is gone", () -> !node.isReachable(N2));
        assertEquals(RESTARTS, node.counters().connectionsAccepted());
        assertEquals(0, node.counters().hellosRefused());
        node.close();
        until("no thread is left", () -> threadsOf("paxos-").isEmpty());
    }

    @Test
    void connectionsThatBreakInTheMiddleOfAHelloLeaveNothingBehind() throws Exception {
        NettyTransport node = start(1, 1, builder().peer(N2, LOOPBACK, 1), frame -> {});
        byte[] hello = Fixtures.hello(Fixtures.greeting(2, 1));
        for (int length = 0; length < hello.length; length++) {
            try (Socket broken = connect(node)) {
                broken.getOutputStream().write(hello, 0, length);
            }
        }
        try (Socket whole = connect(node)) {
            whole.getOutputStream().write(hello);
            until("welcomed", () -> node.counters().connectionsAccepted() == 1);
        }
        assertEquals(0, node.counters().strangersClosed());
    }

    @Test
    void threadsAreNamedAfterTheNodeAndEndWithIt() throws Exception {
        NettyTransport node = start(7, 1, builder().ioThreads(2).peer(N2, LOOPBACK, Ports.free()), frame -> {});
        until("the threads", () -> threadsOf("paxos-n7-io").equals(List.of("paxos-n7-io", "paxos-n7-io-2")));
        node.close();
        until("they ended", () -> threadsOf("paxos-n7-io").isEmpty());
    }

    @Test
    void eventLoopsOfTheHostApplicationOutliveTheTransport() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            int port = Ports.free();
            NettyTransport a = start(
                    1, 1, builder().bind(LOOPBACK, port).eventLoopGroup(group).peer(N2, LOOPBACK, 1), frame -> {});
            NettyTransport b = start(2, 1, builder().eventLoopGroup(group).peer(N1, LOOPBACK, port), frame -> {});
            until("connected", () -> b.isReachable(N1));
            a.close();
            b.close();
            assertFalse(group.isShuttingDown());
            NettyTransport again = start(
                    1, 2, builder().bind(LOOPBACK, port).eventLoopGroup(group).peer(N2, LOOPBACK, 1), frame -> {});
            assertNotNull(again.localAddress());
        } finally {
            opened.forEach(NettyTransport::close);
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @Test
    void thePortIsFreeWhenCloseReturnsThoughTheLoopsLiveOn() throws Exception {
        EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            int port = Ports.free();
            for (int boot = 1; boot <= 300; boot++) {
                NettyTransport a = start(
                        1,
                        boot,
                        builder().bind(LOOPBACK, port).eventLoopGroup(group).peer(N2, LOOPBACK, 1),
                        frame -> {});
                a.close();
            }
        } finally {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @Test
    void aReceiverMayCloseItsOwnTransport() throws Exception {
        int port = Ports.free();
        CountDownLatch done = new CountDownLatch(1);
        List<NettyTransport> self = new ArrayList<>();
        NettyTransport receiving =
                builder().bind(LOOPBACK, port).peer(N2, LOOPBACK, 1).build();
        self.add(receiving);
        opened.add(receiving);
        receiving.start(introduction(1, 1), frame -> {
            self.get(0).close();
            done.countDown();
        });
        NettyTransport sender = start(2, 1, builder().peer(N1, LOOPBACK, port), frame -> {});
        until("closed by its receiver", () -> {
            sender.send(N1, heartbeat(2, 1, 1));
            sender.flush();
            return done.getCount() == 0;
        });
        until("gone", () -> !sender.isReachable(N1));
    }

    @Test
    void aProcessWhoseMemberIsConnectedFromElsewhereIsToldSo() throws Exception {
        int port = Ports.free();
        start(1, 1, builder().bind(LOOPBACK, port).peer(N2, LOOPBACK, 1), frame -> {});
        Told first = new Told();
        NettyTransport there = start(2, 4, builder().peer(N1, LOOPBACK, port), first);
        until("the first is connected", () -> there.isReachable(N1));
        Told sameBoot = new Told();
        NettyTransport copy = start(2, 4, builder().peer(N1, LOOPBACK, port), sameBoot);
        until("the copy is told", () -> !sameBoot.refusals.isEmpty());
        assertEquals(CopyRefusal.Why.SAME_BOOT, sameBoot.refusals.get(0).why());
        assertEquals(N1, sameBoot.refusals.get(0).by());
        assertFalse(copy.isReachable(N1));
        copy.close();

        assertEquals(List.of(), first.refusals);
        NettyTransport newer = start(2, 5, builder().peer(N1, LOOPBACK, port), new Told());
        until("the newer one is connected", () -> newer.isReachable(N1));
        until("the older one is told", () -> !first.refusals.isEmpty());
        assertEquals(CopyRefusal.Why.NEWER_BOOT, first.refusals.get(0).why());
    }

    /** Keeps what peers say of copies. */
    private static final class Told implements Transport.Receiver {
        private final List<CopyRefusal> refusals = new CopyOnWriteArrayList<>();

        @Override
        public void receive(Frame frame) {}

        @Override
        public void refusedAsCopy(CopyRefusal refusal) {
            refusals.add(refusal);
        }
    }

    @Test
    void onlyAnAddressThatOthersCanReachIsWarnedAbout() {
        NettyTransport.warnIfOpenToOthers(N1, new InetSocketAddress(InetAddress.getLoopbackAddress(), 7001));
        assertEquals(List.of(), lines(log));
        NettyTransport.warnIfOpenToOthers(N1, new InetSocketAddress("10.1.2.3", 7001));
        assertEquals(1, log.list.size());
        assertEquals(Level.WARN, log.list.get(0).getLevel());
        assertTrue(
                lines(log).get(0).startsWith("n1: listening on /10.1.2.3:7001 in plain TCP: "),
                lines(log).get(0));
    }

    @Test
    void theRealPortIsKnownAfterTheStart() throws Exception {
        NettyTransport node = builder().bind(LOOPBACK, 0).build();
        opened.add(node);
        assertNull(node.localAddress());
        node.start(introduction(1, 1), frame -> {});
        assertTrue(node.localAddress().getPort() > 0);
    }

    // ---- what the tests are written with ---------------------------------------------------------------------

    private NettyTransport start(int number, long boot, NettyTransportBuilder builder, Transport.Receiver receiver)
            throws IOException {
        NettyTransport transport = builder.reconnectMillis(1, 100).build();
        opened.add(transport);
        transport.start(introduction(number, boot), receiver);
        return transport;
    }

    /** Listens on loopback, on any port unless the test says which. */
    private static NettyTransportBuilder builder() {
        return NettyTransport.builder().bind(LOOPBACK, 0);
    }

    private static Socket connect(NettyTransport node) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), node.localAddress().getPort());
    }

    /** What the fake n2 or n3 says to n1. */
    private static byte[] welcome(int number, long boot, int frameBytesMax) {
        Greeting greeting = Greeting.of(introduction(number, boot), 9, new NodeId(1), frameBytesMax);
        return ControlCodec.encode(new ControlFrame.Welcome(greeting));
    }

    private static boolean isClosedByTheOtherEnd(Socket socket) throws IOException {
        socket.setSoTimeout(20_000);
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketException reset) {
            return true;
        }
    }

    private static List<String> threadsOf(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix))
                .sorted()
                .toList();
    }
}
