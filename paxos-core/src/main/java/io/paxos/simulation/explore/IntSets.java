// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.nio.IntBuffer;
import java.util.Arrays;

/** Numbers for sets of numbers. The empty set has number 0; adding to a set is remembered, so it is done once. */
final class IntSets {
    static final int EMPTY = 0;

    private final Numbers<IntBuffer> sets = new Numbers<>();
    private final LongIntMap sums = new LongIntMap();

    IntSets() {
        sets.of(IntBuffer.wrap(new int[0]));
    }

    /** Ascending; not to be written to. */
    int[] members(int set) {
        return sets.thing(set).array();
    }

    int with(int set, int number) {
        long key = LongIntMap.pair(set, number);
        int known = sums.get(key);
        if (known != LongIntMap.ABSENT) {
            return known;
        }
        int sum = sumOf(set, number);
        sums.put(key, sum);
        return sum;
    }

    private int sumOf(int set, int number) {
        int[] old = members(set);
        int place = Arrays.binarySearch(old, number);
        if (place >= 0) {
            return set;
        }
        int at = -place - 1;
        int[] sum = Arrays.copyOf(old, old.length + 1);
        System.arraycopy(old, at, sum, at + 1, old.length - at);
        sum[at] = number;
        return sets.of(IntBuffer.wrap(sum));
    }

    int of(int[] numbers) {
        Arrays.sort(numbers);
        return sets.of(IntBuffer.wrap(numbers));
    }

    int size() {
        return sets.size();
    }
}
