// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Puts one state in the place of all that differ only in the names of members that nobody can tell apart: of all renamings
 * the smallest vector. Sound as long as the model's permutations are symmetries of its moves and properties.
 */
final class Symmetry<S, M, F> {
    private final Transitions<S, M, F> transitions;
    private final List<Renaming> renamings = new ArrayList<>();
    private final int members;

    /** One permutation, and what it makes of the numbers seen so far. */
    private final class Renaming {
        final int[] permutation;
        final LongIntMap states = new LongIntMap();
        final LongIntMap inboxes = new LongIntMap();
        final LongIntMap facts = new LongIntMap();
        final int[] scratch;

        Renaming(int[] permutation) {
            this.permutation = permutation;
            this.scratch = new int[2 * members + 2];
        }

        int state(int number) {
            int known = states.get(number);
            if (known == LongIntMap.ABSENT) {
                known = transitions.renamedState(number, permutation);
                states.put(number, known);
            }
            return known;
        }

        int inbox(int set) {
            int known = inboxes.get(set);
            if (known == LongIntMap.ABSENT) {
                known = transitions.renamedInbox(set, permutation);
                inboxes.put(set, known);
            }
            return known;
        }

        int facts(int set) {
            int known = facts.get(set);
            if (known == LongIntMap.ABSENT) {
                known = transitions.renamedFacts(set, permutation);
                facts.put(set, known);
            }
            return known;
        }

        int[] of(int[] vector) {
            for (int member = 0; member < members; member++) {
                int place = 2 * permutation[member];
                scratch[place] = state(vector[2 * member]);
                scratch[place + 1] = inbox(vector[2 * member + 1]);
            }
            scratch[2 * members] = facts(vector[2 * members]);
            scratch[2 * members + 1] = vector[2 * members + 1];
            return scratch;
        }
    }

    Symmetry(Model<S, M, F> model, Transitions<S, M, F> transitions) {
        this.transitions = transitions;
        this.members = model.members();
        for (int[] permutation : model.symmetries()) {
            renamings.add(new Renaming(permutation));
        }
    }

    /** Replaces the vector by the smallest of its renamings. */
    void canonize(int[] vector) {
        if (renamings.isEmpty()) {
            return;
        }
        int[] smallest = vector.clone();
        for (Renaming renaming : renamings) {
            int[] renamed = renaming.of(vector);
            if (Arrays.compare(renamed, smallest) < 0) {
                System.arraycopy(renamed, 0, smallest, 0, smallest.length);
            }
        }
        System.arraycopy(smallest, 0, vector, 0, vector.length);
    }
}
