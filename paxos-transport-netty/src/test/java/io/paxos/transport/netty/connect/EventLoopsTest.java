// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.connect;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventLoopsTest {
    private static final int SECONDS_MAX = 5;

    private final EventLoopGroup loops = EventLoops.of(1, "loops-under-test", NioIoHandler.newFactory());

    @AfterEach
    void end() {
        EventLoops.shutDown(loops, SECONDS_MAX);
    }

    private Channel listening() throws InterruptedException {
        return new ServerBootstrap()
                .group(loops)
                .channel(NioServerSocketChannel.class)
                .childHandler(new ChannelInboundHandlerAdapter())
                .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .sync()
                .channel();
    }

    /** A loop looks for the end before its tasks, closes its sockets then, and leaves behind them: one of them may bring the end. */
    @Test
    void loopsThatAreToldToEndAmidTheirTasksCloseTheirSockets() throws Exception {
        Channel server = listening();
        loops.execute(() -> EventLoops.shutDown(loops, SECONDS_MAX));
        assertTrue(loops.awaitTermination(SECONDS_MAX, TimeUnit.SECONDS));
        assertFalse(server.isOpen());
        assertTrue(server.closeFuture().isDone());
    }

    @Test
    void idleLoopsCloseTheirSocketsAndEndAtOnce() throws Exception {
        Channel server = listening();
        long began = System.nanoTime();
        EventLoops.shutDown(loops, SECONDS_MAX);
        assertTrue(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began) < SECONDS_MAX);
        assertTrue(loops.isTerminated());
        assertFalse(server.isOpen());
    }

    /** The loop is so busy that a delay is over before it hears of it. */
    @Test
    void thePortIsFreeBehindAWaitThatABusyLoopHearsOfLate() throws Exception {
        Channel server = listening();
        SingleThreadEventExecutor loop = (SingleThreadEventExecutor) server.eventLoop();
        CountDownLatch closed = new CountDownLatch(1);
        loop.execute(() -> {
            Future<?> unused = server.close();
            int tasks = loop.pendingTasks();
            closed.countDown();
            while (loop.pendingTasks() == tasks) {
                Thread.onSpinWait();
            }
            spin(20);
            loop.execute(() -> spin(200));
        });
        closed.await();
        EventLoops.awaitSelect(server, SECONDS_MAX);
        try (ServerSocket free = new ServerSocket()) {
            free.setReuseAddress(true);
            free.bind(server.localAddress());
            assertTrue(free.isBound());
        }
    }

    private static void spin(long millis) {
        long began = System.nanoTime();
        while (System.nanoTime() - began < TimeUnit.MILLISECONDS.toNanos(millis)) {
            Thread.onSpinWait();
        }
    }
}
