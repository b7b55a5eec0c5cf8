// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * Every planted bug is found: by the property and in the seed that were recorded, or by the test that the ledger names.
 *
 * <p>A change of the simulator moves the seeds. Then record them anew:
 *
 * <pre>mvn -pl paxos-core test -Dtest=PlantedBugsTest -Dmutants.search=true</pre>
 *
 * which runs each bug from seed 1 on until it is found, writes {@code src/test/resources/mutants/seeds.txt} and the table
 * in {@code docs/testing.md}, and fails, so that nothing is recorded unseen. {@code -Dmutants.only=id,id} searches for
 * some, {@code -Dmutants.budget=…} with another number of seeds.
 */
class PlantedBugsTest {

    private static final String SEARCH = "mutants.search";
    private static final int BUDGET = 10_000;

    @Test
    @DisabledIfSystemProperty(named = SEARCH, matches = "true", disabledReason = "the kills are being recorded")
    void everyPlantedBugIsFoundAsRecorded() throws IOException {
        Map<String, Kill> recorded = Kill.readAll();
        List<String> wrong = new ArrayList<>();
        for (Mutant mutant : Ledger.all()) {
            String problem = replay(mutant, recorded.get(mutant.id()));
            if (problem != null) {
                wrong.add(mutant.id() + ": " + problem);
            }
        }
        assertTrue(
                wrong.isEmpty(),
                () -> "record the kills anew with -Dmutants.search=true, and look at every bug that is not found any"
                        + " more:\n" + String.join("\n", wrong));
    }

    private static @Nullable String replay(Mutant mutant, @Nullable Kill kill) {
        long began = System.nanoTime();
        MutantLibrary library = MutantLibrary.with(mutant);
        String by;
        if (mutant.hasWitness()) {
            if (library.failureOf(mutant.witness()) == null) {
                return mutant.witness() + " passes with it";
            }
            by = mutant.witness();
        } else if (kill == null) {
            return "no kill is recorded";
        } else {
            String[] violation = library.seeds().apply(kill.seed());
            if (violation.length == 0) {
                return "seed " + kill.seed() + " is good with it";
            }
            if (!violation[0].equals(kill.property())) {
                return "seed " + kill.seed() + " violates " + violation[0] + " and not " + kill.property();
            }
            by = violation[0] + " in seed " + kill.seed();
        }
        System.out.printf(
                "%-36s %-4s %s, %d ms%n", mutant.id(), mutant.hazard(), by, (System.nanoTime() - began) / 1_000_000);
        return null;
    }

    /** Else a kill would only show that the simulator finds fault with everything. */
    @Test
    @DisabledIfSystemProperty(named = SEARCH, matches = "true", disabledReason = "the kills are being recorded")
    void theLibraryAsItIsIsGoodInAllTheseSeeds() throws IOException {
        Set<Long> seeds = new TreeSet<>();
        Kill.readAll().values().forEach(kill -> seeds.add(kill.seed()));
        LongFunction<String[]> untouched = MutantLibrary.untouched();
        for (long seed : seeds) {
            assertEquals(List.of(), List.of(untouched.apply(seed)), () -> "seed " + seed);
        }
    }

    @Test
    @DisabledIfSystemProperty(named = SEARCH, matches = "true", disabledReason = "the kills are being recorded")
    void thePageOfTheTestsListsEveryPlantedBug() throws IOException {
        assertEquals(LedgerPage.table(Kill.readAll()), LedgerPage.read());
    }

    @Test
    void noTwoPlantedBugsHaveOneNameAndNoKillIsOfAnUnknownOne() throws IOException {
        Set<String> ids = new TreeSet<>();
        for (Mutant mutant : Ledger.all()) {
            assertTrue(ids.add(mutant.id()), mutant.id());
        }
        Set<String> unknown = new TreeSet<>(Kill.readAll().keySet());
        unknown.removeAll(ids);
        assertEquals(Set.of(), unknown);
    }

    @Test
    void aSnippetThatIsGoneIsSaidSo() {
        Mutant stale = Mutant.of("stale", "S1", "no bug at all").in("protocol/Acceptor", "no such line", "");
        AssertionError said = assertThrows(AssertionError.class, () -> MutantLibrary.with(stale));
        assertTrue(said.getMessage().contains("occurs 0 times in io/paxos/protocol/Acceptor.java"), said.getMessage());
    }

    @Test
    @Timeout(value = 1, unit = TimeUnit.DAYS)
    @EnabledIfSystemProperty(named = SEARCH, matches = "true", disabledReason = "runs only to record the kills anew")
    void record() throws IOException {
        List<String> only = List.of(System.getProperty("mutants.only", "").split(",", -1));
        int budget = Integer.getInteger("mutants.budget", BUDGET);
        List<String> alive = new ArrayList<>();
        for (Mutant mutant : Ledger.all()) {
            if (mutant.hasWitness() || (!only.equals(List.of("")) && !only.contains(mutant.id()))) {
                continue;
            }
            Kill kill = search(mutant, budget);
            // Written one by one: a search takes long, and may be cut short.
            Map<String, Kill> recorded = Kill.readAll();
            if (kill == null) {
                recorded.remove(mutant.id());
                alive.add(mutant.id());
            } else {
                recorded.put(mutant.id(), kill);
            }
            Kill.writeAll(recorded);
        }
        LedgerPage.write(LedgerPage.table(Kill.readAll()));
        fail("the kills were recorded; look at what changed, and run again without -D" + SEARCH
                + (alive.isEmpty() ? "" : ". Not found within " + budget + " seeds: " + alive));
    }

    /** The first seed that is bad with the bug and good without. */
    private static @Nullable Kill search(Mutant mutant, int budget) {
        LongFunction<String[]> seeds = MutantLibrary.with(mutant).seeds();
        LongFunction<String[]> untouched = MutantLibrary.untouched();
        long began = System.nanoTime();
        for (long seed = 1; seed <= budget; seed++) {
            String[] violation = seeds.apply(seed);
            if (violation.length > 0 && mutant.isShownBy(violation[0]) && untouched.apply(seed).length == 0) {
                System.out.printf(
                        "%-36s %-4s seed %5d %5.1f s %s: %s%n",
                        mutant.id(),
                        mutant.hazard(),
                        seed,
                        (System.nanoTime() - began) / 1e9,
                        violation[0],
                        violation[1].substring(0, Math.min(150, violation[1].length())));
                return new Kill(seed, violation[0]);
            }
        }
        System.out.printf(
                "%-36s %-4s ALIVE after %d seeds, %.1f s%n",
                mutant.id(), mutant.hazard(), budget, (System.nanoTime() - began) / 1e9);
        return null;
    }
}
