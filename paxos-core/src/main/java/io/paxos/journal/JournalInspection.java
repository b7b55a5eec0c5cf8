// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.ClusterId;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.MemberId;
import java.io.IOException;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What is in the directory of a journal, and what a start would do about it, found out without a start: the log is read by
 * the same code, the decisions are those of the same table, and nothing is written, so that a copy or a read-only mount does
 * too. Label and decision are the words of the table in {@code docs/durability.md}. Immutable.
 *
 * <p>A directory that a node has open is not read: what it holds changes meanwhile, and a batch that is being written would
 * look torn. The report names its owner and its files then, and {@link #isRunning} says why there is no more.
 *
 * <p>Memory: what a start needs before it takes part, the values above the known-chosen mark and 32 bytes for each 64 KiB
 * of log.
 *
 * @param directory where it is
 * @param isRunning whether a node has the directory open, or opened it while it was read
 * @param owner whose journal it is; null if that cannot be read
 * @param segments all segment files, by sequence
 * @param summary what the records add up to, up to where a start would be refused; null if none were read
 * @param damage what is not as it was written and can be lived with, in the order of the log; at most 1,000 places
 * @param damageCount how many places there are
 * @param end where the log ends; null if that was not found out, or if a segment ends without a word of the table
 * @param refusal why a start would be refused, or null if it would not
 */
public record JournalInspection(
        String directory,
        boolean isRunning,
        @Nullable Owner owner,
        List<Segment> segments,
        @Nullable Summary summary,
        List<Damage> damage,
        long damageCount,
        @Nullable End end,
        @Nullable Refusal refusal) {

    public JournalInspection {
        segments = List.copyOf(segments);
        damage = List.copyOf(damage);
    }

    /** What a start would do, in a word. */
    public enum Verdict {
        /** Everything that was forced is there. A torn tail is no damage: nobody was told of it. */
        SOUND,
        /** A start repairs it, from the other members where slots are unknown. */
        DAMAGED,
        /** A start would be refused. */
        REFUSED,
        /** Nothing was judged: a node has the directory open. */
        RUNNING,
        /** Nothing was judged: there is no journal. */
        NO_JOURNAL
    }

    /**
     * The content of the identity file.
     *
     * @param boot number of the last start; 0 before the first
     * @param founding the founding adopted, or null
     * @param isVoteless whether the node follows without a vote
     * @param lastSegment sequence of the newest segment there was; 0 if none
     * @param keptFrom sequence of the first record that is still needed
     * @param secondPlace the promise as it stands here too
     */
    public record Owner(
            ClusterId cluster,
            MemberId member,
            long boot,
            @Nullable Founding founding,
            boolean isActivated,
            boolean isVoteless,
            long lastSegment,
            long keptFrom,
            SecondPlace secondPlace) {

        static Owner of(Identity identity) {
            Forced forced = identity.forced();
            return new Owner(
                    identity.cluster(),
                    identity.self(),
                    identity.boot(),
                    identity.founding(),
                    identity.activated(),
                    identity.voteless(),
                    identity.lastSegment(),
                    identity.keptFrom(),
                    new SecondPlace(forced.record(), forced.promised(), forced.highestSlot()));
        }
    }

    /**
     * What stands beside the records, lest they be lost.
     *
     * @param record the last record known forced when it was written; 0 for none
     * @param promised the promise in force with it
     * @param highestSlot the highest slot of any vote or chosen value up to it
     */
    public record SecondPlace(long record, Ballot promised, long highestSlot) {}

    /** Whether a segment's records were read. */
    public enum Reading {
        READ("read"),
        /** Later segments hold all that it holds; a start deletes it. */
        SUPERSEDED("superseded"),
        NOT_READ("not read");

        private final String words;

        Reading(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    /**
     * One segment file.
     *
     * @param bytes its length
     * @param header what its header is: {@code whole}, {@code header damaged}, …, in the words of the table
     * @param generation how many segments lived in the file's space before, plus 1; 0 if the header does not tell
     * @param firstRecord sequence of the first record; 0 if neither the header nor a record tells
     * @param lastRecord sequence of the last record taken; 0 if none
     * @param records how many were taken
     */
    public record Segment(
            String file,
            long sequence,
            long bytes,
            String header,
            int generation,
            long firstRecord,
            long lastRecord,
            long records,
            Reading reading) {}

    /**
     * What the records add up to.
     *
     * @param state what a start would tell the node, with the boot that it would have
     * @param knownChosenMark the mark as it was recorded; the state's is lower if the last slots below it are unknown
     * @param highestSlot the highest slot of any vote or chosen value
     * @param lastRecord sequence of the last record
     * @param provenRecord the last record known forced; those above are written again by a start
     */
    public record Summary(
            DurableState state, long knownChosenMark, long highestSlot, long lastRecord, long provenRecord) {}

    /**
     * A place that is not as it was written.
     *
     * @param place where, which slots are unknown by it, and a sentence
     * @param label the row of the table that is for it; {@code header damaged} for a segment header that does not matter
     * @param decision what a start does about it
     */
    public record Damage(JournalDamage place, String label, String decision) {}

    /**
     * Where the log ends.
     *
     * @param offset behind the last record
     * @param bytesBehind from there to the end of the file
     * @param isTorn whether a start cuts off what was being written when the process died; else the file just ends, or
     *     space follows that was obtained ahead
     * @param label the row of the table that is for it
     * @param detail a sentence
     */
    public record End(String file, long offset, long bytesBehind, boolean isTorn, String label, String detail) {}

    /**
     * Why a start would be refused.
     *
     * @param kind of the exception that a start would end with; null if bytes cannot be read, which is no damage
     * @param label the row of the table that is for it; null if it is not about one place
     * @param message names file and offset, and the reason
     */
    public record Refusal(
            JournalException.@Nullable Kind kind, @Nullable String label, String message) {}

    /**
     * One record that was taken.
     *
     * @param offset of its header in the file
     * @param type what it says, as {@code accept}
     * @param slot 0 if it has none
     * @param ballot none if it has none
     * @param promised the promise in force with it
     * @param forcedUpTo every record up to that one was forced before it was written
     * @param payloadBytes behind the header
     */
    public record Line(
            String file,
            long offset,
            long sequence,
            String type,
            long slot,
            Ballot ballot,
            Ballot promised,
            long forcedUpTo,
            int payloadBytes) {}

    /** Hears of a log while it is read, on the thread that reads. */
    public interface Listener {

        /**
         * At most each half second.
         *
         * @param bytesRead how much of the files was reached
         * @param bytesTotal their length; some of it need not be read
         */
        default void progress(long bytesRead, long bytesTotal) {}

        /** The next record, in the order of the log. */
        default void record(Line line) {}

        /** The next place of damage, between the records before and behind it; all of them. */
        default void damage(Damage damage) {}
    }

    /**
     * Looks at a directory.
     *
     * @param nanoClock says when half a second is over, as {@link System#nanoTime} does
     * @throws IOException if the directory cannot be listed, or this process may not read it ({@link
     *     java.nio.file.AccessDeniedException}). That a read fails is told as a {@link #refusal}
     */
    public static JournalInspection of(Storage storage, LongSupplier nanoClock, Listener listener) throws IOException {
        return new Inspector(storage, nanoClock, listener).run();
    }

    /** The name of a segment's file. */
    public static String fileOf(long segment) {
        return SegmentHeader.fileName(segment);
    }

    /** What a start would do, in a word. */
    public Verdict verdict() {
        if (isRunning) {
            return Verdict.RUNNING;
        }
        if (refusal != null) {
            boolean isEmpty = refusal.kind() == JournalException.Kind.NOT_FORMATTED && segments.isEmpty();
            return isEmpty ? Verdict.NO_JOURNAL : Verdict.REFUSED;
        }
        return damageCount > 0 ? Verdict.DAMAGED : Verdict.SOUND;
    }
}
