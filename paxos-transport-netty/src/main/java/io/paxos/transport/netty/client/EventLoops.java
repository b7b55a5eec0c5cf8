// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** I/O threads of an endpoint or a client. */
final class EventLoops {
    private static final Logger LOG = LoggerFactory.getLogger(EventLoops.class);

    private static final int CLOSE_SECONDS_MAX = 5;

    private EventLoops() {}

    static EventLoopGroup of(int threads, String name) {
        return new MultiThreadIoEventLoopGroup(threads, daemons(name), NioIoHandler.newFactory());
    }

    static ThreadFactory daemons(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            int number = count.incrementAndGet();
            Thread thread = new FastThreadLocalThread(task, number == 1 ? name : name + "-" + number);
            thread.setDaemon(true);
            return thread;
        };
    }

    /** Ends the threads; waits for them, unless it is called on one of them. */
    static void shutDown(EventLoopGroup group) {
        boolean ours = false;
        for (EventExecutor loop : group) {
            ours |= loop.inEventLoop();
        }
        boolean ended = group.shutdownGracefully(0, CLOSE_SECONDS_MAX, TimeUnit.SECONDS) == null || ours;
        if (!ended && !group.terminationFuture().awaitUninterruptibly(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
            LOG.warn("an I/O thread did not end within {} s", CLOSE_SECONDS_MAX);
        }
    }
}
