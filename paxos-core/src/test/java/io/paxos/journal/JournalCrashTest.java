// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static io.paxos.journal.Samples.accepted;
import static io.paxos.journal.Samples.ballot;
import static io.paxos.journal.Samples.promised;
import static io.paxos.journal.Samples.proposal;
import static io.paxos.journal.Samples.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/**
 * Power losses and kills at every place. The records are votes for slots 1, 2, 3, … in that order, so that what is
 * recovered says how many of them survived: all that were acknowledged, none that was never appended, none skipped. All of it
 * with segments that are written byte by byte, and with such that are written in blocks, through the page cache and past it.
 */
@ParameterizedClass
@ValueSource(ints = {1, 4096})
final class JournalCrashTest {

    private static final Ballot ONE = ballot(1, Samples.A);
    private static final JournalOptions SMALL = new JournalOptions(8 << 10);
    private static final String FIRST = SegmentHeader.fileName(1);

    @Parameter
    private int blockBytes;

    @BeforeAll
    static void hushTheThousandsOfTornTails() {
        ((Logger) LoggerFactory.getLogger(Recovery.class)).setLevel(Level.WARN);
    }

    @AfterAll
    static void letThemBeLoggedAgain() {
        ((Logger) LoggerFactory.getLogger(Recovery.class)).setLevel(null);
    }

    private static Proposal vote(long slot) {
        return proposal(slot, ONE, value(slot, 60 + (int) (slot * 37 % 400)));
    }

    private static List<DurableRecord> votes(long first, long last) {
        List<DurableRecord> records = new ArrayList<>();
        for (long slot = first; slot <= last; slot++) {
            records.add(new DurableRecord.Accepted(vote(slot)));
        }
        return records;
    }

    private static int length(long slot) {
        return RecordHeader.BYTES + vote(slot).value().length();
    }

