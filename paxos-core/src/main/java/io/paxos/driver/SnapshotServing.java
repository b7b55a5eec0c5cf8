// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.message.Message.SnapshotPiece;
import io.paxos.message.Message.SnapshotRequest;
import io.paxos.model.NodeId;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests for pieces of snapshots, a bounded number at a time. It keeps nothing of a transfer: whoever fetches says
 * what it wants, and how fast.
 */
final class SnapshotServing {

    /** Reads under way for all members together. */
    private static final int READS_MAX = 64;

    private final int pieceBytesMax;
    private final TreeMap<Long, Asked> asked = new TreeMap<>();
    private long lastId;

    private record Asked(NodeId by, long nonce) {}

    /** @param to who asked */
    record Answer(NodeId to, SnapshotPiece piece) {}

    SnapshotServing(int pieceBytesMax) {
        this.pieceBytesMax = pieceBytesMax;
    }

    /** What to read for that request, or null if there is no room for it: it will come again. */
    @Nullable
    SnapshotRead read(NodeId by, SnapshotRequest request) {
        if (asked.size() >= READS_MAX) {
            return null;
        }
        lastId++;
        asked.put(lastId, new Asked(by, request.nonce()));
        return new SnapshotRead(lastId, request.wanted(), request.offset(), Math.min(request.length(), pieceBytesMax));
    }

    /** What to answer; null if nobody asked. */
    @Nullable
    Answer answer(SnapshotRead read, SnapshotId id, Value piece) {
        Asked by = asked.remove(read.id());
        if (by == null) {
            return null;
        }
        return new Answer(by.by(), new SnapshotPiece(by.nonce(), id, id.isNone() ? 0 : read.offset(), piece));
    }
}
