// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.util.List;

/** Bugs of the journal and its recovery. */
final class JournalMutants {

    private static final String RECOVERY = "journal/Recovery";
    private static final String JOURNAL = "journal/SegmentedJournal";
    private static final String MARKS = "journal/Marks";

    private JournalMutants() {}

    static List<Mutant> all() {
        return List.of(
                Mutant.of("vote-raises-no-durable-promise", "S4", "at a restart a vote does not raise the promise")
                        .in(
                                MARKS,
                                "if (accepted.proposal().ballot().isAbove(promised)) {",
                                "if (accepted.proposal().ballot().isNone()) {"),
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
                Mutant.of("page-cache-believed", "S12", "a start does not write the unproven tail again")
                        .in(
                                RECOVERY,
                                "while (!tail.isEmpty() && tail.getFirst().sequence() <= provenRecord) {",
                                "while (!tail.isEmpty()) {")
                        .in(
                                RECOVERY,
                                "tail.add(new Located(lastRecord, offset, header.length(), valueSlot));",
                                "tail.add(new Located(lastRecord, offset, header.length(), valueSlot)); indexProven();"),
                Mutant.of("torn-tail-refused", "S8", "a torn tail is not cut: the node does not start")
                        .in(RECOVERY, "if (evidence != null) {", "if (sequence > 0) {")
                        .thatStalls(),
                Mutant.of("damage-cut-as-tail", "S9", "damage below forced records is cut off like a torn tail")
                        .in(RECOVERY, "if (evidence != null) {", "if (evidence != null && sequence < 0) {"),
                Mutant.of("later-records-not-asked", "S9", "records behind the damage are not asked when it was forced")
                        .in(
                                RECOVERY,
                                "long proof = reader.findProofOfForce(offset + 1, sequence);",
                                "long proof = offset < 0 ? reader.findProofOfForce(offset + 1, sequence) : -1;"),
                Mutant.of("payload-not-verified", "S14", "a value is read without a look at its checksum")
                        .in(
                                "journal/SegmentReader",
                                "Value payload = Value.verified(bytes, head.payloadChecksum());",
                                "Value payload = Value.of(bytes);"),
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
                                "!known.header.ballot().isAbove(header.ballot())",
                                "known.header.ballot().isAbove(header.ballot())"),
                Mutant.of("boot-not-raised", "S5", "two starts have the same number")
                        .in(
                                JOURNAL,
                                "identity.withBoot(identity.boot() + 1, log.provenRecord())",
                                "identity.withBoot(Math.max(1, identity.boot()), log.provenRecord())"));
    }
}
