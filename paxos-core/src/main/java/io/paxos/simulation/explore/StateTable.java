// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * All states reached so far, each with the one it was first reached from. A state is a vector of numbers, and none of it is
 * lost: its hash only says where to look.
 *
 * <p>A vector is folded: its numbers are taken two by two, each pair gets a number, and so on until one is left, which is the
 * state's.
 *
 * <pre>
 *   n1's state, messages   n2's state, messages   facts, budgets
 *            └────┬────┘             └────┬────┘       └──┬──┘
 *                 └──────────┬────────────┘               │
 *                            └──────────────┬─────────────┘
 *                                         state
 * </pre>
 *
 * Many of the pairs below the last come again, so that a state costs one pair, one parent, and a share of the others: 20 to 40
 * bytes. (The tree compression of model checkers: Laarman, van de Pol, Weber, Parallel Recursive State Compression for Free,
 * SPIN 2011.)
 */
final class StateTable {
    static final int KNOWN = -1;

    private static final int CHUNK_BITS = 14;
    private static final int CHUNK_MASK = (1 << CHUNK_BITS) - 1;

    private final List<PairTable[]> tables = new ArrayList<>();
    private final PairTable last;
    private final List<int[]> parents = new ArrayList<>();

    /** The state read last, folded: what a new vector has in common with it need not be looked up. */
    private final List<int[]> read = new ArrayList<>();

    private final List<int[]> added = new ArrayList<>();

    StateTable(int width) {
        if (width < 2) {
            throw new IllegalArgumentException("width: " + width + " is below 2");
        }
        int numbers = width;
        while (numbers > 1) {
            addLevel(numbers);
            PairTable[] level = new PairTable[numbers / 2];
            Arrays.setAll(level, i -> new PairTable());
            tables.add(level);
            numbers = (numbers + 1) / 2;
        }
        addLevel(1);
        last = tables.get(tables.size() - 1)[0];
    }

    private void addLevel(int numbers) {
        int[] nothing = new int[numbers];
        Arrays.fill(nothing, KNOWN);
        read.add(nothing);
        added.add(nothing.clone());
    }

    int size() {
        return last.size();
    }

    /** Adds a state unless it is known. Returns its number, or {@link #KNOWN}. */
    int add(int[] vector, int parent) {
        int before = last.size();
        System.arraycopy(vector, 0, added.get(0), 0, vector.length);
        for (int level = 0; level < tables.size(); level++) {
            fold(level);
        }
        if (last.size() == before) {
            return KNOWN;
        }
        if ((before & CHUNK_MASK) == 0) {
            parents.add(new int[1 << CHUNK_BITS]);
        }
        parents.get(before >>> CHUNK_BITS)[before & CHUNK_MASK] = parent;
        return before;
    }

    private void fold(int level) {
        PairTable[] pairs = tables.get(level);
        int[] from = added.get(level);
        int[] to = added.get(level + 1);
        int[] oldFrom = read.get(level);
        int[] oldTo = read.get(level + 1);
        for (int i = 0; i < pairs.length; i++) {
            int high = from[2 * i];
            int low = from[2 * i + 1];
            boolean same = high == oldFrom[2 * i] && low == oldFrom[2 * i + 1];
            to[i] = same ? oldTo[i] : pairs[i].of(high, low);
        }
        if (to.length > pairs.length) {
            to[pairs.length] = from[from.length - 1];
        }
    }

    void read(int state, int[] into) {
        read.get(tables.size())[0] = state;
        for (int level = tables.size() - 1; level >= 0; level--) {
            PairTable[] pairs = tables.get(level);
            int[] from = read.get(level + 1);
            int[] to = read.get(level);
            for (int i = 0; i < pairs.length; i++) {
                long pair = pairs[i].pair(from[i]);
                to[2 * i] = (int) (pair >>> Integer.SIZE);
                to[2 * i + 1] = (int) pair;
            }
            if (from.length > pairs.length) {
                to[to.length - 1] = from[pairs.length];
            }
        }
        System.arraycopy(read.get(0), 0, into, 0, into.length);
    }

    int parent(int state) {
        return parents.get(state >>> CHUNK_BITS)[state & CHUNK_MASK];
    }
}
