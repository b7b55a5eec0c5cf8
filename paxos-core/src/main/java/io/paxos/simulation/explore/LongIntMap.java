// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.Arrays;

/** From pairs of numbers to a number. Open addressing; nothing is ever removed. */
final class LongIntMap {
    static final int ABSENT = -1;

    private long[] keys = new long[1 << 12];
    private int[] values = new int[1 << 12];
    private int size;

    LongIntMap() {
        Arrays.fill(values, ABSENT);
    }

    static long pair(int high, int low) {
        return ((long) high << Integer.SIZE) | (low & 0xFFFF_FFFFL);
    }

    int get(long key) {
        return values[find(keys, values, key)];
    }

    void put(long key, int value) {
        if (size * 2 >= keys.length) {
            grow();
        }
        int place = find(keys, values, key);
        if (values[place] == ABSENT) {
            size++;
        }
        keys[place] = key;
        values[place] = value;
    }

    private static int find(long[] keys, int[] values, long key) {
        int mask = keys.length - 1;
        int place = (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
        while (values[place] != ABSENT && keys[place] != key) {
            place = (place + 1) & mask;
        }
        return place;
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldValues = values;
        keys = new long[oldKeys.length * 2];
        values = new int[keys.length];
        Arrays.fill(values, ABSENT);
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldValues[i] != ABSENT) {
                int place = find(keys, values, oldKeys[i]);
                keys[place] = oldKeys[i];
                values[place] = oldValues[i];
            }
        }
    }
}
