// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

/**
 * When snapshots are taken, and how they travel.
 *
 * @param everyBytes after so many bytes of log a snapshot is taken, give or take a quarter, so that members do not all do it
 *     at once; 0 for never
 * @param everySlots the same in slots; 0 for no such rule
 * @param retainedBytesMax so many bytes of log are kept at most for a member that is fetching a snapshot
 * @param pieceBytes size of the pieces in which one is fetched
 * @param piecesMax so many pieces are asked for and not stored yet, at most: with {@code pieceBytes}, the memory a transfer
 *     takes. As much as is forced at once, or the sender has nothing to do meanwhile
 * @param bytesPerSecond a fetch goes no faster; 0 for as fast as it can
 */
public record SnapshotOptions(
        long everyBytes, long everySlots, long retainedBytesMax, int pieceBytes, int piecesMax, long bytesPerSecond) {

    /** Every 64 MiB of log; 1 GiB kept at most; 32 pieces of 128 KiB; as fast as it can. */
    public static final SnapshotOptions DEFAULT = new SnapshotOptions(64L << 20, 0, 1L << 30, 128 << 10, 32, 0);

    /** Never taken, but fetched and served. */
    public static final SnapshotOptions NEVER = new SnapshotOptions(0, 0, 1L << 30, 128 << 10, 32, 0);

    public SnapshotOptions {
        require("everyBytes", everyBytes, 0, 1L << 50);
        require("everySlots", everySlots, 0, 1L << 50);
        require("retainedBytesMax", retainedBytesMax, 0, 1L << 50);
        require("pieceBytes", pieceBytes, 1, 1 << 20);
        require("piecesMax", piecesMax, 1, 1_024);
        require("bytesPerSecond", bytesPerSecond, 0, 1L << 50);
    }

    private static void require(String field, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(
                    field + ": " + value + " is outside the allowed range " + min + ".." + max);
        }
    }
}
