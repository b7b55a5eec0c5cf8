// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.journal;

import io.paxos.journal.JournalInspection;
import io.paxos.journal.JournalInspection.Damage;
import io.paxos.journal.JournalInspection.End;
import io.paxos.journal.JournalInspection.Owner;
import io.paxos.journal.JournalInspection.Refusal;
import io.paxos.journal.JournalInspection.Segment;
import io.paxos.journal.JournalInspection.Summary;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.SlotRange;
import io.paxos.snapshot.SnapshotInspection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** An inspection in lines. */
final class Report {

    private static final int RANGES_SHOWN_MAX = 10;

    private final Look look;
    private final JournalInspection found;
    private final List<SnapshotInspection> snapshots;
    private final @Nullable String onlyFile;

    /**
     * Reads the snapshots too, unless nothing is to be judged.
     *
     * @param onlyFile the one segment file of interest, or null for all
     */
    Report(Look look, JournalInspection found, @Nullable String onlyFile) {
        this.look = look;
        this.found = found;
        boolean isJudged = found.verdict() != JournalInspection.Verdict.RUNNING
                && found.verdict() != JournalInspection.Verdict.NO_JOURNAL;
        this.snapshots = isJudged && onlyFile == null ? look.readSnapshots() : List.of();
        this.onlyFile = onlyFile;
    }

    void print() {
        look.print("journal   %s", found.directory());
        Owner owner = found.owner();
        if (owner != null) {
            printOwner(owner);
        }
        Summary summary = found.summary();
        if (summary != null) {
            printSummary(summary);
        }
        printSegments();
        printSnapshots();
        printDamage();
        printVerdict();
    }

    private void printSnapshots() {
        for (SnapshotInspection each : snapshots) {
            look.print(
                    "snapshot  %s, %d bytes%s: %s",
                    each.file(),
                    each.bytes(),
                    each.slot() == 0 ? "" : ", the state after slot " + each.slot(),
                    each.state().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        }
    }

    /** Whether a snapshot that a start would read is not as it was written. */
    boolean hasDamagedSnapshot() {
        return snapshots.stream().anyMatch(each -> each.state() == SnapshotInspection.State.DAMAGED);
    }

    private void printOwner(Owner owner) {
        look.print(
                "owner     %s, incarnation %s, of cluster %s; boot %d%s",
                owner.member().node(),
                owner.member().incarnation(),
                owner.cluster(),
                owner.boot(),
                owner.isVoteless() ? "; follows without a vote" : "");
        Founding founding = owner.founding();
        if (founding == null) {
            look.print("founding  none yet");
        } else {
            look.print(
                    "founding  %s, %s; voters %s",
                    founding.id(),
                    owner.isActivated() ? "activated" : "adopted",
                    founding.membership().voters().stream()
                            .map(voter -> voter.node().toString())
                            .collect(Collectors.joining(" ")));
        }
        look.print(
                "identity  promise %s as of record %d; last segment %d; needed from record %d",
                owner.secondPlace().promised(), owner.secondPlace().record(), owner.lastSegment(), owner.keptFrom());
    }

    private void printSummary(Summary summary) {
        DurableState state = summary.state();
        look.print("promise   %s in force, attempt %016x", state.promised(), state.attempt());
        look.print(
                "slots     known chosen to %d, trimmed to %d, highest %d; above: %d votes, %d chosen; unknown: %s",
                summary.knownChosenMark(),
                state.floor(),
                summary.highestSlot(),
                state.votes().size(),
                state.chosen().size(),
                ranges(state.unknown()));
        look.print("records   to %d, known forced to %d", summary.lastRecord(), summary.provenRecord());
        End end = found.end();
        if (end != null) {
            look.print(
                    "end       %s at offset %d, %s: %s; %d bytes %s",
                    end.file(),
                    end.offset(),
                    end.label(),
                    end.detail(),
                    end.bytesBehind(),
                    end.isTorn() ? "are cut" : "behind");
        }
    }

    private static String ranges(List<SlotRange> ranges) {
        if (ranges.isEmpty()) {
            return "none";
        }
        String shown =
                ranges.stream().limit(RANGES_SHOWN_MAX).map(SlotRange::toString).collect(Collectors.joining(" "));
        int more = ranges.size() - RANGES_SHOWN_MAX;
        return more > 0 ? shown + " and " + more + " more ranges" : shown;
    }

    private void printSegments() {
        if (found.segments().isEmpty()) {
            return;
        }
        look.print("");
        look.print(
                "%-28s  %10s  %9s  %9s  %9s  %10s  %s",
                "segment", "generation", "first", "last", "records", "bytes", "header");
        for (Segment each : found.segments()) {
            if (isWanted(each.file())) {
                look.print(
                        "%-28s  %10s  %9s  %9s  %9d  %10d  %s, %s",
                        each.file(),
                        orUnknown(each.generation()),
                        orUnknown(each.firstRecord()),
                        orUnknown(each.lastRecord()),
                        each.records(),
                        each.bytes(),
                        each.header(),
                        each.reading());
            }
        }
        look.print("");
    }

    private static String orUnknown(long number) {
        return number == 0 ? "-" : Long.toString(number);
    }

    private boolean isWanted(String file) {
        return onlyFile == null || file.equals(onlyFile);
    }

    /** Each place of damage, one line to find it and one to understand it. */
    void printDamage() {
        for (Damage each : found.damage()) {
            if (isWanted(each.place().file())) {
                look.print(
                        "damage    %s at offset %d, %s: %s",
                        each.place().file(), each.place().offset(), each.label(), reason(each));
                look.print("          a start: %s", each.decision());
            }
        }
        for (SnapshotInspection each : snapshots) {
            if (each.state() == SnapshotInspection.State.DAMAGED) {
                look.print("damage    %s", each.detail());
                look.print("          a start: sets it aside, and goes on from the one before it and the log,"
                        + " or with another member's state");
            } else if (each.state() == SnapshotInspection.State.UNUSABLE) {
                look.print("damage    %s", each.detail());
                look.print("          a start: leaves it where it is and does not use it");
            }
        }
        long more = found.damageCount() - found.damage().size();
        if (more > 0) {
            look.print("damage    at %d more places", more);
        }
    }

    /** The sentence, and the slots. */
    static String reason(Damage damage) {
        SlotRange slots = damage.place().slots();
        return damage.place().reason() + (slots == null ? "; no slot is unknown by it" : "; slots unknown: " + slots);
    }

    void printVerdict() {
        look.print("verdict   %s", verdict());
        look.finish();
    }

    private String verdict() {
        Refusal refusal = found.refusal();
        String why = refusal == null ? "" : refusal.message();
        return switch (found.verdict()) {
            case SOUND -> hasDamagedSnapshot() ? "damaged; a start does without the damaged snapshot" : "sound";
            case DAMAGED -> {
                Summary summary = found.summary();
                boolean isComplete =
                        summary == null || summary.state().unknown().isEmpty();
                yield isComplete
                        ? "damaged; a start repairs it, no slot is unknown"
                        : "damaged; a start fetches the unknown slots from the other members";
            }
            case REFUSED -> "a start would be refused: " + why;
            case RUNNING -> "not judged: " + why;
            case NO_JOURNAL -> "not judged: " + why;
        };
    }
}
