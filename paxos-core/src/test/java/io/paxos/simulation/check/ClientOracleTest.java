// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Each rule refuses a trace forged against it and nothing else does; an honest run pleases all. */
class ClientOracleTest {
    private static final Observation.Identity A1 = new Observation.Identity(1, 1);
    private static final Observation.Identity A2 = new Observation.Identity(1, 2);
    private static final Observation.Identity B1 = new Observation.Identity(2, 1);

    private final ClientOracle oracle = new ClientOracle();
    private long reads;

    @Test
    void aValueThatNobodySentIsRefused() {
        assertViolation(
                "no phantom values: client 2 read write 1/1 from key x, but nobody had sent it", read(2, "x", 1, A1));
    }

    @Test
    void aValueReadBeforeItWasSentIsRefused() {
        List<Observation> trace = new ArrayList<>(read(2, "x", 1, A1));
        trace.add(new Observation.WriteInvoked(A1, "x"));
        assertViolation("no phantom values: client 2 read write 1/1 from key x, but nobody had sent it", trace);
    }

    @Test
    void aValueSentToAnotherKeyIsRefused() {
        accepted(new Observation.WriteInvoked(A1, "y"));
        assertViolation(
                "no phantom values: client 2 read write 1/1 from key x, but it was sent to key y", read(2, "x", 1, A1));
    }

    @Test
    void aValueOfARefusedWriteIsRefused() {
        accepted(new Observation.WriteInvoked(A1, "x"), new Observation.WriteRefused(A1));
        assertViolation(
                "no phantom values: client 2 read write 1/1 from key x, but it had been refused", read(2, "x", 1, A1));
    }

    @Test
    void aWriteRefusedAfterItWasReadIsRefused() {
        accepted(new Observation.WriteInvoked(A1, "x"));
        accepted(read(2, "x", 1, A1));
        assertViolation(
                "no phantom values: write 1/1 to key x is refused, but was read before",
                List.of(new Observation.WriteRefused(A1)));
    }

    @Test
    void aValueOfAnUnansweredWriteIsFine() {
        accepted(new Observation.WriteInvoked(A1, "x"));
        accepted(read(2, "x", 1, A1));
    }

    @Test
    void aRetryThatIsAppliedAgainIsRefused() {
        accepted(new Observation.WriteInvoked(A1, "x"), new Observation.WriteAnswered(A1, 1));
        assertViolation(
                "one effect per identity: write 1/1 made version 1 and version 2 of key x",
                List.of(new Observation.WriteAnswered(A1, 2)));
    }

    @Test
    void aRetryThatIsSeenAppliedAgainIsRefused() {
        accepted(
                new Observation.WriteInvoked(A1, "x"),
                new Observation.WriteAnswered(A1, 1),
                new Observation.WriteInvoked(B1, "x"),
                new Observation.WriteAnswered(B1, 2));
        assertViolation(
                "one effect per identity: write 1/1 made version 1 and version 3 of key x", read(2, "x", 3, A1));
    }

    @Test
    void aRetryAnsweredAsBeforeIsFine() {
        accepted(
                new Observation.WriteInvoked(A1, "x"),
                new Observation.WriteAnswered(A1, 1),
                new Observation.WriteAnswered(A1, 1));
    }

    @Test
    void twoWritesThatMadeTheSameVersionAreRefused() {
        accepted(
                new Observation.WriteInvoked(A1, "x"),
                new Observation.WriteInvoked(B1, "x"),
                new Observation.WriteAnswered(A1, 1));
        assertViolation(
                "one effect per identity: version 1 of key x was made by write 1/1 and by write 2/1",
                List.of(new Observation.WriteAnswered(B1, 1)));
    }

    @Test
    void theSameVersionOfTwoKeysIsFine() {
        accepted(
                new Observation.WriteInvoked(A1, "x"),
                new Observation.WriteInvoked(A2, "y"),
                new Observation.WriteAnswered(A1, 1),
                new Observation.WriteAnswered(A2, 1));
    }

