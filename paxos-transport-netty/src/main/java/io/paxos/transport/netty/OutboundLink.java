// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.connect.Backoff;
import io.paxos.transport.netty.connect.Dialling;
import io.paxos.transport.netty.guard.Complaints;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything this node sends to one peer: dials it, dials again when the connection is lost, and writes the frames.
 *
 * <pre>
 * WAITING --back-off over, or the peer dialled us--> DIALLING --welcomed--> OPEN
 *    ^                                                  |                    |
 *    +-- no address, no connection, refused, no answer -+--- connection lost-+        any --close()--> CLOSED
 * </pre>
 *
 * <p>Two threads meet here. Whoever turns the core offers frames and flushes; all else happens on one event loop. Between them stand
 * the {@link Open} connection, and the number of bytes on their way, from the offer until the operating system has taken them,
 * which is bounded: that is the peer's budget.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write or close ends in channelInactive, which is heard
final class OutboundLink implements OutboundConnection.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(OutboundLink.class);

    /** Frames of one flush share buffers of up to this size; a larger frame has its own. */
    private static final int BUFFER_BYTES = 256 << 10;

    /**
     * Beside what the operating system has taken, a heartbeat is behind so much of each, or behind one frame of it. Values have to
     * be there when the operating system can take more, or all that wait for them wait for the event loop, too.
     */
    private static final int VALUES_IN_SOCKET_BYTES_MAX = 1 << 20;

    private static final int BULK_IN_SOCKET_BYTES_MAX = 128 << 10;

    private static final int CHECKS_PER_DEAD_PEER_TIME = 4;

    private enum State {
        WAITING,
        DIALLING,
        OPEN,
        CLOSED
    }

    private record Open(Channel channel, int frameBytesMax) {}

    record Outgoing(Frame frame, int bytes, Urgency urgency) {}

    private final LocalNode local;
    private final NodeId peer;
    private final String host;
    private final int port;
    private final EventLoop loop;
    private final Executor resolver;
    private final AtomicLong bytesOnTheirWay = new AtomicLong();
    private volatile @Nullable Open open;

    // Whoever turns the core.
    private List<Outgoing> turn = new ArrayList<>();

    /** Handed to the event loop and not yet written by it: what comes behind them must not overtake. */
    private final AtomicInteger tasks = new AtomicInteger();

    // The event loop's.
    private final Backoff backoff;
    private Lane values = new Lane(VALUES_IN_SOCKET_BYTES_MAX);

    private Lane bulk = new Lane(BULK_IN_SOCKET_BYTES_MAX);
    private State state = State.WAITING;
    private @Nullable Channel dialled;
    private @Nullable Future<?> redial;
    private @Nullable Future<?> deadPeerCheck;
    private int attempts;
    private long openedNanos;
    private boolean unanswered;
    private long unansweredSinceNanos;
    private boolean outageTold;

    OutboundLink(LocalNode local, NodeId peer, String host, int port, EventLoop loop, Executor resolver) {
        this.local = local;
        this.peer = peer;
        this.host = host;
        this.port = port;
        this.loop = loop;
        this.resolver = resolver;
        Limits limits = local.limits();
        this.backoff = new Backoff(
                limits.reconnectMillisMin(), limits.reconnectMillisMax(), bound -> ThreadLocalRandom.current()
                        .nextLong(bound));
    }

    // ---- whoever turns the core
    // ---------------------------------------------------------------------------------------

    /** Takes the frame for the next flush, or drops and counts it. */
    void offer(Frame frame) {
        Open connection = open;
        int bytes = connection == null ? 0 : encodedLength(frame);
        Urgency urgency = Urgency.of(frame.message(), bytes);
        if (connection == null || !fits(bytes, urgency, connection)) {
            local.tally().framesDropped.increment();
            return;
        }
        bytesOnTheirWay.addAndGet(bytes);
        turn.add(new Outgoing(frame, bytes, urgency));
    }

    private static int encodedLength(Frame frame) {
        try {
            return FrameCodec.encodedLength(frame);
        } catch (IllegalArgumentException longerThanAnInt) {
            LOG.debug("a frame cannot be encoded", longerThanAnInt);
            return Integer.MAX_VALUE;
        }
    }

    private boolean fits(int bytes, Urgency urgency, Open connection) {
        if (bytes > connection.frameBytesMax()) {
            local.complaints()
                    .warn(
                            Complaints.Kind.FRAME_TOO_LARGE,
                            local.name() + ": dropped a frame of " + bytes + " bytes for " + peer
                                    + ", with which at most " + connection.frameBytesMax()
                                    + " are agreed; frameBytesMax must be the same on all nodes and hold the"
                                    + " protocol's largest page");
            return false;
        }
        // Heartbeats and acknowledgements get through while all else has to wait (hazard V14).
        int reserve = urgency == Urgency.URGENT ? 0 : Limits.URGENT_RESERVE_BYTES;
        return bytesOnTheirWay.get() + bytes <= local.limits().peerBudgetBytesMax() - reserve;
    }

    /** Writes the frames of this turn, or hands them to the event loop as one task. */
    void flush() {
        if (turn.isEmpty()) {
            return;
        }
        if (loop.inEventLoop() && tasks.get() == 0) {
            try {
                write(turn);
            } finally {
                turn.clear();
            }
            return;
        }
        List<Outgoing> frames = turn;
        turn = new ArrayList<>(frames.size());
        tasks.incrementAndGet();
        try {
            loop.execute(() -> {
                tasks.decrementAndGet();
                write(frames);
            });
        } catch (RejectedExecutionException shutDown) {
            tasks.decrementAndGet();
            LOG.debug("{}: the event loop of {} is shut down", local.name(), peer);
            drop(frames);
        }
    }

    boolean isOpen() {
        return open != null;
    }

    // ---- any thread --------------------------------------------------------------------------------------------

    /**
     * Dials, unless it does already: at start, and when the peer has shown that it is up. The back-off goes on from where it
     * was, or two nodes whose connections break at once would keep each other dialling without a pause.
     */
    void wake() {
        onLoop(this::dialAgain);
    }

    void close() {
        onLoop(() -> {
            state = State.CLOSED;
            open = null;
            cancel(redial);
            cancel(deadPeerCheck);
            Channel last = dialled;
            if (last != null) {
                last.close();
            }
        });
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("{}: the event loop of {} is shut down", local.name(), peer);
        }
    }

    // ---- the event loop: writing -------------------------------------------------------------------------------

    private void write(List<Outgoing> frames) {
        Open connection = open;
        if (connection == null) {
            drop(frames);
            return;
        }
        if (!unanswered) {
            unanswered = true;
            unansweredSinceNanos = System.nanoTime();
        }
        Channel channel = connection.channel();
        List<Outgoing> passed = withoutThoseThatWait(frames);
        int from = 0;
        while (from < passed.size()) {
            int to = from;
            long bytes = 0;
            int ofValues = 0;
            while (to < passed.size() && (to == from || bytes + passed.get(to).bytes() <= BUFFER_BYTES)) {
                Outgoing frame = passed.get(to);
                bytes += frame.bytes();
                ofValues += frame.urgency() == Urgency.VALUES ? frame.bytes() : 0;
                to++;
            }
            List<Outgoing> part = to - from == passed.size() ? passed : passed.subList(from, to);
            write(channel, part, (int) bytes, values, ofValues);
            from = to;
        }
        writeNext(channel, values);
        writeNext(channel, bulk);
        channel.flush();
    }

    /** What may not go at once goes to its lane; mostly there is none, and then nothing is copied. */
    private List<Outgoing> withoutThoseThatWait(List<Outgoing> frames) {
        for (int i = 0; i < frames.size(); i++) {
            if (!passes(frames.get(i))) {
                List<Outgoing> passed = new ArrayList<>(frames.subList(0, i));
                for (Outgoing frame : frames.subList(i + 1, frames.size())) {
                    if (passes(frame)) {
                        passed.add(frame);
                    }
                }
                return passed;
            }
        }
        return frames;
    }

    private boolean passes(Outgoing frame) {
        return switch (frame.urgency()) {
            case URGENT -> true;
            case VALUES -> values.passes(frame);
            case BULK -> {
                bulk.add(frame);
                yield false;
            }
        };
    }

    private void writeNext(Channel channel, Lane lane) {
        if (!lane.isEmpty()) {
            for (Outgoing frame : lane.next()) {
                write(channel, List.of(frame), frame.bytes(), lane, frame.bytes());
            }
        }
    }

    /** The operating system has taken so many bytes of that lane, or never will. */
    private void ended(Channel channel, Lane lane, int bytes) {
        lane.taken(bytes);
        if (!lane.isEmpty() && channel.isActive()) {
            // Later: a write that ends at once must not write the next one within itself.
            onLoop(() -> {
                writeNext(channel, lane);
                channel.flush();
            });
        }
    }

    /** @param ofLane so many of the bytes count as those of that lane in the socket */
    private void write(Channel channel, List<Outgoing> frames, int bytes, Lane lane, int ofLane) {
        ByteBuf buffer;
        try {
            buffer = encode(frames, bytes);
        } catch (RuntimeException | OutOfMemoryError failed) {
            // Netty reports spent direct memory as an OutOfMemoryError; to drop is what a full budget would do, too.
            LOG.error(
                    "{}: dropped {} frames for {} that could not be encoded",
                    local.name(),
                    frames.size(),
                    peer,
                    failed);
            drop(frames);
            ended(channel, lane, ofLane);
            return;
        }
        int count = frames.size();
        channel.write(buffer).addListener(written -> {
            if (written.isSuccess()) {
                bytesOnTheirWay.addAndGet(-bytes);
                local.tally().framesSent.add(count);
                local.tally().bytesSent.add(bytes);
            } else {
                drop(count, bytes);
            }
            ended(channel, lane, ofLane);
        });
    }

    private ByteBuf encode(List<Outgoing> frames, int bytes) {
        ByteBuf buffer = local.allocator().directBuffer(bytes, bytes);
        try {
            ByteBuffer out = buffer.internalNioBuffer(0, bytes);
            for (int i = 0; i < frames.size(); i++) {
                Outgoing outgoing = frames.get(i);
                FrameCodec.encode(outgoing.frame(), outgoing.bytes(), out);
            }
            buffer.writerIndex(bytes - out.remaining());
            return buffer;
        } catch (RuntimeException failed) {
            buffer.release();
            throw failed;
        }
    }

    private void drop(List<Outgoing> frames) {
        long bytes = 0;
        for (Outgoing outgoing : frames) {
            bytes += outgoing.bytes();
        }
        drop(frames.size(), bytes);
    }

    private void drop(int count, long bytes) {
        bytesOnTheirWay.addAndGet(-bytes);
        local.tally().framesDropped.add(count);
    }

    // ---- the event loop: connecting ----------------------------------------------------------------------------

    private void dial() {
        cancel(redial);
        state = State.DIALLING;
        // Each time anew, since the address may have changed; elsewhere, since a name server that hangs must not hang
        // every connection of this event loop.
        try {
            int attempt = attempts++;
            resolver.execute(() -> resolve(attempt));
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("{}: closed while dialling {}", local.name(), peer);
        } catch (Throwable thrown) { // no thread to be had, say: left like this, it would dial for ever
            closed("its address cannot be looked up: " + thrown);
        }
    }

    /** On a thread of the resolver. A host of several addresses is tried at one after another. */
    private void resolve(int attempt) {
        InetAddress address;
        try {
            InetAddress[] addresses = InetAddress.getAllByName(host);
            address = addresses[Math.floorMod(attempt, addresses.length)];
        } catch (Throwable unknown) { // an error, too, must not leave it dialling
            onLoop(() -> closed("no address is known for " + host + ": " + unknown));
            return;
        }
        onLoop(() -> connect(address));
    }

    private void connect(InetAddress address) {
        if (state != State.DIALLING) {
            return;
        }
        Bootstrap connection = new Bootstrap()
                .channelFactory(local.sockets().dialling())
                .option(ChannelOption.ALLOCATOR, local.allocator())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_SNDBUF, local.limits().sendBufferBytes())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, local.limits().connectTimeoutMillis())
                .handler(new OutboundConnection(local, peer, this));
        dialled = Dialling.dial(
                connection,
                loop,
                new InetSocketAddress(address, port),
                failure -> closed(String.valueOf(failure.getMessage())));
    }

    @Override
    public void welcomed(ChannelHandlerContext ctx, Greeting answer, int frameBytesMax) {
        if (state != State.DIALLING) {
            ctx.close();
            return;
        }
        state = State.OPEN;
        openedNanos = System.nanoTime();
        outageTold = false;
        unanswered = false;
        long checkMillis = local.limits().deadPeerMillis() / CHECKS_PER_DEAD_PEER_TIME;
        deadPeerCheck =
                loop.scheduleWithFixedDelay(() -> checkPeer(ctx), checkMillis, checkMillis, TimeUnit.MILLISECONDS);
        open = new Open(ctx.channel(), frameBytesMax);
        local.tally().connectionsOpened.increment();
        LOG.info("{}: connected to {} at {}:{}", local.name(), answer, host, port);
    }

    @Override
    public void heard() {
        unanswered = false;
    }

    /**
     * After a partition, TCP waits up to two minutes before it tries again; a new connection does not. And a peer whose
     * process hangs must not look reachable.
     */
    private void checkPeer(ChannelHandlerContext ctx) {
        long silentMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - unansweredSinceNanos);
        if (state == State.OPEN && unanswered && silentMillis >= local.limits().deadPeerMillis()) {
            LOG.info("{}: {} confirmed nothing for {} ms; dialling it anew", local.name(), peer, silentMillis);
            ctx.close();
        }
    }

    @Override
    public void closed(String why) {
        open = null;
        drop(values.clear());
        drop(bulk.clear());
        values = new Lane(VALUES_IN_SOCKET_BYTES_MAX);
        bulk = new Lane(BULK_IN_SOCKET_BYTES_MAX);
        cancel(deadPeerCheck);
        dialled = null;
        if (state == State.CLOSED) {
            return;
        }
        long lastedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - openedNanos);
        if (state == State.OPEN && lastedMillis > local.limits().reconnectMillisMax()) {
            // A connection that lasted. One that breaks at once goes on backing off.
            backoff.reset();
        }
        if (outageTold) {
            LOG.debug("{}: {} at {}:{} is still unreachable: {}", local.name(), peer, host, port, why);
        } else {
            outageTold = true;
            LOG.info("{}: {} at {}:{} is unreachable, trying again: {}", local.name(), peer, host, port, why);
        }
        state = State.WAITING;
        try {
            redial = loop.schedule(this::dialAgain, backoff.nextMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("{}: the event loop of {} is shut down", local.name(), peer);
        }
    }

    private void dialAgain() {
        if (state == State.WAITING) {
            dial();
        }
    }

    private static void cancel(@Nullable Future<?> scheduled) {
        if (scheduled != null) {
            scheduled.cancel(false);
        }
    }
}
