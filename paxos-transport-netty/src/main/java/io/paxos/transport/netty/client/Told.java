// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.transport.netty.connect.EventLoops;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes futures, on the application's executor and never on an I/O thread: all of a turn as one task. An executor that
 * refuses is replaced by a thread of the client's own.
 */
final class Told {
    private static final Logger LOG = LoggerFactory.getLogger(Told.class);
    private static final long IDLE_SECONDS = 5;

    private final String name;
    private final Executor own;
    private final Executor executor;
    private final AtomicBoolean fellBack = new AtomicBoolean();
    private List<Runnable> collected = new ArrayList<>();

    Told(String name, @Nullable Executor executor) {
        this.name = name;
        ThreadPoolExecutor single = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                EventLoops.daemons(name + "-callbacks"));
        single.allowCoreThreadTimeOut(true);
        this.own = single;
        this.executor = executor == null ? own : executor;
    }

    /** On the event loop. */
    void add(Runnable completion) {
        collected.add(completion);
    }

    /** Hands over what was collected. On the event loop. */
    void flush() {
        if (collected.isEmpty()) {
            return;
        }
        List<Runnable> all = collected;
        collected = new ArrayList<>(all.size());
        run(() -> all.forEach(Runnable::run));
    }

    /** Any thread. */
    void run(Runnable completions) {
        try {
            executor.execute(completions);
        } catch (Throwable refused) { // an error, too: a thread that cannot be had now
            if (fellBack.compareAndSet(false, true)) {
                LOG.warn("{}: the executor refuses; results go to a thread of the client", name, refused);
            }
            own.execute(completions);
        }
    }
}
