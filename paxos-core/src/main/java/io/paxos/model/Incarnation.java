// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

import java.util.HexFormat;

/**
 * One life of a data directory: 64 random bits minted when it is formatted. A wiped disk under a known node id is
 * another incarnation, and no vote of it counts (hazard S18).
 *
 * @param bits random; 0 only in {@link #NONE}
 */
public record Incarnation(long bits) implements Comparable<Incarnation> {

    /** Stands for "no incarnation" in a ballot that nobody owns. */
    public static final Incarnation NONE = new Incarnation(0);

    public boolean isNone() {
        return bits == 0;
    }

    @Override
    public int compareTo(Incarnation other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    /** Sixteen hexadecimal digits. */
    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(bits);
    }
}
