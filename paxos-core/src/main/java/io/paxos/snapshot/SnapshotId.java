// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.model.Slots;

/**
 * Names the exact bytes of one snapshot file. Two members' snapshots of one slot hold the same state and may still differ
 * in their bytes; a transfer that began with one id goes on only with the same id.
 *
 * @param slot everything up to and with it is in the snapshot
 * @param bytes length of the file
 * @param checksum the last checksum of the file, which depends on all its bytes
 */
public record SnapshotId(long slot, long bytes, int checksum) {

    public SnapshotId {
        if (slot < 1 || slot > Slots.MAX) {
            throw new IllegalArgumentException(
                    "snapshot slot: " + slot + " is outside the allowed range 1.." + Slots.MAX);
        }
        if (bytes < Layout.FILE_BYTES_MIN) {
            throw new IllegalArgumentException(
                    "snapshot bytes: " + bytes + " is below the smallest file, " + Layout.FILE_BYTES_MIN);
        }
    }

    @Override
    public String toString() {
        return "slot " + slot + ", " + bytes + " bytes, checksum " + String.format("%08x", checksum);
    }
}
