// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a node. Whatever one of them throws ends the node (hazard V7); none is ever interrupted, because an
 * interrupt closes the file that the thread is in.
 */
final class NodeThreads {

    /** The body of a thread; returns when the node stops. */
    @FunctionalInterface
    interface Body {
        void run() throws Exception;
    }

    private final String node;
    private final StopSignal stop;
    private final List<Thread> threads = new ArrayList<>();

    NodeThreads(String node, StopSignal stop) {
        this.node = node;
        this.stop = stop;
    }

    /** Makes a thread {@code paxos-<node>-<role>}, to be started later. */
    Thread add(String role, Body body) {
        Thread thread = new Thread(
                () -> {
                    try {
                        body.run();
                    } catch (Throwable thrown) {
                        stop.fail(role + " of " + node, thrown);
                    }
                },
                "paxos-" + node + "-" + role);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    /** Whether the caller is one of them, and so must not wait for them. */
    boolean isCurrent() {
        return threads.contains(Thread.currentThread());
    }

    /** Waits until the thread has ended or the deadline has passed; returns whether it has ended. */
    static boolean awaitEnd(Thread thread, long deadlineNanos) {
        boolean interrupted = false;
        try {
            while (thread.isAlive()) {
                long left = deadlineNanos - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                try {
                    TimeUnit.NANOSECONDS.timedJoin(thread, Math.max(left, 1_000_000));
                } catch (InterruptedException remembered) {
                    interrupted = true;
                }
            }
            return true;
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
