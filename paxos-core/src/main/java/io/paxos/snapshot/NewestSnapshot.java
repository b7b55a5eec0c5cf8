// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.model.SnapshotId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What was found by reading the snapshots whole, from the newest on, up to the first good one.
 *
 * @param id the good one; null if there is none
 * @param damaged those that cannot be used. If there is no good one and this is not empty, then <b>the state is lost, not
 *     empty</b>: it must come from a peer
 */
public record NewestSnapshot(@Nullable SnapshotId id, List<DamagedSnapshot> damaged) {

    public NewestSnapshot {
        damaged = List.copyOf(damaged);
    }
}
