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
import io.paxos.ReadReceiver;
import io.paxos.ReadRefusal;
import io.paxos.message.MalformedFrameException;
import io.paxos.model.Command;
import io.paxos.model.SessionId;
import io.paxos.transport.netty.client.ClientMessage.ReadAnswer;
import io.paxos.transport.netty.client.ClientMessage.ReadRequest;
import io.paxos.transport.netty.client.ClientMessage.ReadStatus;
import io.paxos.transport.netty.client.ClientMessage.Reason;
import io.paxos.transport.netty.guard.Complaints;
import io.paxos.transport.netty.guard.Stranger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * <p>All commands of one read go to the node in one call; where the node has no room for them, or the client has as much on its
 * way as it may have, or does not read its answers, nothing more is read from it: TCP makes it wait. What the node tells is
 * queued by its threads, and one task of the event loop sends all that is there.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends in channelInactive, which is heard
final class ClientConnection extends ByteToMessageDecoder {
    private static final Logger LOG = LoggerFactory.getLogger(ClientConnection.class);

    /** With four bytes every magic number and every banner can be told apart. */
    private static final int MAGIC_BYTES = 4;

    /** Commands go to the node when there are so many bytes of them, at the end of what was read at the latest. */
    private static final int BATCH_BYTES = 1 << 20;

    /** Reads that go to the node as one, at most: no slot is applied while it reads them. */
    private static final int GROUP_MAX = 256;

    /** Reads whose timeouts are as close as this have the longest of them all: nobody counts on hearing it so exactly. */
    private static final int GROUP_MILLIS = 10;

    private enum State {
        STRANGER,
        SERVING,
        CLOSED
    }

    private final Served served;
    private final Frames frames = new Frames();
    private final Map<SessionId, ServedSession> sessions = new LinkedHashMap<>();
    private final ServedSession.Load load = new ServedSession.Load();
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

    /** Read and not yet taken by the node. */
    private List<Command> batch = new ArrayList<>();

    private long batchBytes;
    private boolean refusedByNode;
    private int retryMillis = EndpointLimits.RETRY_MILLIS_MIN;
    private long busySinceNanos;
    private int openReads;
    private boolean reading = true;

