// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.message.MalformedFrameException;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.guard.Complaints;
import io.paxos.transport.netty.guard.Stranger;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accepting end of a connection: a peer dials, says hello, and sends frames.
 *
 * <pre>
 * UNIDENTIFIED --hello accepted--> IDENTIFIED
 *      |                                |
 *      | anything else, hello refused,  | malformed or oversize frame, a frame of someone else,
 *      | no hello in time, evicted      | the receiver threw, a better connection came
 *      +-----------> CLOSED <-----------+
 * </pre>
 *
 * <p>No length is believed before magic, version and range fit, and memory grows only with bytes that have really come: up to
 * 4 KiB and one read before the hello, up to one frame and one read after it. Frames leave here as objects; no buffer does.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends in channelInactive, which is heard
final class InboundConnection extends ByteToMessageDecoder implements PeerRegister.Held {
    private static final Logger LOG = LoggerFactory.getLogger(InboundConnection.class);

    /** With four bytes every magic number and every banner can be told apart. */
    private static final int MAGIC_BYTES = 4;

    private enum State {
        UNIDENTIFIED,
        IDENTIFIED,
        CLOSED
    }

    private final LocalNode local;
    private final Consumer<NodeId> heardFrom;
    private State state = State.UNIDENTIFIED;
    private @Nullable Channel channel;
    private volatile String remote = "an unknown address";
    private @Nullable Greeting peer;
    private @Nullable Future<?> helloTimeout;
    private @Nullable Future<?> receipt;

    /** Length of the frame that is arriving; 0 while its header is not there. */
    private int arrivingLength;

    /** Decoded and not yet handed on: those of one read go together. */
    private List<Frame> arrived = new ArrayList<>();

    private volatile long lastReadNanos = System.nanoTime();
    private volatile boolean active;

    /**
     * @param heardFrom told when a peer was welcomed: it is up, so that it can be dialled now
     */
    InboundConnection(LocalNode local, Consumer<NodeId> heardFrom) {
        this.local = local;
        this.heardFrom = heardFrom;
    }

    @Override
    public boolean isAlive() {
        long silentNanos = System.nanoTime() - lastReadNanos;
        return active
                && silentNanos < TimeUnit.MILLISECONDS.toNanos(local.limits().deadPeerMillis());
    }

    @Override
    public String remote() {
        return remote;
    }

