// SPDX-License-Identifier: Apache-2.0
package io.paxos.architecture;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.paxos.model.Ballot;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the house to its plan: see docs/architecture.md for the rooms, and {@link Rooms} and {@link Words} for the rules. */
class ArchitectureTest {
    private static JavaClasses house;

    private final HouseRules rules = new HouseRules("io.paxos");

    @BeforeAll
    static void readTheHouse() {
        house = new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("io.paxos");
        assertTrue(house.contain(Ballot.class), "the rules hold for an empty house too, so it must not be one");
    }

    @Test
    void arrowsBetweenRoomsPointDownwards() {
        rules.arrowsPointDownwards().check(house);
    }

    @Test
    void pureRoomsKnowNoClockThreadFileSocketLoggerChanceOrHashOrder() {
        rules.pureRoomsArePure().check(house);
    }

    @Test
    void theDriverHasNoThreadClockFileOrSocket() {
        rules.theDriverIsTurnedByOthers().check(house);
    }

    @Test
    void onlyTheRuntimeMakesThreadsAndReadsTheClock() {
        rules.onlyTheRuntimeHasThreadsAndAClock().check(house);
    }

    @Test
    void hostApplicationsSeeNoTypeOfOurDependencies() {
        rules.hostApplicationsSeeNoTypeOfOurDependencies().check(house);
    }
}
