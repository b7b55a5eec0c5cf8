// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.List;

/** Bugs of snapshots: of taking, sending and installing them, and of letting go of the log behind them. */
final class SnapshotMutants {

    private static final String APPLY = "driver/ApplySequence";
    private static final String FETCH = "driver/SnapshotFetch";
    private static final String LEARNER = "protocol/Learner";
    private static final String SCHEDULE = "driver/SnapshotSchedule";

    private SnapshotMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("served-let-go", "R7", "a snapshot goes while another member is in the middle of it")
                        .in("driver/SnapshotDuties", "            ports.hold(now);\n", "")
                        .caughtBy(
                                "io.paxos.driver.DriverTest#theSnapshotThatAnotherMemberIsInTheMiddleOfIsHeld",
                                "a member that begins anew gets there when the load ends, as it does in a run"),
                Mutant.of(
                                "time-of-snapshot-lost",
                                "R6",
                                "a log that ends at its floor begins its agreed time at 0 again")
                        .in("driver/SnapshotDuties", "if (knowsMore || knowsTheTime) {", "if (knowsMore) {")
                        .caughtBy(
                                "io.paxos.driver.RestoredStartTest#aLogThatEndsAtItsFloorLeadsFromTheTimeOfTheSnapshotOn",
                                "a member must be sent a snapshot of the very last slot, restart and lead before anything"
                                        + " else is chosen"),
                Mutant.of("install-races-with-apply", "R1", "slots go on to the state machine while a snapshot does")
                        .in("driver/ApplyFeed", "suspended = true;", "suspended = false;")
                        .caughtBy(
                                "io.paxos.driver.InstallWhileReadingTest#nothingIsFedWhileASnapshotIsOnItsWay",
                                "what is missing is in nobody's log, so that there is nothing to go on with"),
                Mutant.of("snapshot-slots-applied", "R1", "a slot that the snapshot holds is applied after it")
                        .in(
                                APPLY,
                                "applied = id.slot();\n            agreedTimeMillis",
                                "applied = id.slot() - 1;\n            agreedTimeMillis"),
                Mutant.of("late-page-after-install", "R1", "a page read before an install is applied after it")
                        .in("driver/ChosenDelivery", "feedReadId = 0; // what is being read", "// what is being read")
                        .caughtBy(
                                "io.paxos.driver.InstallWhileReadingTest#aPageThatComesAfterTheInstallIsDropped",
                                "a read would have to take longer than the whole install"),
                Mutant.of("prefix-not-moved", "R2", "an install leaves the known-chosen prefix where it was")
                        .in(
                                LEARNER,
                                "if (slot > knownChosen) {\n            knownChosen = slot;",
                                "if (slot > knownChosen) {"),
                Mutant.of("suffix-believed", "R2", "votes above an installed snapshot are taken for chosen")
                        .in(
                                LEARNER,
                                "advance(out); // what was known above the gap",
                                "votes.from(slot + 1).values().forEach(vote -> chosenAbove.put(vote.slot(), vote));"
                                        + " advance(out); // what was known above the gap"),
                Mutant.of("gap-closed-unseen", "R2", "what was known above the installed slot is not handed out")
                        .in(LEARNER, "advance(out); // what was known above the gap", "// what was known above the gap")
                        .caughtBy(
                                "io.paxos.protocol.LearnerTest#whatWasKnownAboveTheGapIsHandedOutWhenASnapshotClosesIt",
                                "clients go on asking, and the next value that is learnt hands out the rest"),
                Mutant.of("older-snapshot-installed", "R3", "a snapshot replaces a state that is newer")
                        .in(APPLY, "boolean older = id.slot() <= applied;", "boolean older = false;")
                        .caughtBy(
                                "io.paxos.driver.ApplySequenceTest#anOlderSnapshotChangesNothing",
                                "no transfer begins that is not needed, and apply rarely gets beyond it before it is whole"),
                Mutant.of(
                                "older-one-read-to-its-end",
                                "R3",
                                "a snapshot that is left alone is taken for one that was not restored whole")
                        .in(
                                "driver/SnapshotFiles",
                                "long left = report.older() ? 0 : reader.readToEnd();",
                                "long left = reader.readToEnd();")
                        .caughtBy(
                                "io.paxos.driver.SnapshotFilesTest#aSnapshotThatIsNotNewerIsLeftAloneAndEndsNothing",
                                "the simulator comes to an install of what is applied already in none of thousands of runs"),
                Mutant.of("restored-into-the-old-map", "R4", "a machine puts a snapshot into what it held before")
                        .in("simulation/KeyValueWorkload", "map.clear();", "")
                        .in(
                                "simulation/KeyValueWorkload",
                                "map.put(in.readInt(), in.readLong());",
                                "map.putIfAbsent(in.readInt(), in.readLong());"),
                Mutant.of("half-restored", "R4", "a restore that leaves bytes of the state unread counts")
                        .in("driver/SnapshotFiles", "if (left > 0) {", "if (left < 0) {")
                        .caughtBy(
                                "io.paxos.driver.SnapshotFilesTest#aStateMachineThatLeavesBytesHasNotRestoredAll",
                                "the supplied state machines read all they wrote"),
                Mutant.of("pieces-of-another-snapshot", "R5", "pieces of any snapshot are put behind each other")
                        .in(
                                FETCH,
                                "if (!piece.id().equals(id) || piece.piece().length() == 0) {",
                                "if (piece.piece().length() == 0) {")
                        .caughtBy(
                                "io.paxos.driver.SnapshotFetchTest#aPieceOfAnotherSnapshotEndsTheTransferFromThatMember",
                                "a member answers with what it was asked for, or says that it has it no more"),
                Mutant.of("previous-deleted-first", "R5", "older snapshots go before the newest was read back")
                        .in(
                                "snapshot/KeptSnapshots",
                                "if (!readWhole.contains(newestSlot())) {",
                                "if (kept.isEmpty()) {")
                        .caughtBy(
                                "io.paxos.snapshot.SnapshotStoreTest#ofThreeAfterACrashNoneGoesBeforeTheNewestWasRead",
                                "the one before is there all the same unless two crashes and a damage come together"),
                Mutant.of("unverified-file-installed", "R5", "what was written or received is not read back")
                        .in(
                                "snapshot/SnapshotStore",
                                "SnapshotId found = verify(name, id.slot(), pace);",
                                "SnapshotId found = id;")
                        .caughtBy(
                                "io.paxos.snapshot.SnapshotCrashTest#aFileThatReadsBackOtherwiseThanItWasWrittenIsNoSnapshot",
                                "a disk would have to lose in that moment what it has just forced"),
                Mutant.of("hole-below-the-log", "R5", "a start takes a snapshot that does not reach up to the log")
                        .in(
                                "driver/StartingState",
                                "boolean isLost = good.slot() < remembered.floor();",
                                "boolean isLost = false;")
                        .caughtBy(
                                "io.paxos.driver.SnapshotFilesTest#aSnapshotThatDoesNotReachTheLogIsNotTaken",
                                "the floor is the older one of two, so that a whole one below it is there only after two damages and a crash"),
                Mutant.of("sessions-not-in-the-snapshot", "R6", "a restored node has forgotten who is done up to where")
                        .in(
                                APPLY,
                                "sessions = SessionTable.readFrom(new DataInputStream(new ByteArrayInputStream(table)));",
                                "sessions = new SessionTable();"),
                Mutant.of("agreed-time-not-in-the-snapshot", "R6", "agreed time begins anew behind a snapshot")
                        .in(APPLY, "agreedTimeMillis = slotTimeMillis;", "agreedTimeMillis = 0;")
                        .caughtBy(
                                "io.paxos.driver.ApplySequenceTest#aSnapshotHoldsTheSessionsAndTheAgreedTimeToo",
                                "the supplied workloads do not look at agreed time"),
                Mutant.of("trim-outruns-a-transfer", "R7", "the log behind a snapshot goes while a member fetches it")
                        .in(
                                SCHEDULE,
                                "return held.isNone() ? allowed : Math.min(allowed, held.slot());",
                                "return allowed;")
                        .caughtBy(
                                "io.paxos.driver.SnapshotScheduleTest#theFloorWaitsForWhoeverFetchesWithinBounds",
                                "the member begins again with a newer one, and gets there when clients have asked for all they want"),
                Mutant.of("part-forgotten-at-a-start", "R7", "what was received before a restart is fetched again")
                        .in(
                                "driver/SnapshotFetch",
                                "id = partly.slot() >= floor ? partly : SnapshotId.NONE;",
                                "id = SnapshotId.NONE;")
                        .caughtBy(
                                "io.paxos.driver.SnapshotFetchTest#whatAnEarlierProcessReceivedInPartIsAskedForFirstAndNotFetchedAgain",
                                "a transfer that begins anew at each start only takes longer"),
                Mutant.of(
                                "membership-not-in-the-snapshot",
                                "R8",
                                "a snapshot holds another membership than the one in force")
                        .in(
                                "driver/SnapshotFiles",
                                "founding.id(), founding.membership(), capture.slot()",
                                "founding.id(), new io.paxos.model.Membership(1, founding.membership().voters().subList(0, 1), List.of(), new io.paxos.model.QuorumSystem.Majority(), 8), capture.slot()")
                        .caughtBy(
                                "io.paxos.driver.SnapshotFilesTest#aSnapshotHoldsTheMembershipInForceAndItsFounding",
                                "nothing changes the membership yet, and so nothing reads it from a snapshot"),
                Mutant.of("promise-hides-the-prefix", "S22", "votes in snapshots are reported as none")
                        .in("protocol/Acceptor", "learner.floor(),\n                prefix,", "0,\n                0,"),
                Mutant.of(
                                "trimmed-above-the-older-one",
                                "S22",
                                "the log goes up to the newest snapshot, not the older one")
                        .in(
                                "snapshot/KeptSnapshots",
                                "Long older = kept.isEmpty() ? null : kept.lowerKey(kept.lastKey());",
                                "Long older = kept.isEmpty() ? null : kept.lastKey();")
                        .caughtBy(
                                "io.paxos.snapshot.SnapshotStoreTest#theTwoNewestAreKeptAndTheOlderOnesSlotIsTheFloor",
                                "a snapshot that is damaged at rest is fetched from another member"));
    }
}
