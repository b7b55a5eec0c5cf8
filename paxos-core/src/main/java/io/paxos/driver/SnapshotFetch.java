// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Message.SnapshotPiece;
import io.paxos.message.Message.SnapshotRequest;
import io.paxos.model.NodeId;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/**
 * Fetches a snapshot from another member when what is missing here is in nobody's log any more.
 *
 * <pre>
 *   NONE ── needed ──▶ ASKING ── "this is my newest" ──▶ OPENING ── begun, or gone on with ──▶ FETCHING
 *    ▲        ▲          │ no answer, or nothing that helps: ask the next member                 │ │
 *    │        │          └───────────────────────────────────────────────────────────────────────┘ │
 *    │        └── the source fell silent or has it no more: the others are asked for the same one, │
 *    │            and what is stored is not fetched again, also after a restart                     │ all stored
 *    └────────────── installed, not needed any more, or it could not be stored ── INSTALLING ◀─────┘
 * </pre>
 *
 * <p>It asks for pieces, a bounded number at a time, and for the next one when one is stored: so the memory it takes does not
 * depend on the snapshot, a slow disk here slows the sender, and the sender keeps nothing. Pieces are of one snapshot, known
 * by its {@link SnapshotId}: a piece of another is never mixed in (hazard R5).
 */
final class SnapshotFetch {

    private enum State {
        NONE,
        ASKING,
        OPENING,
        FETCHING,
        INSTALLING
    }

    /**
     * @param nonces of the latest requests for the piece; an answer to any of them is as good
     * @param atMillis when the last one was sent
     */
    private record Asked(List<Long> nonces, int length, long atMillis) {}

    private static final int NONCES_MAX = 4;

    /** How often the source is asked for the last byte while the whole is installed; it keeps what was asked for lately. */
    private static final int KEEP_MILLIS = 1_000;

    private final SnapshotOptions options;
    private final long patienceMillis;
    private final SnapshotPorts ports;
    private final BiConsumer<NodeId, SnapshotRequest> send;
    private final SplittableRandom random;

    private List<NodeId> members = List.of();
    private State state = State.NONE;
    private NodeId source = NodeId.NONE;
    private NodeId leader = NodeId.NONE;
    private SnapshotId id = SnapshotId.NONE;

    /** What an earlier process of this member has received a part of; none once a transfer has begun. */
    private SnapshotId partly = SnapshotId.NONE;

    /** Whether the files are open for {@link #id}. */
    private boolean opened;

    /** So many were asked for {@link #id} since it last went on. */
    private int askedForIt;

    private long floor;
    private long nonce;
    private long askedMillis;

    /** So many were asked since time last made it ask, and had nothing that helps. */
    private int inVain;

    private long progressMillis;
    private long notBeforeMillis;
    private long startedMillis;
    private long startedAt;
    private long budgetMillis;
    private long budgetBytes;

    /** What was asked for and did not come yet, and what came and waits for what is before it; by offset. */
    private final TreeMap<Long, Asked> asked = new TreeMap<>();

    private final TreeMap<Long, Value> arrived = new TreeMap<>();

    /** Where the next request begins, where the next piece to be stored begins, and what is stored. */
    private long nextOffset;

    private long storing;
    private long stored;

    SnapshotFetch(
            SnapshotOptions options,
            long patienceMillis,
            SnapshotPorts ports,
            BiConsumer<NodeId, SnapshotRequest> send,
            long seed) {
        this.options = options;
        this.patienceMillis = patienceMillis;
        this.ports = ports;
        this.send = send;
        this.random = new SplittableRandom(seed);
    }

    /** A part of that one is here from before the start. */
    void partlyHere(SnapshotId which) {
        partly = which;
    }

    /** Who may have snapshots. */
    void members(List<NodeId> others) {
        members = List.copyOf(others);
    }

    /** The leader is asked last, so that it stays free. */
    void leader(NodeId now) {
        leader = now;
    }

    /**
     * Everything up to that slot is in a snapshot of that member, and not in its log.
     *
     * @param applied what the state machine has here
     */
    void needed(NodeId from, long atLeast, long applied, long nowMillis) {
        if (atLeast <= applied || state == State.INSTALLING) {
            return;
        }
        floor = Math.max(floor, atLeast);
        if (state == State.NONE && nowMillis >= notBeforeMillis) {
            ask(from.isNone() || from.equals(leader) ? next(from) : from, nowMillis);
        }
    }

    /** What was needed was applied some other way. */
    void applied(long slot) {
        if (floor > 0 && slot >= floor && state != State.INSTALLING) {
            letGo();
            reset();
        }
    }

    private void letGo() {
        if (opened) {
            opened = false;
            ports.stopReceiving();
        }
    }

