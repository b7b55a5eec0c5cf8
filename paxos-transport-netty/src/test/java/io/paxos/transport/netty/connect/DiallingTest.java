// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DiallingTest {

    private final EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final EventLoop loop = loops.next();
    private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
    private final CompletableFuture<Boolean> failedOnLoop = new CompletableFuture<>();
    private final CompletableFuture<Channel> connected = new CompletableFuture<>();

    @AfterEach
    void close() {
        loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private Channel dial(ChannelFactory<? extends Channel> channels, int port) throws Exception {
        Bootstrap connection = new Bootstrap().channelFactory(channels).handler(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelActive(ChannelHandlerContext ctx) {
                connected.complete(ctx.channel());
            }
        });
        InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        return loop.submit(() -> Dialling.dial(connection, loop, address, why -> {
                    failedOnLoop.complete(loop.inEventLoop());
                    failure.complete(why);
                }))
                .get(30, TimeUnit.SECONDS);
    }

    private static int portOfNobody() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return taken.getLocalPort();
        }
    }

    @Test
    void thatNoSocketCanBeHadIsToldOnTheLoop() throws Exception {
        ChannelException tooMany = new ChannelException("planted: too many open files");
        ChannelFactory<Channel> none = () -> {
            throw tooMany;
        };
        assertNull(dial(none, 1));
        assertSame(tooMany, failure.get(30, TimeUnit.SECONDS));
        assertTrue(failedOnLoop.join());
    }

    @Test
    void thatNobodyListensIsToldOnTheLoop() throws Exception {
        assertNotNull(dial(NioSocketChannel::new, portOfNobody()));
        assertEquals(
                ConnectException.class,
                failure.get(30, TimeUnit.SECONDS).getClass().getSuperclass());
        assertTrue(failedOnLoop.join());
    }

    @Test
    void aConnectionIsReturnedBeforeItIsThere() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Channel channel = dial(NioSocketChannel::new, listening.getLocalPort());
            assertNotNull(channel);
            assertSame(channel, connected.get(30, TimeUnit.SECONDS));
            listening.accept().close();
            assertTrue(channel.closeFuture().isDone() || channel.close().await(30, TimeUnit.SECONDS));
        }
        loop.submit(() -> {}).get(30, TimeUnit.SECONDS);
        assertEquals(false, failure.isDone());
    }
}
