// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.List;

/** Bugs of sessions: of their table, of its place in snapshots, of what their owners are told, and of comparing state. */
final class SessionMutants {

    private static final String TABLE = "session/SessionTable";
    private static final String CODEC = "session/SessionCodec";
    private static final String APPLY = "driver/ApplySequence";
    private static final String AGREEMENT = "driver/StateAgreement";
    private static final String TABLE_TEST = "io.paxos.session.SessionTableTest#";
    private static final String AGREEMENT_TEST = "io.paxos.driver.StateAgreementTest#";

    private SessionMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("expired-opened-again", "C3", "a late copy of its opening opens an expired session again")
                        .in(TABLE, "if (agreedMillis > opening.notAfterAgreedMillis()) {", "if (clients < 0) {")
                        .caughtBy(
                                TABLE_TEST + "anExpiredSessionIsNotOpenedAgainByALateCopyOfItsOpening",
                                "the copies of its commands would have to follow that of its opening in one run"),
                Mutant.of("closed-opened-again", "C3", "a late copy of its opening opens a closed session again")
                        .in(TABLE, "if (agreedMillis > session.opening.notAfterAgreedMillis()) {", "if (clients > 0) {")
                        .caughtBy(
                                TABLE_TEST + "aClosedSessionIsNotOpenedAgainByALateCopyOfItsOpening",
                                "simulated clients do not close their sessions"),
                Mutant.of("opening-from-the-future", "C3", "an opening may promise more than agreed time allows")
                        .in(
                                "session/SessionOpening",
                                "&& notAfterAgreedMillis - timeoutMillis <= agreedMillis;",
                                "&& agreedMillis >= 0;")
                        .caughtBy(TABLE_TEST + "anOpeningFromTheFutureIsRefused", "simulated clients do not do that"),
                Mutant.of("name-taken-over", "C3", "a client goes on in the session of another that drew the same name")
                        .in(TABLE, "if (!session.opening.equals(opening)) {", "if (clients < 0) {")
                        .caughtBy(TABLE_TEST + "anotherClientWithTheSameNameIsRefused", "64 random bits do not meet"),
                Mutant.of("activity-not-in-the-snapshot", "R6", "a restored node expires sessions at another time")
                        .in(CODEC, "session.activeMillis = in.readLong();", "session.activeMillis = in.readLong() / 2;")
                        .caughtBy(
                                "io.paxos.session.SessionTableModelTest#itDecidesAsTheDumbOneAndSurvivesSnapshots",
                                "a session would have to be kept alive on one side of the difference"),
                Mutant.of("acknowledged-too-far", "C3", "a result is let go of that its owner has not got")
                        .in(TABLE, "while (firstKept < below &&", "while (firstKept <= below &&")
                        .caughtBy(
                                TABLE_TEST + "resultsAreKeptUntilTheirOwnerHasThem",
                                "the retry learns that it took effect, which is true"),
                Mutant.of("thrown-is-skipped", "C1", "what the state machine throws at is skipped")
                        .in(APPLY, "throw new ApplyFailedException(position, thrown);", "return NO_RESULT;")
                        .caughtBy(
                                "io.paxos.driver.ApplySequenceTest#whatTheStateMachineThrowsLeavesTheAppliedSlotAndEndsApplying",
                                "the supplied state machines do not throw"),
                Mutant.of("outvoted-goes-on", "C2", "a member that a majority contradicts goes on")
                        .in(AGREEMENT, "if (each.getValue() >= majority) {", "if (each.getValue() < 0) {")
                        .caughtBy(
                                AGREEMENT_TEST + "whoAMajorityContradictsStopsAndNamesTheSlotAndBothDigests",
                                "the supplied state machines do not differ"),
                Mutant.of("minority-stops-others", "C2", "a member stops because one other says something else")
                        .in(AGREEMENT, "int majority = inForce.voters().size() / 2 + 1;", "int majority = 1;")
                        .caughtBy(
                                AGREEMENT_TEST + "withoutAMajorityItIsSaidAndNobodyStops",
                                "the supplied state machines do not differ"));
    }
}
