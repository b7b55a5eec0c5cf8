// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.connect;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
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

    public static EventLoopGroup of(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(threads, daemons(name), NioIoHandler.newFactory());
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
     * registered socket only when its selector looks again, behind the close that its loop has reported; a task that is
     * scheduled runs behind that look.
     */
    public static void awaitSelect(Channel closed, long secondsMax) {
        EventLoop loop = closed.eventLoop();
        if (!loop.isShuttingDown() && !loop.inEventLoop()) {
            try {
                loop.schedule(() -> {}, 1, TimeUnit.MILLISECONDS).awaitUninterruptibly(secondsMax, TimeUnit.SECONDS);
            } catch (RejectedExecutionException shutDown) {
                LOG.debug("the event loop of {} was shut down meanwhile, and its port is free", closed);
            }
        }
    }

    /** Ends the threads, and waits for them, unless it is called on one of them; says so if they do not end in that time. */
    @SuppressWarnings("FutureReturnValueIgnored") // the termination is waited for below
    public static void shutDown(EventLoopGroup group, long secondsMax) {
        group.shutdownGracefully(0, secondsMax, TimeUnit.SECONDS);
        if (!isOnLoopOf(group) && !group.terminationFuture().awaitUninterruptibly(secondsMax, TimeUnit.SECONDS)) {
            LOG.warn("an I/O thread did not end within {} s: what it called hangs", secondsMax);
        }
    }
}
