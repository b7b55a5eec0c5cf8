// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.DriverStatus;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/**
 * What the core last said of itself, for any thread to read without asking the core; and the place to wait for it to say
 * what one wants to hear.
 */
final class Publication {

    private final long everyMillis;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile DriverStatus status;
    private long publishedMillis = Long.MIN_VALUE;
    private boolean ended;

    /** Read without the lock, to leave it alone while nobody waits. */
    private final AtomicInteger waiting = new AtomicInteger();

    Publication(DriverStatus first, long everyMillis) {
        this.status = first;
        this.everyMillis = everyMillis;
    }

    /** Whether a new status is due: after a tick, or at once when the node becomes ready or stops being so. */
    boolean isDue(long nowMillis, boolean ready) {
        return publishedMillis == Long.MIN_VALUE
                || nowMillis - publishedMillis >= everyMillis
                || ready != status.ready();
    }

    void publish(DriverStatus next, long nowMillis) {
        publishedMillis = nowMillis;
        status = next;
        if (waiting.get() > 0) {
            wake();
        }
    }

    private void wake() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The node stops: nobody needs to wait any more. */
    void end() {
        lock.lock();
        try {
            ended = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    DriverStatus status() {
        return status;
    }

    /** Waits until the node is ready, has ended, or the time is over; returns whether it is ready. */
    boolean awaitReady(long millis) throws InterruptedException {
        return await(DriverStatus::ready, millis);
    }

    /** Waits until a status is published for which that holds, the node has ended, or the time is over. */
    boolean await(Predicate<DriverStatus> wanted, long millis) throws InterruptedException {
        long left = TimeUnit.MILLISECONDS.toNanos(millis);
        lock.lockInterruptibly();
        try {
            waiting.incrementAndGet();
            while (!wanted.test(status) && !ended && left > 0) {
                left = changed.awaitNanos(left);
            }
            return wanted.test(status) && !ended;
        } finally {
            waiting.decrementAndGet();
            lock.unlock();
        }
    }
}