    private static SegmentedJournal open(Storage storage) throws IOException {
        return SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), SMALL);
    }

    private static SegmentedJournal founded(MemoryStorage storage) throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        SegmentedJournal journal = open(storage);
        journal.append(Samples.founding());
        return journal;
    }

    /** How many votes are there: those of slots 1 up to the result, each with its value. */
    private static int survivors(DurableState state) {
        int count = state.votes().size();
        for (int i = 0; i < count; i++) {
            assertEquals(vote(i + 1), state.votes().get(i));
        }
        assertEquals(count == 0 ? Ballot.NONE : ONE, state.promised());
        return count;
    }

    private static int reopenedSurvivors(MemoryStorage storage) throws IOException {
        try (SegmentedJournal journal = open(storage)) {
            return survivors(journal.recovered());
        }
    }

    /** What was recovered stays, whatever the next crash does, and the journal goes on from there. */
    private static void assertGoesOn(MemoryStorage storage, int survivors) throws IOException {
        try (SegmentedJournal journal = open(storage)) {
            assertEquals(survivors, survivors(journal.recovered()));
            journal.append(votes(survivors + 1, survivors + 2));
        }
        assertEquals(survivors + 2, reopenedSurvivors(storage.afterPowerLoss(false, sector -> false)));
    }

    @Test
    void theLastBatchCutAtAnyByteLeavesItsWholeRecordsOnly() throws IOException {
        MemoryStorage storage = new MemoryStorage(blockBytes);
        SegmentedJournal journal = founded(storage);
        journal.append(votes(1, 2));
        byte[] before = storage.bytes(FIRST);
        journal.append(votes(3, 5));
        byte[] whole = storage.bytes(FIRST);
        int batchStart = Arrays.mismatch(before, whole);
        int batchEnd = batchStart + length(3) + length(4) + length(5);
        for (int cut = batchStart; cut <= batchEnd; cut++) {
            int expected = 2;
            for (int end = batchStart + length(3); end <= cut; end += length(expected + 1)) {
                expected++;
            }
            for (String rest : List.of("nothing", "zeros", "ones", "garbage")) {
                MemoryStorage crashed = storage.afterKill();
                crashed.replace(FIRST, withRest(whole, cut, rest));
                if (rest.equals("nothing") || cut % 16 == 0) {
                    assertGoesOn(crashed, expected);
                } else {
                    assertEquals(expected, reopenedSurvivors(crashed), "cut at " + cut + ", then " + rest);
                }
            }
        }
    }

    private static byte[] withRest(byte[] whole, int cut, String rest) {
        byte[] bytes = Arrays.copyOf(whole, rest.equals("nothing") ? cut : whole.length);
        Random random = new Random(cut);
        for (int i = cut; i < bytes.length; i++) {
            // Never the byte that was there: else a record would be whole after all.
            byte other = rest.equals("zeros") ? 0 : rest.equals("ones") ? -1 : (byte) random.nextInt();
            bytes[i] = other != whole[i] || i > cut ? other : (byte) (other ^ 0x55);
        }
        return bytes;
    }

    @Test
    void anySubsetOfTheSectorsOfATornBatchLeavesItsFirstWholeRecords() throws IOException {
        MemoryStorage storage = new MemoryStorage(blockBytes);
        SegmentedJournal journal = founded(storage);
        journal.append(votes(1, 3));
        byte[] before = storage.bytes(FIRST);
        storage.failCall(2);
        int last = blockBytes == 1 ? 12 : 10; // so that it is one block
        assertThrows(IOException.class, () -> journal.append(votes(4, last)));
        int batchStart = Arrays.mismatch(before, storage.bytes(FIRST));
        List<Integer> sectors = storage.unforcedSectors(FIRST);
        assertEquals(blockBytes == 1 ? 7 : 8, sectors.size());
        for (int subset = 0; subset < 1 << sectors.size(); subset++) {
            int kept = subset;
            int expected = 3;
            int start = batchStart;
            while (expected < last && isWhole(sectors, kept, start, start + length(expected + 1))) {
                expected++;
                start += length(expected);
            }
            MemoryStorage crashed = storage.afterPowerLoss(true, sector -> (kept >>> sectors.indexOf(sector) & 1) == 1);
            assertGoesOn(crashed, expected);
        }
    }

    private static boolean isWhole(List<Integer> sectors, int kept, int from, int to) {
        for (int sector = from / MemoryStorage.SECTOR_BYTES;
                sector <= (to - 1) / MemoryStorage.SECTOR_BYTES;
                sector++) {
            if ((kept >>> sectors.indexOf(sector) & 1) == 0) {
                return false;
            }
        }
        return true;
    }

    /**
     * Fails every call once, at any moment of a journal's life, and cuts the power; then fails a call of the start that
     * follows, and cuts the power again.
     */
    @Test
    void whatWasAcknowledgedSurvivesAFailureOfAnyCallAndAPowerLoss() throws IOException {
        for (Supplier<MemoryStorage> storages : storages()) {
            int calls = callsOfALife(storages.get());
            for (int n = 1; n <= calls; n++) {
                for (long seed = 0; seed < 12; seed++) {
                    crashAt(n, seed, storages.get());
                }
            }
        }
    }

    private List<Supplier<MemoryStorage>> storages() {
        Supplier<MemoryStorage> forced = () -> new MemoryStorage(blockBytes);
        return blockBytes == 1 ? List.of(forced) : List.of(forced, MemoryStorage::thatWritesThrough);
    }

    private static int callsOfALife(MemoryStorage storage) throws IOException {
        live(storage, new int[2]);
        assertTrue(storage.list().contains(SegmentHeader.fileName(3)), "the life is to have several segments");
        return storage.calls().size();
    }

    /** A life of some starts and 40 votes; progress[0] is what was acknowledged, progress[1] what was appended. */
    private static void live(MemoryStorage storage, int[] progress) throws IOException {
        SegmentedJournal journal = founded(storage);
        for (int slot = 1; slot <= 40; slot += 4) {
            progress[1] = slot + 3;
            journal.append(votes(slot, slot + 3));
            progress[0] = slot + 3;
            if (slot % 16 == 9) {
                journal.close();
                journal = open(storage);
                assertEquals(progress[0], survivors(journal.recovered()));
            }
        }
        journal.close();
    }

    private static void crashAt(int n, long seed, MemoryStorage storage) throws IOException {
        String replay = "call " + n + " of the life, seed " + seed;
        Random random = new Random(n * 1_000_003L + seed);
        int[] progress = new int[2];
        storage.failCall(n);
        assertThrows(IOException.class, () -> live(storage, progress), replay);
        MemoryStorage crashed = storage.afterPowerLoss(random.nextBoolean(), sector -> random.nextBoolean());
        int again = 1 + random.nextInt(12);
        crashed.failCall(again);
        try (SegmentedJournal journal = open(crashed)) {
            journal.append(List.of());
        } catch (IOException failedAgain) {
            // The same is to hold as if the first crash had been the only one.
        }
        MemoryStorage twice = crashed.afterPowerLoss(random.nextBoolean(), sector -> random.nextBoolean());
        if (!SegmentedJournal.isFormatted(twice)) {
            assertEquals(0, progress[1], replay);
            return;
        }
        try (SegmentedJournal journal = open(twice)) {
            int survivors = survivors(journal.recovered());
            assertTrue(
                    progress[0] <= survivors && survivors <= progress[1],
                    replay + ": " + survivors + " survived of " + progress[0] + " acknowledged and " + progress[1]
                            + " appended");
            if (journal.recovered().activated()) {
                assertGoesOn(twice.afterKill(), survivors);
            } else {
                assertEquals(0, progress[1], replay);
            }
        } catch (JournalException refused) {
            throw new AssertionError(replay + ", then call " + again, refused);
        }
    }

    /** What {@link DirectFile} does where a kernel sets the length of a file behind a write that was to be durable. */
    @Test
    void whatMadeItsSegmentLongerIsThereAfterAPowerLossThoughEachWriteWasDurable() throws IOException {
        MemoryStorage storage = MemoryStorage.thatWritesThrough();
        SegmentedJournal journal = founded(storage);
        for (int slot = 1; slot <= 40; slot++) {
            journal.append(votes(slot, slot));
            assertEquals(slot, reopenedSurvivors(storage.afterPowerLoss(false, sector -> false)));
        }
    }

    /** Hazard S12: after a failed force the pages read as written, count as clean, and are not on the disk. */
    @Test
    void whatARestartAfterAFailedForceReportsIsOnTheDisk() throws IOException {
        MemoryStorage storage = new MemoryStorage(blockBytes);
        SegmentedJournal journal = founded(storage);
        journal.append(votes(1, 3));
        storage.failCall(2);
        assertThrows(IOException.class, () -> journal.append(votes(4, 6)));
        MemoryStorage restarted = storage.afterFailedForceAndKill();
        assertEquals(6, reopenedSurvivors(restarted));
        assertEquals(6, reopenedSurvivors(restarted.afterPowerLoss(false, sector -> false)));
    }

    @Test
    void theSameHoldsForASegmentTooLargeToBeTakenOverWhole() throws IOException {
        MemoryStorage storage = new MemoryStorage(blockBytes);
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        JournalOptions large = new JournalOptions(1 << 20);
        SegmentedJournal journal = SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), large);
        journal.append(Samples.founding());
        for (int slot = 1; slot <= 400; slot += 4) {
            journal.append(votes(slot, slot + 3));
        }
        assertTrue(storage.bytes(FIRST).length > 128 << 10);
        storage.failCall(2);
        assertThrows(IOException.class, () -> journal.append(votes(401, 403)));
        MemoryStorage restarted = storage.afterFailedForceAndKill();
        assertEquals(403, reopenedSurvivors(restarted));
        MemoryStorage lost = restarted.afterPowerLoss(false, sector -> false);
        assertEquals(403, reopenedSurvivors(lost));
        // The first segment still ends with what the failed force left there; nobody looks at it.
        assertTrue(lost.list().contains(FIRST));
        assertGoesOn(lost, 403);
    }

    @Test
    void aFailedForceLatchesTheJournalShut() throws IOException {
        assertLatchesOnCall(2, "force " + FIRST);
    }

    @Test
    void aFailedWriteLatchesTheJournalShut() throws IOException {
        assertLatchesOnCall(1, "write " + FIRST);
    }

    private void assertLatchesOnCall(int n, String call) throws IOException {
        MemoryStorage storage = new MemoryStorage(blockBytes);
        SegmentedJournal journal = founded(storage);
        storage.forgetCalls();
        storage.failCall(n);
        JournalException first = assertThrows(JournalException.class, () -> journal.append(votes(1, 1)));
        assertEquals(JournalException.Kind.FAILED, first.kind());
        assertEquals(
                "journal directory memory: a write or force failed: java.io.IOException: injected failure of " + call,
                first.getMessage());
        List<String> calls = storage.calls();
        assertEquals(n, calls.size());
        JournalException later = assertThrows(JournalException.class, () -> journal.append(votes(1, 1)));
        assertEquals(JournalException.Kind.FAILED, later.kind());
        assertEquals(first.getCause(), later.getCause());
        assertEquals(
                JournalException.Kind.FAILED,
                assertThrows(JournalException.class, () -> journal.append(List.of()))
                        .kind());
        assertEquals(
                JournalException.Kind.FAILED,
                assertThrows(JournalException.class, () -> journal.readChosen(new SlotRange(1, 1), 1))
                        .kind());
        journal.close();
        assertEquals(calls, storage.calls());
    }

    @Test
    void anAppendIsOneWriteAndOneForce() throws IOException {
        MemoryStorage storage = new MemoryStorage(blockBytes);
        SegmentedJournal journal = founded(storage);
        storage.forgetCalls();
        List<DurableRecord> records = new ArrayList<>();
        records.add(promised(ONE, 1));
        records.addAll(votes(1, 5));
        journal.append(records);
        assertEquals(List.of("write " + FIRST, "force " + FIRST), storage.calls());
    }

    @Test
    void theNextSegmentIsDurableUnderItsNameBeforeItIsUsed() throws IOException {
        MemoryStorage storage = new MemoryStorage(blockBytes);
        SegmentedJournal journal = founded(storage);
        journal.append(List.of(accepted(1, ONE, value(1, 3_000))));
        storage.forgetCalls();
        journal.append(List.of(accepted(2, ONE, value(2, 300)), accepted(3, ONE, value(3, 1_000))));
        String second = SegmentHeader.fileName(2);
        assertEquals(
                List.of(
                        "write " + FIRST,
                        "force " + FIRST,
                        "create " + second + ".new",
                        "write " + second + ".new",
                        "force " + second + ".new",
                        "rename " + second + ".new",
                        "force directory",
                        "create identity.new",
                        "write identity.new",
                        "force identity.new",
                        "rename identity.new",
                        "force directory",
                        "write " + second,
                        "force " + second),
                storage.calls());
    }

    @Test
    void aRecordLargerThanASegmentGetsOneOfItsOwn() throws IOException {
        MemoryStorage storage = new MemoryStorage(blockBytes);
        SegmentedJournal journal = founded(storage);
        List<DurableRecord> records = List.of(
                accepted(1, ONE, value(1, 10)), accepted(2, ONE, value(2, 300_000)), accepted(3, ONE, value(3, 10)));
        journal.append(records);
        assertEquals(List.of("identity", FIRST, SegmentHeader.fileName(2), SegmentHeader.fileName(3)), storage.list());
        try (SegmentedJournal again = open(storage.afterKill())) {
            assertEquals(
                    records,
                    again.recovered().votes().stream()
                            .map(DurableRecord.Accepted::new)
                            .toList());
        }
    }

    @Test
    void startingAgainAndAgainFillsNoDirectory() throws IOException {
        MemoryStorage storage = new MemoryStorage(blockBytes);
        founded(storage).close();
        for (int start = 0; start < 300; start++) {
            open(storage).close();
        }
        assertEquals(3, storage.list().size(), () -> storage.list().toString());
    }
}
