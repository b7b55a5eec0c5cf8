// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The space that is written to next, obtained before it is needed: the rest of the current segment's file, and the files of
 * the next segments. So a full disk is met while there is still something left to do about it, and a force seldom changes
 * metadata.
 *
 * <pre>
 * none ── the current segment is half full ──▶ growing ── whole ──▶ there ── taken for a segment ──▶ …
 *   └── a trimmed segment of the right size is offered ─────────────▲
 *       growing ── no space ──▶ short: what there was is given back; tried again when more was written, or nothing
 * </pre>
 *
 * <p>A segment that was not written over such a file, the first one after most starts, is made longer as it fills.
 *
 * <p>A file grows by a bounded step a call, so that no append waits for all of it. Its content is nobody's: what is not
 * salted for a segment is no record of it.
 */
final class NextSegment {

    private static final Logger LOG = LoggerFactory.getLogger(NextSegment.class);

    /** Beyond the largest size of a segment: for promises and trims when no next segment is there. */
    static final int RESERVE_BYTES = 4096;

    /** Trimmed segments that are kept to be used again, at most. */
    private static final int SPARES_MAX = 16;

    private static final int STEP_BYTES = 1 << 20;
    private static final String PREFIX = "spare-";
    private static final String SUFFIX = ".log";

    private final Storage storage;
    private final boolean obtainsAhead;
    private final long fullBytes;
    private final long startsAtBytes;
    private final Setback ofLengthening;
    private final Setback ofGrowing;
    private final ArrayDeque<String> spares = new ArrayDeque<>();
    private long lastNumber;
    private @Nullable StorageFile growing;
    private String growingName = "";
    private long bytes;
    private long lastBytes = Long.MIN_VALUE;
    private volatile JournalSpace space = JournalSpace.ENOUGH;

    NextSegment(Storage storage, JournalOptions options) throws IOException {
        this.storage = storage;
        this.obtainsAhead = options.obtainsAhead();
        // Whole blocks, so that all of it can be obtained whatever a file is written in.
        this.fullBytes = FileBytes.wholeBlocks(options.segmentBytesMax() + RESERVE_BYTES, FileBytes.BLOCK_BYTES);
        this.startsAtBytes = options.segmentBytesMax() / 2;
        int retryAfterBytes = Math.max(1, options.segmentBytesMax() / 16);
        this.ofLengthening = new Setback(retryAfterBytes);
        this.ofGrowing = new Setback(retryAfterBytes);
        for (String name : storage.list()) {
            if (isSpare(name)) {
                lastNumber = Math.max(lastNumber, numberOf(name));
                if (obtainsAhead && isWhole(name)) {
                    spares.add(name);
                } else {
                    storage.delete(name);
                }
            }
        }
    }

    /** Whether a file of that name is one of these. */
    static boolean isSpare(String name) {
        return name.startsWith(PREFIX) && name.endsWith(SUFFIX) && numberOf(name) > 0;
    }

    private static String name(long number) {
        return PREFIX + String.format("%016x", number) + SUFFIX;
    }

