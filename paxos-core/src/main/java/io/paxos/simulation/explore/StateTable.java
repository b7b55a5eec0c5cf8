// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All states reached so far, each with the one it was first reached from. A state is a vector of numbers and kept in full:
 * the hash only says where to look.
 */
final class StateTable {
    static final int KNOWN = -1;

    private static final int CHUNK = 1 << 14;

    private final int width;
    private final List<int[]> vectors = new ArrayList<>();
    private final List<int[]> parents = new ArrayList<>();
    private int[] places = new int[1 << 16];
    private int size;

    StateTable(int width) {
        this.width = width;
        Arrays.fill(places, KNOWN);
    }

    int size() {
        return size;
    }

    /** Adds a state unless it is known. Returns its number, or {@link #KNOWN}. */
    int add(int[] vector, int parent) {
        if (size * 2 >= places.length) {
            grow();
        }
        int mask = places.length - 1;
        int place = hash(vector, 0) & mask;
        while (places[place] != KNOWN) {
            if (isAt(places[place], vector)) {
                return KNOWN;
            }
            place = (place + 1) & mask;
        }
        if (size % CHUNK == 0) {
            vectors.add(new int[CHUNK * width]);
            parents.add(new int[CHUNK]);
        }
        System.arraycopy(vector, 0, vectors.get(size / CHUNK), size % CHUNK * width, width);
        parents.get(size / CHUNK)[size % CHUNK] = parent;
        places[place] = size;
        return size++;
    }

    void read(int state, int[] into) {
        System.arraycopy(vectors.get(state / CHUNK), state % CHUNK * width, into, 0, width);
    }

    int parent(int state) {
        return parents.get(state / CHUNK)[state % CHUNK];
    }

    private boolean isAt(int state, int[] vector) {
        int[] chunk = vectors.get(state / CHUNK);
        int from = state % CHUNK * width;
        return Arrays.equals(chunk, from, from + width, vector, 0, width);
    }

    private int hash(int[] numbers, int from) {
        long hash = 0;
        for (int i = from; i < from + width; i++) {
            hash = (hash ^ numbers[i]) * 0x9E3779B97F4A7C15L;
            hash ^= hash >>> 29;
        }
        return (int) (hash >>> 20);
    }

    private void grow() {
        places = new int[places.length * 2];
        Arrays.fill(places, KNOWN);
        int mask = places.length - 1;
        for (int state = 0; state < size; state++) {
            int place = hash(vectors.get(state / CHUNK), state % CHUNK * width) & mask;
            while (places[place] != KNOWN) {
                place = (place + 1) & mask;
            }
            places[place] = state;
        }
    }
}
