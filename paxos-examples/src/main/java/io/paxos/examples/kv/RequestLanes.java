// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Keeps one connection's requests in order where nothing else does.
 *
 * <p>Writes are in order among themselves, for the node's session is. But a read does not go through the log: behind an
 * unanswered {@code SET} of the same connection it could miss it, and an unanswered {@code GET} could see the {@code SET} behind
 * it. So requests of one <em>lane</em> (writes, reads, the numbered commands of one client) may be under way together, and a
 * request of another lane waits until all before it are answered.
 *
 * <p>A pipeline of one kind is as fast as it was; one that alternates pays for every change of lane.
 */
final class RequestLanes {

    /** More than a connection ever has. */
    private static final int OPEN_MAX = 1 << 16;

    private record Held(Object lane, Runnable request) {}

    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private final AtomicInteger open = new AtomicInteger();
    private Object lane = "none";

    /** So many may be open. */
    private int openMax = OPEN_MAX;

    /** So many have begun since that was raised. */
    private int begun;

    /** Takes a request, which {@link #goOn} begins. On the event loop. */
    void add(Object ofLane, Runnable request) {
        held.add(new Held(ofLane, request));
    }

    /**
     * Some that were begun, and that ended without an answer, go before all others: one by one at first, and twice as many
     * together each time that as many have begun. On the event loop, while none is open.
     */
    void again(List<Runnable> requests) {
        for (int i = requests.size() - 1; i >= 0; i--) {
            held.addFirst(new Held(lane, requests.get(i)));
        }
        openMax = 0;
        begun = 0;
    }

    /** A request that was begun has ended. Any thread; {@link #goOn} must follow. */
    void ended() {
        open.decrementAndGet();
    }

    /**
     * Begins what may begin by now. On the event loop.
     *
     * @param begins whether anything may begin at all; asked when what was open before has ended
     */
    void goOn(BooleanSupplier begins) {
        for (Held next = held.peek(); next != null && mayBegin(next.lane, begins); next = held.peek()) {
            held.remove();
            lane = next.lane;
            open.incrementAndGet();
            next.request.run();
        }
    }

    /** Whoever ends as the last says first that nothing may begin, if that is so: hence the order. */
    private boolean mayBegin(Object next, BooleanSupplier begins) {
        int now = open.get();
        if (!(now == 0 || (next.equals(lane) && now < openMax)) || !begins.getAsBoolean()) {
            return false;
        }
        if (++begun > openMax) {
            openMax = Math.min(OPEN_MAX, Math.max(1, 2 * openMax));
            begun = 1;
        }
        return true;
    }

    /** Whether all that were begun have ended. */
    boolean noneIsOpen() {
        return open.get() == 0;
    }

    /** Forgets what has not begun: the client is gone. */
    void clear() {
        held.clear();
    }
}
