// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.model.ClusterId;
import io.paxos.transport.netty.Sockets;
import io.paxos.transport.netty.connect.Address;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Says how a {@link PaxosClient} is to be. At least one {@link #address} is required. What is out of range is an {@link
 * IllegalArgumentException} that names field, value and allowed range; addresses are checked at once, numbers when it is
 * {@linkplain #connect connected}.
 */
public final class PaxosClientBuilder {
    private static final AtomicInteger CLIENTS = new AtomicInteger();

    private final List<Address> addresses = new ArrayList<>();
    private String cluster = "";
    private String name = "paxos-client-" + CLIENTS.incrementAndGet();
    private @Nullable Tls tls;
    private Sockets sockets = Sockets.NIO;
    private @Nullable Executor executor;
    private int inFlightCommandsMax = 4_096;
    private int inFlightBytesMax = 16 << 20;
    private int inFlightReadsMax = 4_096;
    private int frameBytesMax = 4 << 20;
    private Duration timeout = Duration.ofSeconds(10);
    private Duration sessionTimeout = Duration.ofMinutes(2);
    private int connectTimeoutMillis = 2_000;
    private int answerMillis = 1_000;
    private int silenceMillis = 2_000;
    private int retryMillisMin = 10;
    private int retryMillisMax = 1_000;
    private int retriesPerSecond = 100;

    PaxosClientBuilder() {}

    /** Where a node serves clients; to be called for each. One is enough if the nodes know each other's client addresses. */
    public PaxosClientBuilder address(String host, int port) {
        addresses.add(Address.checked("address", host, port, 1));
        return this;
    }

    /** The cluster it wants; a node of another one refuses it. Whichever is there by default. */
    public PaxosClientBuilder cluster(String cluster) {
        this.cluster = new ClusterId(cluster).name();
        return this;
    }

    /** What it is called in logs and thread names; {@code paxos-client-1}, … by default. */
    public PaxosClientBuilder name(String name) {
        this.name = name;
        return this;
    }

    /** TLS; trusts the certificates in that PEM file, which is read now, for nodes that have the name that was dialled. */
    public PaxosClientBuilder tls(Path trustedCertificates) {
        tls = Tls.dialling(trustedCertificates);
        return this;
    }

    /** TLS as that context says; a node must have a certificate for the name that was dialled, all the same. */
    public PaxosClientBuilder tls(SSLContext context) {
        tls = Tls.dialling(context);
        return this;
    }

    /** The kind of TCP sockets; {@link Sockets#NIO} by default. */
    public PaxosClientBuilder sockets(Sockets given) {
        sockets = given;
        return this;
    }

    /** Where futures complete; a thread of the client's own by default. */
    public PaxosClientBuilder executor(Executor executor) {
        this.executor = executor;
        return this;
    }

    /** Most commands without an answer; 1 to 1,000,000, 4,096 by default. */
    public PaxosClientBuilder inFlightCommandsMax(int commands) {
        inFlightCommandsMax = commands;
        return this;
    }

    /** Most bytes of commands without an answer; 1 to 1 GiB, 16 MiB by default. It bounds the longest command, too. */
    public PaxosClientBuilder inFlightBytesMax(int bytes) {
        inFlightBytesMax = bytes;
        return this;
    }

    /** Most reads without an answer; 1 to 1,000,000, 4,096 by default. */
    public PaxosClientBuilder inFlightReadsMax(int reads) {
        inFlightReadsMax = reads;
        return this;
    }

    /** Longest frame that is taken from a node, in bytes; 4 KiB to 256 MiB, 4 MiB by default. It must hold any result. */
    public PaxosClientBuilder frameBytesMax(int bytes) {
        frameBytesMax = bytes;
        return this;
    }

    /** How long a command or read may take where its call does not say; up to a day, 10 seconds by default. */
    public PaxosClientBuilder timeout(Duration timeout) {
        this.timeout = timeout;
        return this;
    }

    /**
     * How long the cluster remembers this client's session when nothing is heard of it; a second to a day, 2 minutes by default.
     * A client that comes back later is told that it does not know what became of what it had sent.
     */
    public PaxosClientBuilder sessionTimeout(Duration timeout) {
        this.sessionTimeout = timeout;
        return this;
    }

    /** How long a connection may take, TLS and welcome included, in milliseconds; 10 to an hour, 2,000 by default. */
    public PaxosClientBuilder connectTimeoutMillis(int millis) {
        connectTimeoutMillis = millis;
        return this;
    }

    /**
     * When nothing is answered for this long, in milliseconds, commands are sent again; after twice that, and reads at once,
     * to another node. 10 to an hour, 1,000 by default: it should be longer than an election.
     */
    public PaxosClientBuilder answerMillis(int millis) {
        answerMillis = millis;
        return this;
    }

    /** A node that says nothing at all for this long, in milliseconds, is dialled anew; 40 to an hour, 2,000 by default. */
    public PaxosClientBuilder silenceMillis(int millis) {
        silenceMillis = millis;
        return this;
    }

    /**
     * First and longest pause before something is tried again, in milliseconds; 1 to an hour, 10 and 1,000 by default. The
     * pause doubles, and each is shortened by up to a half at random.
     */
    public PaxosClientBuilder retryMillis(int min, int max) {
        retryMillisMin = min;
        retryMillisMax = max;
        return this;
    }

    /**
     * How many commands and reads a second may be sent again while nothing is answered; 1 to 1,000,000, 100 by default. Each
     * answer allows for a fifth of one more, and twice what may be in flight can be saved up. While nothing is answered only a few
     * of the commands are tried.
     */
    public PaxosClientBuilder retriesPerSecond(int retries) {
        retriesPerSecond = retries;
        return this;
    }

    /**
     * A client as described so far; it begins to look for the nodes, and the method returns at once.
     *
     * @throws IllegalArgumentException if there is no address, or a number is out of range
     */
    public PaxosClient connect() {
        ClientSettings settings = new ClientSettings(
                addresses,
                cluster,
                name,
                tls,
                sockets,
                executor,
                inFlightCommandsMax,
                inFlightBytesMax,
                inFlightReadsMax,
                frameBytesMax,
                timeout.toMillis(),
                sessionTimeout.toMillis(),
                connectTimeoutMillis,
                answerMillis,
                silenceMillis,
                retryMillisMin,
                retryMillisMax,
                retriesPerSecond);
        return new PaxosClient(settings);
    }
}
