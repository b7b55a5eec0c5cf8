// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Membership;
import io.paxos.model.QuorumSystem;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The real roles of {@code protocol}, through {@code Replica}, in every interleaving that {@link ReplicaModel} allows. The
 * number of states is printed; {@link ExploreBounds} says how to see more.
 */
class ReplicaExplorationTest {
    private static final QuorumSystem MAJORITY = new QuorumSystem.Majority();

    /** A model with its bounds in words. */
    record Configuration(String words, ReplicaModel model) {
        static Configuration of(
                int members, QuorumSystem quorums, int proposers, int attempts, int crashes, int slots) {
            String words = "replicas, N = " + members + ", " + quorums + ", " + attempts + " ballots by " + proposers
                    + " proposers, " + crashes + " crashes, " + slots + " slots";
            return new Configuration(
                    words, new ReplicaModel(membership(members, quorums), proposers, attempts, crashes, slots));
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private static Membership membership(int members, QuorumSystem quorums) {
        return new Membership(1, SynodBounds.of(members, quorums, 1, 1).group().voters(), List.of(), quorums, 64);
    }

    static Stream<Configuration> exhausted() {
        return Stream.of(
                Configuration.of(2, MAJORITY, 2, 2, 0, 2),
                Configuration.of(3, MAJORITY, 1, 1, 1, 1),
                Configuration.of(3, MAJORITY, 1, 1, 0, 2),
                Configuration.of(3, MAJORITY, 2, 2, 0, 1));
    }

    @ParameterizedTest
    @MethodSource("exhausted")
    void everyStateOfASmallConfigurationIsGood(Configuration configuration) {
        Exploration seen = new Explorer<>(configuration.model()).run(ExploreBounds.whole());
        System.out.println(configuration + ": " + seen);
        assertNull(seen.counterexample(), () -> String.valueOf(seen.counterexample()));
        assertTrue(seen.complete(), seen::toString);
    }

    static Stream<Configuration> begun() {
        return Stream.of(
                Configuration.of(5, MAJORITY, 2, 3, 0, 2),
                Configuration.of(5, MAJORITY, 2, 3, 1, 2),
                Configuration.of(5, new QuorumSystem.FlexibleSizes(4, 2), 2, 3, 0, 2),
                Configuration.of(4, MAJORITY, 2, 3, 0, 2));
    }

    @ParameterizedTest
    @MethodSource("begun")
    void theFirstStatesOfALargerConfigurationAreGood(Configuration configuration) {
        Exploration seen = new Explorer<>(configuration.model()).run(ExploreBounds.begun());
        System.out.println(configuration + ": " + seen);
        assertNull(seen.counterexample(), () -> String.valueOf(seen.counterexample()));
    }

    /** Else the properties could be blind. */
    @Test
    void aDriverThatLetsNothingWaitForTheDiskIsFoundOut() {
        ReplicaModel hasty = new ReplicaModel(membership(3, MAJORITY), 1, 1, 1, 1) {
            @Override
            boolean holdsBack() {
                return false;
            }
        };
        Exploration seen = new Explorer<>(hasty).run(ExploreBounds.whole());
        Counterexample way = seen.counterexample();
        assertNotNull(way, seen::toString);
        System.out.println(way);
        assertEquals("a word is kept", way.property());
        assertEquals(1, way.steps().size());
    }

    @Test
    void theSameConfigurationHasTheSameStates() {
        Exploration once =
                new Explorer<>(Configuration.of(3, MAJORITY, 1, 1, 0, 1).model()).run(ExploreBounds.whole());
        assertEquals(
                once, new Explorer<>(Configuration.of(3, MAJORITY, 1, 1, 0, 1).model()).run(ExploreBounds.whole()));
    }
}
