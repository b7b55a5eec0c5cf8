// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.paxos.message.MalformedFrameException;
import io.paxos.model.NodeId;
import io.paxos.transport.CopyRefusal;
import io.paxos.transport.netty.guard.Complaints;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The dialling end of a connection: says hello, waits for the welcome, and from then on reads receipts alone. The frames are
 * written by the {@link OutboundLink}.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends in channelInactive, which is heard
final class OutboundConnection extends ByteToMessageDecoder {

    /** What a dialling end tells its link; on the event loop. */
    interface Owner {
        /**
         * The other end welcomed us.
         *
         * @param frameBytesMax longest frame that both ends take
         */
        void welcomed(ChannelHandlerContext ctx, Greeting answer, int frameBytesMax);

        /** Something came from the other end. */
        void heard();

        /**
         * The connection is closed; told once.
         *
         * @param why for the log
         */
        void closed(String why);
    }

    private final LocalNode local;
    private final NodeId wanted;
    private final Owner owner;
    private boolean welcomed;
    private String why = "the other end closed the connection";
    private @Nullable Future<?> timeout;

    OutboundConnection(LocalNode local, NodeId wanted, Owner owner) {
        this.local = local;
        this.wanted = wanted;
        this.owner = owner;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        ControlFrame hello = new ControlFrame.Hello(local.greeting().to(wanted));
        ctx.writeAndFlush(Unpooled.wrappedBuffer(ControlCodec.encode(hello)));
        int millis = local.limits().helloTimeoutMillis();
        timeout = ctx.executor()
                .schedule(
                        () -> close(ctx, "no answer to the hello in " + millis + " ms"), millis, TimeUnit.MILLISECONDS);
        super.channelActive(ctx);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (!ctx.channel().isActive()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (in.readableBytes() < ControlCodec.HEADER_BYTES) {
            return;
        }
        int length = ControlCodec.lengthOf(in.nioBuffer(in.readerIndex(), ControlCodec.HEADER_BYTES));
        if (in.readableBytes() < length) {
            return;
        }
        ControlFrame frame = ControlCodec.decode(in.nioBuffer(in.readerIndex(), length));
        in.skipBytes(length);
        owner.heard();
        if (frame instanceof ControlFrame.Welcome welcome && !welcomed) {
            recognise(ctx, welcome.greeting());
        } else if (frame instanceof ControlFrame.Refusal refusal && !welcomed) {
            refused(ctx, "was refused by " + wanted + " (" + refusal.reason() + "): " + refusal.text());
            tellIfCopy(refusal);
        } else if (!(frame instanceof ControlFrame.Receipt) || !welcomed) {
            throw new MalformedFrameException("hello: " + frame + " was not expected here");
        }
    }

    /** A back-off would not help: as long as the other process lives, nobody will listen to this one. */
    private void tellIfCopy(ControlFrame.Refusal refusal) {
        CopyRefusal.Why why = refusal.reason().whyCopy();
        if (why != null) {
            local.receiver().refusedAsCopy(new CopyRefusal(wanted, why, refusal.text()));
        }
    }

    private void recognise(ChannelHandlerContext ctx, Greeting answer) {
        ControlFrame.Refusal refusal = local.register()
                .recognise(answer, wanted, String.valueOf(ctx.channel().remoteAddress()));
        if (refusal != null) {
            refused(ctx, "closed the connection: " + refusal.text());
            return;
        }
        welcomed = true;
        cancelTimeout();
        owner.welcomed(ctx, answer, Math.min(local.limits().frameBytesMax(), answer.frameBytesMax()));
    }

    private void refused(ChannelHandlerContext ctx, String what) {
        local.tally().hellosRefused.increment();
        local.complaints()
                .warn(
                        Complaints.Kind.REFUSED,
                        local.name() + ": dialled " + wanted + " at "
                                + ctx.channel().remoteAddress() + " and " + what);
        close(ctx, what);
    }

    private void close(ChannelHandlerContext ctx, String reason) {
        why = reason;
        ctx.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        close(ctx, reason.toString());
    }

    private void cancelTimeout() {
        Future<?> running = timeout;
        if (running != null) {
            running.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        cancelTimeout();
        owner.closed(why);
    }
}
