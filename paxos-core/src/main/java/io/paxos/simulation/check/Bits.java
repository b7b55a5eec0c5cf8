// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

/** Sets of small numbers as arrays of words, never changed once made. Two sets that meet have the same width. */
final class Bits {
    private Bits() {}

    /** The empty set of numbers below the width. */
    static long[] none(int width) {
        return new long[(width + Long.SIZE - 1) / Long.SIZE];
    }

    static boolean has(long[] set, int number) {
        return (set[number / Long.SIZE] & 1L << number) != 0;
    }

    static long[] with(long[] set, int number) {
        long[] result = set.clone();
        result[number / Long.SIZE] |= 1L << number;
        return result;
    }

    static long[] without(long[] set, int number) {
        long[] result = set.clone();
        result[number / Long.SIZE] &= ~(1L << number);
        return result;
    }

    /** Whether every number of the first is in the second. */
    static boolean isSubset(long[] first, long[] second) {
        for (int i = 0; i < first.length; i++) {
            if ((first[i] & ~second[i]) != 0) {
                return false;
            }
        }
        return true;
    }
}
