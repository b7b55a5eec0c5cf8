// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static io.paxos.journal.Situation.DirectoryLook.ACTIVATED;
import static io.paxos.journal.Situation.Place.FOLLOWED;
import static io.paxos.journal.Situation.Place.LAST;
import static io.paxos.journal.Situation.Proof.FORCED;
import static io.paxos.journal.Situation.Proof.NONE;

import io.paxos.journal.Situation.DirectoryLook;
import io.paxos.journal.Situation.Place;
import io.paxos.journal.Situation.Proof;
import io.paxos.journal.Situation.RecordLook;
import io.paxos.journal.Situation.SegmentLook;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/**
 * What a start does about what it finds. Every {@link Situation} matches exactly one row (a test enumerates them); {@link
 * Recovery} asks the table and does what it says. It is printed into {@code docs/durability.md}.
 */
@SuppressWarnings("ImmutableEnumChecker") // its sets are written by nobody
enum RecoveryTable {
    NOT_FORMATTED(
            directory(DirectoryLook.EMPTY),
            Decision.REFUSE_NOT_FORMATTED,
            "an empty directory is a new member's, or a lost disk; only an operator knows which"),
    IDENTITY_LOST(
            directory(DirectoryLook.IDENTITY_MISSING),
            Decision.REFUSE_NOT_FORMATTED,
            "without the identity nobody knows whose promises these are"),
    IN_USE(
            directory(DirectoryLook.LOCKED),
            Decision.REFUSE_LOCKED,
            "two processes would promise different things in one name"),
    IDENTITY_UNREADABLE(
            directory(DirectoryLook.IDENTITY_DAMAGED),
            Decision.REFUSE_DAMAGED,
            "the incarnation, the boot and the founding stand nowhere else as a whole"),
    IDENTITY_OF_LATER_VERSION(
            directory(DirectoryLook.IDENTITY_NEWER), Decision.REFUSE_UNSUPPORTED, "a later version wrote it"),
    NOT_OURS(
            directory(DirectoryLook.OTHER_OWNER),
            Decision.REFUSE_FOREIGN,
            "the configuration names another directory than it means"),
    FOUNDED_WITHOUT_RECORDS(
            new Condition(
                    EnumSet.of(DirectoryLook.NOT_ACTIVATED),
                    EnumSet.of(SegmentLook.MISSING),
                    all(Place.class),
                    all(RecordLook.class),
                    all(Proof.class)),
            Decision.BEGIN,
            "nothing was promised yet"),
    SEGMENT_BEFORE_ACTIVATION(
            new Condition(
                    EnumSet.of(DirectoryLook.NOT_ACTIVATED),
                    not(SegmentLook.MISSING),
                    all(Place.class),
                    EnumSet.of(RecordLook.END_OF_FILE, RecordLook.ZEROS, RecordLook.OLD_BYTES),
                    all(Proof.class)),
            Decision.BEGIN,
            "a crash came between the first segment and the activation; nothing was appended to it"),
    RECORDS_BEFORE_ACTIVATION(
            new Condition(
                    EnumSet.of(DirectoryLook.NOT_ACTIVATED),
                    not(SegmentLook.MISSING),
                    all(Place.class),
                    not(RecordLook.END_OF_FILE, RecordLook.ZEROS, RecordLook.OLD_BYTES),
                    all(Proof.class)),
            Decision.REFUSE_DAMAGED,
            "records exist only after the activation: the identity was put back from an older copy"),
    LAST_SEGMENT_MISSING(
            segment(EnumSet.of(SegmentLook.MISSING), EnumSet.of(LAST)),
            Decision.REFUSE_PROMISE_LOST,
            "nothing tells what was promised in it"),
    SEGMENT_MISSING(
            segment(EnumSet.of(SegmentLook.MISSING), EnumSet.of(FOLLOWED)),
            Decision.UNKNOWN_SLOTS,
            "its records may have been about any slot not known chosen before it; the next segment tells the promise"),
    SEGMENT_OF_LATER_VERSION(
            segment(EnumSet.of(SegmentLook.NEWER), all(Place.class)),
            Decision.REFUSE_UNSUPPORTED,
            "a later version wrote it"),
    SEGMENT_RENAMED(
            segment(EnumSet.of(SegmentLook.MISNAMED), all(Place.class)),
            Decision.REFUSE_DAMAGED,
            "somebody renamed a file; what else was done nobody knows"),
    SEGMENT_FOREIGN(
            segment(EnumSet.of(SegmentLook.FOREIGN), all(Place.class)),
            Decision.REFUSE_FOREIGN,
            "somebody mixed two directories"),
    RECORD_WHOLE(
            record(readable(), all(Place.class), EnumSet.of(RecordLook.WHOLE), all(Proof.class)),
            Decision.TAKE,
            "it is what was written"),
    RECORD_OF_LATER_VERSION(
            record(readable(), all(Place.class), EnumSet.of(RecordLook.NEWER), all(Proof.class)),
            Decision.REFUSE_UNSUPPORTED,
            "skipped, it may be a promise"),
    RECORD_IMPOSSIBLE(
            record(readable(), all(Place.class), EnumSet.of(RecordLook.IMPOSSIBLE), all(Proof.class)),
            Decision.REFUSE_DAMAGED,
            "its checksums match, so this is no damage but a bug or an editor"),
    END_OF_LOG(
            record(readable(), EnumSet.of(LAST), EnumSet.of(RecordLook.END_OF_FILE), EnumSet.of(NONE)),
            Decision.STOP,
            "nothing was written behind it"),
    END_IN_SPACE_AHEAD(
            record(readable(), EnumSet.of(LAST), EnumSet.of(RecordLook.ZEROS), EnumSet.of(NONE)),
            Decision.STOP,
            "space that was obtained ahead, or a batch of which not even the start reached the disk"),
    END_IN_OLD_BYTES(
            record(readable(), EnumSet.of(LAST), EnumSet.of(RecordLook.OLD_BYTES), EnumSet.of(NONE)),
            Decision.STOP,
            "what the file's space held before it was used again"),
    TORN_TAIL(
            record(
                    EnumSet.of(SegmentLook.WHOLE),
                    EnumSet.of(LAST),
                    EnumSet.of(
                            RecordLook.HEADER_CUT,
                            RecordLook.HEADER_DAMAGED,
                            RecordLook.OUT_OF_SEQUENCE,
                            RecordLook.PAYLOAD_CUT,
                            RecordLook.PAYLOAD_DAMAGED),
                    EnumSet.of(NONE)),
            Decision.STOP,
            "the last batch was not forced, or nothing shows that it was; nobody was told of it"),
    TAIL_UNDER_DAMAGED_HEADER(
            record(
                    EnumSet.of(SegmentLook.HEADER_DAMAGED),
                    EnumSet.of(LAST),
                    EnumSet.of(
                            RecordLook.HEADER_CUT,
                            RecordLook.HEADER_DAMAGED,
                            RecordLook.OUT_OF_SEQUENCE,
                            RecordLook.PAYLOAD_CUT,
                            RecordLook.PAYLOAD_DAMAGED),
                    EnumSet.of(NONE)),
            Decision.REFUSE_PROMISE_LOST,
            "the header would tell what was forced when the segment began, and cannot be read either"),
    VALUE_DAMAGED(
            new Condition(
                    EnumSet.of(ACTIVATED),
                    readable(),
                    all(Place.class),
                    EnumSet.of(RecordLook.PAYLOAD_DAMAGED, RecordLook.PAYLOAD_CUT),
                    all(Proof.class),
                    true),
            Decision.UNKNOWN_SLOT,
            "the header tells slot, ballot and promise; only the value is gone, and an older vote must not stand for it"),
    RECORDS_DAMAGED(
            new Condition(
                    EnumSet.of(ACTIVATED),
                    readable(),
                    all(Place.class),
                    EnumSet.of(
                            RecordLook.END_OF_FILE,
                            RecordLook.ZEROS,
                            RecordLook.OLD_BYTES,
                            RecordLook.HEADER_CUT,
                            RecordLook.HEADER_DAMAGED,
                            RecordLook.OUT_OF_SEQUENCE),
                    all(Proof.class),
                    true),
            Decision.UNKNOWN_SLOTS,
            "nobody knows which slots the lost records were about; the next whole header tells the promise and the highest"
                    + " slot. If none follows in the last segment, the promise is lost");

