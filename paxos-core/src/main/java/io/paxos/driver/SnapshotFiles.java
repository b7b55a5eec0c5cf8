// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import io.paxos.snapshot.IncomingSnapshot;
import io.paxos.snapshot.Pace;
import io.paxos.snapshot.SnapshotMeta;
import io.paxos.snapshot.SnapshotReader;
import io.paxos.snapshot.SnapshotStore;
import io.paxos.snapshot.SnapshotWriter;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What whoever carries out {@link SnapshotPorts} does to the files; when, on which thread, and whom it tells is its own
 * affair. The reading methods may be called by any thread, all others by one at a time.
 */
public final class SnapshotFiles {

    /**
     * A piece for another member.
     *
     * @param id which snapshot it is of; {@link SnapshotId#NONE} if that one is not there
     */
    public record Piece(SnapshotId id, Value bytes) {

        /** There is no such snapshot here. */
        public static final Piece NONE = new Piece(SnapshotId.NONE, Value.of(new byte[0]));
    }

    private final SnapshotStore store;
    private @Nullable IncomingSnapshot incoming;
    private SnapshotId held = SnapshotId.NONE;

    public SnapshotFiles(SnapshotStore store) {
        this.store = store;
    }

    public SnapshotStore store() {
        return store;
    }

    /** The newest snapshot there is, or {@link SnapshotId#NONE}. */
    public SnapshotId newest() {
        List<SnapshotId> kept = store.kept();
        return kept.isEmpty() ? SnapshotId.NONE : kept.get(kept.size() - 1);
    }

    /** Writes what was captured as fast as it goes. */
    public SnapshotId write(Founding founding, Capture capture) throws IOException {
        return write(founding, capture, Pace.NONE);
    }

    /**
     * Writes what was captured and makes it durable.
     *
     * @param pace how fast
     * @throws IOException if that failed; what was written is gone then, and the others are as they were
     */
    public SnapshotId write(Founding founding, Capture capture, Pace pace) throws IOException {
        SnapshotMeta meta = new SnapshotMeta(
                founding.id(), founding.membership(), capture.slot(), capture.agreedTimeMillis(), capture.chain());
        try (SnapshotWriter writer = store.create(meta, capture.sessions(), pace)) {
            capture.state().writeTo(writer.state());
            return writer.finish();
        }
    }

    /** Reads a piece; {@link Piece#NONE} if the snapshot is not there. */
    public Piece read(SnapshotRead read) throws IOException {
        List<SnapshotId> kept = store.kept();
        SnapshotId wanted = read.wanted().isNone() ? newest() : read.wanted();
        if (!kept.contains(wanted)) {
            return Piece.NONE;
        }
        int length = (int) Math.min(read.length(), Math.max(0, wanted.bytes() - read.offset()));
        return new Piece(wanted, Value.of(length == 0 ? new byte[0] : store.bytes(wanted, read.offset(), length)));
    }

    /** Keeps that one however many newer ones there are, and no longer the one before; none if it is not there. */
    public void hold(SnapshotId id) {
        SnapshotId before = held;
        held = store.hold(id) ? id : SnapshotId.NONE;
        if (!before.isNone()) {
            store.release(before);
        }
    }

    /**
     * Restores the state machine from a snapshot, unless that is not newer than what is applied. On the apply thread.
     *
     * @param founding of which it must be; null if it came from a member of this node's founding just now
     * @throws IOException if the snapshot cannot be read, is of another founding, or the state machine leaves bytes of it
     *     unread: then it has not restored all of its state. Nothing may be applied afterwards
     */
    public InstallReport restore(SnapshotId id, @Nullable FoundingId founding, ApplySequence sequence)
            throws IOException {
        try (SnapshotReader reader = store.read(id)) {
            SnapshotMeta meta = reader.meta();
            if (founding != null && !founding.equals(meta.founding())) {
                throw new IOException(
                        "snapshot " + id + " is of founding " + meta.founding() + ", this directory is of " + founding);
            }
            InstallReport report =
                    sequence.restore(id, meta.agreedTimeMillis(), meta.chain(), reader.sessions(), reader.state());
            long left = report.older() ? 0 : reader.readToEnd();
            if (left > 0) {
                throw new IOException(
                        "the state machine's restore left " + left + " bytes of snapshot " + id + " unread");
            }
            return report;
        }
    }

    /** Begins to receive, or goes on; returns up to where it is stored. The one before is wanted no more. */
    public long receive(SnapshotId id) throws IOException {
        stopReceiving();
        IncomingSnapshot begun = store.receive(id);
        incoming = begun;
        return begun.offset();
    }

    /** Stores a piece; returns false if that snapshot is not being received any more. */
    public boolean store(SnapshotId id, long offset, Value piece) throws IOException {
        IncomingSnapshot into = incoming;
        if (into == null || !into.id().equals(id)) {
            return false;
        }
        into.write(offset, piece.buffer());
        return true;
    }

    /** Verifies the whole and makes it durable; returns false if that snapshot is not being received any more. */
    public boolean finish(SnapshotId id) throws IOException {
        IncomingSnapshot whole = incoming;
        if (whole == null || !whole.id().equals(id)) {
            return false;
        }
        whole.finish();
        incoming = null;
        return true;
    }

    /** What is here of it stays, to go on with. */
    public void stopReceiving() {
        IncomingSnapshot begun = incoming;
        if (begun != null) {
            begun.close();
            incoming = null;
        }
    }
}
