// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicInteger;

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

    private record Held(Object lane, Runnable request) {}

    private final ArrayDeque<Held> held = new ArrayDeque<>();
    private final AtomicInteger open = new AtomicInteger();
    private Object lane = "none";

    /** Begins a request, or keeps it for {@link #goOn}. On the event loop. */
    void begin(Object ofLane, Runnable request) {
        held.add(new Held(ofLane, request));
        goOn();
    }

    /** A request that was begun is answered. Any thread; {@link #goOn} must follow. */
    void ended() {
        open.decrementAndGet();
    }

    /** Begins what may begin by now. On the event loop. */
    void goOn() {
        for (Held next = held.peek(); next != null && mayBegin(next.lane); next = held.peek()) {
            held.remove();
            lane = next.lane;
            open.incrementAndGet();
            next.request.run();
        }
    }

    private boolean mayBegin(Object next) {
        return open.get() == 0 || next.equals(lane);
    }

    /** Forgets what has not begun: the client is gone. */
    void clear() {
        held.clear();
    }
}
