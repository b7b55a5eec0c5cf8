// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.paxos.message.MalformedFrameException;
import io.paxos.transport.netty.connect.Address;
import io.paxos.transport.netty.connect.Backoff;
import io.paxos.transport.netty.connect.Dialling;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A client's connection to one address: dials it, says hello, dials again when it is lost, and notices when the other end is
 * silent though it was asked. On the client's event loop.
 *
 * <pre>
 * WAITING --pause over--> DIALLING --connected, hello--> GREETING --welcomed--> OPEN
 *    ^                        |                              |                   |
 *    +----- no address, no connection, refused, silent, connection lost ---------+     any --close()--> CLOSED
 * </pre>
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends in channelInactive, which is heard
final class NodeLink {
    private static final Logger LOG = LoggerFactory.getLogger(NodeLink.class);

    /** What a link tells the client. */
    interface Owner {
        void opened(int link, ClientMessage.Welcome welcome);

        void closed(int link, String why);

        void received(int link, ClientMessage message);

        /** All that had arrived was told. */
        void readComplete();
    }

    private enum State {
        WAITING,
        DIALLING,
        GREETING,
        OPEN,
        CLOSED
    }

    private final int index;
    private final Address address;
    private final ClientSettings settings;
    private final EventLoop loop;
    private final Executor resolver;
    private final Owner owner;
    private final Backoff pause;
    private final Frames frames = new Frames();

    private State state = State.WAITING;
    private @Nullable Channel channel;
    private long nextDialMillis;
    private long sinceMillis;
    private long heardMillis;
    private long pingedMillis;
    private long pings;
    private boolean outageTold;

    NodeLink(int index, Address address, ClientSettings settings, EventLoop loop, Executor resolver, Owner owner) {
        this.index = index;
        this.address = address;
        this.settings = settings;
        this.loop = loop;
        this.resolver = resolver;
        this.owner = owner;
        this.pause = settings.reconnectPause();
    }

    Address address() {
        return address;
    }

    boolean isOpen() {
        return state == State.OPEN;
    }

    void send(ClientMessage message) {
        frames.add(message);
    }

    /** Writes what was sent in this turn. */
    void flush() {
        Channel now = channel;
        if (state == State.OPEN && now != null) {
            frames.flush(now);
        }
    }

    /** Does what is due: dials, pings, gives up on the silent. */
    void tick(long nowMillis) {
        switch (state) {
            case WAITING -> {
                if (nowMillis >= nextDialMillis) {
                    dial(nowMillis);
                }
            }
            case DIALLING, GREETING -> {
                if (nowMillis - sinceMillis >= settings.connectTimeoutMillis()) {
                    lost("no welcome in " + settings.connectTimeoutMillis() + " ms", nowMillis);
                }
            }
            case OPEN -> listen(nowMillis);
            case CLOSED -> {}
        }
    }

    private void listen(long nowMillis) {
        if (nowMillis - heardMillis >= settings.silenceMillis()) {
            lost("nothing heard for " + (nowMillis - heardMillis) + " ms", nowMillis);
        } else if (nowMillis - Math.max(heardMillis, pingedMillis) >= settings.silenceMillis() / 4) {
            pingedMillis = nowMillis;
            send(new ClientMessage.Ping(++pings));
        }
    }

    // ---- dialling ------------------------------------------------------------------------------------------------

    private void dial(long nowMillis) {
        state = State.DIALLING;
        sinceMillis = nowMillis;
        long attempt = nowMillis;
        try {
            // A name server that is slow must not hold up the connections that work.
            resolver.execute(() -> resolveAndConnect(attempt));
        } catch (RejectedExecutionException closing) {
            LOG.debug("the client closes");
        }
    }

    private void resolveAndConnect(long attempt) {
        InetAddress resolved = resolve();
        try {
            loop.execute(() -> connect(resolved, attempt));
        } catch (RejectedExecutionException closed) {
            LOG.debug("the client has closed meanwhile");
        }
    }

    private @Nullable InetAddress resolve() {
        try {
            return InetAddress.getByName(address.host());
        } catch (UnknownHostException unknown) {
            return null;
        }
    }

