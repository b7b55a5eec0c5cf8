// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.List;

/** Bugs of handing leadership over, and of judging the disk. None breaks agreement: each has a named test as its witness. */
final class HandOverMutants {

    private static final String HAND_OVER = "protocol/HandOver";
    private static final String DISK_WATCH = "driver/DiskWatch";
    private static final String STEPS = "io.paxos.protocol.HandOverTest#";
    private static final String DISKS = "io.paxos.driver.SickDiskTest#";
    private static final String HARMLESS = "an offer is a hint: whoever takes one wrongly costs an election, no value";

    private HandOverMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("offer-of-another-ballot", "P17", "an offer is taken whoever made it, at whatever ballot")
                        .in(
                                HAND_OVER,
                                "if (!ofOwnLeader || !proposer.isIdle()",
                                "if (offer.ballot().isNone() || !proposer.isIdle()")
                        .caughtBy(STEPS + "anOfferOfAnotherBallotOrAnotherSenderMovesNobody", HARMLESS),
                Mutant.of("offer-taken-twice", "P17", "a repeated offer makes a member stand once more")
                        .in(HAND_OVER, "takenNonce = offer.nonce();", "")
                        .caughtBy(STEPS + "anOfferIsTakenOnce", HARMLESS),
                Mutant.of("unfit-member-stands", "S17", "a member with a sick disk canvasses like any other")
                        .in(
                                "protocol/Election",
                                "if (!proposer.isIdle() || !fitness.isFit()) {\n            rest(now);",
                                "if (!proposer.isIdle()) {\n            rest(now);")
                        .caughtBy(
                                STEPS + "whoIsNotFitDoesNotCanvassHoweverLongNobodyLeads",
                                "a sick leader is slow, not wrong"),
                Mutant.of(
                                "flag-kept-after-time-out",
                                "S17",
                                "a leader whose offer nobody took goes on without commands")
                        .in(HAND_OVER, "end(Result.NOT_TAKEN, out);\n            proposer.stepDown();", """
                                end(Result.NOT_TAKEN, out);
                                """)
                        .caughtBy(
                                STEPS + "anOfferThatNobodyTakesEndsLeadershipWithinATimeout",
                                "it hands over again a moment later, and sooner or later somebody takes it"),
                Mutant.of("fights-its-successor", "P17", "a leader that hands over begins again above its successor")
                        .in(
                                "protocol/Proposer",
                                "if (liveLeaderThere || draining || !fitness.isFit()) {",
                                "if (liveLeaderThere) {")
                        .in(
                                "protocol/Proposer",
                                "if (out.nowMillis() >= restartMillis && (draining || !fitness.isFit())) {",
                                "if (restartMillis < 0) {")
                        .caughtBy(
                                STEPS + "aHigherPromiseOfAnotherEndsItToo",
                                "ballots may compete for ever without harm"),
                Mutant.of("votes-without-room", "S13", "an acceptor votes although the journal has no room to go on")
                        .in(
                                "protocol/Acceptor",
                                "if (!fitness.mayVote()) {\n            return; // no room for a vote",
                                "if (promised.isNone()) {\n            return; // no room for a vote")
                        .caughtBy(
                                STEPS + "withoutRoomItPromisesNothingVotesForNothingAndCarriesNobody",
                                "the write that finds no room fails, and the node stops: safe, but it did not have to"),
                Mutant.of("carries-without-voting", "S13", "a member that takes no accepts keeps its leader in office")
                        .in(
                                "protocol/ActiveMember",
                                "if (!fitness.mayVote()) {\n            return; // it carries",
                                "if (from.equals(memberships.self())) {\n            return; // it carries")
                        .caughtBy(
                                DISKS + "aLeaderWhoseQuorumHasNoRoomResigns",
                                "the disks of the simulator have not run out of segments yet"),
                Mutant.of("pause-taken-for-slow-disk", "V6", "after a pause writes look as old as the pause was long")
                        .in(
                                DISK_WATCH,
                                "unforced.handedOver(writeSequence, records, clock.coreMillis());",
                                "unforced.handedOver(writeSequence, records, clock.turnMillis());")
                        .in(
                                DISK_WATCH,
                                "health.observe(unforced.oldestMillis(clock.coreMillis()), clock.coreMillis());",
                                "health.observe(unforced.oldestMillis(clock.turnMillis()), clock.turnMillis());")
                        .caughtBy(DISKS + "aPauseOfTheNodeIsNotTakenForASlowDisk", "leadership moves, and that is all"),
                Mutant.of("disk-well-at-once", "S17", "a disk is well as soon as its oldest write is forced")
                        .in(
                                "driver/DiskHealth",
                                "} else if (nowMillis - lastOldMillis >= patience.wellAfterMillis()) {",
                                "} else {")
                        .caughtBy(
                                "io.paxos.driver.DiskHealthTest#spikesKeepItSlowAsLongAsTheyComeSooner",
                                "leadership goes to and fro, and every value is chosen all the same"));
    }
}
