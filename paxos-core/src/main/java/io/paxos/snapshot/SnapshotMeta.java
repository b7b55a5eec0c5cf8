// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.model.FoundingId;
import io.paxos.model.Membership;
import io.paxos.model.Slots;

/**
 * What a snapshot is of.
 *
 * @param founding of the cluster whose log it stands for; never none
 * @param membership in force behind the slot
 * @param slot everything up to and with it is in the snapshot; 1..{@link Slots#MAX}
 * @param agreedTimeMillis the log's time as of the slot, in milliseconds
 * @param chain hash over everything that was applied; 0 until there is one
 */
public record SnapshotMeta(FoundingId founding, Membership membership, long slot, long agreedTimeMillis, long chain) {

    public SnapshotMeta {
        if (founding.isNone()) {
            throw new IllegalArgumentException("snapshot founding: is none");
        }
        if (slot < 1 || slot > Slots.MAX) {
            throw new IllegalArgumentException(
                    "snapshot slot: " + slot + " is outside the allowed range 1.." + Slots.MAX);
        }
    }
}