    private void reset() {
        state = State.NONE;
        source = NodeId.NONE;
        id = SnapshotId.NONE;
        opened = false;
        askedForIt = 0;
        stored = 0;
        floor = 0;
        asked.clear();
        arrived.clear();
    }

    /** The next one after that, in cyclic order, the leader last: it may be the only one that has what is needed. */
    private NodeId next(NodeId after) {
        List<NodeId> order = new ArrayList<>(members);
        if (order.remove(leader)) {
            order.add(leader);
        }
        return order.isEmpty() ? after : order.get((order.indexOf(after) + 1) % order.size());
    }

    private void ask(NodeId whom, long nowMillis) {
        if (whom.isNone()) {
            return; // nobody else is of the founding
        }
        state = State.ASKING;
        source = whom;
        asked.clear();
        arrived.clear();
        if (!opened) {
            id = partly.slot() >= floor ? partly : SnapshotId.NONE;
        }
        askedForIt++;
        nonce = newNonce();
        askedMillis = nowMillis;
        send.accept(whom, new SnapshotRequest(nonce, id, stored, options.pieceBytes()));
    }

    private long newNonce() {
        return random.nextLong(1, Long.MAX_VALUE);
    }

    void onPiece(NodeId from, SnapshotPiece piece, long nowMillis) {
        if (!from.equals(source)) {
            return;
        }
        if (state == State.ASKING && piece.nonce() == nonce) {
            chose(piece, nowMillis);
        } else if (state == State.FETCHING) {
            Asked request = asked.get(piece.offset());
            if (request == null || !request.nonces().contains(piece.nonce())) {
                return;
            }
            if (!piece.id().equals(id) || piece.piece().length() == 0) {
                ask(next(source), nowMillis); // it has it no more
                return;
            }
            asked.remove(piece.offset());
            progressMillis = nowMillis;
            if (request.nonces().indexOf(piece.nonce()) == request.nonces().size() - 1) {
                askForLost(request.atMillis(), nowMillis);
            }
            arrived.put(piece.offset(), piece.piece());
            int missing = request.length() - piece.piece().length();
            if (missing > 0) {
                request(piece.offset() + piece.piece().length(), missing, nowMillis);
            }
            store();
        }
    }

    /** The answer to "which have you got?". Its bytes are asked for again, in their order. */
    private void chose(SnapshotPiece piece, long nowMillis) {
        if (opened && piece.id().equals(id)) {
            state = State.FETCHING; // another member has the same one: go on
            askedForIt = 0;
            progressMillis = nowMillis;
            nextOffset = storing;
            fill(nowMillis);
        } else if (!id.isNone() && !piece.id().equals(id)) {
            if (askedForIt < members.size()) {
                ask(next(source), nowMillis); // what is stored is of use if anybody has that one
                return;
            }
            partly = SnapshotId.NONE; // nobody has it any more: then the newest
            letGo();
            stored = 0;
            ask(source, nowMillis);
        } else if (piece.id().slot() >= floor && !piece.id().isNone()) {
            id = piece.id();
            partly = SnapshotId.NONE;
            opened = true;
            askedForIt = 0;
            state = State.OPENING;
            startedMillis = nowMillis;
            ports.receive(id);
        } else if (++inVain < members.size()) {
            ask(next(source), nowMillis); // it has nothing that helps; once round, then with patience
        }
    }

    private void request(long offset, int length, long nowMillis) {
        Asked before = asked.get(offset);
        List<Long> nonces = new ArrayList<>(before == null ? List.of() : before.nonces());
        if (nonces.size() == NONCES_MAX) {
            nonces.remove(0);
        }
        long nonce = newNonce();
        nonces.add(nonce);
        asked.put(offset, new Asked(nonces, length, nowMillis));
        send.accept(source, new SnapshotRequest(nonce, id, offset, length));
    }

    private void fill(long nowMillis) {
        refillBudget(nowMillis);
        while (state == State.FETCHING
                && nextOffset < id.bytes()
                && asked.size() + arrived.size() + piecesStoring() < options.piecesMax()
                && budgetBytes > 0) {
            int length = (int) Math.min(options.pieceBytes(), id.bytes() - nextOffset);
            request(nextOffset, length, nowMillis);
            nextOffset += length;
            budgetBytes -= length;
        }
    }

    private long piecesStoring() {
        return (storing - stored + options.pieceBytes() - 1) / options.pieceBytes();
    }

    private void refillBudget(long nowMillis) {
        if (options.bytesPerSecond() == 0) {
            budgetBytes = Long.MAX_VALUE;
            return;
        }
        long passed = Math.min(1_000, nowMillis - budgetMillis);
        budgetMillis = nowMillis;
        long most = Math.max(options.pieceBytes(), options.bytesPerSecond() / 10);
        budgetBytes = Math.min(most, budgetBytes + passed * options.bytesPerSecond() / 1_000);
    }

