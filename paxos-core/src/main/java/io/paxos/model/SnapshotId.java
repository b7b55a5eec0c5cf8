// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.HexFormat;

/**
 * Which snapshot, down to its last byte. Members write their snapshots themselves, so two of one slot need not be equal
 * byte for byte; a transfer goes on from another member only with the same id.
 *
 * @param slot everything at or below is in it
 * @param bytes length of the whole
 * @param checksum CRC32C of the whole
 */
public record SnapshotId(long slot, long bytes, int checksum) {

    /** No snapshot; in a request, the newest one there is. */
    public static final SnapshotId NONE = new SnapshotId(0, 0, 0);

    public SnapshotId {
        Slots.requirePrefix(slot);
        if (bytes < 0 || (slot == 0) != (bytes == 0) || (slot == 0 && checksum != 0)) {
            throw new IllegalArgumentException("snapshot of slot " + slot + ": " + bytes + " bytes, checksum "
                    + HexFormat.of().toHexDigits(checksum) + ": slot and bytes are at least 1, or all are 0");
        }
    }

    public boolean isNone() {
        return slot == 0;
    }

    @Override
    public String toString() {
        return isNone() ? "none" : slot + "/" + bytes + "B#" + HexFormat.of().toHexDigits(checksum);
    }
}
