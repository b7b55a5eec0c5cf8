// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.List;

/** Bugs of reads and of leases. Those that a run shows are found there; the others by the named step test. */
final class ReadMutants {

    private static final String ROUNDS = "protocol/ReadRounds";
    private static final String GRANTS = "protocol/LeaseGrants";
    private static final String READ_STEPS = "io.paxos.protocol.ReadRoundsTest#";
    private static final String LEASE_STEPS = "io.paxos.protocol.LeasesTest#";
    private static final String NARROW =
            "old by some milliseconds only, and only if another leader writes in just these";

    private ReadMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("read-before-recovery", "P4", "a leader confirms read points before it has recovered")
                        .in(
                                ROUNDS,
                                "Ballot now = proposer.isRecovered() ? proposer.ballot() : Ballot.NONE;",
                                "Ballot now = proposer.isElected() ? proposer.ballot() : Ballot.NONE;")
                        .caughtBy(READ_STEPS + "beforeItHasRecoveredNobodyIsAskedAndThenAtOnce", NARROW),
                Mutant.of("read-without-a-quorum", "P20", "a read point is confirmed as soon as it is taken")
                        .in(
                                ROUNDS,
                                "if (!round.confirmed && isQuorum(slot, round.answered)) {",
                                "if (!round.confirmed) {")
                        .caughtBy(
                                READ_STEPS + "aLeaderAsksAllVotersAndKnowsWhenOneMoreSaysYes",
                                "the step test says it in a sentence; runs find it too"),
                Mutant.of("read-by-a-phase-1-quorum", "P20", "a phase-1 quorum confirms read points")
                        .in(
                                ROUNDS,
                                "return memberships.isPhase2Quorum(slot, set);",
                                "return memberships.isPhase1Quorum(slot, set);")
                        .caughtBy(
                                READ_STEPS + "itTakesAPhaseTwoQuorumWhateverAPhaseOneQuorumIs",
                                "only in flexible quorums with a small first phase do they differ"),
                Mutant.of("read-confirmed-before-it-was-asked", "P20", "answers of an earlier round confirm the next")
                        .in(
                                ROUNDS,
                                "|| !answer.ballot().equals(ballot) || answer.round() != round.number) {",
                                "|| !answer.ballot().equals(ballot) || answer.round() > round.number) {")
                        .caughtBy(
                                READ_STEPS + "answersOfAnEarlierRoundOfAnotherBallotAndOfStrangersDoNotCount", NARROW),
                Mutant.of("read-confirmed-by-who-promised-others", "P20", "a member says yes whatever it promised")
                        .in(
                                ROUNDS,
                                "if (!round.ballot().owner().equals(from) || acceptor.promised().isAbove(round.ballot())) {",
                                "if (!round.ballot().owner().equals(from)) {")
                        .caughtBy(
                                READ_STEPS + "aMemberSaysYesAtOnceUnlessItPromisedSomebodyAbove",
                                "the step test says it in a sentence; runs find it too"),
                Mutant.of("read-joins-the-round-under-way", "P20", "a read shares a round that began before it")
                        .in(
                                ROUNDS,
                                "boolean free = current == null || current.confirmed;",
                                "boolean free = current == null || current.confirmed; if (!free && current != null) {"
                                        + " current.requests.addAll(waiting.values()); waiting.clear(); }")
                        .caughtBy(
                                READ_STEPS + "whoAsksWhileARoundIsUnderWayWaitsForTheNextAndTheNewestOfEachIsAnswered",
                                "the step test says it in a sentence; runs find it too"),
                Mutant.of("read-before-the-point-is-applied", "P21", "a read is handed over whatever is applied")
                        .in(
                                "driver/Reads",
                                "if (parked.isEmpty() || parked.firstKey() > handedSlot || handed.size() >= HANDED_MAX) {",
                                "if (parked.isEmpty()) {")
                        .in(
                                "driver/Reads",
                                "while (!parked.isEmpty() && parked.firstKey() <= handedSlot) {",
                                "while (!parked.isEmpty()) {"),
                Mutant.of("answer-to-another-request", "P10", "any read point answers whatever is asked")
                        .in(
                                "driver/Reads",
                                "} else if (nonce >= firstNonce && nonce <= lastNonce) {",
                                "} else if (nonce != 0) {")
                        .caughtBy("io.paxos.driver.ReadsTest#aLateAnswerToAnEarlierRequestConfirmsNothing", NARROW),
                Mutant.of("lease-from-when-it-was-granted", "P19", "a lease counts from when the grant came")
                        .in(ROUNDS, "leased = round;\n        }", """
                                Round later = new Round(round.number, round.point, out.nowMillis(), round.requests);
                                        later.granted.addAll(round.granted);
                                        leased = later;
                                    }
                                """)
                        .caughtBy(LEASE_STEPS + "aLeaderReadsByItsLeaseCountedFromWhenItAsked", NARROW),
                Mutant.of("lease-not-shrunk", "P19", "a leader counts on a lease for as long as it is granted")
                        .in(
                                "protocol/LeaseTerms",
                                "return new LeaseTerms(leaseMillis, shrunk - ROUNDING_MILLIS);",
                                "return new LeaseTerms(leaseMillis, shrunk < 0 ? 0 : leaseMillis - 1);")
                        .caughtBy(LEASE_STEPS + "theTermsAreShrunkByTheDriftOfBothClocksAndByRounding", NARROW),
                Mutant.of("lease-kept-over-a-pause", "P19", "a pause does not end a lease")
                        .in(ROUNDS, "leased = null;\n        if (current != null) {", "if (current != null) {")
                        .caughtBy(
                                LEASE_STEPS + "afterAPauseItIsGoneAndWhatIsUnderWayBringsItNotBack",
                                "the clock of the turns is asked once more when the read is done"),
                Mutant.of(
                                "lease-kept-over-a-hand-over",
                                "P19",
                                "a leader that hands over reads by its lease all the same")
                        .in(ROUNDS, "surrendered = proposer.ballot();\n        leased = null;", "")
                        .in(ROUNDS, "tellSurrender(surrendered, out);", "tellSurrender(proposer.ballot(), out);")
                        .caughtBy(LEASE_STEPS + "beforeItOffersLeadershipItSurrendersForGood", NARROW),
                Mutant.of("grant-forgotten-at-once", "P19", "a grant binds nobody")
                        .in(GRANTS, "fresh = true;", "granted = Ballot.NONE;")
                        .caughtBy(
                                LEASE_STEPS + "whoGrantedPromisesNobodyElseForAWholeLease",
                                "members wait for a timeout before they stand, and that is as long"),
                Mutant.of("grant-forgotten-by-a-restart", "P19", "whoever starts promises at once")
                        .in(
                                GRANTS,
                                "return !terms.areOff() && (!started ||",
                                "return terms.leaseMillis() < 0 && (!started ||")
                        .caughtBy(
                                LEASE_STEPS + "whoStartedPromisesNobodyForAWholeLease",
                                "members wait for a timeout before they stand, and that is as long"),
                Mutant.of("grant-dated-before-a-pause", "P19", "a grant counts from a time that may lie far behind")
                        .in(
                                GRANTS,
                                "granted = ballot;\n        fresh = true;",
                                "granted = ballot;\n        untilMillis = nowMillis + terms.leaseMillis();")
                        .caughtBy(
                                LEASE_STEPS + "aGrantCountsFromTheNextWordOfTheTimeForThisOneMayLieFarBehind", NARROW));
    }
}
