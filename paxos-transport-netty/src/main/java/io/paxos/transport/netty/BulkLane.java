// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.message.Message;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Frames that have time, pieces of snapshots and pages of old values, wait here and go into the socket few at a time: so that
 * whatever comes meanwhile, a heartbeat or an accept, queues behind few of them, however slow the link (hazard V14).
 *
 * <p>The protocol lets frames overtake each other. Owned by the event loop.
 */
final class BulkLane {

    /** So much of them, or one frame, is handed to the socket and not taken by the operating system yet. */
    static final int IN_SOCKET_BYTES_MAX = 128 << 10;

    private final ArrayDeque<OutboundLink.Outgoing> waiting = new ArrayDeque<>();
    private long inSocketBytes;

    static boolean isBulk(Message message) {
        return message instanceof Message.SnapshotPiece || message instanceof Message.CatchUpPage;
    }

    void add(OutboundLink.Outgoing frame) {
        waiting.add(frame);
    }

    boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** The frames that may be handed to the socket now; each is to be {@link #taken} later. */
    List<OutboundLink.Outgoing> next() {
        List<OutboundLink.Outgoing> next = new ArrayList<>();
        for (OutboundLink.Outgoing first = waiting.peek();
                first != null && (inSocketBytes == 0 || inSocketBytes + first.bytes() <= IN_SOCKET_BYTES_MAX);
                first = waiting.peek()) {
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