    private void store() {
        for (Map.Entry<Long, Value> first = arrived.firstEntry();
                first != null && first.getKey() == storing;
                first = arrived.firstEntry()) {
            arrived.remove(first.getKey());
            ports.store(id, storing, first.getValue());
            storing += first.getValue().length();
        }
    }

    /** Everything before that offset is stored. */
    void stored(SnapshotId which, long offset, long nowMillis) {
        if (!which.equals(id)) {
            return;
        }
        stored = offset;
        if (state == State.OPENING) {
            startedAt = offset;
            storing = offset;
            nextOffset = offset;
            state = State.FETCHING;
            progressMillis = nowMillis;
        }
        if (state == State.FETCHING || state == State.ASKING) {
            if (stored == id.bytes()) {
                state = State.INSTALLING;
                asked.clear();
                ports.install(id);
            } else {
                fill(nowMillis);
            }
        }
    }

    /** It could not be stored, or was not what it should have been: begin anew, a little later. */
    void notStored(SnapshotId which, long nowMillis) {
        if (which.equals(id)) {
            long needed = floor;
            NodeId from = source;
            reset();
            floor = needed;
            source = from;
            notBeforeMillis = nowMillis + 4 * patienceMillis;
        }
    }

    /** Installed, or older than what is applied here. */
    void installed(SnapshotId which) {
        if (which.equals(id)) {
            reset();
        }
    }

    void onTime(long nowMillis) {
        if (state == State.ASKING || state == State.NONE) {
            inVain = nowMillis - askedMillis >= patienceMillis ? 0 : inVain;
        }
        if (state == State.ASKING && nowMillis - askedMillis >= patienceMillis) {
            ask(next(source), nowMillis);
        } else if (state == State.NONE && floor > 0 && nowMillis >= notBeforeMillis) {
            ask(next(source), nowMillis);
        } else if (state == State.FETCHING) {
            askOverdueAgain(nowMillis);
            fill(nowMillis);
        } else if (state == State.INSTALLING && nowMillis - askedMillis >= KEEP_MILLIS) {
            // It is verified and restored, which may take long, and what comes behind it is needed then: the source is
            // to keep both.
            askedMillis = nowMillis;
            send.accept(source, new SnapshotRequest(newNonce(), id, Math.max(0, id.bytes() - 1), 1));
        }
    }

    private void askOverdueAgain(long nowMillis) {
        Map.Entry<Long, Asked> first = asked.firstEntry();
        if (first == null) {
            return;
        }
        if (nowMillis - progressMillis >= 4 * patienceMillis) {
            ask(next(source), nowMillis); // perhaps another one has it too
            return;
        }
        // While pieces come, those that are asked for behind them may only be slow; one that was overtaken is lost. If
        // none comes, one
        // is enough to find out whether they are lost: see askForLost.
        boolean stalled = nowMillis - progressMillis >= patienceMillis;
        long overtaken = arrived.isEmpty() ? 0 : arrived.lastKey();
        for (Map.Entry<Long, Asked> each : List.copyOf(asked.entrySet())) {
            boolean overdue = nowMillis - each.getValue().atMillis() >= patienceMillis;
            if (overdue
                    && (each.getKey() < overtaken || (stalled && each.getKey().equals(first.getKey())))) {
                request(each.getKey(), each.getValue().length(), nowMillis);
            }
        }
    }

    /** A request is answered; answers come in the order of requests, so what was asked for before it and did not come is lost. */
    private void askForLost(long beforeMillis, long nowMillis) {
        for (Map.Entry<Long, Asked> each : List.copyOf(asked.entrySet())) {
            if (each.getValue().atMillis() < beforeMillis) {
                request(each.getKey(), each.getValue().length(), nowMillis);
            }
        }
    }

    boolean isInstalling() {
        return state == State.INSTALLING;
    }

    /** Which one is under way, or none. */
    SnapshotId fetching() {
        return id;
    }

    NodeId source() {
        return source;
    }

    long storedBytes() {
        return stored;
    }

    /** What came and waits for what is before it, or is being stored. */
    long bufferedBytes() {
        long bytes = opened && state != State.OPENING ? storing - stored : 0;
        for (Value piece : arrived.values()) {
            bytes += piece.length();
        }
        return bytes;
    }

    long bytesPerSecond(long nowMillis) {
        return id.isNone() ? 0 : (stored - startedAt) * 1_000 / Math.max(1, nowMillis - startedMillis);
    }
}
