// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.connect;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** I/O threads of a transport, an endpoint or a client: daemons, with a name. */
public final class EventLoops {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

    private EventLoops() {}

    public static EventLoopGroup of(int threads, String name, IoHandlerFactory ioHandlers) {
        return new MultiThreadIoEventLoopGroup(threads, daemons(name), ioHandlers);
    }

    public static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            int number = count.incrementAndGet();
            Thread thread = new FastThreadLocalThread(task, number == 1 ? name : name + "-" + number);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Whether the caller runs on one of them, and so must not wait for them. */
    public static boolean isOnLoopOf(EventLoopGroup group) {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /**
     * Waits until the port of a channel that was closed is free, on loops that live on. The operating system lets go of a
     * registered socket only when its selector looks again, behind the close that its loop has reported. What a loop itself
     * puts off runs behind that look. What another thread puts off need not: if it is due when the loop first hears of it, it
     * runs at once.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // a future of a future: both are waited for
    public static void awaitSelect(Channel closed, long secondsMax) {
        EventLoop loop = closed.eventLoop();
        if (!loop.isShuttingDown() && !loop.inEventLoop()) {
            try {
                Future<Future<?>> asked = loop.submit(() -> loop.isShuttingDown()
                        ? loop.newSucceededFuture(null)
                        : loop.schedule(() -> {}, 1, TimeUnit.MILLISECONDS));
                if (asked.awaitUninterruptibly(secondsMax, TimeUnit.SECONDS) && asked.isSuccess()) {
                    asked.getNow().awaitUninterruptibly(secondsMax, TimeUnit.SECONDS);
                }
            } catch (RejectedExecutionException shutDown) {
                LOG.debug("the event loop of {} was shut down meanwhile, and its port is free", closed);
            }
        }
    }

    /**
     * Waits for channels that are being closed, so long for all of them together; false if one is open still. It does not wait on
     * a loop, nor for a channel whose loop has ended: that one closed it, or nobody will.
     *
     * <p>A {@code ChannelGroup}'s future would not do: it is told by listeners, which a loop that has ended calls no more.
     */
    public static boolean awaitClosed(Iterable<Channel> channels, long secondsMax) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
        boolean all = true;
        for (Channel channel : channels) {
            EventLoop loop = channel.eventLoop();
            if (!loop.inEventLoop() && !loop.isTerminated()) {
                long left = Math.max(0, deadline - System.nanoTime());
                channel.closeFuture().awaitUninterruptibly(left, TimeUnit.NANOSECONDS);
            }
            all &= channel.closeFuture().isDone();
        }
        return all;
    }

    /**
     * Ends the threads, and waits for them, unless it is called on one of them; says so if they do not end in that time. What is
     * registered with them is closed, whoever put it there.
     *
     * <p>In each round a loop of Netty's asks whether it is to end, closes its channels if so, runs its tasks, and asks again
     * whether to leave. Told to end between the two it would leave, and its channels stay open for ever. It goes another round
     * if it finds something to do on its way out and is to have any quiet time at all: hence the hook and the nanosecond.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the termination is waited for below
    public static void shutDown(EventLoopGroup group, long secondsMax) {
        for (EventExecutor loop : group) {
            if (loop instanceof SingleThreadEventExecutor executor && !loop.isShuttingDown()) {
                anotherRoundAtTheEndOf(executor);
            }
        }
        group.shutdownGracefully(1, TimeUnit.SECONDS.toNanos(secondsMax), TimeUnit.NANOSECONDS);
        if (!isOnLoopOf(group) && !group.terminationFuture().awaitUninterruptibly(secondsMax, TimeUnit.SECONDS)) {
            LOG.warn("an I/O thread did not end within {} s: what it called hangs", secondsMax);
        }
    }

    private static void anotherRoundAtTheEndOf(SingleThreadEventExecutor loop) {
        try {
            loop.addShutdownHook(() -> LOG.trace("{} ends", loop));
        } catch (RejectedExecutionException shutDown) {
            LOG.debug("{} was shut down meanwhile", loop);
        }
    }
}
