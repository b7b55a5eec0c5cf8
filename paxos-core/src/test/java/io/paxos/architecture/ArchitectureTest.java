// SPDX-License-Identifier: Apache-2.0
package io.paxos.architecture;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.paxos.model.Ballot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
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

    /**
     * Hazard S15: an interrupt closes the channel the thread is in, and a closed channel is a failed write, which stops the
     * node. A thread may note its own interrupt again; another one's is nobody's business.
     */
    @Test
    void nobodyInterruptsAnotherThread() throws IOException {
        Pattern interrupt = Pattern.compile("(?<!Thread\\.currentThread\\(\\))\\.interrupt\\(\\)|\\.shutdownNow\\(");
        try (Stream<Path> sources = Files.walk(Path.of("src", "main", "java"))) {
            List<Path> files =
                    sources.filter(file -> file.toString().endsWith(".java")).toList();
            assertTrue(files.size() > 100, "the sources were not found");
            for (Path file : files) {
                assertFalse(interrupt.matcher(Files.readString(file)).find(), () -> file + " interrupts a thread");
            }
        }
    }
}
