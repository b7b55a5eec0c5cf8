// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.netty.channel.EventLoopGroup;
import io.paxos.ClientGateway;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.Sockets;
import io.paxos.transport.netty.connect.Address;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Says how a {@link NettyClientEndpoint} is to be. Only {@link #gateway} is required. What is out of range is an {@link
 * IllegalArgumentException} that names field, value and allowed range.
 */
public final class NettyClientEndpointBuilder {
    private final Address bind;
    private final Map<NodeId, Address> addresses = new TreeMap<>();
    private @Nullable ClientGateway gateway;
    private @Nullable Tls tls;
    private int connectionsMax = EndpointLimits.DEFAULT.connectionsMax();
    private int sessionsMax = EndpointLimits.DEFAULT.sessionsMax();
    private int commandsMax = EndpointLimits.DEFAULT.commandsMax();
    private int commandBytesMax = EndpointLimits.DEFAULT.commandBytesMax();
    private int readsMax = EndpointLimits.DEFAULT.readsMax();
    private int frameBytesMax = EndpointLimits.DEFAULT.frameBytesMax();
    private int answerBytesMax = EndpointLimits.DEFAULT.answerBytesMax();
    private int helloTimeoutMillis = EndpointLimits.DEFAULT.helloTimeoutMillis();
    private int ioThreads = EndpointLimits.DEFAULT.ioThreads();
    private Sockets sockets = Sockets.NIO;
    private @Nullable EventLoopGroup eventLoopGroup;

    NettyClientEndpointBuilder(Address bind) {
        this.bind = bind;
    }

    /** The node behind it: {@code node.clients()}. */
    public NettyClientEndpointBuilder gateway(ClientGateway given) {
        gateway = given;
        return this;
    }

    /**
     * Where another node serves clients: with it a client finds a leader that is not among its own addresses. An entry for the
     * node itself does no harm, so that all nodes can be given the same list.
     */
    public NettyClientEndpointBuilder clientAddress(NodeId node, String host, int port) {
        addresses.put(node, Address.checked("client address of " + node, host, port, 1));
        return this;
    }

    /** TLS, with a certificate chain and a private key (PKCS #8) in PEM files, which are read now. */
    public NettyClientEndpointBuilder tls(Path certificateChain, Path privateKey) {
        tls = Tls.accepting(certificateChain, privateKey);
        return this;
    }

    /** TLS, from the context's key managers; with {@code clientCertificates} its trust managers say which clients may come. */
    public NettyClientEndpointBuilder tls(SSLContext context, boolean clientCertificates) {
        tls = Tls.accepting(context, clientCertificates);
        return this;
    }

    /** Most clients at a time; 1 to 1,000,000, 1,024 by default. One more is refused. */
    public NettyClientEndpointBuilder connectionsMax(int connections) {
        connectionsMax = connections;
        return this;
    }

    /** Most sessions attached by one connection; 1 to 65,536, 16 by default. */
    public NettyClientEndpointBuilder sessionsMax(int sessions) {
        sessionsMax = sessions;
        return this;
    }

    /** Most commands of one connection on their way; 1 to 1,000,000, 4,096 by default. More are not read. */
    public NettyClientEndpointBuilder commandsMax(int commands) {
        commandsMax = commands;
        return this;
    }

    /** Most payload bytes of one connection's commands on their way; 1 to 1 GiB, 16 MiB by default. More are not read. */
    public NettyClientEndpointBuilder commandBytesMax(int bytes) {
        commandBytesMax = bytes;
        return this;
    }

    /** Most reads of one connection on their way; 1 to 1,000,000, 1,024 by default. More are not read. */
    public NettyClientEndpointBuilder readsMax(int reads) {
        readsMax = reads;
        return this;
    }

    /** Longest frame that is taken, in bytes; 4 KiB to 256 MiB, 4 MiB by default. Commands that it does not hold are too large. */
    public NettyClientEndpointBuilder frameBytesMax(int bytes) {
        frameBytesMax = bytes;
        return this;
    }

    /** A client that leaves more bytes of answers unread is disconnected; from the longest frame to 1 GiB, 64 MiB by default. */
    public NettyClientEndpointBuilder answerBytesMax(int bytes) {
        answerBytesMax = bytes;
        return this;
    }

    /** How long a client may take to say hello, TLS included, in milliseconds; 10 to an hour, 3,000 by default. */
    public NettyClientEndpointBuilder helloTimeoutMillis(int millis) {
        helloTimeoutMillis = millis;
        return this;
    }

    /** I/O threads; 1 to 64, 1 by default. */
    public NettyClientEndpointBuilder ioThreads(int threads) {
        ioThreads = threads;
        return this;
    }

    /**
     * The kind of TCP sockets; {@link Sockets#NIO} by default. A host that hands in its own event loops, too, says of which kind
     * they are.
     */
    public NettyClientEndpointBuilder sockets(Sockets given) {
        sockets = given;
        return this;
    }

    /**
     * Event loops to serve on, made for that kind of {@link #sockets}, which the endpoint does not shut down: those of the
     * node's transport, say, which saves a hand-over between threads each way. Without it the endpoint has I/O threads of its
     * own.
     */
    public NettyClientEndpointBuilder eventLoopGroup(EventLoopGroup given) {
        eventLoopGroup = given;
        return this;
    }

    /**
     * Binds and serves.
     *
     * @throws IOException if the address cannot be bound
     * @throws IllegalArgumentException if there is no gateway, or a number is out of range
     */
    public NettyClientEndpoint start() throws IOException {
        ClientGateway node = gateway;
        if (node == null) {
            throw new IllegalArgumentException("gateway: missing, say which node is to be served, with node.clients()");
        }
        EndpointLimits limits = new EndpointLimits(
                connectionsMax,
                sessionsMax,
                commandsMax,
                commandBytesMax,
                readsMax,
                frameBytesMax,
                answerBytesMax,
                helloTimeoutMillis,
                ioThreads);
        return NettyClientEndpoint.start(bind, node, limits, addresses, tls, sockets, eventLoopGroup);
    }
}
