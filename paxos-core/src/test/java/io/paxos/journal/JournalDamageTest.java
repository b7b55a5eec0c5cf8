// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static io.paxos.journal.Samples.accepted;
import static io.paxos.journal.Samples.ballot;
import static io.paxos.journal.Samples.knownChosen;
import static io.paxos.journal.Samples.promised;
import static io.paxos.journal.Samples.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Bytes that were forced and are not what was written: the journal refuses to start, and says where. */
final class JournalDamageTest {

    private static final Ballot ONE = ballot(1, Samples.A);
    private static final JournalOptions SMALL = new JournalOptions(8 << 10);
    private static final String FIRST = SegmentHeader.fileName(1);
    private static final String SECOND = SegmentHeader.fileName(2);

    private final MemoryStorage storage = new MemoryStorage();

    @BeforeAll
    static void hushTheThousandsOfTornTails() {
        ((Logger) LoggerFactory.getLogger(Recovery.class)).setLevel(Level.WARN);
    }

    @AfterAll
    static void letThemBeLoggedAgain() {
        ((Logger) LoggerFactory.getLogger(Recovery.class)).setLevel(null);
    }

    private static SegmentedJournal open(Storage storage) throws IOException {
        return SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), SMALL);
    }

    private SegmentedJournal founded() throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        SegmentedJournal journal = open(storage);
        journal.append(Samples.founding());
        return journal;
    }

    private static JournalException assertRefused(Storage storage) {
        JournalException refused =
                assertThrows(JournalException.class, () -> open(storage).close());
        assertEquals(JournalException.Kind.DAMAGED, refused.kind(), refused.getMessage());
        return refused;
    }

    private static void assertNames(String file, long offset, JournalException refused) {
        String start = "journal file " + file + " at offset " + offset + ": ";
        assertTrue(refused.getMessage().startsWith(start), refused.getMessage());
    }

    private MemoryStorage flipped(String file, int at, int bit) {
        MemoryStorage copy = storage.afterKill();
        byte[] bytes = copy.bytes(file);
        bytes[at] ^= (byte) (1 << bit);
        copy.replace(file, bytes);
        return copy;
    }

    @Test
    void aFlippedBitInAnyByteThatALaterBatchProvesForcedRefusesToStart() throws IOException {
        SegmentedJournal journal = founded();
        List<Integer> ends = new ArrayList<>();
        List<List<DurableRecord>> batches = List.of(
                List.of(promised(ONE, 77)),
                List.of(accepted(1, ONE, value(1, 40))),
                List.of(Samples.chosen(2, ONE, value(2, 30))),
                List.of(knownChosen(2)),
                List.of(new DurableRecord.Trimmed(1)),
                List.of(new DurableRecord.Booted(1)));
        for (List<DurableRecord> batch : batches) {
            journal.append(batch);
            ends.add(storage.bytes(FIRST).length);
        }
        journal.append(List.of(promised(ballot(2, Samples.B), 78)));
        int start = SegmentHeader.BYTES;
        for (int end : ends) {
            for (int at = start; at < end; at++) {
                assertNames(FIRST, start, assertRefused(flipped(FIRST, at, at % 8)));
            }
            start = end;
        }
    }

    @Test
    void aFlippedBitInTheLastBatchForgetsThatBatchAtMost() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 40))));
        int start = storage.bytes(FIRST).length;
        journal.append(List.of(accepted(2, ONE, value(2, 40))));
        for (int at = start; at < storage.bytes(FIRST).length; at++) {
            try (SegmentedJournal again = open(flipped(FIRST, at, at % 8))) {
                DurableState state = again.recovered();
                assertEquals(List.of(Samples.proposal(1, ONE, value(1, 40))), state.votes());
            }
        }
    }

    @Test
    void aFlippedBitInWhatARestartTookOverRefusesToStart() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 40))));
        journal.close();
        open(storage).close();
        for (int at = SegmentHeader.BYTES; at < storage.bytes(SECOND).length; at++) {
            JournalException refused = assertRefused(flipped(SECOND, at, at % 8));
            assertTrue(refused.getMessage().startsWith("journal file " + SECOND + " at offset "));
        }
    }

    @Test
    void aFlippedBitInAnyByteOfASegmentHeaderRefusesToStart() throws IOException {
        founded().append(List.of(accepted(1, ONE, value(1, 40))));
        for (int at = 0; at < SegmentHeader.BYTES; at++) {
            assertNames(FIRST, 0, assertRefused(flipped(FIRST, at, at % 8)));
        }
    }

    @Test
    void aFlippedBitInAnyByteOfTheIdentityRefusesToStart() throws IOException {
        founded().close();
        for (int at = 0; at < storage.bytes("identity").length; at++) {
            assertNames("identity", 0, assertRefused(flipped("identity", at, at % 8)));
        }
    }

    @Test
    void anIdentityCutAnywhereRefusesToStart() throws IOException {
        founded().close();
        byte[] whole = storage.bytes("identity");
        for (int length = 0; length < whole.length; length++) {
            MemoryStorage copy = storage.afterKill();
            copy.replace("identity", Arrays.copyOf(whole, length));
            assertNames("identity", 0, assertRefused(copy));
        }
    }

    /** Three segments, the last one written to. */
    private void fillThreeSegments() throws IOException {
        SegmentedJournal journal = founded();
        for (int slot = 1; slot <= 9; slot++) {
            journal.append(List.of(accepted(slot, ONE, value(slot, 1_000))));
        }
        assertEquals(List.of("identity", FIRST, SECOND, SegmentHeader.fileName(3)), storage.list());
    }

    @Test
    void theLastBatchOfASegmentThatIsNotTheLastIsNoTornTail() throws IOException {
        fillThreeSegments();
        int length = storage.bytes(SECOND).length;
        JournalException refused = assertRefused(flipped(SECOND, length - 1, 0));
        assertTrue(refused.getMessage().contains("a later segment follows"), refused.getMessage());
        MemoryStorage cut = storage.afterKill();
        cut.replace(SECOND, Arrays.copyOf(storage.bytes(SECOND), length - 1));
        assertRefused(cut);
    }

    @Test
    void aMissingSegmentRefusesToStart() throws IOException {
        fillThreeSegments();
        MemoryStorage withoutFirst = storage.afterKill();
        withoutFirst.remove(FIRST);
        assertNames(SECOND, 0, assertRefused(withoutFirst));
        MemoryStorage withoutSecond = storage.afterKill();
        withoutSecond.remove(SECOND);
        assertRefused(withoutSecond);
        MemoryStorage withoutAny = storage.afterKill();
        withoutAny.list().stream().filter(file -> file.startsWith("segment")).forEach(withoutAny::remove);
        assertRefused(withoutAny);
    }

    @Test
    void segmentsPutBackFromAnOlderCopyRefuseToStart() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 10))));
        MemoryStorage older = storage.afterKill();
        journal.append(List.of(accepted(2, ONE, value(2, 10))));
        journal.append(List.of(accepted(3, ONE, value(3, 10))));
        journal.close();
        open(storage).close();
        older.replace("identity", storage.bytes("identity"));
        assertTrue(assertRefused(older).getMessage().contains("known forced at the last start"));
    }

    @Test
    void anIdentityPutBackFromAnOlderCopyRefusesToStart() throws IOException {
        founded().close();
        byte[] older = storage.bytes("identity");
        open(storage).close();
        storage.replace("identity", older);
        assertTrue(assertRefused(storage).getMessage().contains("the identity file was put back from a copy"));
    }

    @Test
    void anIdentityFromBeforeTheActivationRefusesToStart() throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        byte[] older = storage.bytes("identity");
        try (SegmentedJournal journal = open(storage)) {
            journal.append(Samples.founding());
            journal.append(List.of(promised(ONE, 1)));
        }
        storage.replace("identity", older);
        assertNames(FIRST, SegmentHeader.BYTES, assertRefused(storage));
    }

    @Test
    void aRecordOfALaterVersionRefusesToStartAndIsNotSkipped() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(promised(ONE, 77)));
        int start = storage.bytes(FIRST).length;
        journal.append(List.of(knownChosen(1)));
        byte[] bytes = storage.bytes(FIRST);
        bytes[start + 16] = 7;
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        SegmentHeader header = SegmentHeader.decode(ByteBuffer.wrap(bytes), FIRST);
        buffer.putInt(
                start + RecordHeader.BYTES - 4, Crc.of(header.salt(), buffer, start, start + RecordHeader.BYTES - 4));
        MemoryStorage later = storage.afterKill();
        later.replace(FIRST, bytes);
        JournalException refused = assertThrows(JournalException.class, () -> open(later));
        assertEquals(JournalException.Kind.UNSUPPORTED, refused.kind());
        assertEquals(
                "journal file " + FIRST + " at offset " + start
                        + ": a record of type 7 holds what this version does not know",
                refused.getMessage());
    }

    /** A client may store a piece of a journal. After a torn tail it must not look like proof that the tail was forced. */
    @Test
    void recordsInsideAValueAreNotTakenForRecordsOfTheSegment() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 10))));
        journal.append(List.of(accepted(2, ONE, value(2, 10))));
        byte[] others = storage.bytes(FIRST);
        MemoryStorage victim = new MemoryStorage();
        SegmentedJournal.format(victim, Samples.CLUSTER, Samples.B.node(), Samples.B.incarnation());
        SegmentedJournal torn = SegmentedJournal.open(victim, Samples.CLUSTER, Samples.B.node(), SMALL);
        torn.append(Samples.founding());
        int start = victim.bytes(FIRST).length;
        torn.append(List.of(accepted(1, ONE, Value.of(others))));
        byte[] bytes = victim.bytes(FIRST);
        bytes[start] ^= 1;
        MemoryStorage crashed = victim.afterKill();
        crashed.replace(FIRST, bytes);
        try (SegmentedJournal again = SegmentedJournal.open(crashed, Samples.CLUSTER, Samples.B.node(), SMALL)) {
            assertEquals(List.of(), again.recovered().votes());
        }
    }

    /** Fault case 6. What cannot be read may have been forced, so it is never cut. */
    @Test
    void aFailingReadIsNoTornTail() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 40)), accepted(2, ONE, value(2, 40)), knownChosen(1)));
        journal.append(List.of(accepted(3, ONE, value(3, 40))));
        int failures = 0;
        for (boolean failed = true; failed; ) {
            MemoryStorage copy = storage.afterKill();
            copy.failRead(failures + 1);
            failed = false;
            try (SegmentedJournal again = open(copy)) {
                assertEquals(2, again.recovered().votes().size());
            } catch (IOException unreadable) {
                failed = true;
                failures++;
                try (SegmentedJournal again = open(copy)) {
                    assertEquals(2, again.recovered().votes().size());
                }
            }
        }
        assertTrue(failures >= 5, failures + " reads failed");
    }

    @Test
    void bytesThatWentBadLaterAreNeverReadAsChosen() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 50)), accepted(2, ONE, value(2, 50)), knownChosen(2)));
        byte[] good = storage.bytes(FIRST);
        SlotRange both = new SlotRange(1, 2);
        int end = good.length - RecordHeader.BYTES;
        for (int at = SegmentHeader.BYTES; at < end; at++) {
            byte[] bad = good.clone();
            bad[at] ^= (byte) (1 << at % 8);
            storage.replace(FIRST, bad);
            JournalException refused = assertThrows(JournalException.class, () -> journal.readChosen(both, 1_000_000));
            assertEquals(JournalException.Kind.DAMAGED, refused.kind());
        }
        storage.replace(FIRST, good);
        assertEquals(2, journal.readChosen(both, 1_000_000).size());
    }
}
