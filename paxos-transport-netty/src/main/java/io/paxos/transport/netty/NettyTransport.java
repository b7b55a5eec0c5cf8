// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.paxos.message.Frame;
import io.paxos.model.NodeId;
import io.paxos.transport.CopyRefusal;
import io.paxos.transport.Introduction;
import io.paxos.transport.Transport;
import io.paxos.transport.netty.connect.Address;
import io.paxos.transport.netty.connect.EventLoops;
import io.paxos.transport.netty.guard.Complaints;
import io.paxos.transport.netty.guard.UnidentifiedConnections;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries frames between members over TCP.
 *
 * <pre>{@code
 * Transport transport = NettyTransport.builder()
 *         .bind("10.0.0.1", 7001)
 *         .peer(new NodeId(2), "10.0.0.2", 7001)
 *         .peer(new NodeId(3), "10.0.0.3", 7001)
 *         .build();
 * }</pre>
 *
 * <p>Each node dials each of its peers and sends on that connection alone; it only reads from the connections that it accepts.
 * A connection begins with a hello in which both ends say who they are; nothing else is read before it, and frames of anyone
 * else than the introduced member close the connection. Each peer has a bounded budget of bytes on their way; beyond it, and
 * while there is no connection, frames are dropped and counted, since the protocol repeats what matters.
 *
 * <p><b>Plain TCP.</b> Nothing is encrypted, and a node is who it says it is. Use it on a network where that is true; binding
 * an address other than loopback logs a warning. TLS between members is not there yet.
 *
 * <p>Threads: {@link #send} and {@link #flush} by one thread, all else by any. The receiver is called on threads named {@code
 * paxos-<node>-io}, or those of the event loops that the builder was given; it must not block, for it would hold up every
 * connection of that thread. If it throws, the error is logged and the connection closed.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends in channelInactive, which is heard
public final class NettyTransport implements Transport {
    private static final Logger LOG = LoggerFactory.getLogger(NettyTransport.class);

    private static final int SERVER_BACKLOG = 128;
    private static final long BIND_SECONDS_MAX = 10;
    private static final long CLOSE_SECONDS_MAX = 3;
    private static final long RESOLVER_IDLE_SECONDS = 5;

    private final Settings settings;
    private final Tally tally = new Tally();
    private final Complaints complaints = new Complaints(LOG, System::nanoTime);
    private final AtomicBoolean started = new AtomicBoolean();
    private volatile boolean closed;
    private volatile @Nullable Running running;

    /** What exists from start to close. */
    private record Running(
            Map<NodeId, OutboundLink> links,
            Channel server,
            ChannelGroup accepted,
            EventLoopGroup group,
            ThreadPoolExecutor resolver) {}

    NettyTransport(Settings settings) {
        this.settings = settings;
    }

    /** Says where to bind and who the peers are. */
    public static NettyTransportBuilder builder() {
        return new NettyTransportBuilder();
    }

