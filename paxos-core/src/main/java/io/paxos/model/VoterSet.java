// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * Some of the voters of one membership, as bits: bit <i>i</i> is the <i>i</i>-th voter in the membership's order. It
 * means nothing without that membership.
 *
 * @param bits one bit a voter
 */
public record VoterSet(long bits) {

    public static final VoterSet EMPTY = new VoterSet(0);

    /** The first {@code count} voters, that is, all of a membership of that size. */
    public static VoterSet all(int count) {
        return new VoterSet(count == 0 ? 0 : -1L >>> (Long.SIZE - count));
    }

    public VoterSet with(int index) {
        return new VoterSet(bits | 1L << index);
    }

    public VoterSet without(VoterSet others) {
        return new VoterSet(bits & ~others.bits);
    }

    public boolean contains(int index) {
        return (bits >>> index & 1) == 1;
    }

    public boolean intersects(VoterSet other) {
        return (bits & other.bits) != 0;
    }

    public int size() {
        return Long.bitCount(bits);
    }
}
