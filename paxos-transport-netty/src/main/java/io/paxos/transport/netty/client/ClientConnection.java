// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.paxos.message.MalformedFrameException;
import io.paxos.transport.netty.client.ClientMessage.Reason;
import io.paxos.transport.netty.guard.Complaints;
import io.paxos.transport.netty.guard.Stranger;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The accepting end of a client's connection.
 *
 * <pre>
 * STRANGER --hello accepted--> SERVING --anything it must not send, too many answers that it does not read--> CLOSED
 *     |  anything else, no hello in time, refused                                                              ^
 *     +--------------------------------------------------------------------------------------------------------+
 * </pre>
 *
 * <p>All commands of one read go to the node in one call; where the node has no room for them, or the client has more on its
 * way than it may have, or does not read its answers, nothing more is read from it: TCP makes it wait. What the node tells is
 * queued by its threads, and one task of the event loop sends all that is there.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends in channelInactive, which is heard
final class ClientConnection extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** With four bytes every magic number and every banner can be told apart. */
    private static final int MAGIC_BYTES = 4;

    private enum State {
        STRANGER,
        SERVING,
        CLOSED
    }

    private final Served served;
    private final CommandIntake intake;
    private final ServedSessions sessions;
    private final ServedReads reads;
    private final Frames frames = new Frames();
    private final Queue<Object> news = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean told = new AtomicBoolean();

    private State state = State.STRANGER;
    private @Nullable ChannelHandlerContext context;
    private volatile @Nullable Channel channel;
    private String remote = "an unknown address";
    private String name = "";
    private @Nullable Future<?> timer;
    private int clientFrameBytesMax = ClientCodec.HELLO_BYTES_MAX;
    private int arrivingLength;

    private boolean reading = true;
    private boolean willSayBusy;

    ClientConnection(Served served) {
        this.served = served;
        this.intake = new CommandIntake(served.gateway());
        this.sessions = new ServedSessions(served, this, intake);
        this.reads = new ServedReads(served.gateway(), this::tell);
    }

    // ---- beginning and end ---------------------------------------------------------------------------------------

    @Override
    public void channelActive(ChannelHandlerContext ctx) throws Exception {
        context = ctx;
        channel = ctx.channel();
        remote = String.valueOf(ctx.channel().remoteAddress());
        Channel evicted = served.unidentified().add(ctx.channel());
        if (evicted != null) {
            complain(
                    Complaints.Kind.STRANGER,
                    "closed a connection from " + evicted.remoteAddress()
                            + ": too many connections have not said hello, and it was silent longest");
            evicted.close();
        }
        int millis = served.limits().helloTimeoutMillis();
        timer = ctx.executor().schedule(() -> helloMissing(ctx), millis, TimeUnit.MILLISECONDS);
        super.channelActive(ctx);
    }

    private void helloMissing(ChannelHandlerContext ctx) {
        if (state == State.STRANGER) {
            closeStranger(ctx, "no hello in " + served.limits().helloTimeoutMillis() + " ms");
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        super.channelInactive(ctx);
        close(ctx);
        served.unidentified().remove(ctx.channel());
        served.leave(this);
        cancelTimer();
        sessions.detachAll();
        intake.clear();
        reads.clear();
        news.clear();
    }

    private void cancelTimer() {
        Future<?> running = timer;
        if (running != null) {
            running.cancel(false);
        }
    }

    private void close(ChannelHandlerContext ctx) {
        state = State.CLOSED;
        ctx.close();
    }

    private void closeStranger(ChannelHandlerContext ctx, String why) {
        complain(Complaints.Kind.STRANGER, "closed a connection from " + remote + ": " + why);
        close(ctx);
    }

    private void misbehaved(ChannelHandlerContext ctx, String what) {
        complain(
                Complaints.Kind.MISBEHAVING_PEER,
                "closed the connection of client '" + name + "' from " + remote + ": it sent " + what);
        refuse(ctx, Reason.MISBEHAVED, what);
    }

    private void refuse(ChannelHandlerContext ctx, Reason reason, String text) {
        state = State.CLOSED;
        frames.add(new ClientMessage.Refusal(reason, text));
        frames.flush(ctx.channel());
        ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    private void complain(Complaints.Kind kind, String line) {
        served.complaints().warn(kind, served.name() + ": " + line);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Throwable reason = cause instanceof DecoderException && cause.getCause() != null ? cause.getCause() : cause;
        if (!(reason instanceof MalformedFrameException)) {
            // A reset, mostly, or a TLS handshake that failed. Anything else is a bug of ours.
            LOG.debug("{}: the connection from {} failed", served.name(), remote, reason);
            close(ctx);
        } else if (state == State.SERVING) {
            misbehaved(ctx, "a malformed frame, " + reason.getMessage());
        } else if (state == State.STRANGER) {
            closeStranger(ctx, "its hello is malformed, " + reason.getMessage());
        }
    }

    /** The endpoint closes; any thread. */
    void farewell() {
        onLoop(ctx -> {
            if (state == State.SERVING) {
                refuse(ctx, Reason.CLOSING, "the endpoint closes");
            } else {
                close(ctx);
            }
        });
    }

    // ---- reading -------------------------------------------------------------------------------------------------

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (state == State.CLOSED) {
            in.skipBytes(in.readableBytes());
        } else if (state == State.SERVING && !mayRead()) {
            return; // it stays in the buffer, and no more is read from the socket
        } else if (state == State.STRANGER && isStranger(ctx, in)) {
            return;
        } else {
            decodeFrame(ctx, in);
        }
    }

    private boolean isStranger(ChannelHandlerContext ctx, ByteBuf in) {
        if (in.readableBytes() < MAGIC_BYTES) {
            return true; // not known yet
        }
        if (in.getInt(in.readerIndex()) != ClientCodec.MAGIC) {
            int shown = Math.min(in.readableBytes(), Stranger.SHOWN_BYTES_MAX);
            closeStranger(ctx, Stranger.describe(ByteBufUtil.getBytes(in, in.readerIndex(), shown)));
            return true;
        }
        return false;
    }

    private void decodeFrame(ChannelHandlerContext ctx, ByteBuf in) {
        if (arrivingLength == 0) {
            if (in.readableBytes() < ClientCodec.HEADER_BYTES) {
                return;
            }
            int max = state == State.STRANGER
                    ? ClientCodec.HELLO_BYTES_MAX
                    : served.limits().frameBytesMax();
            arrivingLength =
                    ClientCodec.lengthOf(in.internalNioBuffer(in.readerIndex(), ClientCodec.HEADER_BYTES), max);
        }
        int length = arrivingLength;
        if (in.readableBytes() < length) {
            return;
        }
        ClientMessage message = ClientCodec.decode(in.internalNioBuffer(in.readerIndex(), length));
        in.skipBytes(length);
        arrivingLength = 0;
        if (state == State.SERVING) {
            serve(ctx, message);
        } else if (message instanceof ClientMessage.Hello hello) {
            welcome(ctx, hello);
        } else {
            closeStranger(ctx, "its first words are no hello but " + ClientMessageKind.of(message));
        }
    }

    private void welcome(ChannelHandlerContext ctx, ClientMessage.Hello hello) {
        served.unidentified().remove(ctx.channel());
        cancelTimer();
        name = hello.name();
        String cluster = served.gateway().cluster().name();
        if (!hello.cluster().isEmpty() && !hello.cluster().equals(cluster)) {
            refuse(ctx, Reason.OTHER_CLUSTER, "this is cluster " + cluster + ", not " + hello.cluster());
        } else if (hello.versionMin() > ClientCodec.VERSION || hello.versionMax() < ClientCodec.VERSION) {
            refuse(ctx, Reason.VERSION, "this node speaks version " + ClientCodec.VERSION + " only");
        } else if (!served.admit(this)) {
            complain(
                    Complaints.Kind.REFUSED,
                    "refused client '" + name + "' from " + remote + ": there are "
                            + served.limits().connectionsMax() + " connections");
            refuse(ctx, Reason.TOO_MANY_CONNECTIONS, "as many clients as are allowed");
        } else {
            state = State.SERVING;
            clientFrameBytesMax = Math.max(hello.frameBytesMax(), ClientCodec.HELLO_BYTES_MAX);
            LOG.debug("{}: client '{}' is connected from {}", served.name(), name, remote);
            frames.add(served.welcome());
            frames.flush(ctx.channel());
        }
    }

    private void serve(ChannelHandlerContext ctx, ClientMessage message) {
        if (message instanceof ClientMessage.Submit submit) {
            complainOf(ctx, sessions.submit(submit.commands()));
            if (intake.isFull()) {
                giveToNode();
            }
        } else if (message instanceof ClientMessage.Reads asked) {
            reads.ask(asked.reads());
        } else if (message instanceof ClientMessage.Ping ping) {
            frames.add(new ClientMessage.Pong(ping.nonce(), served.gateway().agreedTimeMillis()));
        } else if (message instanceof ClientMessage.Attach attach) {
            sessions.detach(attach.session());
            giveToNode(); // what came of others does not wait for this one
            complainOf(ctx, sessions.attach(attach.session(), attach.boot()));
        } else if (message instanceof ClientMessage.Detach detach) {
            sessions.detach(detach.session());
        } else {
            misbehaved(ctx, "a message that only nodes send: " + ClientMessageKind.of(message));
        }
    }

    private void complainOf(ChannelHandlerContext ctx, @Nullable String what) {
        if (what != null) {
            misbehaved(ctx, what);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
        giveToNode();
        frames.flush(ctx.channel());
        readOrNot();
        if (reading) {
            super.channelReadComplete(ctx);
        } else {
            ctx.fireChannelReadComplete(); // the decoder's own would ask for more, since no message left it
        }
    }

    // ---- the node, and the bounds --------------------------------------------------------------------------------

    private void giveToNode() {
        if (!intake.isReady() || state != State.SERVING) {
            return;
        }
        try {
            if (!intake.offer()) {
                retryLater();
            }
        } catch (IllegalArgumentException impossible) {
            ChannelHandlerContext ctx = context;
            if (ctx != null) {
                misbehaved(ctx, String.valueOf(impossible.getMessage()));
            }
        }
    }

    private void retryLater() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            timer = ctx.executor().schedule(this::retry, intake.nextPauseMillis(), TimeUnit.MILLISECONDS);
            sayBusyLater(ctx);
        }
    }

    private void retry() {
        ChannelHandlerContext ctx = context;
        if (state != State.SERVING || ctx == null) {
            return;
        }
        intake.again();
        giveToNode();
        readOrNot();
        frames.flush(ctx.channel());
    }

    /**
     * A client that keeps to the bounds is read for ever, so that it can send again what a leader took with it, and is not taken
     * for silent. One that goes beyond them waits until something of it is done.
     */
    private boolean mayRead() {
        Channel now = channel;
        return !intake.isRefused()
                && sessions.load().commands() <= served.limits().commandsMax()
                && sessions.load().bytes() <= served.limits().commandBytesMax()
                && reads.open() <= served.limits().readsMax()
                && now != null
                && now.isWritable();
    }

    /** Reads on, or stops to, as the bounds say. What is in the buffer already is decoded before more is read. */
    private void readOrNot() {
        ChannelHandlerContext ctx = context;
        if (ctx == null || state != State.SERVING || mayRead() == reading) {
            return;
        }
        reading = !reading;
        ctx.channel().config().setAutoRead(reading);
        if (reading) {
            try {
                channelRead(ctx, Unpooled.EMPTY_BUFFER);
                channelReadComplete(ctx);
            } catch (Exception failed) {
                exceptionCaught(ctx, failed);
            }
        }
    }

    /** While the node has no room the client's pings are not read either, and it would take the node for dead. */
    private void sayBusyLater(ChannelHandlerContext ctx) {
        if (!willSayBusy) {
            willSayBusy = true;
            ctx.executor().schedule(() -> sayBusy(ctx), EndpointLimits.BUSY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }

    private void sayBusy(ChannelHandlerContext ctx) {
        willSayBusy = false;
        if (state != State.SERVING || !intake.isRefused()) {
            return;
        }
        if (ctx.channel().isWritable()) { // else it has enough to read that says so
            frames.add(new ClientMessage.Pong(0, served.gateway().agreedTimeMillis()));
            frames.flush(ctx.channel());
        }
        sayBusyLater(ctx);
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        goOnReading(ctx);
        readOrNot();
        super.channelWritabilityChanged(ctx);
    }

    // ---- answers -------------------------------------------------------------------------------------------------

    /** Something for this client; any thread. One task of the event loop for all that comes until it runs. */
    void tell(Object something) {
        news.add(something);
        if (told.compareAndSet(false, true)) {
            onLoop(this::sendNews);
        }
    }

    private void onLoop(Consumer<ChannelHandlerContext> task) {
        Channel now = channel;
        if (now == null) {
            return;
        }
        try {
            now.eventLoop().execute(() -> {
                ChannelHandlerContext ctx = context;
                if (ctx != null) {
                    task.accept(ctx);
                }
            });
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("{}: the event loop of {} is shut down", served.name(), remote);
        }
    }

    private void sendNews(ChannelHandlerContext ctx) {
        told.set(false);
        Answers answers =
                new Answers(frames, clientFrameBytesMax, served.gateway().agreedTimeMillis());
        for (Object next = news.poll(); next != null; next = news.poll()) {
            if (state == State.SERVING) {
                take(next, answers);
            }
        }
        if (state != State.SERVING) {
            return;
        }
        answers.finish();
        frames.flush(ctx.channel());
        if (frames.bytesOnTheirWay() > served.limits().answerBytesMax()) {
            complain(
                    Complaints.Kind.MISBEHAVING_PEER,
                    "closed the connection of client '" + name + "' from " + remote
                            + ": it does not read its answers, of which " + frames.bytesOnTheirWay() + " bytes wait");
            close(ctx);
        }
        goOnReading(ctx);
        readOrNot();
    }

    private void goOnReading(ChannelHandlerContext ctx) {
        if (state == State.SERVING && ctx.channel().isWritable()) {
            reads.goOn();
        }
    }

    private void take(Object next, Answers answers) {
        if (next instanceof ServedReads.Told group) {
            reads.answered(group);
            group.answers().forEach(answers::read);
        } else if (next instanceof ClientMessage message) {
            answers.message(message);
        } else if (next instanceof ServedSession.News ofSession) {
            sessions.tell(ofSession, answers);
        }
    }
}
