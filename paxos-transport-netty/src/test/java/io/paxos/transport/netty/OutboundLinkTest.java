// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.Fixtures.FRAME_BYTES_MAX;
import static io.paxos.transport.netty.Fixtures.N1;
import static io.paxos.transport.netty.Fixtures.N2;
import static io.paxos.transport.netty.Fixtures.encoded;
import static io.paxos.transport.netty.Fixtures.heartbeat;
import static io.paxos.transport.netty.Fixtures.introduction;
import static io.paxos.transport.netty.Fixtures.until;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.paxos.message.Frame;
import io.paxos.transport.netty.guard.Complaints;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What is sent by threads that take turns, one of which is the event loop itself. */
@Timeout(60)
class OutboundLinkTest {
    private final FakePeer peer = new FakePeer(hello ->
            ControlCodec.encode(new ControlFrame.Welcome(Greeting.of(introduction(2, 1), 9, N1, FRAME_BYTES_MAX))));
    private NettyTransport node;

    OutboundLinkTest() throws IOException {}

    @BeforeEach
    void connect() throws IOException {
        node = NettyTransport.builder()
                .bind("127.0.0.1", 0)
                .ioThreads(1)
                .peer(N2, "127.0.0.1", peer.listening().port())
                .build();
        node.start(introduction(1, 1), frame -> {});
        until("connected", () -> node.isReachable(N2));
    }

    @AfterEach
    void close() throws IOException {
        node.close();
        peer.close();
    }

    private void say(Frame frame) {
        node.send(N2, frame);
        node.flush();
    }

    /** Hazard P16: a link that dials for ever hears its peer and never speaks to it again. */
    @Test
    void aResolverThatThrowsAnErrorIsAskedAgain() throws Exception {
        CountDownLatch asked = new CountDownLatch(3);
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            Complaints complaints = new Complaints(LoggerFactory.getLogger(OutboundLinkTest.class), System::nanoTime);
            LocalNode local = Fixtures.local(frame -> {}, complaints);
            OutboundLink link = new OutboundLink(local, N2, "127.0.0.1", 1, loops.next(), work -> {
                asked.countDown();
                throw new OutOfMemoryError("planted: no thread can be made");
            });
            link.wake();
            assertTrue(asked.await(20, TimeUnit.SECONDS), () -> asked.getCount() + " times more it should be asked");
            link.close();
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    @Test
    void whatTheLoopItselfSaysLeavesAtOnce() throws Exception {
        node.eventLoopGroup()
                .submit(() -> {
                    say(heartbeat(1, 1, 1));
                    assertEquals(1, node.counters().framesSent());
                })
                .get(30, TimeUnit.SECONDS);
    }

    /** A turn by another thread is on its way to the loop when the loop makes the next: it must not overtake. */
    @Test
    void twoFlushesOneOfThemOnTheLoopLeaveInOrder() throws Exception {
        CountDownLatch onLoop = new CountDownLatch(1);
        CountDownLatch flushed = new CountDownLatch(1);
        var said = node.eventLoopGroup().submit(() -> {
            onLoop.countDown();
            assertTrue(flushed.await(30, TimeUnit.SECONDS));
            say(heartbeat(1, 1, 2));
            return true;
        });
        assertTrue(onLoop.await(30, TimeUnit.SECONDS));
        say(heartbeat(1, 1, 1));
        flushed.countDown();
        assertTrue(said.get(30, TimeUnit.SECONDS));
        DataInputStream in = new DataInputStream(peer.connection());
        for (int sequence = 1; sequence <= 2; sequence++) {
            byte[] expected = encoded(heartbeat(1, 1, sequence));
            assertArrayEquals(expected, in.readNBytes(expected.length));
        }
    }

    @Test
    void onlyThreadsOfItsOwnAreLent() {
        assertTrue(node.lendsThreads());
        EventLoopGroup given = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        NettyTransport guest = NettyTransport.builder()
                .bind("127.0.0.1", 0)
                .peer(N1, "127.0.0.1", 1)
                .eventLoopGroup(given)
                .build();
        assertFalse(guest.lendsThreads());
        given.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}
