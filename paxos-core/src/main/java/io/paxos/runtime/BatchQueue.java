// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

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
    private boolean woken;
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

    /** Adds the items, in order, without waking the taker: for who will see to them. */
    void putAllQuietly(List<T> more) {
        lock.lock();
        try {
            items.addAll(more);
        } finally {
            lock.unlock();
        }
    }

    /** Adds an item without waking the taker. */
    void putQuietly(T item) {
        lock.lock();
        try {
            items.add(item);
        } finally {
            lock.unlock();
        }
    }

    /** Wakes the taker, also if there is nothing for it; one that does not wait just now will not the next time. */
    void wakeTaker() {
        lock.lock();
        try {
            woken = true;
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

    /** Waits up to that long until there is something, or the taker is woken; returns at once if the queue is closed. */
    void await(long nanosMax) {
        lock.lock();
        try {
            long left = nanosMax;
            while (items.isEmpty() && !woken && !closed && left > 0) {
                waiting = true;
                left = filled.awaitNanos(left);
            }
        } catch (InterruptedException nobodyMayInterrupt) {
            // The flag is cleared by this: a later force in a thread that carries it would close the file.
        } finally {
            waiting = false;
            woken = false;
            lock.unlock();
        }
    }

    /** Takes all there is, perhaps nothing, without waiting. */
    List<T> poll() {
        lock.lock();
        try {
            return items.isEmpty() ? List.of() : swap();
        } finally {
            lock.unlock();
        }
    }

    /** Takes all there is, without waiting, if it is as wanted; else nothing. */
    List<T> pollIf(Predicate<List<T>> wanted) {
        lock.lock();
        try {
            return items.isEmpty() || !wanted.test(items) ? List.of() : swap();
        } finally {
            lock.unlock();
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
            waiting = false;
            return closed ? List.of() : swap();
        } finally {
            lock.unlock();
        }
    }

    private List<T> swap() {
        List<T> taken = items;
        items = new ArrayList<>(taken.size()); // the next time may well bring as much
        return taken;
    }

    boolean isEmpty() {
        lock.lock();
        try {
            return items.isEmpty();
        } finally {
            lock.unlock();
        }
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
}
