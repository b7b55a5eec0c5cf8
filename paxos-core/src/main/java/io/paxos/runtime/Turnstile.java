// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets one thread at a time turn the core: its own, or whichever has just brought something in and finds the core at rest.
 * The second saves two hand-overs between threads on the way of a command through each node, and on a machine with few
 * processors these cost more than the work itself.
 *
 * <p>Nothing that was brought in is left lying: who cannot get in knows that somebody turns, and who turns looks again when
 * it has let go. A thread that was lent for this is not kept for long: after a few turns the core's own thread goes on.
 *
 * <p>The core's thread alone comes in as time passes. A core that is stuck in any thread is stuck for all (hazard V7).
 */
final class Turnstile {

    /** Turns that a lent thread makes at most before it goes about its own business again. */
    private static final int LENT_TURNS_MAX = 4;

    /** One turn of the core. */
    @FunctionalInterface
    interface Turn {
        /**
         * Takes what waits for the core, and works on it.
         *
         * @param mayWait whether the thread may wait for the disk after the turn
         */
        void turn(boolean mayWait) throws Exception;
    }

    /** What the thread that made a turn does after it, outside; it may leave something in the inbox. */
    @FunctionalInterface
    interface After {
        void run() throws Exception;
    }

    private final FrameInbox inbox;
    private final StopSignal stop;
    private final Turn turn;
    private final After after;
    private final ReentrantLock turning = new ReentrantLock();

    Turnstile(FrameInbox inbox, StopSignal stop, Turn turn, After after) {
        this.inbox = inbox;
        this.stop = stop;
        this.turn = turn;
        this.after = after;
    }

    /** The core's own thread: turns, as soon as nobody else does. */
    void enter() {
        turning.lock();
        turnAndLeave(false);
    }

    /** Another thread, which has put something into the inbox: turns if nobody does. */
    void offer(boolean mayWait) {
        if (turning.isHeldByCurrentThread()) {
            return; // called from within the turn: who makes it looks again
        }
        for (int i = 0; i < LENT_TURNS_MAX; i++) {
            if (stop.isRequested() || inbox.isEmpty() || !turning.tryLock()) {
                return;
            }
            turnAndLeave(mayWait);
        }
        if (!inbox.isEmpty()) {
            inbox.wakeCore();
        }
    }

    /** A core that threw is turned no more: the node has to know before the next thread can come in. */
    private void turnAndLeave(boolean mayWait) {
        try {
            if (!stop.isRequested()) { // asked inside: whoever was in before may have thrown
                turn.turn(mayWait);
            }
        } catch (Throwable thrown) {
            stop.fail("core", thrown);
        } finally {
            turning.unlock();
        }
        try {
            after.run();
        } catch (Throwable thrown) {
            stop.fail("after a turn", thrown);
        }
    }

    /** Whether the calling thread turns the core just now, and so must not wait for it. */
    boolean isHeldByCurrentThread() {
        return turning.isHeldByCurrentThread();
    }

    /** Lets nobody in any more; returns when whoever is in has left. */
    void closeForGood() {
        turning.lock();
    }
}
