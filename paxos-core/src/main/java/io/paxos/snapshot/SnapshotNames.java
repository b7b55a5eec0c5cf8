// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import io.paxos.model.SnapshotId;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Names of the files in the directory, which is the journal's too. All numbers are 16 or 8 lower-case hexadecimal digits.
 *
 * <pre>
 * snapshot-SLOT.snap                  whole when it got that name
 * snapshot-SLOT.snap.new              being written
 * snapshot-SLOT-BYTES-CHECKSUM.part   being received, of that id
 * snapshot-SLOT.snap.damaged          found damaged and set aside
 * </pre>
 */
final class SnapshotNames {

    private static final String PREFIX = "snapshot-";
    private static final String SNAP = ".snap";
    private static final String ASIDE = SNAP + ".new";
    private static final String DAMAGED = SNAP + ".damaged";
    private static final String PART = ".part";
    private static final int LONG_DIGITS = 16;
    private static final int INT_DIGITS = 8;

    private SnapshotNames() {}

    static String snap(long slot) {
        return PREFIX + HexFormat.of().toHexDigits(slot) + SNAP;
    }

    static String aside(long slot) {
        return PREFIX + HexFormat.of().toHexDigits(slot) + ASIDE;
    }

    static String damaged(long slot) {
        return PREFIX + HexFormat.of().toHexDigits(slot) + DAMAGED;
    }

    static String part(SnapshotId id) {
        HexFormat hex = HexFormat.of();
        return PREFIX + hex.toHexDigits(id.slot()) + "-" + hex.toHexDigits(id.bytes()) + "-"
                + hex.toHexDigits(id.checksum()) + PART;
    }

    /** The slot of a snapshot under its final name; -1 for any other file. */
    static long slotOf(String name) {
        boolean fits = name.length() == PREFIX.length() + LONG_DIGITS + SNAP.length();
        return fits && name.startsWith(PREFIX) && name.endsWith(SNAP) ? number(name, PREFIX.length(), LONG_DIGITS) : -1;
    }

    static boolean isAside(String name) {
        return name.startsWith(PREFIX) && name.endsWith(ASIDE);
    }

    static boolean isDamaged(String name) {
        return name.startsWith(PREFIX) && name.endsWith(DAMAGED);
    }

    static boolean isPart(String name) {
        return name.startsWith(PREFIX) && name.endsWith(PART);
    }

    /** What a file that is being received is to become; null if its name says nothing. */
    static @Nullable SnapshotId partOf(String name) {
        int bytesAt = PREFIX.length() + LONG_DIGITS + 1;
        int checksumAt = bytesAt + LONG_DIGITS + 1;
        if (!isPart(name) || name.length() != checksumAt + INT_DIGITS + PART.length()) {
            return null;
        }
        long slot = number(name, PREFIX.length(), LONG_DIGITS);
        long bytes = number(name, bytesAt, LONG_DIGITS);
        long checksum = number(name, checksumAt, INT_DIGITS);
        if (slot < 1 || bytes < Layout.FILE_BYTES_MIN || checksum < 0) {
            return null;
        }
        try {
            SnapshotId id = new SnapshotId(slot, bytes, (int) checksum);
            return part(id).equals(name) ? id : null;
        } catch (IllegalArgumentException outOfRange) {
            return null;
        }
    }

    private static long number(String name, int from, int digits) {
        String hex = name.substring(from, from + digits);
        boolean isHex = hex.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
        return isHex ? Long.parseUnsignedLong(hex, 16) : -1;
    }
}
