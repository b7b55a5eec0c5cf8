// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.HexFormat;

/**
 * Names one founding of a cluster: 128 random bits that the founder mints together with the founding membership. Two
 * clusters never share one, whatever their operators call them.
 *
 * @param high random
 * @param low random; both halves are 0 only in {@link #NONE}
 */
public record FoundingId(long high, long low) {

    /** A member that has adopted no founding yet. */
    public static final FoundingId NONE = new FoundingId(0, 0);

    public boolean isNone() {
        return high == 0 && low == 0;
    }

    @Override
    public String toString() {
        return isNone()
                ? "none"
                : HexFormat.of().toHexDigits(high) + HexFormat.of().toHexDigits(low);
    }
}
