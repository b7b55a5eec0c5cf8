// SPDX-License-Identifier: Apache-2.0
package io.paxos.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.EvaluationResult;
import io.paxos.architecture.fixture.HouseOfCards;
import io.paxos.architecture.fixture.ShowsALogger;
import io.paxos.architecture.fixture.runtime.Engine;
import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** A rule that nothing can break keeps nothing: each one is shown to refuse a class made to break it. */
class HouseRulesTest {
    private static final String FIXTURE = "io.paxos.architecture.fixture";

    private final HouseRules rules = new HouseRules(FIXTURE);

    @Test
    void nothingButTheRootTouchesTheRuntime() {
        assertEquals(
                List.of("protocol must not touch runtime"),
                reasons(rules.arrowsPointDownwards(), io.paxos.architecture.fixture.protocol.TouchesTheRuntime.class));
        assertEquals(
                List.of("simulation must not touch runtime"),
                reasons(
                        rules.arrowsPointDownwards(),
                        io.paxos.architecture.fixture.simulation.TouchesTheRuntime.class));
        assertEquals(List.of(), reasons(rules.arrowsPointDownwards(), HouseOfCards.class));
    }

    @Test
    void anArrowHiddenInATypeArgumentIsSeen() {
        assertEquals(
                List.of("journal must not touch protocol"),
                reasons(rules.arrowsPointDownwards(), io.paxos.architecture.fixture.journal.TouchesTheProtocol.class));
    }

    @Test
    void aValueDoesNotKnowTheHostsApi() {
        assertEquals(
                List.of("model must not touch (root)"),
                reasons(rules.arrowsPointDownwards(), io.paxos.architecture.fixture.model.TouchesTheRoot.class));
    }

    @Test
    void aRoomThatIsNotInTheTableIsRefused() {
        EvaluationResult result =
                evaluate(rules.arrowsPointDownwards(), io.paxos.architecture.fixture.elsewhere.InNoRoom.class);
        assertEquals(
                List.of(FIXTURE + ".elsewhere.InNoRoom is in the room elsewhere, which is not in the table"),
                result.getFailureReport().getDetails());
    }

    @Test
    void everyWordBannedInThePureRoomsIsHeard() throws ClassNotFoundException {
        assertEachMethodIsRefused(rules.pureRoomsArePure(), FIXTURE + ".protocol.EveryBannedWord");
    }

    @Test
    void seedsAndOrderedCollectionsAreAllowedInThePureRooms() throws ClassNotFoundException {
        assertAccepted(rules.pureRoomsArePure(), Class.forName(FIXTURE + ".protocol.SeeminglyBanned"));
    }

    @Test
    void everyWordBannedInTheDriverIsHeard() throws ClassNotFoundException {
        assertEachMethodIsRefused(rules.theDriverIsTurnedByOthers(), FIXTURE + ".driver.EveryBannedWord");
    }

    @Test
    void theDriverMayHandOutFutures() throws ClassNotFoundException {
        assertAccepted(rules.theDriverIsTurnedByOthers(), Class.forName(FIXTURE + ".driver.HandsOutFutures"));
    }

    @Test
    void threadsAndClocksOutsideTheRuntimeAreSeen() throws ClassNotFoundException {
        assertEachMethodIsRefused(rules.onlyTheRuntimeHasThreadsAndAClock(), FIXTURE + ".transport.MakesThreads");
    }

    @Test
    void theRuntimeMayMakeThreadsAndReadTheClock() {
        assertAccepted(rules.onlyTheRuntimeHasThreadsAndAClock(), Engine.class);
    }

    @Test
    void aLoggerInAPublicSignatureIsSeenAndAHiddenOneIsNot() {
        List<String> details = evaluate(rules.hostApplicationsSeeNoTypeOfOurDependencies(), ShowsALogger.class)
                .getFailureReport()
                .getDetails();
        String type = FIXTURE + ".ShowsALogger";
        assertEquals(
                new TreeSet<>(Set.of(
                        type + " extends org.slf4j.Marker",
                        type + ".inAField mentions org.slf4j.Logger",
                        type + ".asAResult() mentions org.slf4j.Logger",
                        type + ".asAParameter(java.util.List) mentions org.slf4j.Logger")),
                new TreeSet<>(details));
        assertAccepted(rules.hostApplicationsSeeNoTypeOfOurDependencies(), HouseOfCards.class);
    }

    /** What stands before the colon of each violation, each once. */
    private static List<String> reasons(ArchRule rule, Class<?> type) {
        return evaluate(rule, type).getFailureReport().getDetails().stream()
                .map(detail -> detail.substring(0, detail.indexOf(':')))
                .distinct()
                .toList();
    }

    private static void assertEachMethodIsRefused(ArchRule rule, String name) throws ClassNotFoundException {
        Class<?> type = Class.forName(name);
        List<String> details = evaluate(rule, type).getFailureReport().getDetails();
        Set<String> unheard = new TreeSet<>();
        for (Method method : type.getDeclaredMethods()) {
            if (!method.isSynthetic()
                    && details.stream().noneMatch(detail -> detail.contains(name + "." + method.getName() + "("))) {
                unheard.add(method.getName());
            }
        }
        assertEquals(
                Set.of(),
                unheard,
                () -> "methods that break the rule unnoticed; noticed were:\n" + String.join("\n", details));
        assertFalse(details.isEmpty());
    }

    private static void assertAccepted(ArchRule rule, Class<?> type) {
        EvaluationResult result = evaluate(rule, type);
        assertTrue(
                !result.hasViolation(),
                () -> String.join("\n", result.getFailureReport().getDetails()));
    }

    private static EvaluationResult evaluate(ArchRule rule, Class<?> type) {
        return rule.evaluate(new ClassFileImporter().importClasses(type));
    }
}
