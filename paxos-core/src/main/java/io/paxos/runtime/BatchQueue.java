// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What one thread takes in, and any thread puts there. The taker gets everything that is there at once, in order, and is
 * woken once a batch: a put wakes it only if it waits. No monitor is held, so that a virtual thread that puts is never
 * pinned.
 */
final class BatchQueue<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private List<T> items = new ArrayList<>();
    private boolean waiting;
    private boolean closed;

    /** Adds an item; after {@link #close} it is kept, but nobody takes it. */
    void put(T item) {
        lock.lock();
        try {
            items.add(item);
            wake();
        } finally {
            lock.unlock();
        }
    }

    /** Adds the items, in order. */
    void putAll(List<T> more) {
        if (more.isEmpty()) {
            return;
        }
        lock.lock();
        try {
            items.addAll(more);
            wake();
        } finally {
            lock.unlock();
        }
    }

    private void wake() {
        if (waiting) {
            waiting = false;
            filled.signal();
        }
    }

    /** Waits until there is something, or the queue is closed, and takes all there is; empty only after close. */
    List<T> takeAll() {
        lock.lock();
        try {
            while (items.isEmpty() && !closed) {
                waiting = true;
                filled.awaitUninterruptibly();
            }
            return closed ? List.of() : swap();
        } finally {
            lock.unlock();
        }
    }

    /** Takes all there is, waiting up to that long for the first. */
    List<T> takeAll(long nanosMax) {
        lock.lock();
        try {
            long left = nanosMax;
            while (items.isEmpty() && !closed && left > 0) {
                waiting = true;
                left = filled.awaitNanos(left);
            }
            return swap();
        } catch (InterruptedException nobodyMayInterrupt) {
            // The flag is cleared by this: a later force in a thread that carries it would close the file.
            return List.of();
        } finally {
            waiting = false;
            lock.unlock();
        }
    }

    private List<T> swap() {
        List<T> taken = items;
        items = new ArrayList<>();
        return taken;
    }

    /** Wakes the taker for good. */
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** What nobody will take any more; for whoever cleans up after the taker ended. */
    List<T> drain() {
        lock.lock();
        try {
            return swap();
        } finally {
            lock.unlock();
        }
    }
}
