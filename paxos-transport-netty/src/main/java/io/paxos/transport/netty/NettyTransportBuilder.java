// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.connect.Address;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Says how a {@link NettyTransport} is to be. Only {@link #bind} is required. What is out of range is an {@link
 * IllegalArgumentException} that names field, value and allowed range; addresses are checked at once, numbers when it is
 * {@linkplain #build built}.
 */
public final class NettyTransportBuilder {
    private final Map<NodeId, Address> peers = new TreeMap<>();
    private @Nullable Address bind;
    private int frameBytesMax = Limits.DEFAULT.frameBytesMax();
    private int sendBufferBytes = Limits.DEFAULT.sendBufferBytes();
    private long peerBudgetBytesMax = Limits.DEFAULT.peerBudgetBytesMax();
    private int unidentifiedConnectionsMax = Limits.DEFAULT.unidentifiedConnectionsMax();
    private int ioThreads = Limits.DEFAULT.ioThreads();
    private int connectTimeoutMillis = Limits.DEFAULT.connectTimeoutMillis();
    private int helloTimeoutMillis = Limits.DEFAULT.helloTimeoutMillis();
    private int deadPeerMillis = Limits.DEFAULT.deadPeerMillis();
    private int reconnectMillisMin = Limits.DEFAULT.reconnectMillisMin();
    private int reconnectMillisMax = Limits.DEFAULT.reconnectMillisMax();
    private ByteBufAllocator allocator = PooledByteBufAllocator.DEFAULT;
    private Sockets sockets = Sockets.NIO;
    private @Nullable EventLoopGroup eventLoopGroup;

    NettyTransportBuilder() {}

    /** Where to listen; port 0 takes any free one. */
    public NettyTransportBuilder bind(String host, int port) {
        bind = Address.checked("bind", host, port, 0);
        return this;
    }

    /** Where a peer listens. An entry for the node itself does no harm, so that all nodes can be given the same list. */
    public NettyTransportBuilder peer(NodeId node, String host, int port) {
        if (node.isNone()) {
            throw new IllegalArgumentException("peer: none is no node");
        }
        peers.put(node, Address.checked("peer " + node, host, port, 1));
        return this;
    }

    /**
     * Longest frame to send or take, in bytes; 4 KiB to 256 MiB, 4 MiB by default. Between two nodes the smaller of theirs
     * holds. It must hold the protocol's largest page and one command batch.
     */
    public NettyTransportBuilder frameBytesMax(int bytes) {
        frameBytesMax = bytes;
        return this;
    }

    /**
     * Most bytes on their way to one peer, from send until the operating system takes them; at least {@link #frameBytesMax}
     * and 64 KiB, 16 MiB by default. The last 64 KiB are kept for frames up to 512 bytes.
     */
    public NettyTransportBuilder peerBudgetBytesMax(long bytes) {
        peerBudgetBytesMax = bytes;
        return this;
    }

    /**
     * Size of the operating system's buffer for what is sent to a peer, in bytes; 16 KiB to 64 MiB, 256 KiB by default. What is
     * in it goes ahead of the next heartbeat; and in one round trip no more can be sent.
     */
    public NettyTransportBuilder sendBufferBytes(int bytes) {
        sendBufferBytes = bytes;
        return this;
    }

    /** Most inbound connections that have not said hello; 1 to 65,536, 64 by default. One more closes the oldest. */
    public NettyTransportBuilder unidentifiedConnectionsMax(int connections) {
        unidentifiedConnectionsMax = connections;
        return this;
    }

    /** I/O threads, unless an event loop group is given; 1 to 64, 1 by default. */
    public NettyTransportBuilder ioThreads(int threads) {
        ioThreads = threads;
        return this;
    }

    /** How long a TCP connection may take, in milliseconds; 10 to an hour, 2,000 by default. */
    public NettyTransportBuilder connectTimeoutMillis(int millis) {
        connectTimeoutMillis = millis;
        return this;
    }

    /** How long a hello or its answer may take, in milliseconds; 10 to an hour, 3,000 by default. */
    public NettyTransportBuilder helloTimeoutMillis(int millis) {
        helloTimeoutMillis = millis;
        return this;
    }

    /**
     * A peer that is sent frames and confirms none for this long is dialled anew, in milliseconds; 1,000 to an hour, 5,000 by
     * default.
     */
    public NettyTransportBuilder deadPeerMillis(int millis) {
        deadPeerMillis = millis;
        return this;
    }

    /**
     * First and longest pause between two attempts to connect, in milliseconds; 1 to an hour, 50 and 2,000 by default. The
     * pause doubles, and each is shortened by up to a half at random.
     */
    public NettyTransportBuilder reconnectMillis(int min, int max) {
        reconnectMillisMin = min;
        reconnectMillisMax = max;
        return this;
    }

    /** Where buffers come from; Netty's pool by default, whatever system properties say. */
    public NettyTransportBuilder allocator(ByteBufAllocator given) {
        allocator = given;
        return this;
    }

    /**
     * The kind of TCP sockets; {@link Sockets#NIO} by default. A host that hands in its own event loops, too, says of which kind
     * they are.
     */
    public NettyTransportBuilder sockets(Sockets given) {
        sockets = given;
        return this;
    }

    /** Event loops of the host application, made for that kind of {@link #sockets}. The transport does not shut them down. */
    public NettyTransportBuilder eventLoopGroup(EventLoopGroup given) {
        eventLoopGroup = given;
        return this;
    }

    /**
     * A transport as described so far, not started.
     *
     * @throws IllegalArgumentException if it was not said where to bind, or a number is out of range
     */
    public NettyTransport build() {
        if (bind == null) {
            throw new IllegalArgumentException("bind: missing, say where to listen");
        }
        Limits limits = new Limits(
                frameBytesMax,
                peerBudgetBytesMax,
                sendBufferBytes,
                unidentifiedConnectionsMax,
                ioThreads,
                connectTimeoutMillis,
                helloTimeoutMillis,
                deadPeerMillis,
                reconnectMillisMin,
                reconnectMillisMax);
        return new NettyTransport(new Settings(bind, peers, limits, allocator, sockets, eventLoopGroup));
    }
}
