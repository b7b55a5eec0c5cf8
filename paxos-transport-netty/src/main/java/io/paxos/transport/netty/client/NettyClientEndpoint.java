// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.paxos.ClientGateway;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.Sockets;
import io.paxos.transport.netty.connect.Address;
import io.paxos.transport.netty.connect.EventLoops;
import io.paxos.transport.netty.guard.Complaints;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves remote clients of one node, on a port of its own:
 *
 * <pre>{@code
 * NettyClientEndpoint endpoint = NettyClientEndpoint.on("0.0.0.0", 7400)
 *         .gateway(node.clients())
 *         .tls(Path.of("node.crt"), Path.of("node.key"))
 *         .start();
 * }</pre>
 *
 * <p>A client is a {@link PaxosClient}, or anything that speaks {@code docs/client-protocol.md}. Every method may be called from
 * any thread. Close it before the node, so that clients hear that they must go elsewhere.
 */
public final class NettyClientEndpoint implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NettyClientEndpoint.class);

    private static final int BIND_SECONDS_MAX = 10;
    private static final int CLOSE_SECONDS_MAX = 5;
    private static final int SERVER_BACKLOG = 1_024;

    /** What may wait to be written before a connection is read no longer. */
    private static final WriteBufferWaterMark WATER_MARKS = new WriteBufferWaterMark(1 << 20, 4 << 20);

    private final Served served;
    private final @Nullable EventLoopGroup own;
    private final ChannelGroup accepted;
    private final Channel server;
    private final Runnable endOfWatch;

    private NettyClientEndpoint(
            Served served, @Nullable EventLoopGroup own, ChannelGroup accepted, Channel server, Runnable endOfWatch) {
        this.served = served;
        this.own = own;
        this.accepted = accepted;
        this.server = server;
        this.endOfWatch = endOfWatch;
    }

    /**
     * Begins to say how an endpoint is to be.
     *
     * @param host where to listen
     * @param port 0 takes any free one
     */
    public static NettyClientEndpointBuilder on(String host, int port) {
        return new NettyClientEndpointBuilder(Address.checked("bind", host, port, 0));
    }

    static NettyClientEndpoint start(
            Address bind,
            ClientGateway gateway,
            EndpointLimits limits,
            Map<NodeId, Address> addresses,
            @Nullable Tls tls,
            Sockets sockets,
            @Nullable EventLoopGroup given)
            throws IOException {
        Complaints complaints = new Complaints(LOG, System::nanoTime);
        Served served = new Served(gateway, limits, new TreeMap<>(addresses), complaints);
        EventLoopGroup group = given != null
                ? given
                : EventLoops.of(limits.ioThreads(), "paxos-" + gateway.node() + "-clients", sockets.ioHandlers());
        ChannelGroup accepted = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
        Channel server = null;
        try {
            server = bind(bind, served, sockets, group, accepted, tls);
        } finally {
            if (server == null && given == null) {
                EventLoops.shutDown(group, CLOSE_SECONDS_MAX);
            }
        }
        warnIfOpenToOthers(served, (InetSocketAddress) server.localAddress(), tls);
        Runnable endOfWatch = gateway.watchLeader(leader -> served.tellLeader(leader.orElse(null)));
        return new NettyClientEndpoint(served, given == null ? group : null, accepted, server, endOfWatch);
    }

    private static Channel bind(
            Address address,
            Served served,
            Sockets sockets,
            EventLoopGroup group,
            ChannelGroup accepted,
            @Nullable Tls tls)
            throws IOException {
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channelFactory(sockets.listening())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, SERVER_BACKLOG)
                .childOption(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARKS)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted.add(channel);
                        if (served.isClosed() || channel.eventLoop().isShuttingDown()) {
                            // Accepted by one thread and registered by another, it came behind whoever closes the
                            // others.
                            ChannelFuture unused = channel.close();
                            return;
                        }
                        if (tls != null) {
                            channel.pipeline().addLast(tls.handler(channel.alloc(), "", 0));
                        }
                        channel.pipeline().addLast(new ClientConnection(served));
                    }
                })
                .bind(new InetSocketAddress(address.host(), address.port()));
        if (!bound.awaitUninterruptibly(BIND_SECONDS_MAX, TimeUnit.SECONDS)) {
            ChannelFuture unused = bound.channel().close();
            throw new IOException("cannot bind " + address + " in " + BIND_SECONDS_MAX + " s");
        }
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot bind " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    private static void warnIfOpenToOthers(Served served, InetSocketAddress address, @Nullable Tls tls) {
        if (tls == null && !address.getAddress().isLoopbackAddress()) {
            LOG.warn(
                    "{}: listening on {} in plain TCP: who can reach it can read what clients say, and can change the state;"
                            + " use tls, or keep it on a trusted network",
                    served.name(),
                    address);
        }
    }

    /** Where it listens, with the real port if 0 was asked for. */
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) server.localAddress();
    }

    /** How many clients are connected now. */
    public int connections() {
        return served.connections();
    }

    /** Tells the clients, closes their connections, and gives the port back. Returns when that is done, within ten seconds. */
    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // what closes is waited for
    public void close() {
        if (!served.close()) {
            return;
        }
        endOfWatch.run();
        server.close();
        accepted.forEach(NettyClientEndpoint::farewell);
        EventLoops.awaitClosed(List.of(server), CLOSE_SECONDS_MAX);
        if (!EventLoops.awaitClosed(accepted, CLOSE_SECONDS_MAX)) {
            accepted.close();
            EventLoops.awaitClosed(accepted, CLOSE_SECONDS_MAX);
        }
        EventLoopGroup loops = own;
        if (loops != null) {
            EventLoops.shutDown(loops, CLOSE_SECONDS_MAX);
        } else {
            EventLoops.awaitSelect(server, CLOSE_SECONDS_MAX);
        }
    }

    /** On its loop, for there its pipeline is whole: it may have been accepted just now. */
    private static void farewell(Channel channel) {
        try {
            channel.eventLoop().execute(() -> {
                ClientConnection connection = channel.pipeline().get(ClientConnection.class);
                if (connection == null) {
                    ChannelFuture unused = channel.close();
                } else {
                    connection.farewell();
                }
            });
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("the event loop of {} is shut down, and closes it", channel);
        }
    }

    @Override
    public String toString() {
        return "endpoint for clients of " + served.gateway().node() + " on " + localAddress() + ", " + served.limits();
    }
}
