// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One file: the bytes that a read sees, and those that are on the disk. The sectors between {@code dirtyFrom} and {@code
 * dirtyTo} are written and not forced; any other may still differ, after a force that failed.
 */
final class SimulatedFile {

    private static final int SECTOR_BYTES = SimulatedDisk.SECTOR_BYTES;

    /** What a record has in common with the one that was in its place before, at most: its first bytes were not written anew then. */
    private static final int ALIKE_BYTES = 16;

    /** A segment's header and its first records. */
    private static final int FIRST_BYTES = 16 << 10;

    private byte[] bytes;
    private int length;
    private byte[] forced;
    private int forcedLength;
    private int dirtyFrom = Integer.MAX_VALUE;
    private int dirtyTo;
    private int lastForcedFrom;
    private boolean forceHasFailed;

    /** What was forced before the last force, sector by sector; null unless it is kept. */
    private byte @Nullable [] older;

    /** A file that is on the disk as it is. */
    SimulatedFile(byte[] content) {
        this.bytes = content;
        this.length = content.length;
        this.forced = content.clone();
        this.forcedLength = length;
    }

    int length() {
        return length;
    }

    byte[] content() {
        return Arrays.copyOf(bytes, length);
    }

    /** Bytes at the start that were forced before the last force: a journal is written from its start to its end. */
    int provenBytes() {
        return Math.min(lastForcedFrom, length);
    }

    int write(ByteBuffer source, int position) {
        int count = source.remaining();
        int end = position + count;
        bytes = grown(bytes, end);
        int changedFrom = position + sameBytes(source, position, count);
        source.get(bytes, position, count);
        length = Math.max(length, end);
        if (changedFrom < end) {
            dirtyFrom = Math.min(dirtyFrom, changedFrom);
            dirtyTo = Math.max(dirtyTo, end);
        }
        return count;
    }

    /** How many bytes at its start are on the disk already: whether a sector of them is written again or not, it holds the same. */
    private int sameBytes(ByteBuffer source, int position, int count) {
        int known = forceHasFailed ? 0 : Math.max(0, Math.min(count, length - position));
        int differs = source.slice(source.position(), known).mismatch(ByteBuffer.wrap(bytes, position, known));
        return differs < 0 ? known : differs;
    }

    private static byte[] grown(byte[] array, int wanted) {
        return wanted <= array.length
                ? array
                : Arrays.copyOf(array, Math.max(wanted, Math.max(FIRST_BYTES, 2 * array.length)));
    }

    int read(ByteBuffer target, long position) {
        if (position >= length) {
            return -1;
        }
        int count = (int) Math.min(target.remaining(), length - position);
        target.put(bytes, (int) position, count);
        return count;
    }

    void force() {
        if (dirtyFrom < dirtyTo) {
            keepOlder();
            forced = grown(forced, dirtyTo);
            System.arraycopy(bytes, dirtyFrom, forced, dirtyFrom, dirtyTo - dirtyFrom);
            lastForcedFrom = Math.max(0, dirtyFrom - ALIKE_BYTES);
        }
        forcedLength = Math.max(forcedLength, length);
        clean();
    }

    private void clean() {
        dirtyFrom = Integer.MAX_VALUE;
        dirtyTo = 0;
    }

    /** Some of the sectors reached the disk; all count as clean. */
    void failForce(SplittableRandom random) {
        keepSome(random);
        forceHasFailed = true;
        clean();
    }

    private void keepSome(SplittableRandom random) {
        if (dirtyFrom >= dirtyTo) {
            return;
        }
        forced = grown(forced, dirtyTo);
        // All, none, and anything between: a tail that is whole but for one sector is the interesting one.
        int keptOf8 = random.nextInt(9);
        for (int from = dirtyFrom / SECTOR_BYTES * SECTOR_BYTES; from < dirtyTo; from += SECTOR_BYTES) {
            if (random.nextInt(8) < keptOf8) {
                int to = Math.min(length, from + SECTOR_BYTES);
                System.arraycopy(bytes, from, forced, from, to - from);
                forcedLength = Math.max(forcedLength, to);
            }
        }
    }

    void losePower(SplittableRandom random) {
        if (dirtyFrom < dirtyTo || forceHasFailed) {
            keepSome(random);
            bytes = Arrays.copyOf(forced, Math.max(forced.length, forcedLength));
            length = forcedLength;
            forceHasFailed = false;
            clean();
        }
    }

    void keepOlderSectors() {
        older = new byte[0];
    }

    private void keepOlder() {
        byte[] kept = older;
        if (kept != null) {
            int from = dirtyFrom / SECTOR_BYTES * SECTOR_BYTES;
            kept = grown(kept, dirtyTo);
            System.arraycopy(grown(forced, dirtyTo), from, kept, from, dirtyTo - from);
            older = kept;
        }
    }

    /**
     * Damage at rest: a sector reads as zeros, or as it was before the force that last wrote it. Returns false if that changes
     * nothing.
     */
    boolean loseSector(int sector, boolean toOlder) {
        int from = sector * SECTOR_BYTES;
        byte[] lost = new byte[SECTOR_BYTES];
        byte[] kept = older;
        if (toOlder && kept != null) {
            lost = Arrays.copyOfRange(grown(kept, from + SECTOR_BYTES), from, from + SECTOR_BYTES);
        }
        if (Arrays.equals(lost, 0, SECTOR_BYTES, bytes, from, from + SECTOR_BYTES)) {
            return false;
        }
        forced = grown(forced, length);
        System.arraycopy(lost, 0, bytes, from, SECTOR_BYTES);
        System.arraycopy(lost, 0, forced, from, SECTOR_BYTES);
        return true;
    }

    /** Damage at rest: the end is gone. */
    void truncate(int bytesLeft) {
        length = bytesLeft;
        forcedLength = Math.min(forcedLength, bytesLeft);
        Arrays.fill(bytes, bytesLeft, bytes.length, (byte) 0);
        Arrays.fill(forced, Math.min(bytesLeft, forced.length), forced.length, (byte) 0);
        dirtyTo = Math.min(dirtyTo, bytesLeft);
    }

    /** Damage at rest. */
    void flip(long bit) {
        int at = (int) (bit / 8);
        bytes[at] ^= (byte) (1 << bit % 8);
        forced = grown(forced, length);
        forced[at] = bytes[at];
    }

    long checksum() {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return crc.getValue() << 32 | length;
    }
}