    ClientConnection(Served served) {
        this.served = served;
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
        for (ServedSession session : sessions.values()) {
            served.gateway().detach(session.id(), session);
        }
        sessions.clear();
        batch = new ArrayList<>();
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
            submit(ctx, submit.commands());
        } else if (message instanceof ClientMessage.Reads reads) {
            read(reads.reads());
        } else if (message instanceof ClientMessage.Ping ping) {
            frames.add(new ClientMessage.Pong(ping.nonce(), served.gateway().agreedTimeMillis()));
        } else if (message instanceof ClientMessage.Attach attach) {
            attach(ctx, attach.session(), attach.boot());
        } else if (message instanceof ClientMessage.Detach detach) {
            detach(detach.session());
        } else {
            misbehaved(ctx, "a message that only nodes send: " + ClientMessageKind.of(message));
        }
    }

    private void attach(ChannelHandlerContext ctx, SessionId id, long boot) {
        if (id.owner() != 0 || id.tag() == 0) {
            misbehaved(ctx, "session " + id + ", which is no client's");
            return;
        }
        detach(id);
        if (sessions.size() >= served.limits().sessionsMax()) {
            misbehaved(ctx, "more than " + served.limits().sessionsMax() + " sessions");
            return;
        }
        giveToNode(); // what came before the attachment belongs to the one before
        ServedSession session = new ServedSession(id, this);
        sessions.put(id, session);
        try {
            served.gateway().attach(id, boot, session);
        } catch (IllegalArgumentException refused) {
            misbehaved(ctx, "session " + id + ", " + refused.getMessage());
        }
    }

    private void detach(SessionId id) {
        ServedSession session = sessions.get(id);
        if (session != null) {
            forget(session);
            served.gateway().detach(id, session);
        }
    }

    /** Also what the node had no room for: it is sent again, where the session is attached next. */
    private void forget(ServedSession session) {
        sessions.remove(session.id());
        session.forget(load);
        batch.removeIf(command -> command.session().equals(session.id()));
    }

    private void submit(ChannelHandlerContext ctx, List<Command> commands) {
        ServedSession session = null;
        for (Command command : commands) {
            boolean same = session != null && session.id().equals(command.session());
            session = same ? session : sessions.get(command.session());
            if (session == null) {
                continue; // it was told that the session ended here, or will be; it sends again elsewhere
            }
            if (!isOfClient(command)) {
                misbehaved(ctx, "a " + command);
                return;
            }
            session.sent(command.sequence(), command.payload().length, !same, load);
            batch.add(command);
            batchBytes += command.encodedLength();
        }
        if (batchBytes >= BATCH_BYTES) {
            giveToNode();
        }
    }

    private boolean isOfClient(Command command) {
        return switch (command.kind()) {
            case COMMAND, SESSION_OPEN, SESSION_CLOSE ->
                command.payload().length <= served.gateway().commandBytesMax();
            case NO_OP, MEMBERSHIP, TICK, FEATURE_LEVEL -> false;
        };
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
        if (batch.isEmpty() || refusedByNode || state != State.SERVING) {
            return;
        }
        boolean taken;
        try {
            taken = served.gateway().submit(batch);
        } catch (IllegalArgumentException impossible) {
            ChannelHandlerContext ctx = context;
            if (ctx != null) {
                misbehaved(ctx, String.valueOf(impossible.getMessage()));
            }
            return;
        }
        if (taken) {
            batch = new ArrayList<>(batch.size());
            batchBytes = 0;
            retryMillis = EndpointLimits.RETRY_MILLIS_MIN;
        } else {
            refusedByNode = true;
            busySinceNanos = System.nanoTime();
            retryLater();
        }
    }

    private void retryLater() {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            timer = ctx.executor().schedule(this::retry, retryMillis, TimeUnit.MILLISECONDS);
            retryMillis = Math.min(2 * retryMillis, EndpointLimits.RETRY_MILLIS_MAX);
        }
    }

    private void retry() {
        ChannelHandlerContext ctx = context;
        if (state != State.SERVING || ctx == null) {
            return;
        }
        if (System.nanoTime() - busySinceNanos >= TimeUnit.MILLISECONDS.toNanos(EndpointLimits.BUSY_MILLIS)) {
            busySinceNanos = System.nanoTime();
            frames.add(new ClientMessage.Pong(0, served.gateway().agreedTimeMillis()));
            frames.flush(ctx.channel());
        }
        refusedByNode = false;
        giveToNode();
        readOrNot();
        frames.flush(ctx.channel());
    }

    private boolean mayRead() {
        Channel now = channel;
        return !refusedByNode
                && load.commands() < served.limits().commandsMax()
                && load.bytes() < served.limits().commandBytesMax()
                && openReads < served.limits().readsMax()
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

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
        readOrNot();
        super.channelWritabilityChanged(ctx);
    }

    // ---- reads of the state machine ------------------------------------------------------------------------------

    /** Hands them on, as many at a time as are of one kind: to the node those are one read. */
    private void read(List<ReadRequest> reads) {
        int groupMax = Math.min(GROUP_MAX, served.gateway().readsMax());
        int from = 0;
        while (from < reads.size()) {
            ReadRequest first = reads.get(from);
            int timeoutMillis = first.timeoutMillis();
            int to = from + 1;
            while (to < reads.size() && to - from < groupMax && isLike(first, reads.get(to))) {
                timeoutMillis = Math.max(timeoutMillis, reads.get(to).timeoutMillis());
                to++;
            }
            ask(reads.subList(from, to), timeoutMillis);
            from = to;
        }
    }

    private static boolean isLike(ReadRequest one, ReadRequest other) {
        return one.level().equals(other.level())
                && Math.abs((long) one.timeoutMillis() - other.timeoutMillis()) <= GROUP_MILLIS;
    }

    private void ask(List<ReadRequest> group, int timeoutMillis) {
        openReads += group.size();
        List<byte[]> queries = new ArrayList<>(group.size());
        for (ReadRequest read : group) {
            queries.add(read.query());
        }
        try {
            served.gateway().read(group.get(0).level(), queries, timeoutMillis, new Answering(group));
        } catch (RuntimeException impossible) {
            List<ReadAnswer> answers = new ArrayList<>(group.size());
            for (ReadRequest read : group) {
                answers.add(refusal(read, ReadRefusal.THREW, String.valueOf(impossible)));
            }
            tell(new ClientMessage.Answers(answers));
        }
    }

    private static ReadAnswer refusal(ReadRequest read, ReadRefusal refusal, String detail) {
        return new ReadAnswer(read.id(), ReadStatus.of(refusal), 0, -1, detail.getBytes(StandardCharsets.US_ASCII));
    }

    /** Collects what the node says to a group, and passes it on as one. Called on a thread of the node. */
    private final class Answering implements ReadReceiver {
        private final List<ReadRequest> group;
        private final List<ReadAnswer> answers;

        Answering(List<ReadRequest> group) {
            this.group = group;
            this.answers = new ArrayList<>(group.size());
        }

        @Override
        public void answered(int query, byte[] result, long slot, long ageMillis) {
            add(new ReadAnswer(group.get(query).id(), ReadStatus.ANSWERED, slot, ageMillis, result));
        }

        @Override
        public void refused(int query, ReadRefusal reason, String detail) {
            add(refusal(group.get(query), reason, detail));
        }

        private void add(ReadAnswer answer) {
            answers.add(answer);
            if (answers.size() == group.size()) {
                tell(new ClientMessage.Answers(answers));
            }
        }
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
        readOrNot();
    }

    private void take(Object next, Answers answers) {
        if (next instanceof ClientMessage.Answers read) {
            openReads -= read.answers().size();
            read.answers().forEach(answers::read);
        } else if (next instanceof ClientMessage message) {
            answers.message(message);
        } else if (next instanceof ServedSession.News.Results results) {
            ServedSession session = results.session();
            if (isCurrent(session)) {
                results.results().forEach(result -> session.answered(result.sequence(), load));
                answers.results(session.id(), results.results());
            }
        } else if (next instanceof ServedSession.News.Attached attached) {
            if (isCurrent(attached.session())) {
                attached.session().forget(load);
                answers.attached(attached.session().id(), attached.due(), attached.cached());
            }
        } else if (next instanceof ServedSession.News.Gap gap) {
            if (isCurrent(gap.session())) {
                gap.session().forget(load);
                answers.message(new ClientMessage.Gap(gap.session().id(), gap.due()));
            }
        } else if (next instanceof ServedSession.News.Refused refused) {
            if (isCurrent(refused.session())) {
                refused.session().forget(load);
                answers.message(new ClientMessage.Refused(refused.session().id(), refused.first(), refused.why()));
            }
        } else if (next instanceof ServedSession.News.Ended ended && isCurrent(ended.session())) {
            forget(ended.session());
            answers.message(new ClientMessage.Ended(ended.session().id(), ended.why()));
        }
    }

    private boolean isCurrent(ServedSession session) {
        return sessions.get(session.id()) == session;
    }
}
