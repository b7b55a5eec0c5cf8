// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.SnapshotId;
import io.paxos.snapshot.DamagedSnapshot;
import io.paxos.snapshot.NewestSnapshot;
import io.paxos.snapshot.SnapshotException;
import io.paxos.snapshot.SnapshotStore;
import java.io.IOException;
import java.util.List;

/**
 * Which state a start begins with: the newest snapshot that is whole, if it reaches up to where the log begins. A damaged one
 * falls back to the one before it and the log; if none is left that reaches the log, the state comes from another member. It
 * is never empty where it was not (hazard R5).
 *
 * @param snapshot to restore from; {@link SnapshotId#NONE} for a fresh state machine
 * @param isLost whether the log begins behind a floor that no snapshot here reaches
 * @param damaged what was found damaged, and is not used
 * @param partly of which a part was received before; {@link SnapshotId#NONE} if of none
 */
public record StartingState(SnapshotId snapshot, boolean isLost, List<DamagedSnapshot> damaged, SnapshotId partly) {

    public StartingState {
        damaged = List.copyOf(damaged);
    }

    /**
     * Reads the snapshots of the directory, from the newest on, up to the first good one.
     *
     * @throws SnapshotException if the directory cannot be read
     */
    public static StartingState find(SnapshotStore store, DurableState remembered) throws SnapshotException {
        NewestSnapshot newest = store.newest();
        SnapshotId good = newest.id() == null ? SnapshotId.NONE : newest.id();
        boolean isLost = good.slot() < remembered.floor();
        SnapshotId partly = store.partial();
        return new StartingState(
                isLost ? SnapshotId.NONE : good, isLost, newest.damaged(), partly == null ? SnapshotId.NONE : partly);
    }

    /**
     * Restores the state machine from it.
     *
     * @throws IOException if a snapshot that was good a moment ago cannot be read, or the state machine does not take it
     */
    public Restored into(ApplySequence sequence, SnapshotFiles files, DurableState remembered) throws IOException {
        if (snapshot.isNone()) {
            return Restored.NOTHING;
        }
        Founding founding = remembered.founding();
        FoundingId id = founding == null ? FoundingId.NONE : founding.id();
        return files.restore(snapshot, id, sequence).restored();
    }
}
