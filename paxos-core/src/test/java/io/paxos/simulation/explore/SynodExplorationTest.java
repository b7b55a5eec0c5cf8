// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.QuorumSystem;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Single-decree Paxos, every reachable state of small configurations: odd and even sizes, flexible quorums, two ballots,
 * crashes that lose what was not forced. The number of states is printed; {@link ExploreBounds} says how to see more.
 */
class SynodExplorationTest {
    private static final QuorumSystem MAJORITY = new QuorumSystem.Majority();

    static Stream<SynodBounds> exhausted() {
        return Stream.of(
                SynodBounds.of(1, MAJORITY, 1, 3).crashes(2),
                SynodBounds.of(2, MAJORITY, 2, 2).fastDisk(),
                SynodBounds.of(3, MAJORITY, 1, 1).crashes(1),
                SynodBounds.of(3, MAJORITY, 2, 2).crashes(1),
                SynodBounds.of(3, MAJORITY, 2, 2).withReads(),
                SynodBounds.of(3, MAJORITY, 3, 3).fastDisk().withoutRefusals().withoutNotices(),
                SynodBounds.of(5, new QuorumSystem.FlexibleSizes(4, 2), 2, 2)
                        .fastDisk()
                        .withoutRefusals()
                        .withoutNotices(),
                SynodBounds.of(4, new QuorumSystem.FlexibleSizes(3, 2), 2, 2)
                        .fastDisk()
                        .withoutNotices());
    }

    @ParameterizedTest
    @MethodSource("exhausted")
    void everyStateOfASmallConfigurationIsGood(SynodBounds bounds) {
        Exploration seen = new Explorer<>(new SynodModel(bounds)).run(ExploreBounds.whole());
        System.out.println(bounds + ": " + seen);
        assertNull(seen.counterexample(), () -> String.valueOf(seen.counterexample()));
        assertTrue(seen.complete(), "not exhausted: " + seen);
    }

    static Stream<SynodBounds> begun() {
        return Stream.of(
                SynodBounds.of(3, MAJORITY, 3, 3).fastDisk().withoutNotices(),
                SynodBounds.of(3, MAJORITY, 3, 3).crashes(1).withoutRefusals().withoutNotices(),
                SynodBounds.of(4, MAJORITY, 2, 2).crashes(1),
                SynodBounds.of(4, new QuorumSystem.FlexibleSizes(2, 3), 2, 3)
                        .withoutRefusals()
                        .withoutNotices(),
                SynodBounds.of(5, MAJORITY, 2, 2).crashes(1),
                SynodBounds.of(5, MAJORITY, 2, 3).fastDisk().withoutNotices(),
                SynodBounds.of(5, new QuorumSystem.FlexibleSizes(4, 2), 2, 2).crashes(1));
    }

    @ParameterizedTest
    @MethodSource("begun")
    void theFirstStatesOfALargerConfigurationAreGood(SynodBounds bounds) {
        Exploration seen = new Explorer<>(new SynodModel(bounds)).run(ExploreBounds.begun());
        System.out.println(bounds + ": " + seen);
        assertNull(seen.counterexample(), () -> String.valueOf(seen.counterexample()));
    }

    @Test
    void theSameConfigurationHasTheSameStates() {
        SynodBounds bounds = SynodBounds.of(3, MAJORITY, 1, 1).crashes(1);
        Exploration once = new Explorer<>(new SynodModel(bounds)).run(Bounds.states(1_000_000));
        assertEquals(once, new Explorer<>(new SynodModel(bounds)).run(Bounds.states(1_000_000)));
    }
}
