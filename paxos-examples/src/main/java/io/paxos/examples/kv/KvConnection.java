// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.paxos.examples.kv.resp.RespReply;
import io.paxos.examples.kv.resp.RespRequest;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's connection: requests in, replies out in the order of the requests, however the log orders their
 * completions.
 *
 * <pre>
 *   READING ── too many requests or bytes wait for replies ──▶ HELD (auto-read off)
 *      ▲ └──────── half of them were answered ◀────────────────┘
 *      └─ QUIT, not the protocol, end of the client's stream ──▶ LAST REPLIES, then closed
 * </pre>
 *
 * <p>Requests are asked of the node as they come, in the {@linkplain RequestLanes lanes} that keep a pipeline in order. A reply
 * waits in a queue until all before it are written, and the queue is drained once a burst of requests and once
 * a burst of completions, with one flush each. A client that does not read its replies stops being read, and a read whose
 * reply finds no {@linkplain ReplyRoom room} is put off.
 *
 * <p>All of it runs on the connection's event loop; only {@link Waiting#complete} comes from elsewhere.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel, and that is told
final class KvConnection extends SimpleChannelInboundHandler<RespRequest> {

    private static final Logger LOG = LoggerFactory.getLogger(KvConnection.class);

    /** Requests of one connection that may wait for their replies. */
    static final int WAITING_MAX = 512;

    /** Bytes of these requests and of the replies that are ready among them; the last of them may be longer. */
    static final long WAITING_BYTES_MAX = 4L << 20;

    /** What a read ends with that found no room for its reply. */
    private static final byte[] PUT_OFF = {};

    private static final int WRITE_BYTES = 256 << 10;

    private static final byte[] OK = RespReply.status("OK");
    private static final String WRITES = "writes";
    private static final String READS = "reads";

    private record OnceLane(String client) {}

    private final CommandTable table;
    private final KvLog log;
    private final RequestLanes lanes = new RequestLanes();
    private final ReplyRoom room = new ReplyRoom(WAITING_BYTES_MAX);
    private final BooleanSupplier isOpen = room::isOpen;

    private final ArrayDeque<Waiting> waiting = new ArrayDeque<>();
    private final AtomicBoolean drainScheduled = new AtomicBoolean();
    private long requestBytes;
    private boolean held;
    private boolean ending;

    /** Whether reads may see whatever this node has applied: between {@code READONLY} and {@code READWRITE}. */
    private boolean readsLocal;

    /**
     * @param table what requests mean
     * @param log the node behind it
     */
    KvConnection(CommandTable table, KvLog log) {
        this.table = table;
        this.log = log;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, RespRequest request) {
        if (ending) {
            return; // nobody is owed a reply to what follows QUIT
        }
        Waiting reply = new Waiting(ctx.channel());
        waiting.add(reply);
        if (request instanceof RespRequest.Call call) {
            interpret(call, reply);
        } else if (request instanceof RespRequest.Refused refused) {
            reply.answer(RespReply.error(refused.error()));
        } else if (request instanceof RespRequest.Broken broken) {
            reply.answer(RespReply.error(broken.error()));
            ending = true;
        }
        if (!held && isFull()) {
            held = true;
            ctx.channel().config().setAutoRead(false);
            scheduleDrain(ctx.channel());
        }
    }

    private void interpret(RespRequest.Call call, Waiting reply) {
        CommandTable.Action action = table.interpret(call.arguments());
        if (action instanceof CommandTable.Action.Answer answer) {
            reply.answer(answer.reply());
            ending = answer.close();
        } else if (action instanceof CommandTable.Action.ReadsLocal reads) {
            readsLocal = reads.local();
            reply.answer(OK);
        } else {
            for (byte[] argument : call.arguments()) {
                reply.requestBytes += argument.length;
            }
            requestBytes += reply.requestBytes;
            boolean local = readsLocal;
            reply.request = () -> ask(action, local, reply);
            lanes.add(laneOf(action), reply.request);
            goOn();
        }
    }

    private static Object laneOf(CommandTable.Action action) {
        if (action instanceof CommandTable.Action.Once once) {
            return new OnceLane(once.command().client());
        }
        return action instanceof CommandTable.Action.Read ? READS : WRITES;
    }

    private void ask(CommandTable.Action action, boolean local, Waiting reply) {
        try {
            asked(action, local, reply).whenComplete(reply::complete);
        } catch (Throwable thrown) { // an error, too: a request without a reply would hold up all behind it
            reply.complete(null, thrown);
        }
    }

