// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.simulation.explore.ExplorationRunner;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Some of the planted bugs again, now for the explorer: it must find each in a small configuration, and, as it goes breadth
 * first, on a shortest way there. The way is printed.
 */
class ExploredBugsTest {
    private static final int STATES_MAX = 400_000;
    private static final String LOG = "agreement, and only what a quorum voted for";
    private static final String WORD = "a word is kept";
    private static final String STOPS = "a member stops";

    private static final Mutant OWN_VOTE = Mutant.of(
                    "own-vote-counted-at-once", "S6", "a leader counts its own vote when it casts it")
            .in("protocol/Window", "acceptor.onAccept(acceptor.self(), accept, out);", """
                    acceptor.onAccept(acceptor.self(), accept, out);
                    SlotRange mine = new SlotRange(proposal.slot(), proposal.slot());
                    onAccepted(acceptor.self(), new Accepted(proposal.ballot(), mine, proposal.ballot(), 0), out);
                    """);

    /** A bug, where it is looked for, and what must come of it. The configuration is that of {@link ExplorationRunner}. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Case(Mutant mutant, int[] configuration, String property, int steps) {
        @Override
        public String toString() {
            return mutant.id();
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case(OWN_VOTE, majority(3, 1, 1, 0, 1), LOG, 8),
                new Case(planted("accept-below-promise"), majority(3, 2, 2, 0, 1), WORD, 9),
                new Case(planted("accept-raises-no-promise"), majority(3, 2, 2, 0, 1), WORD, 13),
                new Case(planted("prepare-before-own-promise"), majority(3, 1, 1, 0, 1), WORD, 1),
                new Case(planted("notice-without-ballot"), majority(3, 2, 2, 0, 1), LOG, 15),
                new Case(planted("promise-of-another-ballot"), majority(3, 2, 2, 0, 1), WORD, 6),
                new Case(planted("acceptor-counted-twice"), majority(3, 1, 1, 0, 1), LOG, 9),
                new Case(planted("first-reply-preferred"), reduced(majority(3, 2, 3, 0, 1)), LOG, 15),
                new Case(planted("leads-before-it-fetched"), reduced(majority(3, 2, 2, 0, 1)), STOPS, 12),
                new Case(planted("fetched-value-not-journalled"), reduced(majority(3, 2, 2, 1, 1)), STOPS, 15),
                new Case(
                        planted("quorums-miss-each-other"),
                        reduced(new int[] {4, 3, 2, 2, 2, 0, 1, STATES_MAX, 0}),
                        LOG,
                        10));
    }

    private static int[] majority(int members, int proposers, int attempts, int crashes, int slots) {
        return new int[] {members, 0, 0, proposers, attempts, crashes, slots, STATES_MAX, 0};
    }

    /** For a bug that leaves the arguments for the reductions whole. */
    private static int[] reduced(int[] configuration) {
        int[] reduced = configuration.clone();
        reduced[8] = 1;
        return reduced;
    }

    private static Mutant planted(String id) {
        return Ledger.all().stream()
                .filter(each -> each.id().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no planted bug " + id));
    }

    @ParameterizedTest
    @MethodSource("cases")
    @SuppressWarnings("unchecked") // it is an ExplorationRunner, but of another library than ours
    void eachIsFoundOnAShortestWay(Case bug) {
        Function<int[], String[]> runner = (Function<int[], String[]>)
                MutantLibrary.with(bug.mutant()).newInstance(ExplorationRunner.class.getName());
        String[] seen = runner.apply(bug.configuration());
        System.out.println(bug + ": " + String.join("\n", List.of(seen).subList(0, 1)));
        assertTrue(seen.length > 1, () -> bug + " survives: " + seen[0]);
        System.out.println(seen[3] + "\n");
        assertEquals(bug.property(), seen[1]);
        assertEquals(bug.steps(), Integer.parseInt(seen[2]));
    }
}
