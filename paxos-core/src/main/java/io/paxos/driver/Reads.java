// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The reads of this node, from when they are asked for until the state machine is handed them.
 *
 * <pre>
 *   LINEARIZABLE ──▶ arrived ── no request is under way ──▶ asking ── the leader's read point ──▶ parked at that slot
 *                       ▲                                                                              │
 *                       │ no lease                                                                     │ handed to apply
 *   LEASED ──▶ by lease ┴── the leader is here, and holds one ────────▶ parked at its prefix ──────────┤
 *   AT_LEAST ──▶ parked at its slot ───────────────────────────────────────────────────────────────────┤
 *   LOCAL ─────────────────────────────────────────────────────────────────────────────────────────────▼
 *                                                                        handed: read behind everything up to the slot
 * </pre>
 *
 * <p>All that arrive while a request is under way share the next one. A request is repeated under a new nonce until one is
 * answered; whichever is, it was sent after all that share it were asked for.
 *
 * <p>Owned by the driver's thread.
 */
final class Reads {

    /** What the reads ask of the driver. */
    interface Host {
        /** Step the core with a wish for a read point; {@link Reads#ready} may be called within. */
        void want(long nonce, boolean byLease);

        /** Hand them to the apply side. */
        void hand(ApplyWork.Reads reads);
    }

    private static final class Waiting {
        private final Read read;
        private final long deadlineMillis;
        private long leaseEndMillis;

        Waiting(Read read, long deadlineMillis) {
            this.read = read;
            this.deadlineMillis = deadlineMillis;
        }
    }

    /** Groups that the apply side has and is not done with; while it stands still, no more are heaped up there. */
    static final int HANDED_MAX = 16;

    private final Host host;
    private final long retryMillis;

    private List<Waiting> byLease = new ArrayList<>();
    private List<Waiting> arrived = new ArrayList<>();
    private List<Waiting> asking = new ArrayList<>();
    private final TreeMap<Long, List<Waiting>> parked = new TreeMap<>();
    private final TreeMap<Long, List<Waiting>> handed = new TreeMap<>();

    private long lastNonce;
    private long firstNonce;
    private long leaseNonce;
    private long retryAtMillis;
    private long lastId;
    private long nextDeadlineMillis = Long.MAX_VALUE;

    /**
     * @param retryMillis a request that is not answered for so long is repeated
     * @param nonce where the nonces begin; no other boot of this node may come near it
     */
    Reads(Host host, long retryMillis, long nonce) {
        this.host = host;
        this.retryMillis = retryMillis;
        this.lastNonce = nonce;
    }

    // ---- what comes in ---------------------------------------------------------------------------------------

    /** A caller wants to read. */
    void add(Read read, long nowMillis) {
        Waiting waiting = new Waiting(read, nowMillis + read.timeoutMillis());
        nextDeadlineMillis = Math.min(nextDeadlineMillis, waiting.deadlineMillis);
        switch (read.kind()) {
            case LINEARIZABLE -> arrived.add(waiting);
            case LEASED -> byLease.add(waiting);
            case AT_LEAST -> park(read.slot(), waiting);
            case LOCAL -> park(0, waiting);
        }
    }

    private void park(long slot, Waiting waiting) {
        parked.computeIfAbsent(slot, none -> new ArrayList<>()).add(waiting);
    }

    /** Another leader, or none: what was asked of the one before may be lost. */
    void leaderChanged(long nowMillis) {
        retryAtMillis = nowMillis;
    }

    /**
     * A read point.
     *
     * @param leaseEnd when the lease ends by which it is one, by the clock of the turns; 0 if it is not by a lease
     */
    void ready(long nonce, long point, long leaseEnd) {
        if (nonce == leaseNonce) {
            leaseNonce = 0;
            for (Waiting each : byLease) {
                each.leaseEndMillis = leaseEnd;
                park(point, each);
            }
            byLease = new ArrayList<>();
        } else if (nonce >= firstNonce && nonce <= lastNonce) {
            for (Waiting each : asking) {
                park(point, each);
            }
            asking = new ArrayList<>();
        }
    }

    /** The apply side is done with some. */
    void done(ReadReport report) {
        List<Waiting> group = handed.remove(report.id());
        if (group == null || report.again().isEmpty()) {
            return;
        }
        Set<Read> again = Collections.newSetFromMap(new IdentityHashMap<>());
        again.addAll(report.again());
        for (Waiting each : group) {
            if (again.contains(each.read)) {
                each.leaseEndMillis = 0;
                arrived.add(each);
                nextDeadlineMillis = Math.min(nextDeadlineMillis, each.deadlineMillis);
            }
        }
    }

