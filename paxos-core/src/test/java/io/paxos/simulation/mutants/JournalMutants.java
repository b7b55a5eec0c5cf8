// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.List;

/** Bugs of the journal and its recovery. */
final class JournalMutants {

    private static final String LOG = "journal/LogSoFar";
    private static final String SCAN = "journal/SegmentScan";
    private static final String JOURNAL = "journal/SegmentedJournal";
    private static final String MARKS = "journal/Marks";

    private JournalMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("vote-raises-no-durable-promise", "S4", "at a restart a vote does not raise the promise")
                        .in(
                                MARKS,
                                "raiseTo(accepted.proposal().ballot(), accepted.proposal().slot());",
                                "raiseTo(Ballot.NONE, accepted.proposal().slot());"),
                Mutant.of("nothing-forced", "S24", "a batch is written and reported forced, without a force")
                        .in(JOURNAL, "current.force();", ""),
                Mutant.of("failed-append-ignored", "S2", "a write or force that failed is reported as done")
                        .in(JOURNAL, """
                                failure = failed;
                                throw new JournalException(
                                        JournalException.Kind.FAILED,
                                        "journal directory " + directory.storage() + ": a write or force failed: " + failed,
                                        failed);
                                """, "unforced.clear();"),
                Mutant.of("force-retried", "S12", "a force that failed is tried again, and succeeds")
                        .in(
                                JOURNAL,
                                "current.force();",
                                "try { current.force(); } catch (IOException failed) { current.force(); }"),
                Mutant.of(
                                "space-given-up",
                                "S13",
                                "space that could not be had once is not asked for in a young segment")
                        .in(
                                "journal/NextSegment",
                                "boolean early = currentBytes < startsAtBytes && !space.isShort();",
                                "boolean early = currentBytes < startsAtBytes;")
                        .caughtBy(
                                "io.paxos.journal.JournalSpaceTest#whatCouldNotBeHadOnceIsTriedAgainThoughTheSegmentIsYoungNow",
                                "the write that fails must be the one that obtains the next segment, and the segment full a"
                                        + " moment later: one run of tens of thousands"),
                Mutant.of(
                                "damage-trimmed-away",
                                "S8",
                                "a segment goes while it is the only trace of a slot that is unknown")
                        .in(JOURNAL, "if (!doubt.isEmpty()) {", "if (doubt.contains(-1)) {")
                        .caughtBy(
                                "io.paxos.journal.JournalDamageTest#whatIsUnknownAboveTheFloorStaysUnknownWhenTheLogIsTrimmed",
                                "a vote must be damaged that is the highest which its segment shows, the floor rise to just"
                                        + " below it, and the node start once more; seed 234 did until the draw moved"),
                Mutant.of("page-cache-believed", "S12", "a start does not write the unproven tail again")
                        .in(
                                LOG,
                                "while (!tail.isEmpty() && tail.getFirst().sequence() <= provenRecord) {",
                                "while (!tail.isEmpty()) {")
                        .in(LOG, "tail.add(record);", "tail.add(record); indexProven();")
                        .caughtBy(
                                "io.paxos.journal.JournalCrashTest#whatARestartAfterAFailedForceReportsIsOnTheDisk",
                                "a force must fail, the node restart before anything else is appended, and the power be lost"
                                        + " then; whatever is appended in between proves the tail"),
                Mutant.of("torn-tail-refused", "S8", "a torn tail is not cut: the node does not start")
                        .in(SCAN, "return at < 0 ? Proof.NONE : Proof.FORCED;", "return Proof.FORCED;")
                        .thatStalls(),
                Mutant.of("damage-cut-as-tail", "S9", "damage below forced records is cut off like a torn tail")
                        .in(
                                SCAN,
                                "if (place == Place.FOLLOWED || log.isProven(sequence)) {",
                                "if (place == Place.FOLLOWED && sequence < 0) {")
                        .in(
                                SCAN,
                                "return at < 0 ? Proof.NONE : Proof.FORCED;",
                                "return at < -1 ? Proof.FORCED : Proof.NONE;"),
                Mutant.of("later-records-not-asked", "S9", "records behind the damage are not asked when it was forced")
                        .in(
                                SCAN,
                                "return at < 0 ? Proof.NONE : Proof.FORCED;",
                                "return at < -1 ? Proof.FORCED : Proof.NONE;"),
                Mutant.of("payload-not-verified", "S14", "a value is read without a look at its checksum")
                        .in(
                                "journal/SegmentReader",
                                "Value payload = Value.verified(bytes, header.payloadChecksum());",
                                "Value payload = Value.of(bytes);"),
                Mutant.of("block-begun-anew", "S9", "a block that is written again has lost what was in it")
                        .in(
                                "journal/SegmentWriter",
                                "buffer.limit(end).position(whole).compact();",
                                "buffer.clear().position(end - whole);"),
                Mutant.of(
                                "promise-of-an-earlier-record",
                                "S3",
                                "a start goes on with the promise as of the segment's beginning where no record of it can be read")
                        .in(
                                "journal/SegmentScan",
                                "if (place == Place.LAST) {",
                                "if (place == Place.LAST && look == SegmentLook.HEADER_DAMAGED) {")
                        .caughtBy(
                                "io.paxos.journal.JournalDamageTest#aLastSegmentOfWhichNoRecordCanBeReadMakesTheNodeAWipedOne",
                                "damage must take all records of a newest segment and leave its header, where something was"
                                        + " promised since the start"),
                Mutant.of(
                                "length-not-forced",
                                "S16",
                                "a write past the page cache that made its file longer is not forced")
                        .in("journal/DirectFile", "            isLonger = true;\n", "")
                        .caughtBy(
                                "io.paxos.journal.JournalCrashTest#whatMadeItsSegmentLongerIsThereAfterAPowerLossThoughEachWriteWasDurable",
                                "the simulator's disk knows no writes past the page cache"),
                Mutant.of("directory-not-forced", "S16", "a renamed file is not followed by a force of the directory")
                        .in("journal/JournalDirectory", "            storage.force();\n", ""),
                Mutant.of("renamed-before-forced", "S16", "a file gets its final name before its content is durable")
                        .in("journal/JournalDirectory", "            file.force();\n", ""),
                Mutant.of(
                                "lowest-ballot-read",
                                "P5",
                                "of several records of a slot the one with the lowest ballot is read")
                        .in(
                                "journal/ChosenReader",
                                "!other.header.ballot().isAbove(header.ballot())",
                                "other.header.ballot().isAbove(header.ballot())"),
                Mutant.of("boot-not-raised", "S5", "two starts have the same number")
                        .in(
                                JOURNAL,
                                "identity.withBoot(identity.boot() + 1, marks.forcedUpTo(log.provenRecord()))",
                                "identity.withBoot(Math.max(1, identity.boot()), marks.forcedUpTo(log.provenRecord()))"));
    }
}