    private CompletableFuture<byte[]> asked(CommandTable.Action action, boolean local, Waiting reply) {
        if (action instanceof CommandTable.Action.Read read) {
            return log.read(read.command(), local, reply);
        } else if (action instanceof CommandTable.Action.Submit submit) {
            return log.submit(submit.command());
        } else if (action instanceof CommandTable.Action.Once once) {
            return log.once(once.command());
        } else if (action instanceof CommandTable.Action.HandOver handOver) {
            return log.handOver(handOver.target());
        }
        throw new IllegalStateException("nothing to ask: " + action);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        drain(ctx.channel());
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        drain(ctx.channel());
        ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        ending = true;
        waiting.clear();
        lanes.clear();
        ctx.fireChannelInactive();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            // "printf … | nc": the client has said all it will say, and still waits for its replies.
            ending = true;
            drain(ctx.channel());
        }
        ctx.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof IOException) {
            LOG.debug("{}: {}", ctx.channel().remoteAddress(), cause.toString());
        } else {
            LOG.error("{}: closing a connection because of a bug", ctx.channel().remoteAddress(), cause);
        }
        ctx.close();
    }

    private void scheduleDrain(Channel channel) {
        if (drainScheduled.compareAndSet(false, true)) {
            channel.eventLoop().execute(() -> {
                drainScheduled.set(false);
                drain(channel);
            });
        }
    }

    /** Begins what may begin by now: first the reads that were put off, once replies have left. */
    private void goOn() {
        boolean isFull = headIsReady() && room.bytes() > WAITING_BYTES_MAX / 2;
        if (room.isShut() && lanes.noneIsOpen() && !isFull) {
            room.open();
            lanes.again(thosePutOff());
        }
        lanes.goOn(isOpen);
    }

    /** In their order. The one that all others wait for will read whether there is room or not. */
    private List<Runnable> thosePutOff() {
        List<Runnable> requests = new ArrayList<>();
        boolean first = true;
        for (Waiting each : waiting) {
            if (each.putOff) {
                each.putOff = false;
                each.readsAnyhow = first;
                requests.add(each.request);
            }
            first = false;
        }
        return requests;
    }

    /** Goes on with what waits; a connection with which that fails is closed. */
    private void drain(Channel channel) {
        try {
            goOn();
            write(channel);
            if (room.isShut()) {
                goOn();
            }
        } catch (
                Throwable thrown) { // no memory for a buffer, say: a reply may be lost, and the next would be taken for
            // it
            waiting.clear();
            lanes.clear();
            channel.close();
            throw thrown;
        }
    }

    /** Writes every reply whose turn it is, in few buffers and one flush, as long as the client takes them. */
    private void write(Channel channel) {
        boolean wrote = false;
        while (channel.isActive() && channel.isWritable() && headIsReady()) {
            channel.write(nextReplies(channel), channel.voidPromise());
            wrote = true;
        }
        if (wrote) {
            channel.flush();
        }
        if (ending && waiting.isEmpty() && channel.isActive()) {
            // An empty buffer leaves after all replies: the connection closes behind the last of them.
            channel.writeAndFlush(channel.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
        } else if (held && waiting.size() <= WAITING_MAX / 2 && waitingBytes() <= WAITING_BYTES_MAX / 2) {
            held = false;
            channel.config().setAutoRead(true);
        }
    }

    private ByteBuf nextReplies(Channel channel) {
        ByteBuf out = channel.alloc().buffer();
        try {
            while (headIsReady() && out.readableBytes() < WRITE_BYTES) {
                Waiting head = waiting.remove();
                byte[] reply = head.ready();
                out.writeBytes(reply);
                requestBytes -= head.requestBytes;
                room.give(reply.length);
            }
            return out;
        } catch (Throwable thrown) {
            out.release();
            throw thrown;
        }
    }

    private boolean headIsReady() {
        Waiting head = waiting.peek();
        return head != null && head.reply != null;
    }

    private long waitingBytes() {
        return requestBytes + room.bytes();
    }

    private boolean isFull() {
        return waiting.size() >= WAITING_MAX || waitingBytes() >= WAITING_BYTES_MAX;
    }

    /** The place of one reply in the queue. */
    private final class Waiting implements KvLog.Reading {
        private final Channel channel;
        private int requestBytes;
        private Runnable request = () -> {};

        /** Whether it reads even where there is no room. Set before it begins. */
        private boolean readsAnyhow;

        /** What it takes of the room; guarded by this. */
        private int taken;

        private volatile boolean putOff;
        private volatile byte @Nullable [] reply;

        Waiting(Channel channel) {
            this.channel = channel;
        }

        /** On the thread that reads; also when it is too late, or once more. */
        @Override
        public byte[] read(Supplier<byte[]> store) {
            synchronized (this) { // else a read that is too late could shut the room behind its last drain
                if (reply != null || !(readsAnyhow || room.admits())) {
                    return PUT_OFF;
                }
            }
            byte[] read = store.get();
            synchronized (this) {
                if (reply == null) {
                    take(read.length);
                }
            }
            return read;
        }

        /** On the event loop, within a read, it ends here: the drain comes with the end of the burst. */
        synchronized void answer(byte[] bytes) {
            take(bytes.length);
            reply = bytes;
        }

        private synchronized void putOff() {
            take(0);
            putOff = true;
        }

        private void take(int bytes) {
            room.take(bytes - taken);
            taken = bytes;
        }

        /** On any thread. */
        void complete(byte @Nullable [] bytes, @Nullable Throwable failure) {
            if (bytes == PUT_OFF) {
                putOff();
            } else {
                answer(bytes != null ? bytes : LogErrors.reply(failure));
            }
            lanes.ended();
            scheduleDrain(channel);
        }

        byte[] ready() {
            byte[] bytes = reply;
            if (bytes == null) {
                throw new IllegalStateException("the reply is not there yet");
            }
            return bytes;
        }
    }
}