    /** What is done. */
    enum Decision {
        BEGIN("begin an empty log"),
        TAKE("take the record"),
        STOP("the log ends here"),
        UNKNOWN_SLOT("its slot is unknown; go on behind it"),
        UNKNOWN_SLOTS(
                "all slots not known chosen before, up to the highest slot after, are unknown; go on at the next whole"
                        + " header"),
        REFUSE_NOT_FORMATTED("refuse: not formatted"),
        REFUSE_LOCKED("refuse: locked"),
        REFUSE_FOREIGN("refuse: foreign"),
        REFUSE_DAMAGED("refuse: damaged"),
        REFUSE_UNSUPPORTED("refuse: unsupported"),
        REFUSE_PROMISE_LOST("refuse: the promise is lost, treat the node as wiped");

        final String words;

        Decision(String words) {
            this.words = words;
        }

        /** The kind of the exception that refuses; {@code DAMAGED} for a decision that does not refuse. */
        JournalException.Kind kind() {
            return switch (this) {
                case REFUSE_NOT_FORMATTED -> JournalException.Kind.NOT_FORMATTED;
                case REFUSE_LOCKED -> JournalException.Kind.LOCKED;
                case REFUSE_FOREIGN -> JournalException.Kind.FOREIGN;
                case REFUSE_UNSUPPORTED -> JournalException.Kind.UNSUPPORTED;
                case REFUSE_PROMISE_LOST -> JournalException.Kind.PROMISE_LOST;
                case BEGIN, TAKE, STOP, UNKNOWN_SLOT, UNKNOWN_SLOTS, REFUSE_DAMAGED -> JournalException.Kind.DAMAGED;
            };
        }
    }

