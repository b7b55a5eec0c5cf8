// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.ArrayList;
import java.util.List;

/**
 * Numbers for pairs of numbers, from 0, in the order in which they are first seen. 15 to 18 bytes for a pair.
 *
 * <p>Open addressing. Beside each place stands a byte of its pair's hash, or 0 if the place is free: most pairs that are not
 * the one wanted are passed over without a look at them, which would cost a cache miss each.
 */
final class PairTable {
    private static final int CHUNK_BITS = 14;
    private static final int CHUNK_MASK = (1 << CHUNK_BITS) - 1;

    private final List<long[]> chunks = new ArrayList<>();
    private byte[] tags = new byte[1 << 10];
    private int[] places = new int[1 << 10];
    private int size;

    int size() {
        return size;
    }

    /** Which pair has this number. */
    long pair(int number) {
        return chunks.get(number >>> CHUNK_BITS)[number & CHUNK_MASK];
    }

    int of(int high, int low) {
        long pair = LongIntMap.pair(high, low);
        long hash = hash(pair);
        byte tag = tag(hash);
        int mask = tags.length - 1;
        int place = (int) hash & mask;
        while (tags[place] != 0) {
            if (tags[place] == tag && pair(places[place]) == pair) {
                return places[place];
            }
            place = (place + 1) & mask;
        }
        if ((size & CHUNK_MASK) == 0) {
            chunks.add(new long[1 << CHUNK_BITS]);
        }
        chunks.get(size >>> CHUNK_BITS)[size & CHUNK_MASK] = pair;
        tags[place] = tag;
        places[place] = size++;
        if (size / 3 >= tags.length / 4) {
            grow();
        }
        return size - 1;
    }

    private static long hash(long pair) {
        long mixed = (pair ^ pair >>> 32) * 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ mixed >>> 29) * 0xBF58476D1CE4E5B9L;
        return mixed ^ mixed >>> 32;
    }

    /** Of bits that do not say where to look; never 0. */
    private static byte tag(long hash) {
        return (byte) (hash >>> 56 | 1);
    }

    private void grow() {
        int mask = tags.length * 2 - 1;
        tags = new byte[tags.length * 2];
        places = new int[tags.length];
        for (int number = 0; number < size; number++) {
            long hash = hash(pair(number));
            int place = (int) hash & mask;
            while (tags[place] != 0) {
                place = (place + 1) & mask;
            }
            tags[place] = tag(hash);
            places[place] = number;
        }
    }
}