    @Override
    public void start(Introduction self, Receiver receiver) throws IOException {
        if (closed || !started.compareAndSet(false, true)) {
            throw new IllegalStateException("this transport was started or closed before: " + this);
        }
        NodeId node = self.self().node();
        Map<NodeId, Address> addresses = new TreeMap<>(settings.peers());
        addresses.remove(node);
        Greeting greeting = Greeting.of(
                self,
                new SecureRandom().nextLong(),
                NodeId.NONE,
                settings.limits().frameBytesMax());
        LocalNode local = new LocalNode(
                greeting,
                new UntilClosed(receiver),
                settings.limits(),
                new PeerRegister(greeting, new TreeSet<>(addresses.keySet())),
                new UnidentifiedConnections(settings.limits().unidentifiedConnectionsMax()),
                tally,
                complaints,
                settings.allocator(),
                settings.sockets());
        EventLoopGroup given = settings.eventLoopGroup();
        EventLoopGroup group = given != null
                ? given
                : EventLoops.of(
                        settings.limits().ioThreads(),
                        "paxos-" + node + "-io",
                        settings.sockets().ioHandlers());
        ThreadPoolExecutor resolver = resolver(node, addresses.size());
        Map<NodeId, OutboundLink> links = new TreeMap<>();
        addresses.forEach((peer, address) ->
                links.put(peer, new OutboundLink(local, peer, address.host(), address.port(), group.next(), resolver)));
        ChannelGroup accepted = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE, true);
        Channel server;
        try {
            server = bind(local, group, accepted, links);
        } catch (IOException failed) {
            closed = true;
            shutDown(group, resolver);
            throw failed;
        }
        Running now = new Running(links, server, accepted, group, resolver);
        running = now;
        if (closed) {
            release(now);
            return;
        }
        warnIfOpenToOthers(node, (InetSocketAddress) server.localAddress());
        links.values().forEach(OutboundLink::wake);
    }

    /** Tells the receiver nothing once this transport is closed. */
    private final class UntilClosed implements Receiver {
        private final Receiver receiver;

        UntilClosed(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void receive(Frame frame) {
            if (!closed) {
                receiver.receive(frame);
            }
        }

        @Override
        public void receive(List<Frame> frames) {
            if (!closed) {
                receiver.receive(frames);
            }
        }

        @Override
        public void refusedAsCopy(CopyRefusal refusal) {
            if (!closed) {
                receiver.refusedAsCopy(refusal);
            }
        }
    }

    private Channel bind(LocalNode local, EventLoopGroup group, ChannelGroup accepted, Map<NodeId, OutboundLink> links)
            throws IOException {
        Address address = settings.bind();
        ChannelFuture bound = new ServerBootstrap()
                .group(group)
                .channelFactory(local.sockets().listening())
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.SO_BACKLOG, SERVER_BACKLOG)
                .childOption(ChannelOption.ALLOCATOR, local.allocator())
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted.add(channel);
                        channel.pipeline().addLast(new InboundConnection(local, peer -> wake(links.get(peer))));
                    }
                })
                .bind(new InetSocketAddress(address.host(), address.port()));
        if (!bound.awaitUninterruptibly(BIND_SECONDS_MAX, TimeUnit.SECONDS)) {
            bound.channel().close();
            throw new IOException("cannot bind " + address + " in " + BIND_SECONDS_MAX + " s");
        }
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot bind " + address + ": " + bound.cause().getMessage(), bound.cause());
        }
        return bound.channel();
    }

    private static void wake(@Nullable OutboundLink link) {
        if (link != null) {
            link.wake();
        }
    }

    static void warnIfOpenToOthers(NodeId node, InetSocketAddress address) {
        if (!address.getAddress().isLoopbackAddress()) {
            LOG.warn(
                    "{}: listening on {} in plain TCP: who can reach it can read what members say, and can claim to be a"
                            + " member; keep it on a trusted network",
                    node,
                    address);
        }
    }

    /** Threads that ask the name servers; one for each peer, so that none waits for another's. They end when idle. */
    private static ThreadPoolExecutor resolver(NodeId node, int peers) {
        int size = Math.max(1, peers);
        ThreadPoolExecutor resolver = new ThreadPoolExecutor(
                size,
                size,
                RESOLVER_IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                EventLoops.daemons("paxos-" + node + "-resolve"));
        resolver.allowCoreThreadTimeOut(true);
        return resolver;
    }

    @Override
    public void send(NodeId to, Frame frame) {
        Running now = running;
        OutboundLink link = now == null || closed ? null : now.links().get(to);
        if (link == null) {
            tally.framesDropped.increment();
        } else {
            link.offer(frame);
        }
    }

    @Override
    public void flush() {
        Running now = running;
        if (now != null) {
            now.links().values().forEach(OutboundLink::flush);
        }
    }

    @Override
    public int frameBytesMax() {
        return settings.limits().frameBytesMax();
    }

    /** Whether its event loops are its own; those of a host have other things to do. */
    @Override
    public boolean lendsThreads() {
        return settings.eventLoopGroup() == null;
    }

    /**
     * The event loops that it runs on, for others on the same node: a client endpoint on them saves a hand-over between
     * threads each way. Its own end with it.
     *
     * @throws IllegalStateException before it was started, which a node does
     */
    public EventLoopGroup eventLoopGroup() {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("transport: it is not started yet; build and start the node first");
        }
        return now.group();
    }

    @Override
    public boolean isReachable(NodeId node) {
        Running now = running;
        OutboundLink link = now == null || closed ? null : now.links().get(node);
        return link != null && link.isOpen();
    }

    /** What happened so far. */
    public NettyTransportCounters counters() {
        return tally.counters();
    }

    /** Where it listens, with the real port if 0 was asked for; null before start. */
    public @Nullable InetSocketAddress localAddress() {
        Running now = running;
        return now == null ? null : (InetSocketAddress) now.server().localAddress();
    }

    @Override
    public void close() {
        closed = true;
        Running now = running;
        if (now != null) {
            release(now);
        }
    }

    private void release(Running now) {
        now.server().close();
        now.accepted().close();
        now.links().values().forEach(OutboundLink::close);
        shutDown(now.group(), now.resolver());
        if (settings.eventLoopGroup() != null && !EventLoops.isOnLoopOf(now.group())) {
            // The group lives on; the sockets must not.
            EventLoops.awaitClosed(List.of(now.server()), CLOSE_SECONDS_MAX);
            EventLoops.awaitClosed(now.accepted(), CLOSE_SECONDS_MAX);
            EventLoops.awaitSelect(now.server(), CLOSE_SECONDS_MAX);
        }
    }

    /** A receiver that closes its transport runs on a thread of it, which is not waited for. */
    private void shutDown(EventLoopGroup group, ThreadPoolExecutor resolver) {
        resolver.shutdownNow();
        if (settings.eventLoopGroup() == null) {
            EventLoops.shutDown(group, CLOSE_SECONDS_MAX);
        }
    }

    @Override
    public String toString() {
        return "Netty transport, " + settings;
    }
}