    /**
     * Which situations a row is for.
     *
     * @param onlyDamage a segment that a later one follows was forced as a whole, so place and proof are one condition: the
     *     row is for followed segments and for what is proven forced
     */
    private record Condition(
            Set<DirectoryLook> directories,
            Set<SegmentLook> segments,
            Set<Place> places,
            Set<RecordLook> records,
            Set<Proof> proofs,
            boolean onlyDamage) {

        Condition(
                Set<DirectoryLook> directories,
                Set<SegmentLook> segments,
                Set<Place> places,
                Set<RecordLook> records,
                Set<Proof> proofs) {
            this(directories, segments, places, records, proofs, false);
        }

        boolean matches(Situation situation) {
            return directories.contains(situation.directory())
                    && segments.contains(situation.segment())
                    && places.contains(situation.place())
                    && records.contains(situation.record())
                    && proofs.contains(situation.proof())
                    && (!onlyDamage || situation.place() == FOLLOWED || situation.proof() == FORCED);
        }
    }

    private final Condition condition;
    private final Decision decision;
    private final String reason;

    RecoveryTable(Condition condition, Decision decision, String reason) {
        this.condition = condition;
        this.decision = decision;
        this.reason = reason;
    }

    private static Condition directory(DirectoryLook look) {
        return new Condition(
                EnumSet.of(look), all(SegmentLook.class), all(Place.class), all(RecordLook.class), all(Proof.class));
    }

    private static Condition segment(Set<SegmentLook> looks, Set<Place> places) {
        return new Condition(EnumSet.of(ACTIVATED), looks, places, all(RecordLook.class), all(Proof.class));
    }

    private static Condition record(
            Set<SegmentLook> segments, Set<Place> places, Set<RecordLook> looks, Set<Proof> proofs) {
        return new Condition(EnumSet.of(ACTIVATED), segments, places, looks, proofs);
    }

    private static EnumSet<SegmentLook> readable() {
        return EnumSet.of(SegmentLook.WHOLE, SegmentLook.HEADER_DAMAGED);
    }

    private static <E extends Enum<E>> EnumSet<E> all(Class<E> of) {
        return EnumSet.allOf(of);
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    private static <E extends Enum<E>> EnumSet<E> not(E first, E... rest) {
        return EnumSet.complementOf(EnumSet.of(first, rest));
    }

    boolean matches(Situation situation) {
        return condition.matches(situation);
    }

    Decision decision() {
        return decision;
    }

    String reason() {
        return reason;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** The one row for a situation. */
    static RecoveryTable rowFor(Situation situation) {
        for (RecoveryTable row : values()) {
            if (row.matches(situation)) {
                return row;
            }
        }
        throw new IllegalStateException("the recovery table has no row for " + situation);
    }

    /** The table as it stands in the documentation. */
    static String print() {
        StringBuilder out = new StringBuilder();
        out.append("| case | directory | segment | record | decision | reason |\n|---|---|---|---|---|---|\n");
        for (RecoveryTable row : values()) {
            out.append("| ").append(row.label()).append(" | ");
            out.append(words(row.condition.directories, DirectoryLook.class, each -> each.words))
                    .append(" | ");
            out.append(row.segmentWords()).append(" | ").append(row.recordWords());
            out.append(" | ").append(row.decision.words).append(" | ").append(row.reason);
            out.append(" |\n");
        }
        return out.toString();
    }

    private String segmentWords() {
        String looks = words(condition.segments, SegmentLook.class, each -> each.words);
        String places = words(condition.places, Place.class, each -> each.words);
        return places.equals("any") ? looks : looks + "; " + places;
    }

    private String recordWords() {
        String looks = words(condition.records, RecordLook.class, each -> each.words);
        String proofs = words(condition.proofs, Proof.class, each -> each.words);
        if (condition.onlyDamage) {
            return looks + "; proven forced, or in a segment that a later one follows";
        }
        return proofs.equals("any") ? looks : looks + "; " + proofs;
    }

    private static <E extends Enum<E>> String words(
            Set<E> of, Class<E> type, java.util.function.Function<E, String> words) {
        if (of.size() == type.getEnumConstants().length) {
            return "any";
        }
        StringBuilder out = new StringBuilder();
        for (E each : of) {
            out.append(out.length() == 0 ? "" : " · ").append(words.apply(each));
        }
        return out.toString();
    }
}
