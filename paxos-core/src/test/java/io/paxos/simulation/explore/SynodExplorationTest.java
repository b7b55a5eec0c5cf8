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
 * crashes that lose what was not forced. The number of states is printed. {@code -Dexplore.statesMax=…} looks at more of
 * the configurations that are not exhausted.
 */
class SynodExplorationTest {
    private static final QuorumSystem MAJORITY = new QuorumSystem.Majority();
    private static final int STATES_MAX = Integer.getInteger("explore.statesMax", 300_000);

    static Stream<SynodBounds> exhausted() {
        return Stream.of(
                SynodBounds.of(1, MAJORITY, 1, 3).crashes(2),
                SynodBounds.of(2, MAJORITY, 2, 2).fastDisk(),
                SynodBounds.of(3, MAJORITY, 1, 1).crashes(1),
                SynodBounds.of(3, MAJORITY, 2, 2).crashes(1),
                SynodBounds.of(4, new QuorumSystem.FlexibleSizes(3, 2), 2, 2)
                        .fastDisk()
                        .withoutNotices());
    }

    @ParameterizedTest
    @MethodSource("exhausted")
    void everyStateOfASmallConfigurationIsGood(SynodBounds bounds) {
        Exploration seen = new Explorer<>(new SynodModel(bounds)).run(Bounds.states(10_000_000));
        System.out.println(bounds + ": " + seen);
        assertNull(seen.counterexample(), () -> String.valueOf(seen.counterexample()));
        assertTrue(seen.complete(), "not exhausted: " + seen);
    }

    static Stream<SynodBounds> begun() {
        return Stream.of(
                SynodBounds.of(3, MAJORITY, 3, 3).fastDisk().withoutNotices(),
                SynodBounds.of(5, MAJORITY, 2, 3).fastDisk().withoutNotices());
    }

    @ParameterizedTest
    @MethodSource("begun")
    void theFirstStatesOfALargerConfigurationAreGood(SynodBounds bounds) {
        Exploration seen = new Explorer<>(new SynodModel(bounds)).run(Bounds.states(STATES_MAX));
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