    // ---- at the end of a turn --------------------------------------------------------------------------------

    /**
     * Asks for read points, and hands over whatever can be read.
     *
     * @param leaderKnown whether there is anybody to ask
     * @param handedSlot the state machine was handed everything up to there
     * @param freshMillis when nothing was known that is not applied
     */
    void endTurn(long nowMillis, boolean leaderKnown, long handedSlot, long freshMillis) {
        if (nowMillis >= nextDeadlineMillis) {
            expire(nowMillis);
        }
        if (!byLease.isEmpty()) {
            wantByLease();
        }
        if (leaderKnown) {
            ask(nowMillis);
        }
        hand(handedSlot, freshMillis);
    }

    private void wantByLease() {
        leaseNonce = ++lastNonce;
        host.want(leaseNonce, true);
        leaseNonce = 0;
        arrived.addAll(byLease);
        byLease.clear();
    }

    private void ask(long nowMillis) {
        if (asking.isEmpty() && !arrived.isEmpty()) {
            asking = arrived;
            arrived = new ArrayList<>();
            firstNonce = lastNonce + 1;
            retryAtMillis = nowMillis;
        }
        if (!asking.isEmpty() && nowMillis >= retryAtMillis) {
            retryAtMillis = nowMillis + retryMillis;
            host.want(++lastNonce, false);
        }
    }

    private void hand(long handedSlot, long freshMillis) {
        if (parked.isEmpty() || parked.firstKey() > handedSlot || handed.size() >= HANDED_MAX) {
            return;
        }
        List<Waiting> group = new ArrayList<>();
        while (!parked.isEmpty() && parked.firstKey() <= handedSlot) {
            group.addAll(parked.pollFirstEntry().getValue());
        }
        List<ApplyWork.Reads.Ready> ready = new ArrayList<>(group.size());
        for (Waiting each : group) {
            ready.add(new ApplyWork.Reads.Ready(each.read, each.leaseEndMillis, freshMillis));
        }
        handed.put(++lastId, group);
        host.hand(new ApplyWork.Reads(lastId, ready));
    }

    // ---- those that get no answer ----------------------------------------------------------------------------

    private void expire(long nowMillis) {
        nextDeadlineMillis = Long.MAX_VALUE;
        String unconfirmed = "no leader confirmed within the deadline that what would be read is not old";
        ReadFailure noLeader = ReadFailure.of(ReadFailure.Kind.NO_LEADER, unconfirmed);
        expire(byLease, noLeader, nowMillis);
        expire(arrived, noLeader, nowMillis);
        expire(asking, noLeader, nowMillis);
        parked.forEach((slot, waiting) -> expire(
                waiting,
                ReadFailure.of(
                        ReadFailure.Kind.TIMED_OUT,
                        "the state machine did not come to slot " + slot + " within the deadline"),
                nowMillis));
        parked.values().removeIf(List::isEmpty);
        ReadFailure busy = ReadFailure.of(
                ReadFailure.Kind.TIMED_OUT, "the state machine did not come to the read within the deadline");
        handed.values().forEach(waiting -> expire(waiting, busy, nowMillis));
    }

    private void expire(List<Waiting> waiting, ReadFailure failure, long nowMillis) {
        for (Iterator<Waiting> all = waiting.iterator(); all.hasNext(); ) {
            Waiting each = all.next();
            if (nowMillis >= each.deadlineMillis) {
                all.remove();
                each.read.reader().failed(failure);
            } else {
                nextDeadlineMillis = Math.min(nextDeadlineMillis, each.deadlineMillis);
            }
        }
    }

    /** The node closes. Nothing may be asked of the reads afterwards. */
    void close() {
        ReadFailure closed = ReadFailure.of(ReadFailure.Kind.CLOSED, "the node was closed");
        List<Waiting> all = new ArrayList<>(byLease);
        all.addAll(arrived);
        all.addAll(asking);
        parked.values().forEach(all::addAll);
        handed.values().forEach(all::addAll);
        all.forEach(each -> each.read.reader().failed(closed));
        byLease.clear();
        arrived.clear();
        asking.clear();
        parked.clear();
        handed.clear();
    }
}