    @Test
    void aReadThatGoesBackIsRefused() {
        accepted(new Observation.WriteInvoked(A1, "x"), new Observation.WriteInvoked(A2, "x"));
        accepted(read(3, "x", 1, A1));
        accepted(read(2, "x", 2, A2));
        assertViolation(
                "monotone reads: client 2 read version 1 of key x, but had read version 2 before", read(2, "x", 1, A1));
    }

    @Test
    void aReadThatGoesBackToNothingIsRefused() {
        accepted(new Observation.WriteInvoked(A1, "x"));
        accepted(read(2, "x", 1, A1));
        assertViolation(
                "monotone reads: client 2 read version 0 of key x, but had read version 1 before",
                List.of(
                        new Observation.ReadInvoked(2, 77, "x"),
                        new Observation.ReadAnswered(2, 77, 0, Optional.empty())));
    }

    @Test
    void overlappingReadsOfOneClientMayBeAnsweredInAnyOrder() {
        accepted(
                new Observation.WriteInvoked(A1, "x"),
                new Observation.WriteInvoked(A2, "x"),
                new Observation.ReadInvoked(2, 1, "x"),
                new Observation.ReadInvoked(2, 2, "x"),
                new Observation.ReadAnswered(2, 1, 2, Optional.of(A2)),
                new Observation.ReadAnswered(2, 2, 1, Optional.of(A1)));
    }

    @Test
    void aClientThatDoesNotSeeItsOwnWriteIsRefused() {
        accepted(
                new Observation.WriteInvoked(B1, "x"),
                new Observation.WriteInvoked(A1, "x"),
                new Observation.WriteAnswered(A1, 2));
        assertViolation(
                "read your writes: client 1 read version 1 of key x, but its own write had made version 2 before",
                read(1, "x", 1, B1));
    }

    @Test
    void aReadThatOverlapsTheClientsOwnWriteNeedNotSeeIt() {
        accepted(
                new Observation.WriteInvoked(A1, "x"),
                new Observation.ReadInvoked(1, 1, "x"),
                new Observation.WriteAnswered(A1, 1),
                new Observation.ReadAnswered(1, 1, 0, Optional.empty()));
    }

    @Test
    void aStaleReadOfAnotherClientsWriteIsRefused() {
        accepted(
                new Observation.WriteInvoked(A1, "x"),
                new Observation.WriteAnswered(A1, 1),
                new Observation.WriteInvoked(A2, "x"),
                new Observation.WriteAnswered(A2, 2));
        assertViolation(
                "real-time order: client 2 read version 1 of key x, but version 2 had been told before it asked",
                read(2, "x", 1, A1));
    }

    @Test
    void aReadThatIsOlderThanWhatAnotherClientHadReadIsRefused() {
        accepted(new Observation.WriteInvoked(A1, "x"));
        accepted(read(2, "x", 1, A1));
        assertViolation(
                "real-time order: client 3 read version 0 of key x, but version 1 had been told before it asked",
                List.of(
                        new Observation.ReadInvoked(3, 1, "x"),
                        new Observation.ReadAnswered(3, 1, 0, Optional.empty())));
    }

    @Test
    void aWriteThatComesBeforeWhatWasToldWhenItWasSentIsRefused() {
        accepted(
                new Observation.WriteInvoked(A1, "x"),
                new Observation.WriteAnswered(A1, 2),
                new Observation.WriteInvoked(B1, "x"));
        assertViolation(
                "real-time order: write 2/1 made version 1 of key x, but version 2 had been told before it was sent",
                List.of(new Observation.WriteAnswered(B1, 1)));
    }

    @Test
    void whatOverlapsMayComeInAnyOrder() {
        accepted(
                new Observation.WriteInvoked(A1, "x"),
                new Observation.WriteInvoked(B1, "x"),
                new Observation.ReadInvoked(3, 1, "x"),
                new Observation.WriteAnswered(A1, 2),
                new Observation.ReadAnswered(3, 1, 0, Optional.empty()),
                new Observation.WriteAnswered(B1, 1),
                new Observation.WriteAnswered(B1, 1));
    }

    @Test
    void aWriteOfUnknownOutcomeBindsNobodyBeforeItIsSeen() {
        accepted(
                new Observation.WriteInvoked(A1, "x"),
                new Observation.ReadInvoked(2, 1, "x"),
                new Observation.ReadAnswered(2, 1, 0, Optional.empty()));
        accepted(read(3, "x", 1, A1));
    }

