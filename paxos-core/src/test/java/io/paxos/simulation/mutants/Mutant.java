// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * A planted bug.
 *
 * @param id a few words with hyphens
 * @param hazard the hazard that it is
 * @param story what goes wrong with it, in a sentence
 * @param edits the changes, usually one
 * @param witness a test that catches it where no run of the simulator can, as {@code Class#method}, or ""
 * @param reason why no run can catch it, or ""
 * @param stalls whether it is the bug's nature to stop the cluster. Of any other bug a lack of progress is no proof: it moves
 *     the run, and may only have moved it to where something else takes long
 */
record Mutant(String id, String hazard, String story, List<Edit> edits, String witness, String reason, boolean stalls) {

    private static final Set<String> OF_LIVENESS = Set.of("ProgressAfterFaults", "EqualState", "Durability");

    /**
     * A change of one file.
     *
     * @param file below the sources, such as {@code io/paxos/protocol/Acceptor.java}
     * @param original occurs exactly once in it
     * @param replacement stands in its place
     */
    record Edit(String file, String original, String replacement) {}

    static Mutant of(String id, String hazard, String story) {
        return new Mutant(id, hazard, story, List.of(), "", "", false);
    }

    /** The same with one more change. */
    Mutant in(String file, String original, String replacement) {
        List<Edit> more = new ArrayList<>(edits);
        more.add(new Edit("io/paxos/" + file + ".java", original, replacement));
        return new Mutant(id, hazard, story, List.copyOf(more), witness, reason, stalls);
    }

    /** The same, for a bug that no run of the simulator can show. */
    Mutant caughtBy(String test, String because) {
        return new Mutant(id, hazard, story, edits, test, because, stalls);
    }

    /** The same, for a bug that is found by what no longer happens. */
    Mutant thatStalls() {
        return new Mutant(id, hazard, story, edits, witness, reason, true);
    }

    /** Whether a violation of that property shows the bug. */
    boolean isShownBy(String property) {
        return stalls || !OF_LIVENESS.contains(property);
    }

    boolean hasWitness() {
        return !witness.isEmpty();
    }
}