    @Override
    public void displace() {
        Channel displaced = channel;
        if (displaced != null) {
            displaced.close();
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        channel = ctx.channel();
        remote = String.valueOf(ctx.channel().remoteAddress());
        active = true;
        Channel evicted = local.unidentified().add(ctx.channel());
        if (evicted != null) {
            evicted.pipeline().fireUserEventTriggered(Evicted.TOO_MANY);
        }
        helloTimeout = ctx.executor()
                .schedule(() -> helloMissing(ctx), local.limits().helloTimeoutMillis(), TimeUnit.MILLISECONDS);
        super.channelActive(ctx);
    }

    /** Told to a connection that must make room for another one. */
    private enum Evicted {
        TOO_MANY
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) throws Exception {
        if (event == Evicted.TOO_MANY && state == State.UNIDENTIFIED) {
            closeStranger(
                    ctx,
                    "more than " + local.limits().unidentifiedConnectionsMax()
                            + " connections have not said hello, and it was silent longest");
        }
        super.userEventTriggered(ctx, event);
    }

    private void helloMissing(ChannelHandlerContext ctx) {
        if (state == State.UNIDENTIFIED) {
            closeStranger(ctx, "no hello in " + local.limits().helloTimeoutMillis() + " ms");
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (state == State.CLOSED) {
            in.skipBytes(in.readableBytes());
        } else if (state == State.UNIDENTIFIED) {
            decodeHello(ctx, in);
        } else {
            decodeFrame(ctx, in);
        }
    }

    private void decodeHello(ChannelHandlerContext ctx, ByteBuf in) {
        if (in.readableBytes() < MAGIC_BYTES) {
            return;
        }
        if (in.getInt(in.readerIndex()) != ControlCodec.MAGIC) {
            int shown = Math.min(in.readableBytes(), Stranger.SHOWN_BYTES_MAX);
            closeStranger(ctx, Stranger.describe(ByteBufUtil.getBytes(in, in.readerIndex(), shown)));
            return;
        }
        if (in.readableBytes() < ControlCodec.HEADER_BYTES) {
            return;
        }
        int length = ControlCodec.lengthOf(in.nioBuffer(in.readerIndex(), ControlCodec.HEADER_BYTES));
        if (in.readableBytes() < length) {
            return;
        }
        ControlFrame first = ControlCodec.decode(in.nioBuffer(in.readerIndex(), length));
        in.skipBytes(length);
        if (first instanceof ControlFrame.Hello hello) {
            answer(ctx, hello.greeting());
        } else {
            closeStranger(ctx, "its first words are no hello but " + first);
        }
    }

    private void answer(ChannelHandlerContext ctx, Greeting hello) {
        identified(ctx);
        ControlFrame.Refusal refusal = local.register().admit(hello, this);
        if (refusal != null) {
            local.tally().hellosRefused.increment();
            local.complaints()
                    .warn(
                            Complaints.Kind.REFUSED,
                            local.name() + ": refused the hello from " + remote + ": " + refusal.text());
            state = State.CLOSED;
            ctx.writeAndFlush(Unpooled.wrappedBuffer(ControlCodec.encode(refusal)))
                    .addListener(ChannelFutureListener.CLOSE);
            return;
        }
        peer = hello;
        state = State.IDENTIFIED;
        local.tally().connectionsAccepted.increment();
        LOG.debug("{}: {} is connected from {}", local.name(), hello, remote);
        Greeting welcome = local.greeting().to(hello.self().node());
        ctx.writeAndFlush(Unpooled.wrappedBuffer(ControlCodec.encode(new ControlFrame.Welcome(welcome))));
        heardFrom.accept(hello.self().node());
    }

    private void decodeFrame(ChannelHandlerContext ctx, ByteBuf in) {
        if (arrivingLength == 0) {
            if (in.readableBytes() < FrameCodec.HEADER_BYTES) {
                return;
            }
            arrivingLength = FrameCodec.lengthOf(
                    in.internalNioBuffer(in.readerIndex(), FrameCodec.HEADER_BYTES),
                    local.limits().frameBytesMax());
        }
        int length = arrivingLength;
        if (in.readableBytes() < length) {
            return;
        }
        Frame frame = FrameCodec.decode(in.internalNioBuffer(in.readerIndex(), length));
        in.skipBytes(length);
        arrivingLength = 0;
        Greeting introduced = peer;
        if (introduced == null
                || !frame.sender().equals(introduced.self())
                || frame.boot() != introduced.boot()
                || frame.group() != introduced.group()) {
            misbehaved(ctx, "a frame of " + frame.sender() + " boot " + frame.boot() + " group " + frame.group());
            return;
        }
        local.tally().framesReceived.increment();
        local.tally().bytesReceived.add(length);
        arrived.add(frame);
    }

    private void deliver(ChannelHandlerContext ctx) {
        if (arrived.isEmpty()) {
            return;
        }
        List<Frame> frames = arrived;
        arrived = new ArrayList<>(frames.size());
        try {
            local.receiver().receive(frames);
        } catch (Throwable thrown) { // anything, also an Error: the event loop serves other connections too
            LOG.error(
                    "{}: the receiver failed on {} frames from {}; closing that connection",
                    local.name(),
                    frames.size(),
                    frames.get(0).sender(),
                    thrown);
            close(ctx);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) throws Exception {
        lastReadNanos = System.nanoTime();
        super.channelRead(ctx, msg);
        if (state == State.IDENTIFIED && receipt == null) {
            receipt = ctx.executor().schedule(() -> confirm(ctx), Limits.RECEIPT_DELAY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        deliver(ctx);
        super.channelReadComplete(ctx);
    }

    private void confirm(ChannelHandlerContext ctx) {
        receipt = null;
        // A peer that does not read its receipts must not make us hoard them.
        if (state == State.IDENTIFIED && ctx.channel().isWritable()) {
            ctx.writeAndFlush(Unpooled.wrappedBuffer(ControlCodec.encode(new ControlFrame.Receipt())));
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (!(reason instanceof MalformedFrameException)) {
            // A reset, mostly. Anything else is a bug of ours, and worth a look in the debug log.
            LOG.debug("{}: the connection from {} failed", local.name(), remote, reason);
            close(ctx);
        } else if (state == State.IDENTIFIED) {
            misbehaved(ctx, "a malformed frame, " + reason.getMessage());
        } else if (state == State.UNIDENTIFIED) {
            closeStranger(ctx, "its hello is malformed, " + reason.getMessage());
        }
    }

    private void closeStranger(ChannelHandlerContext ctx, String why) {
        local.tally().strangersClosed.increment();
        local.complaints()
                .warn(Complaints.Kind.STRANGER, local.name() + ": closed a connection from " + remote + ": " + why);
        close(ctx);
    }

    private void misbehaved(ChannelHandlerContext ctx, String what) {
        deliver(ctx); // what came before it was right
        local.tally().strangersClosed.increment();
        local.complaints()
                .warn(
                        Complaints.Kind.MISBEHAVING_PEER,
                        local.name() + ": closed the connection of " + peer + " from " + remote + ": it sent " + what);
        close(ctx);
    }

    private void close(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        ctx.close();
    }

    private void identified(ChannelHandlerContext ctx) {
        local.unidentified().remove(ctx.channel());
        Future<?> timeout = helloTimeout;
        if (timeout != null) {
            timeout.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        active = false;
        state = State.CLOSED;
        identified(ctx);
        Future<?> pending = receipt;
        if (pending != null) {
            pending.cancel(false);
        }
        Greeting gone = peer;
        if (gone != null) {
            local.register().leave(gone.self().node(), this);
        }
        super.channelInactive(ctx);
    }
}