    @Test
    void anAbandonedReadIsForgotten() {
        accepted(
                new Observation.ReadInvoked(1, 1, "x"),
                new Observation.ReadAbandoned(1, 1),
                new Observation.ReadInvoked(1, 1, "x"),
                new Observation.ReadAnswered(1, 1, 0, Optional.empty()));
    }

    @Test
    void whatNoClientCanObserveIsAMistakeOfTheCaller() {
        accepted(new Observation.WriteInvoked(A1, "x"), new Observation.ReadInvoked(1, 1, "x"));
        impossible("it was invoked before", new Observation.WriteInvoked(A1, "x"));
        impossible("it was not invoked", new Observation.WriteAnswered(B1, 1));
        impossible("it was not invoked", new Observation.WriteRefused(B1));
        impossible("it is on its way", new Observation.ReadInvoked(1, 1, "y"));
        impossible("it is not on its way", new Observation.ReadAnswered(1, 2, 0, Optional.empty()));
        impossible("it is not on its way", new Observation.ReadAbandoned(1, 2));
        accepted(new Observation.WriteAnswered(A1, 1));
        impossible("it was answered before", new Observation.WriteRefused(A1));
        accepted(new Observation.WriteInvoked(B1, "x"), new Observation.WriteRefused(B1));
        impossible("it was refused before", new Observation.WriteAnswered(B1, 1));
    }

    @Test
    void versionsAndWritesBelongTogether() {
        assertThrows(IllegalArgumentException.class, () -> new Observation.WriteAnswered(A1, 0));
        assertThrows(IllegalArgumentException.class, () -> new Observation.ReadAnswered(1, 1, -1, Optional.of(A1)));
        assertThrows(IllegalArgumentException.class, () -> new Observation.ReadAnswered(1, 1, 0, Optional.of(A1)));
        assertThrows(IllegalArgumentException.class, () -> new Observation.ReadAnswered(1, 1, 1, Optional.empty()));
    }

    @Test
    void anHonestStorePleasesAllRulesForAMillionOperations() {
        Random random = new Random(1);
        Map<Integer, Long> versions = new HashMap<>();
        Map<Integer, Observation.Identity> last = new HashMap<>();
        for (int i = 0; i < 1_000_000; i++) {
            long client = random.nextInt(20);
            int key = random.nextInt(10);
            if (random.nextInt(4) == 0) {
                Observation.Identity write = new Observation.Identity(client, i);
                accepted(new Observation.WriteInvoked(write, key));
                int outcome = random.nextInt(4);
                if (outcome == 0) {
                    accepted(new Observation.WriteRefused(write));
                } else {
                    last.put(key, write);
                    long version = versions.merge(key, 1L, Long::sum);
                    if (outcome > 1) {
                        accepted(new Observation.WriteAnswered(write, version));
                    }
                }
            } else {
                accepted(
                        new Observation.ReadInvoked(client, i, key),
                        new Observation.ReadAnswered(
                                client, i, versions.getOrDefault(key, 0L), Optional.ofNullable(last.get(key))));
            }
        }
    }

    private List<Observation> read(long client, String key, long version, Observation.Identity write) {
        long number = ++reads;
        return List.of(
                new Observation.ReadInvoked(client, number, key),
                new Observation.ReadAnswered(client, number, version, Optional.of(write)));
    }

    private void accepted(Observation... trace) {
        accepted(List.of(trace));
    }

    private void accepted(List<Observation> trace) {
        for (Observation observation : trace) {
            assertEquals(Optional.empty(), oracle.observe(observation));
        }
    }

    /** Some observation of the trace breaks a rule, first this one. */
    private void assertViolation(String expected, List<Observation> trace) {
        List<String> found = new ArrayList<>();
        for (Observation observation : trace) {
            oracle.observe(observation).map(Violation::toString).ifPresent(found::add);
        }
        assertEquals(List.of(expected), found);
    }

    private void impossible(String why, Observation observation) {
        assertEquals(
                "observation " + observation + ": " + why,
                assertThrows(IllegalArgumentException.class, () -> oracle.observe(observation))
                        .getMessage());
    }
}
