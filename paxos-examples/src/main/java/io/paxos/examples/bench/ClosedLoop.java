// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * So many operations in flight: each answer sends the next, on the thread that brought it. One that failed is sent again two
 * milliseconds later. The target must answer on threads of its own, at least now and then: one that always answers before its call
 * returns is never left.
 */
final class ClosedLoop implements Loop {

    private static final long RETRY_MILLIS = 2;

    private final Target target;
    private final Tally tally;
    private final Commands commands;
    private final Operation operation;
    private final int outstanding;
    private final AtomicInteger running = new AtomicInteger();
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "bench-retry");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean stopped;

    ClosedLoop(Target target, LoadSpec spec, Tally tally) {
        this.target = target;
        this.tally = tally;
        this.operation = spec.operation();
        this.outstanding = spec.outstanding();
        this.commands = new Commands(spec.sizeBytes());
    }

    @Override
    public void start() {
        running.set(outstanding);
        for (int i = 0; i < outstanding; i++) {
            new Place().next();
        }
    }

    @Override
    public void stop() {
        stopped = true;
    }

    @Override
    public int unanswered() {
        int left = running.get();
        if (left == 0) {
            timer.shutdownNow();
        }
        return left;
    }

    /** One of the operations in flight. */
    private final class Place implements Target.Completion {

        private final byte[] command = commands.fresh();
        private final AtomicInteger due = new AtomicInteger();
        private long sentNanos;

        /** Sends, and goes on in this loop instead of deeper and deeper if answers come before the call returns. */
        void next() {
            if (due.getAndIncrement() == 0) {
                do {
                    send();
                } while (due.decrementAndGet() != 0);
            }
        }

        private void send() {
            if (stopped) {
                running.decrementAndGet();
                return;
            }
            sentNanos = System.nanoTime();
            if (operation == Operation.READ) {
                target.read(this);
            } else {
                commands.number(command);
                target.write(command, this);
            }
        }

        @Override
        public void done(@Nullable Object failure) {
            if (failure == null) {
                tally.answered(sentNanos, System.nanoTime());
                next();
                return;
            }
            tally.failed(failure);
            var unused = timer.schedule(this::next, RETRY_MILLIS, TimeUnit.MILLISECONDS);
        }
    }
}
