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
 * refuses is replaced by a thread of the client's own; when that cannot be had either, who is to be told waits for the next turn.
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
        this(name, executor, singleThread(name));
    }

    /** @param own where the application gave no executor, or where that refuses */
    Told(String name, @Nullable Executor executor, Executor own) {
        this.name = name;
        this.own = own;
        this.executor = executor == null ? own : executor;
    }

    private static Executor singleThread(String name) {
        ThreadPoolExecutor single = new ThreadPoolExecutor(
                1,
                1,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                EventLoops.daemons(name + "-callbacks"));
        single.allowCoreThreadTimeOut(true);
        return single;
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
        if (!isTaken(() -> all.forEach(Runnable::run))) {
            all.addAll(collected);
            collected = all;
        }
    }

    /** There is no next turn: what nobody takes is run here. On the event loop. */
    void end() {
        flush();
        List<Runnable> left = collected;
        collected = new ArrayList<>();
        left.forEach(Runnable::run);
    }

    /** When the client has ended. Any thread, which runs it itself if nobody takes it. */
    void run(Runnable completion) {
        if (!isTaken(completion)) {
            completion.run();
        }
    }

    private boolean isTaken(Runnable completions) {
        try {
            executor.execute(completions);
            return true;
        } catch (Throwable refused) { // an error, too: a thread that cannot be had now
            if (fellBack.compareAndSet(false, true)) {
                LOG.warn("{}: the executor refuses; results go to a thread of the client", name, refused);
            }
        }
        try {
            own.execute(completions);
            return true;
        } catch (Throwable noThread) {
            LOG.debug("{}: no thread can be had for results now", name, noThread);
            return false;
        }
    }
}
