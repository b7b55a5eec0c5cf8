// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.Outcome;
import io.paxos.driver.Submission;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs what is the host application's: completions on its executor, events on a thread that does nothing else. Never on a
 * thread of the protocol: a continuation that blocks must not hold up the log (apache/ratis and sofa-jraft#1195 tell
 * what happens otherwise).
 */
final class Callbacks {

    private static final Logger LOG = LoggerFactory.getLogger(Callbacks.class);
    private static final int EVENTS_MAX = 1_024;
    private static final long IDLE_SECONDS = 5;

    /**
     * The library's own thread for results.
     *
     * @param waiting what it has not begun
     * @param waitingMax how much of that there should be at most
     */
    record Own(Executor executor, Collection<Runnable> waiting, int waitingMax) {

        static Own thread(String node, int waitingMax) {
            ThreadPoolExecutor thread = singleThread("paxos-" + node + "-callbacks", Integer.MAX_VALUE);
            return new Own(thread, thread.getQueue(), waitingMax);
        }
    }

    private final String node;
    private final RuntimeListener listener;
    private final StopSignal stop;
    private final Own own;
    private final Executor completions;
    private final ThreadPoolExecutor events;
    private final AtomicBoolean fellBack = new AtomicBoolean();

    /** What no thread would run; guarded by itself, as is whether the node has ended. */
    private final Queue<Runnable> untold = new ArrayDeque<>();

    private boolean ended;

    /** @param waitingMax results that may wait for the library's own thread before the node {@link #isBehind} */
    Callbacks(String node, @Nullable Executor completions, int waitingMax, RuntimeListener listener, StopSignal stop) {
        this(node, completions, Own.thread(node, waitingMax), listener, stop);
    }

    /** @param own for results where the host gave no executor, or where its executor refuses */
    Callbacks(String node, @Nullable Executor completions, Own own, RuntimeListener listener, StopSignal stop) {
        this.node = node;
        this.listener = listener;
        this.stop = stop;
        this.own = own;
        this.completions = completions == null ? own.executor() : completions;
        this.events = singleThread("paxos-" + node + "-events", EVENTS_MAX);
    }

    /** One thread, made when it is needed and gone when it is not, so that nobody needs to shut it down. */
    private static ThreadPoolExecutor singleThread(String name, int queuedMax) {
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                1, 1, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(queuedMax), work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }

    /**
     * Whether as many results wait for the library's own thread as may be: some continuation of the host's holds it up. How many
     * wait for an executor of the host's is the host's affair.
     */
    boolean isBehind() {
        return own.waiting().size() >= own.waitingMax();
    }

    /** Tells a caller how its command ended. An executor that refuses is replaced by the library's own. */
    void complete(Submission.Completion completion, Outcome outcome) {
        run(() -> completion.complete(outcome));
    }

    /**
     * Runs what ends in the host's code. An error, when no thread can be had say, ends the node as anywhere else, and then
     * {@link #end} runs what is left: no caller waits for ever.
     */
    void run(Runnable telling) {
        try {
            completions.execute(telling);
            return;
        } catch (RuntimeException refused) {
            if (fellBack.compareAndSet(false, true)) {
                LOG.warn("{}: the completion executor refuses; results go to a thread of the library", node, refused);
            }
        } catch (Throwable error) {
            stop.fail("the completion executor", error);
        }
        try {
            own.executor().execute(telling);
        } catch (Throwable error) {
            stop.fail("the thread for results", error);
            runAtTheEnd(telling);
        }
    }

    private void runAtTheEnd(Runnable telling) {
        synchronized (untold) {
            if (!ended) {
                untold.add(telling);
                return;
            }
        }
        telling.run(); // by the caller itself, as a rule: it came when the node had ended
    }

    /** The node has ended: runs what no thread would run, on the calling one. */
    void end() {
        List<Runnable> left;
        synchronized (untold) {
            ended = true;
            left = List.copyOf(untold);
            untold.clear();
        }
        for (Runnable telling : left) {
            try {
                telling.run();
            } catch (Throwable thrown) {
                LOG.warn(
                        "{}: what was chained to a result threw", node, thrown); // the next caller is told nevertheless
            }
        }
    }

    /** Tells the listener. Its exceptions are logged; an error ends the node, as anywhere else. */
    void event(String name, Runnable event) {
        try {
            events.execute(() -> {
                try {
                    event.run();
                } catch (Exception thrown) {
                    LOG.warn("{}: the listener threw from {}", node, name, thrown);
                } catch (Throwable error) {
                    stop.fail("the listener's " + name, error);
                }
            });
        } catch (RejectedExecutionException full) {
            LOG.warn("{}: the listener is {} events behind; {} is dropped", node, EVENTS_MAX, name);
        }
    }

    /** Tells the listener that the node failed, on a thread that no other event can hold up. */
    void failed(String reason, @Nullable Throwable cause) {
        Runnable telling = () -> {
            try {
                listener.failed(reason, cause);
            } catch (Throwable thrown) {
                LOG.warn("{}: the listener threw from failed", node, thrown);
            }
        };
        try {
            Thread thread = new Thread(telling, "paxos-" + node + "-failed");
            thread.setDaemon(true);
            thread.start();
        } catch (Throwable noThread) {
            telling.run();
        }
    }

    RuntimeListener listener() {
        return listener;
    }
}
