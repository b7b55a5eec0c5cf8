// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static io.paxos.journal.Samples.accepted;
import static io.paxos.journal.Samples.ballot;
import static io.paxos.journal.Samples.knownChosen;
import static io.paxos.journal.Samples.promised;
import static io.paxos.journal.Samples.proposal;
import static io.paxos.journal.Samples.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Segments that are obtained before they are needed, and used again: what a crash, damage and a full disk make of them. */
@ParameterizedClass
@ValueSource(ints = {1, 4096})
final class JournalSpaceTest {

    private static final Ballot ONE = ballot(1, Samples.A);
    private static final int SEGMENT_BYTES = 16 << 10;
    private static final int FULL_BYTES = SEGMENT_BYTES + NextSegment.RESERVE_BYTES;
    private static final JournalOptions AHEAD = new JournalOptions(SEGMENT_BYTES, true);

    @Parameter
    private int blockBytes;

    private MemoryStorage storage;

    @BeforeEach
    void makeStorage() {
        storage = new MemoryStorage(blockBytes);
    }

    private static SegmentedJournal open(Storage storage) throws IOException {
        return SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), AHEAD);
    }

    private SegmentedJournal founded() throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        SegmentedJournal journal = open(storage);
        journal.append(Samples.founding());
        return journal;
    }

    private boolean hasSpare() {
        return storage.list().stream().anyMatch(NextSegment::isSpare);
    }

    private String spare() {
        return storage.list().stream().filter(NextSegment::isSpare).findFirst().orElseThrow();
    }

    private static Proposal vote(long slot) {
        return proposal(slot, ONE, value(slot, 900));
    }

    private static void fill(SegmentedJournal journal, long first, long last) throws IOException {
        for (long slot = first; slot <= last; slot++) {
            journal.append(List.of(new DurableRecord.Accepted(vote(slot)), knownChosen(slot)));
            journal.prepare();
        }
    }

    private static void assertHolds(SegmentedJournal journal, long first, long last) throws IOException {
        List<Proposal> expected = new ArrayList<>();
        for (long slot = first; slot <= last; slot++) {
            expected.add(vote(slot));
        }
        assertEquals(expected, journal.readChosen(new SlotRange(first, last), 1_000_000));
    }

    @Test
    void theNextSegmentIsThereBeforeTheCurrentOneIsFull() throws IOException {
        SegmentedJournal journal = founded();
        fill(journal, 1, 2);
        assertTrue(!hasSpare());
        fill(journal, 3, 6);
        assertEquals(FULL_BYTES, storage.bytes(spare()).length);
        assertTrue(!storage.list().contains(SegmentHeader.fileName(2)));
        fill(journal, 7, 14);
        assertEquals(FULL_BYTES, storage.bytes(SegmentHeader.fileName(2)).length);
        assertHolds(journal, 1, 14);
        journal.close();
        try (SegmentedJournal again = open(storage)) {
            assertHolds(again, 1, 14);
            assertEquals(List.of(), again.damage());
            assertEquals(14, again.recovered().knownChosen());
        }
    }

    /** A force of records inside the file changes no metadata; what is behind them is zeros, as in space obtained ahead. */
    @Test
    void theFirstSegmentIsMadeLongerAheadOfItsRecords() throws IOException {
        SegmentedJournal journal = founded();
        String first = SegmentHeader.fileName(1);
        assertTrue(storage.bytes(first).length < FULL_BYTES);
        fill(journal, 1, 1);
        assertEquals(FULL_BYTES, storage.bytes(first).length);
        storage.forgetCalls();
        fill(journal, 2, 3);
        assertEquals(List.of("write " + first, "force " + first, "write " + first, "force " + first), storage.calls());
        // Also if the zeros were never forced, or in part.
        for (long seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            MemoryStorage crashed = storage.afterPowerLoss(random.nextBoolean(), sector -> random.nextBoolean());
            try (SegmentedJournal again = open(crashed)) {
                assertHolds(again, 1, 3);
                assertEquals(List.of(), again.damage());
            }
        }
        journal.close();
    }

    /** The reserve for promises and trims is there to the last byte, though what is obtained are whole blocks. */
    @Test
    void aSegmentOfAnySizeIsObtainedWhole() throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        JournalOptions odd = new JournalOptions(10_000, true);
        try (SegmentedJournal journal = SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), odd)) {
            journal.append(Samples.founding());
            fill(journal, 1, 5);
            assertEquals(16_384, storage.bytes(SegmentHeader.fileName(1)).length);
            assertEquals(16_384, storage.bytes(spare()).length);
        }
    }

    /** Zeros may be forced as they are written: a disk that fails there is not asked again with each append. */
    @Test
    void aSegmentThatCannotBeMadeLongerIsTriedAgainWhenMoreWasWritten() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 900))));
        storage.failCall(1);
        journal.prepare();
        storage.forgetCalls();
        journal.prepare();
        journal.prepare();
        assertEquals(
                List.of(),
                storage.calls().stream()
                        .filter(call -> call.endsWith(SegmentHeader.fileName(1)))
                        .toList());
        fill(journal, 2, 3);
        assertEquals(FULL_BYTES, storage.bytes(SegmentHeader.fileName(1)).length);
        journal.close();
    }

    @Test
    void aDiskThatIsFullWhileTheSegmentIsYoungIsMetAheadToo() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 900))));
        storage.failCall(1);
        storage.failCreatesOf("spare-");
        journal.prepare();
        assertEquals(
                "journal directory memory: the next segment of " + FULL_BYTES
                        + " bytes cannot be had, only 0: injected failure of create spare-0000000000000001.log",
                journal.space().detail());
        storage.failCreatesOf("none of these");
        fill(journal, 2, 4); // what was added lies where the file ended, and grows with it
        assertTrue(!journal.space().isShort());
        assertEquals(FULL_BYTES, storage.bytes(SegmentHeader.fileName(1)).length);
        assertHolds(journal, 2, 4);
        journal.close();
    }

    @Test
    void trimmedSegmentsAreUsedAgainWithAHigherGeneration() throws IOException {
        SegmentedJournal journal = founded();
        long slot = 1;
        for (int round = 0; round < 12; round++) {
            fill(journal, slot, slot + 29);
            slot += 30;
            journal.append(List.of(new DurableRecord.Trimmed(slot - 5)));
            assertTrue(storage.list().size() <= 12, storage.list().toString());
            assertHolds(journal, slot - 4, slot - 1);
            if (round % 4 == 3) {
                journal.close();
                journal = open(storage);
                assertEquals(List.of(), journal.damage());
                assertEquals(slot - 5, journal.recovered().floor());
            }
        }
        int highest = 0;
        for (String file : storage.list()) {
            if (SegmentHeader.sequenceOf(file) > 0) {
                highest = Math.max(highest, SegmentHeader.generationIn(storage.open(file)));
            }
        }
        assertTrue(highest > 3, "generation " + highest);
        journal.close();
    }

    /**
     * A start takes a promise over into segment 2, and the power is lost: so is the promise, which nothing proves, and the name
     * of the new segment, so that its bytes lie in a spare again. The next start writes its own segment 2 over their beginning.
     * What is left of them behind it has the right salt and the right sequence.
     */
    @Test
    void recordsOfAStartThatLostItsSegmentsNameAreNotTakenForOnesOfTheNext() throws IOException {
        SegmentedJournal first = founded();
        for (long slot = 1; slot <= 100 && !hasSpare(); slot++) {
            fill(first, slot, slot);
        }
        String spare = spare();
        byte[] identity = storage.bytes("identity");
        byte[] segment = storage.bytes(SegmentHeader.fileName(1));
        first.append(List.of(promised(ballot(2, Samples.B), 7)));
        MemoryStorage second = storage.afterKill();
        open(second).close();
        byte[] lost = second.bytes(SegmentHeader.fileName(2));
        assertEquals(FULL_BYTES, lost.length, "a spare was taken");

        second.remove(SegmentHeader.fileName(2));
        second.replace(spare, lost);
        second.replace("identity", identity);
        second.replace(SegmentHeader.fileName(1), segment);
        open(second).close();
        assertEquals(2, SegmentHeader.generationIn(second.open(SegmentHeader.fileName(2))));
        try (SegmentedJournal journal = open(second)) {
            assertEquals(ONE, journal.recovered().promised());
            assertEquals(List.of(), journal.damage());
        }
        first.close();
    }

    /**
     * Fails every call once in a life with segments that are used again, loses any of the unforced sectors, and starts. The
     * sectors that are lost hold bytes of an older generation, not zeros.
     */
    @Test
    void whatWasAcknowledgedSurvivesAFailureOfAnyCall() throws IOException {
        MemoryStorage whole = new MemoryStorage(blockBytes);
        long[] acknowledged = new long[2];
        life(whole, acknowledged);
        int calls = whole.calls().size();
        for (int n = 1; n <= calls; n++) {
            for (long seed = 0; seed < 3; seed++) {
                Random random = new Random(n * 31L + seed);
                MemoryStorage failing = new MemoryStorage(blockBytes);
                failing.failCall(n);
                long[] known = new long[2];
                String replay = "call " + n + ", seed " + seed;
                try {
                    life(failing, known);
                } catch (IOException failed) {
                    // A call that nobody relied on may fail without a word.
                }
                MemoryStorage crashed = failing.afterPowerLoss(random.nextBoolean(), sector -> random.nextBoolean());
                if (!SegmentedJournal.isFormatted(crashed)) {
                    assertEquals(0, known[0], replay);
                    continue;
                }
                try (SegmentedJournal again = open(crashed)) {
                    DurableState state = again.recovered();
                    assertEquals(List.of(), again.damage(), replay);
                    assertTrue(state.knownChosen() >= known[0], replay);
                    assertTrue(state.floor() >= known[1], replay);
                    if (state.knownChosen() > state.floor()) {
                        assertHolds(again, state.floor() + 1, state.knownChosen());
                    }
                } catch (JournalException refused) {
                    throw new AssertionError(replay, refused);
                }
            }
        }
    }

    private static void life(MemoryStorage storage, long[] acknowledged) throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        try (SegmentedJournal first = open(storage)) {
            first.append(Samples.founding());
        }
        long slot = 1;
        for (int start = 0; start < 2; start++) {
            try (SegmentedJournal journal = open(storage)) {
                for (int round = 0; round < 2; round++) {
                    for (int i = 0; i < 14; i++) {
                        fill(journal, slot, slot);
                        acknowledged[0] = slot;
                        slot++;
                    }
                    journal.append(List.of(new DurableRecord.Trimmed(slot - 3)));
                    acknowledged[1] = slot - 3;
                }
                journal.markIdle();
            }
        }
    }

    /** Hazard S13: met ahead, said, and survived: a promise and a trim have room, and the trim makes room. */
    @Test
    void aFullDiskIsMetAheadWithRoomForAPromiseAndATrim() throws IOException {
        SegmentedJournal journal = founded();
        fill(journal, 1, 9);
        assertTrue(hasSpare());
        fill(journal, 10, 14);
        storage.failCreatesOf("spare-");
        long slot = 15;
        while (!journal.space().isShort()) {
            fill(journal, slot, slot);
            slot++;
        }
        assertEquals(
                "journal directory memory: the next segment of " + FULL_BYTES
                        + " bytes cannot be had, only 0: injected failure of create spare-0000000000000003.log",
                journal.space().detail());
        // No more votes; until the segment is full they would still be taken.
        Ballot two = ballot(2, Samples.B);
        int files = storage.list().size();
        for (int i = 0; i < 10; i++) {
            journal.append(List.of(promised(two, i)));
        }
        journal.append(List.of(new DurableRecord.Trimmed(slot - 2)));
        assertTrue(storage.list().size() <= files, "nothing was created");
        assertTrue(!journal.space().isShort(), "a trimmed segment is the next one");
        fill(journal, slot, slot + 20);
        assertHolds(journal, slot - 1, slot + 20);
        journal.close();
    }

    /**
     * The step that failed came just before the segment was full, and the append behind it went on in a file of its own. From
     * then on nothing is voted for, so nothing is written, and the new segment never gets half full: it must not wait for that.
     */
    @Test
    void whatCouldNotBeHadOnceIsTriedAgainThoughTheSegmentIsYoungNow() throws IOException {
        SegmentedJournal journal = founded();
        fill(journal, 1, 6);
        storage.replace(spare(), new byte[0]); // so that the next one has to be made
        storage.failCreatesOf("spare-");
        journal.close();
        SegmentedJournal again = open(storage);
        long slot = 7;
        while (!again.space().isShort()) {
            fill(again, slot, slot);
            slot++;
        }
        while (!storage.list().contains(SegmentHeader.fileName(3))) {
            again.append(List.of(new DurableRecord.Accepted(vote(slot)), knownChosen(slot)));
            slot++;
        }
        storage.failCreatesOf("none of these");
        again.prepare();
        again.prepare();
        assertTrue(hasSpare());
        assertTrue(!again.space().isShort(), again.space().detail());
        again.close();
    }

    /** On a disk that is nearly full the first step succeeds each time: that is no reason to vote again. */
    @Test
    void spaceIsShortUntilTheNextSegmentIsWhole() throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        JournalOptions threeSteps = new JournalOptions(2 << 20, true);
        SegmentedJournal journal = SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), threeSteps);
        journal.append(Samples.founding());
        storage.failCreatesOf("spare-");
        long slot = 1;
        while (!journal.space().isShort()) {
            journal.append(List.of(new DurableRecord.Accepted(proposal(slot, ONE, value(slot, 100_000)))));
            journal.prepare();
            slot++;
        }
        storage.failCreatesOf("none of these");
        int written = storage.calls().size();
        storage.failCall(4); // create, write and force of the first step; then the write of the second
        journal.prepare();
        assertTrue(storage.calls().size() - written >= 3, storage.calls().toString());
        assertTrue(journal.space().isShort());
        journal.prepare();
        assertTrue(!journal.space().isShort(), journal.space().detail());
        assertTrue(hasSpare());
        journal.close();
    }

    /** A write that finds no space is a failed write like any other (hazard S12). */
    @Test
    void aSegmentThatCannotBeHadWhenItIsNeededLatchesTheJournalShut() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 8_000))));
        storage.failCreatesOf(SegmentHeader.fileName(2));
        JournalException failed =
                assertThrows(JournalException.class, () -> journal.append(List.of(accepted(2, ONE, value(2, 8_000)))));
        assertEquals(JournalException.Kind.FAILED, failed.kind());
        assertThrows(JournalException.class, () -> journal.append(List.of(promised(ONE, 1))));
    }
}