    private static long numberOf(String name) {
        try {
            return Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length()), 16);
        } catch (NumberFormatException other) {
            return -1;
        }
    }

    private boolean isWhole(String name) throws IOException {
        try (StorageFile file = storage.open(name)) {
            return file.size() >= fullBytes && file.size() < fullBytes + STEP_BYTES;
        }
    }

    JournalSpace space() {
        return space;
    }

    /** Goes a step on: with the space of the current segment's file, and with the next one's from half of it on. */
    void prepare(SegmentWriter current) {
        long currentBytes = current.size();
        boolean idle = currentBytes == lastBytes; // then the caller takes its time
        lastBytes = currentBytes;
        if (!obtainsAhead || (ofGrowing.isRecent(currentBytes) && !idle)) {
            return;
        }
        boolean hasRoom = lengthens(current);
        // While it is short nothing is voted for, so a young segment would stay young: it is not waited for then.
        boolean early = currentBytes < startsAtBytes && !space.isShort();
        if (!spares.isEmpty() || (early && hasRoom)) {
            return;
        }
        try {
            do {
                grow();
            } while (space.isShort() && spares.isEmpty()); // a first step says nothing; and no append waits meanwhile
            haveEnough();
        } catch (IOException failed) {
            // Nobody relies on this file yet, so nothing is wrong but that it is not there.
            ofGrowing.happened(currentBytes);
            space = new JournalSpace(
                    true,
                    "journal directory " + storage + ": the next segment of " + fullBytes
                            + " bytes cannot be had, only " + bytes + ": " + failed.getMessage());
            giveBack();
        }
    }

    /**
     * A segment that cannot be made longer grows with its records; what is lacking is met as soon as the next one is. It is tried
     * again when more was written: zeros may be forced as they are written, which takes a disk that fails its time.
     */
    private boolean lengthens(SegmentWriter current) {
        if (ofLengthening.isRecent(current.size())) {
            return false;
        }
        try {
            current.lengthenTo(fullBytes);
            ofLengthening.isOver();
            return true;
        } catch (IOException failed) {
            ofLengthening.happened(current.size());
            LOG.warn(
                    "journal directory {}: the segment cannot be made longer ahead of its records: {}",
                    storage,
                    failed.toString());
            return false;
        }
    }

    private void haveEnough() {
        ofGrowing.isOver();
        space = JournalSpace.ENOUGH;
    }

    private void grow() throws IOException {
        StorageFile file = growing;
        if (file == null) {
            lastNumber++;
            growingName = name(lastNumber);
            bytes = 0;
            file = storage.create(growingName);
            growing = file;
        }
        int step = (int) Math.min(STEP_BYTES, fullBytes - bytes);
        FileBytes.writeFully(file, FileBytes.zeros(step), bytes);
        bytes += step;
        file.force(); // each step by itself: all of a large segment at once would hold up an append for long
        if (bytes >= fullBytes) {
            storage.force();
            close();
            spares.add(growingName);
        }
    }

    /** A full disk needs its last bytes for other things. */
    private void giveBack() {
        try {
            close();
            if (storage.list().contains(growingName)) {
                storage.delete(growingName);
            }
        } catch (IOException alsoFailed) {
            LOG.warn("journal directory {}: {} cannot be deleted: {}", storage, growingName, alsoFailed.getMessage());
        }
    }

    /** Takes the segments that are not needed any more, or deletes them. */
    void offer(List<String> segments) throws IOException {
        boolean renamed = false;
        for (String segment : segments) {
            if (obtainsAhead && spares.size() < SPARES_MAX && isWhole(segment)) {
                lastNumber++;
                storage.rename(segment, name(lastNumber));
                spares.add(name(lastNumber));
                renamed = true;
            } else {
                storage.delete(segment);
            }
        }
        if (renamed) {
            // Before their content changes: else a crash could show another segment's header under the old name.
            storage.force();
            haveEnough();
        }
    }

    /** Gives a file away under that name, to be written over; null if none is there. */
    @Nullable
    Taken take(String name) throws IOException {
        String spare = spares.poll();
        if (spare == null) {
            return null;
        }
        storage.rename(spare, name);
        StorageFile file = storage.openInBlocks(name);
        try {
            return new Taken(file, SegmentHeader.generationIn(file) + 1);
        } catch (Throwable thrown) {
            file.close();
            throw thrown;
        }
    }

    /**
     * A file to write a segment to.
     *
     * @param generation one higher than that of the segment it held before
     */
    record Taken(StorageFile file, int generation) {}

    /** What failed is tried again once so many bytes were written since, or the next segment is begun. */
    private static final class Setback {

        private final long retryAfterBytes;
        private long atBytes = Long.MAX_VALUE;

        Setback(long retryAfterBytes) {
            this.retryAfterBytes = retryAfterBytes;
        }

        void happened(long currentBytes) {
            atBytes = currentBytes;
        }

        void isOver() {
            atBytes = Long.MAX_VALUE;
        }

        boolean isRecent(long currentBytes) {
            return currentBytes >= atBytes && currentBytes - atBytes < retryAfterBytes;
        }
    }

    /** Lets go of the file that grows. */
    void close() throws IOException {
        StorageFile file = growing;
        growing = null;
        if (file != null) {
            file.close();
        }
    }
}
