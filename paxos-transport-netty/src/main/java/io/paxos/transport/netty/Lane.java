// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames of one {@link Urgency}, on their way into the socket few at a time: so that whatever is more urgent queues behind few
 * of them, however slow the link (hazard V14). Those that find no room wait here, in their order.
 *
 * <p>Owned by the event loop.
 */
final class Lane {

    private final int inSocketBytesMax;
    private final ArrayDeque<OutboundLink.Outgoing> waiting = new ArrayDeque<>();
    private long inSocketBytes;

    /** @param inSocketBytesMax so much, or one frame, is handed to the socket and not taken by the operating system yet */
    Lane(int inSocketBytesMax) {
        this.inSocketBytesMax = inSocketBytesMax;
    }

    /**
     * Whether the frame may be handed to the socket at once, since there is room and nothing waits; it is to be {@link #taken}
     * then. If not, it waits here.
     */
    boolean passes(OutboundLink.Outgoing frame) {
        if (waiting.isEmpty() && hasRoomFor(frame)) {
            inSocketBytes += frame.bytes();
            return true;
        }
        add(frame);
        return false;
    }

    void add(OutboundLink.Outgoing frame) {
        waiting.add(frame);
    }

    private boolean hasRoomFor(OutboundLink.Outgoing frame) {
        return inSocketBytes == 0 || inSocketBytes + frame.bytes() <= inSocketBytesMax;
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The frames that may be handed to the socket now; each is to be {@link #taken} later. */
    List<OutboundLink.Outgoing> next() {
        List<OutboundLink.Outgoing> next = new ArrayList<>();
        for (OutboundLink.Outgoing first = waiting.peek(); first != null && hasRoomFor(first); first = waiting.peek()) {
            waiting.remove();
            inSocketBytes += first.bytes();
            next.add(first);
        }
        return next;
    }

    /** The operating system has taken so many bytes of them, or never will. */
    void taken(int bytes) {
        inSocketBytes -= bytes;
    }

    /** What still waits; it waits no more. */
    List<OutboundLink.Outgoing> clear() {
        List<OutboundLink.Outgoing> left = List.copyOf(waiting);
        waiting.clear();
        return left;
    }
}