    private void connect(@Nullable InetAddress resolved, long attempt) {
        if (state != State.DIALLING || attempt != sinceMillis) {
            return;
        }
        if (resolved == null) {
            lost("the host is unknown", settings.nowMillis());
            return;
        }
        Tls tls = settings.tls();
        Bootstrap connection = new Bootstrap()
                .channelFactory(settings.sockets().dialling())
                .option(ChannelOption.ALLOCATOR, PooledByteBufAllocator.DEFAULT)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, settings.connectTimeoutMillis())
                .handler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel opened) {
                        if (tls != null) {
                            opened.pipeline().addLast(tls.handler(opened.alloc(), address.host(), address.port()));
                        }
                        opened.pipeline().addLast(new Connection());
                    }
                });
        channel = Dialling.dial(
                connection,
                loop,
                new InetSocketAddress(resolved, address.port()),
                failure -> failed(attempt, String.valueOf(failure.getMessage())));
    }

    private void failed(long attempt, String why) {
        if (state == State.DIALLING && attempt == sinceMillis) {
            lost(why, settings.nowMillis());
        }
    }

    private void lost(String why, long nowMillis) {
        boolean wasOpen = state == State.OPEN;
        state = State.WAITING;
        nextDialMillis = nowMillis + pause.nextMillis();
        frames.clear();
        Channel old = channel;
        channel = null;
        if (old != null) {
            old.close();
        }
        if (!outageTold) {
            outageTold = true;
            LOG.info("{}: no connection to {}: {}; dialling again", settings.name(), address, why);
        }
        if (wasOpen) {
            owner.closed(index, why);
        }
    }

    void close() {
        state = State.CLOSED;
        Channel old = channel;
        channel = null;
        frames.clear();
        if (old != null) {
            old.close();
        }
    }

    // ---- the connection ------------------------------------------------------------------------------------------

    private final class Connection extends ByteToMessageDecoder {
        private int arrivingLength;

        private boolean isCurrent(ChannelHandlerContext ctx) {
            return channel == ctx.channel();
        }

        @Override
        public void channelActive(ChannelHandlerContext ctx) throws Exception {
            if (!isCurrent(ctx)) {
                ctx.close();
                return;
            }
            state = State.GREETING;
            frames.add(new ClientMessage.Hello(
                    ClientCodec.VERSION,
                    ClientCodec.VERSION,
                    settings.frameBytesMax(),
                    settings.cluster(),
                    settings.name()));
            frames.flush(ctx.channel());
            super.channelActive(ctx);
        }

        @Override
        protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
            if (!isCurrent(ctx)) {
                in.skipBytes(in.readableBytes());
                return;
            }
            if (arrivingLength == 0) {
                if (in.readableBytes() < ClientCodec.HEADER_BYTES) {
                    return;
                }
                arrivingLength = ClientCodec.lengthOf(
                        in.internalNioBuffer(in.readerIndex(), ClientCodec.HEADER_BYTES), settings.frameBytesMax());
            }
            int length = arrivingLength;
            if (in.readableBytes() < length) {
                return;
            }
            ClientMessage message = ClientCodec.decode(in.internalNioBuffer(in.readerIndex(), length));
            in.skipBytes(length);
            arrivingLength = 0;
            receive(message);
        }

        private void receive(ClientMessage message) {
            if (message instanceof ClientMessage.Refusal refusal) {
                LOG.debug("{}: refused by {}: {}", settings.name(), address, refusal);
                lost("refused, " + refusal.reason() + ": " + refusal.text(), settings.nowMillis());
            } else if (state == State.OPEN) {
                owner.received(index, message);
            } else if (message instanceof ClientMessage.Welcome welcome) {
                state = State.OPEN;
                pause.reset();
                outageTold = false;
                LOG.debug("{}: {} is {}", settings.name(), address, welcome.node());
                owner.opened(index, welcome);
            } else {
                throw new MalformedFrameException(
                        "client message: " + ClientMessageKind.of(message) + " came before the welcome");
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
            if (isCurrent(ctx)) {
                heardMillis = settings.nowMillis();
            }
            super.channelRead(ctx, message);
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
            super.channelReadComplete(ctx);
            owner.readComplete();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
            if (isCurrent(ctx)) {
                lost(String.valueOf(reason), settings.nowMillis());
            } else {
                ctx.close();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) throws Exception {
            super.channelInactive(ctx);
            if (isCurrent(ctx)) {
                lost("the node closed the connection", settings.nowMillis());
                owner.readComplete();
            }
        }
    }

    @Override
    public String toString() {
        return address + " " + state;
    }
}
