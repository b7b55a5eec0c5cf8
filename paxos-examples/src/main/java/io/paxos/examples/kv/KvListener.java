// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.paxos.examples.kv.resp.RespDecoder;
import io.paxos.examples.kv.resp.RespLimits;
import io.paxos.examples.kv.resp.RespReply;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The port that clients connect to. Closing it closes their connections. */
final class KvListener implements AutoCloseable {

    /** Clients at a time, as many as Redis takes by default. */
    static final int CLIENTS_MAX = 10_000;

    private static final int THREADS = 2;
    private static final int ACCEPT_BACKLOG = 511;
    private static final long CLOSE_MILLIS = 2_000;
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(256 << 10, 1 << 20);
    private static final byte[] TOO_MANY_CLIENTS = RespReply.error("ERR max number of clients reached");

    private final EventLoopGroup eventLoops =
            new MultiThreadIoEventLoopGroup(THREADS, new DefaultThreadFactory("kv-clients"), NioIoHandler.newFactory());
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final RespLimits limits;
    private final CommandTable table;
    private final KvLog log;

    private @Nullable Channel port;
    private InetSocketAddress address = new InetSocketAddress(0);

    private KvListener(RespLimits limits, CommandTable table, KvLog log) {
        this.limits = limits;
        this.table = table;
        this.log = log;
    }

    /**
     * Binds and serves.
     *
     * @param address port 0 takes a free one
     * @param limits of a request
     * @param table what requests mean
     * @param log the node behind it
     * @throws IOException with one line that names the address and the reason, if it cannot be bound
     */
    static KvListener open(InetSocketAddress address, RespLimits limits, CommandTable table, KvLog log)
            throws IOException {
        KvListener listener = new KvListener(limits, table, log);
        try {
            listener.bind(address);
            return listener;
        } catch (IOException e) {
            listener.close();
            throw e;
        }
    }

    private void bind(InetSocketAddress address) throws IOException {
        if (address.isUnresolved()) {
            throw new IOException("cannot listen for clients on " + address.getHostString() + ": unknown host");
        }
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(eventLoops)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, ACCEPT_BACKLOG)
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .childHandler(newClients());
        var bound = bootstrap.bind(address).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            Throwable cause = bound.cause();
            String reason = cause instanceof BindException ? "the port is taken or not ours to use" : cause.toString();
            throw new IOException("cannot listen for clients on " + address.getHostString() + ":" + address.getPort()
                    + ": " + reason + " (" + cause.getMessage() + ")");
        }
        this.port = bound.channel();
        this.address = (InetSocketAddress) bound.channel().localAddress();
    }

    private ChannelHandler newClients() {
        return new ChannelInitializer<Channel>() {
            @Override
            @SuppressWarnings("FutureReturnValueIgnored") // the refused client may be gone already
            protected void initChannel(Channel channel) {
                if (clients.size() >= CLIENTS_MAX) {
                    channel.writeAndFlush(channel.alloc().buffer().writeBytes(TOO_MANY_CLIENTS))
                            .addListener(ChannelFutureListener.CLOSE);
                    return;
                }
                clients.add(channel);
                channel.pipeline()
                        .addLast(new RespDecoder(limits), new FlowControlHandler(), new KvConnection(table, log));
            }
        };
    }

    /** Where it listens. */
    InetSocketAddress address() {
        return address;
    }

    /** Takes no more clients; those that are connected stay. */
    void stopAccepting() {
        if (port != null) {
            port.close().awaitUninterruptibly(CLOSE_MILLIS);
        }
    }

    /** Closes the port and the connections, behind the replies that are ready; within a few seconds. */
    @Override
    public void close() {
        stopAccepting();
        clients.close().awaitUninterruptibly(CLOSE_MILLIS);
        eventLoops.shutdownGracefully(0, CLOSE_MILLIS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MILLIS);
    }
}
