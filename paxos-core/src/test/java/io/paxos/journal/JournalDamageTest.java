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

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.Membership;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import io.paxos.model.Value;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Bytes that were forced and are not what was written: nothing is told that was not so, what is not known is told as
 * unknown, and where it is.
 */
final class JournalDamageTest {

    private static final Ballot ONE = ballot(1, Samples.A);
    private static final JournalOptions SMALL = new JournalOptions(8 << 10);
    private static final String FIRST = SegmentHeader.fileName(1);
    private static final String SECOND = SegmentHeader.fileName(2);

    private final MemoryStorage storage = new MemoryStorage();

    @BeforeAll
    static void hushTheThousandsOfTornTails() {
        ((Logger) LoggerFactory.getLogger(Recovery.class)).setLevel(Level.ERROR);
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

    /** What a node of that log may say after damage: of each slot the truth, or that it does not know. */
    private static void assertTellsNothingWrong(DurableState truth, SegmentedJournal damaged, String where)
            throws IOException {
        DurableState told = damaged.recovered();
        assertEquals(truth.promised(), told.promised(), where);
        assertTrue(told.attempt() == truth.attempt() || told.attempt() == 0, where);
        assertTrue(told.floor() <= truth.floor(), where);
        assertTrue(told.knownChosen() <= truth.knownChosen(), where);
        for (Proposal vote : told.votes()) {
            assertTrue(truth.votes().contains(vote) || vote.slot() <= truth.knownChosen(), where + ": " + vote);
        }
        for (Proposal chosen : told.chosen()) {
            assertTrue(truth.chosen().contains(chosen) || chosen.slot() <= truth.knownChosen(), where + ": " + chosen);
        }
        List<Proposal> known = new ArrayList<>(truth.votes());
        known.addAll(truth.chosen());
        for (Proposal each : known) {
            assertTrue(
                    told.votes().contains(each) || told.chosen().contains(each) || isUnknown(told, each.slot()),
                    where + ": nothing is said of " + each);
        }
        for (long slot = truth.floor() + 1; slot <= told.knownChosen(); slot++) {
            try {
                List<Proposal> read = damaged.readChosen(new SlotRange(slot, slot), 1_000_000);
                assertEquals(List.of(RIGHT.get((int) slot)), values(read), where);
                assertTrue(!isUnknown(told, slot), where);
            } catch (UnknownSlotsException unknown) {
                assertTrue(isUnknown(told, slot), where);
                assertEquals(slot, unknown.slots().first(), where);
            }
        }
    }

    /**
     * Found by the simulator (seed 234): the damaged record was the last one above the floor in its segment, as far as
     * could be read. The segment went, and with it the only trace of the vote in slot 3.
     */
    @Test
    void whatIsUnknownAboveTheFloorStaysUnknownWhenTheLogIsTrimmed() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(promised(ONE, 77)));
        journal.append(List.of(accepted(1, ONE, RIGHT.get(1))));
        journal.append(List.of(accepted(2, ONE, RIGHT.get(2))));
        byte[] before = storage.afterKill().bytes(FIRST);
        journal.append(List.of(accepted(3, ONE, RIGHT.get(3))));
        byte[] after = storage.afterKill().bytes(FIRST);
        journal.append(List.of(accepted(4, ONE, RIGHT.get(4))));
        journal.append(List.of(accepted(5, ONE, RIGHT.get(5))));
        MemoryStorage damaged = storage.afterKill();
        byte[] bytes = damaged.bytes(FIRST);
        int at = Arrays.mismatch(before, after);
        Arrays.fill(bytes, at, at + RecordHeader.BYTES, (byte) 0);
        damaged.replace(FIRST, bytes);
        for (int boot = 2; boot <= 5; boot++) {
            try (SegmentedJournal again = open(damaged)) {
                assertTrue(isUnknown(again.recovered(), 3), "boot " + boot + ": " + again.recovered());
                again.append(List.of(new DurableRecord.Trimmed(2), knownChosen(2)));
            }
        }
        try (SegmentedJournal again = open(damaged)) {
            again.append(List.of(accepted(3, TWO, RIGHT.get(3))));
        }
        try (SegmentedJournal again = open(damaged)) {
            assertTrue(!isUnknown(again.recovered(), 3), "a fresh vote ends it");
        }
    }

    private static boolean isUnknown(DurableState state, long slot) {
        return state.unknown().stream().anyMatch(range -> range.contains(slot));
    }

    private static List<Value> values(List<Proposal> proposals) {
        return proposals.stream().map(Proposal::value).toList();
    }

    private static final Ballot TWO = ballot(2, Samples.B);
    private static final Ballot THREE = ballot(3, Samples.C);

    /** The value chosen in slot i, for the slots of {@link #smallLog}; one that slots have older votes for, at 0. */
    private static final List<Value> RIGHT =
            List.of(value(99, 20), value(1, 40), value(2, 30), value(3, 35), value(4, 25), value(5, 10), value(6, 33));

    private static final List<List<DurableRecord>> SMALL_LOG = List.of(
            List.of(promised(ONE, 77)),
            List.of(accepted(1, ONE, RIGHT.get(1)), accepted(2, ONE, RIGHT.get(0)), accepted(4, ONE, RIGHT.get(0))),
            List.of(Samples.chosen(2, TWO, RIGHT.get(2))),
            List.of(knownChosen(2)),
            List.of(accepted(3, ONE, RIGHT.get(3)), knownChosen(3)),
            List.of(promised(TWO, 78)),
            List.of(accepted(4, TWO, RIGHT.get(4)), accepted(5, TWO, RIGHT.get(5))),
            List.of(Samples.chosen(6, TWO, RIGHT.get(6))),
            List.of(knownChosen(4)),
            List.of(new DurableRecord.Trimmed(1)),
            List.of(new DurableRecord.Booted(1)));

    private DurableState smallLog(SegmentedJournal journal) throws IOException {
        for (List<DurableRecord> batch : SMALL_LOG) {
            journal.append(batch);
        }
        journal.markIdle();
        try (SegmentedJournal whole = open(storage.afterKill())) {
            assertEquals(List.of(), whole.damage());
            return whole.recovered();
        }
    }

    /** Fault case 8. The idle mark proves the last batch, so that there is no exception but the mark itself. */
    @Test
    void aFlippedBitInAnyByteOfTheLogIsToldAndNothingWrongIsSaid() throws IOException {
        DurableState truth = smallLog(founded());
        int end = storage.bytes(FIRST).length - RecordHeader.BYTES;
        int unknown = 0;
        for (int at = 0; at < end; at++) {
            for (int bit = at % 8; bit < 8; bit += 8) {
                MemoryStorage copy = flipped(FIRST, at, bit);
                try (SegmentedJournal damaged = open(copy)) {
                    assertEquals(1, damaged.damage().size(), "byte " + at);
                    assertEquals(FIRST, damaged.damage().get(0).file());
                    long offset = damaged.damage().get(0).offset();
                    assertTrue(offset <= at && at < offset + 4096, "byte " + at + ": " + damaged.damage());
                    assertTellsNothingWrong(truth, damaged, "byte " + at);
                    unknown += damaged.recovered().unknown().isEmpty() ? 0 : 1;
                }
                assertRefillable(truth, copy, "byte " + at);
            }
        }
        assertTrue(unknown > 500, unknown + " places make something unknown");
    }

    /** What is unknown is fetched and recorded as chosen, and is known from then on, also after a restart. */
    private static void assertRefillable(DurableState truth, MemoryStorage copy, String where) throws IOException {
        try (SegmentedJournal damaged = open(copy)) {
            List<DurableRecord> fetched = new ArrayList<>();
            for (SlotRange range : damaged.recovered().unknown()) {
                for (long slot = range.first(); slot <= range.last(); slot++) {
                    fetched.add(Samples.chosen(slot, ONE, RIGHT.get((int) slot)));
                }
            }
            damaged.append(fetched);
            damaged.append(List.of(knownChosen(6)));
            assertReadsAll(truth, damaged, where);
        }
        try (SegmentedJournal again = open(copy)) {
            assertEquals(List.of(), again.recovered().unknown(), where);
            assertEquals(6, again.recovered().knownChosen());
            assertReadsAll(truth, again, where);
        }
    }

    private static void assertReadsAll(DurableState truth, Journal journal, String where) throws IOException {
        SlotRange all = new SlotRange(truth.floor() + 1, 6);
        assertEquals(RIGHT.subList((int) all.first(), 7), values(journal.readChosen(all, 1_000_000)), where);
    }

    @Test
    void withoutAnIdleMarkTheLastBatchLooksTornAndOnlyThatOne() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 40))));
        journal.append(List.of(accepted(2, ONE, value(2, 40))));
        int length = storage.bytes(FIRST).length;
        try (SegmentedJournal again = open(flipped(FIRST, length - 1, 0))) {
            assertEquals(1, again.recovered().votes().size());
            assertEquals(List.of(), again.recovered().unknown());
        }
        journal.markIdle();
        try (SegmentedJournal again = open(flipped(FIRST, length - 1, 0))) {
            assertEquals(1, again.recovered().votes().size());
            assertEquals(List.of(new SlotRange(2, 2)), again.recovered().unknown());
        }
    }

    @Test
    void anIdleMarkIsWrittenOnceAndOnlyBehindWhatNothingProves() throws IOException {
        SegmentedJournal journal = founded();
        long empty = storage.bytes(FIRST).length;
        journal.markIdle();
        assertEquals(empty, storage.bytes(FIRST).length);
        journal.append(List.of(accepted(1, ONE, value(1, 40))));
        long voted = storage.bytes(FIRST).length;
        journal.markIdle();
        journal.markIdle();
        assertEquals(voted + RecordHeader.BYTES, storage.bytes(FIRST).length);
        storage.forgetCalls();
        journal.markIdle();
        assertEquals(List.of(), storage.calls());
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

    /**
     * Nothing was appended after the start, and yet these records are no torn tail: the header says they were forced. Behind the
     * last of them there might have been others, which would have told what was promised.
     */
    @Test
    void aFlippedBitInWhatARestartTookOverIsDamage() throws IOException {
        SegmentedJournal journal = founded();
        DurableState truth = smallLog(journal);
        journal.close();
        open(storage).close();
        Map<String, Integer> refused = new TreeMap<>();
        for (int at = SegmentHeader.BYTES; at < storage.bytes(SECOND).length; at++) {
            MemoryStorage copy = flipped(SECOND, at, at % 8);
            // As if the first segment were trimmed: not even its remains are to help.
            copy.remove(FIRST);
            try (SegmentedJournal damaged = open(copy)) {
                assertEquals(SECOND, damaged.damage().get(0).file());
                assertTellsNothingWrong(truth, damaged, "byte " + at);
            } catch (JournalException lost) {
                assertEquals(JournalException.Kind.PROMISE_LOST, lost.kind());
                String place = lost.getMessage().substring(0, lost.getMessage().indexOf(": "));
                refused.merge(place, 1, Integer::sum);
                continue;
            }
            assertRefillable(truth, copy, "byte " + at);
        }
        assertEquals(
                List.of(RecordHeader.BYTES), List.copyOf(refused.values()), "the last record's header: " + refused);
    }

    @Test
    void aFlippedBitInAnyByteOfASegmentHeaderLosesNothing() throws IOException {
        DurableState truth = smallLog(founded());
        for (int at = 0; at < SegmentHeader.BYTES; at++) {
            try (SegmentedJournal damaged = open(flipped(FIRST, at, at % 8))) {
                assertEquals(1, damaged.damage().size());
                assertEquals(truth.votes(), damaged.recovered().votes());
                assertEquals(List.of(), damaged.recovered().unknown());
            }
        }
    }

    @Test
    void theOnlyVoterWithASlotInDoubtRefusesToStartAndNamesIt() throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        SegmentedJournal journal = open(storage);
        Founding alone = new Founding(
                Samples.FOUNDING.id(),
                new Membership(1, List.of(Samples.A), List.of(), new QuorumSystem.Majority(), 64));
        journal.append(
                List.of(new DurableRecord.FoundingAdopted(alone), new DurableRecord.FoundingActivated(alone.id())));
        int start = storage.bytes(FIRST).length;
        journal.append(List.of(accepted(1, ONE, value(1, 40))));
        int end = storage.bytes(FIRST).length;
        journal.append(List.of(accepted(2, ONE, value(2, 40))));
        JournalException refused = assertRefused(flipped(FIRST, end - 1, 0));
        assertNames(FIRST, start, refused);
        assertTrue(refused.getMessage().contains("slots concerned: 1;"), refused.getMessage());
        try (SegmentedJournal again = open(flipped(FIRST, 100, 0))) {
            assertEquals(2, again.recovered().votes().size());
        }
    }

    /**
     * Its header and the identity tell the promise that was in force when the segment began. What was promised and voted behind that
     * is in the records alone, of which the first sector held all.
     */
    @Test
    void aLastSegmentOfWhichNoRecordCanBeReadMakesTheNodeAWipedOne() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(promised(TWO, 5)));
        journal.close();
        SegmentedJournal again = open(storage);
        again.append(List.of(promised(THREE, 6)));
        again.append(List.of(accepted(50, THREE, value(50, 10))));
        again.close();
        byte[] whole = storage.bytes(SECOND);
        byte[] records = whole.clone();
        Arrays.fill(records, SegmentHeader.BYTES, records.length, (byte) 0);
        for (byte[] left : List.of(records, new byte[whole.length])) {
            MemoryStorage damaged = storage.afterKill();
            damaged.replace(SECOND, left);
            JournalException lost = assertThrows(JournalException.class, () -> open(damaged));
            assertEquals(JournalException.Kind.PROMISE_LOST, lost.kind());
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
        MemoryStorage cut = storage.afterKill();
        cut.replace(SECOND, Arrays.copyOf(storage.bytes(SECOND), length - 1));
        for (MemoryStorage copy : List.of(flipped(SECOND, length - 1, 0), cut)) {
            try (SegmentedJournal damaged = open(copy)) {
                assertEquals(1, damaged.recovered().unknown().size());
                assertEquals(1, damaged.damage().size());
                assertEquals(SECOND, damaged.damage().get(0).file());
                assertEquals(8, damaged.recovered().votes().size());
            }
        }
    }

    @Test
    void theSlotsOfAMissingSegmentAreUnknown() throws IOException {
        fillThreeSegments();
        MemoryStorage withoutFirst = storage.afterKill();
        withoutFirst.remove(FIRST);
        try (SegmentedJournal damaged = open(withoutFirst)) {
            assertEquals(List.of(new SlotRange(1, 3)), damaged.recovered().unknown());
            assertEquals(6, damaged.recovered().votes().size());
            assertEquals(ONE, damaged.recovered().promised());
        }
        MemoryStorage withoutSecond = storage.afterKill();
        withoutSecond.remove(SECOND);
        try (SegmentedJournal damaged = open(withoutSecond)) {
            // The votes for 1 to 3 are whole, but the lost records may have been newer ones.
            assertEquals(List.of(new SlotRange(1, 6)), damaged.recovered().unknown());
            assertEquals(3, damaged.recovered().votes().size());
        }
    }

    @Test
    void withoutTheLastSegmentNothingTellsThePromise() throws IOException {
        fillThreeSegments();
        String third = SegmentHeader.fileName(3);
        for (List<String> missing : List.of(List.of(third), List.of(FIRST, SECOND, third))) {
            MemoryStorage without = storage.afterKill();
            missing.forEach(without::remove);
            JournalException lost = assertThrows(JournalException.class, () -> open(without));
            assertEquals(JournalException.Kind.PROMISE_LOST, lost.kind());
            assertTrue(lost.getMessage().startsWith("journal file " + third + " at offset 0: the segment is missing"));
        }
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
        JournalException lost = assertThrows(JournalException.class, () -> open(older));
        assertEquals(JournalException.Kind.PROMISE_LOST, lost.kind());
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
        bytes[start + 16] = 9;
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        SegmentHeader header = SegmentHeader.decode(ByteBuffer.wrap(bytes), FIRST);
        buffer.putInt(
                start + RecordHeader.BYTES - 4, Crc.of(header.salt(), buffer, start, start + RecordHeader.BYTES - 4));
        MemoryStorage later = storage.afterKill();
        later.replace(FIRST, bytes);
        JournalException refused = assertThrows(JournalException.class, () -> open(later));
        assertEquals(JournalException.Kind.UNSUPPORTED, refused.kind());
        assertTrue(
                refused.getMessage()
                        .startsWith("journal file " + FIRST + " at offset " + start
                                + ": a record of type 9 holds what this version does not know"),
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

    /** Found by fuzzing: of a slot that no member of the cluster could name, nobody is to be asked. */
    @Test
    void aHeaderThatNamesASlotOutOfRangeRefusesToStart() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 40))));
        int start = storage.bytes(FIRST).length;
        journal.append(List.of(promised(TWO, 5)));
        byte[] bytes = storage.bytes(FIRST);
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        SegmentHeader header = SegmentHeader.decode(ByteBuffer.wrap(bytes), FIRST);
        int crc = start + RecordHeader.BYTES - 4;
        buffer.putLong(crc - 20, Slots.MAX + 1);
        buffer.putInt(crc, Crc.of(header.salt(), buffer, start, crc));
        bytes[start - 1] ^= 1; // what is before it is damaged, so that it alone would say up to where
        MemoryStorage copy = storage.afterKill();
        copy.replace(FIRST, bytes);
        JournalException refused = assertThrows(JournalException.class, () -> open(copy));
        assertEquals(JournalException.Kind.UNSUPPORTED, refused.kind());
    }

    /** Found by fuzzing: the numbers of the records before and behind show that none is missing, so no slot is in doubt. */
    @Test
    void bytesBetweenTwoRecordsThatFollowEachOtherLoseNothing() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, ONE, value(1, 40)), accepted(2, ONE, value(2, 40))));
        int end = storage.bytes(FIRST).length;
        journal.append(List.of(accepted(3, ONE, value(3, 40)), knownChosen(2)));
        journal.markIdle();
        byte[] bytes = storage.bytes(FIRST);
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 50);
        System.arraycopy(bytes, end, longer, end + 50, bytes.length - end);
        MemoryStorage copy = storage.afterKill();
        copy.replace(FIRST, longer);
        for (int start = 0; start < 2; start++) {
            try (SegmentedJournal again = open(copy)) {
                assertEquals(List.of(), again.recovered().unknown());
                assertEquals(2, again.recovered().knownChosen());
                assertEquals(
                        List.of(proposal(3, ONE, value(3, 40))),
                        again.recovered().votes());
                if (start == 0) {
                    JournalDamage found = again.damage().get(0);
                    assertEquals(end, found.offset());
                    assertTrue(found.reason().startsWith("bytes between two records belong to none"), found.reason());
                }
            }
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

    /** Hazard S14: found by a read, long after the start. What is fetched and appended is read from then on. */
    @Test
    void bytesThatWentBadLaterAreNeverReadAsChosen() throws IOException {
        SegmentedJournal writer = founded();
        writer.append(List.of(accepted(1, ONE, value(1, 50)), accepted(2, ONE, value(2, 50)), knownChosen(2)));
        byte[] good = storage.bytes(FIRST);
        SlotRange both = new SlotRange(1, 2);
        int end = good.length - RecordHeader.BYTES;
        for (int at = SegmentHeader.BYTES; at < end; at++) {
            MemoryStorage copy = storage.afterKill();
            try (SegmentedJournal journal = open(copy)) {
                byte[] bad = copy.bytes(SECOND);
                bad[at] ^= (byte) (1 << at % 8);
                copy.replace(SECOND, bad);
                long first = 1;
                try {
                    List<Proposal> page = journal.readChosen(both, 1_000_000);
                    assertEquals(List.of(proposal(1, ONE, value(1, 50))), page);
                    first = 2;
                } catch (UnknownSlotsException unknown) {
                    assertEquals(1, unknown.slots().first());
                }
                SlotRange rest = new SlotRange(first, 2);
                UnknownSlotsException unknown =
                        assertThrows(UnknownSlotsException.class, () -> journal.readChosen(rest, 1_000_000));
                assertEquals(first, unknown.slots().first());
                assertEquals(SECOND, journal.damage().get(0).file());
                copy.replace(SECOND, copy.bytes(SECOND)); // the writer's file is another one by now
            }
        }
    }

    @Test
    void aSlotFoundDamagedByAReadIsReadAgainOnceItWasFetched() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, TWO, value(1, 50)), accepted(2, TWO, value(2, 50)), knownChosen(2)));
        storage.flip(FIRST, SegmentHeader.BYTES + RecordHeader.BYTES + 3);
        SlotRange both = new SlotRange(1, 2);
        assertThrows(UnknownSlotsException.class, () -> journal.readChosen(both, 1_000_000));
        // It was chosen at a lower ballot than the one this member voted for it at.
        journal.append(List.of(Samples.chosen(1, ONE, value(1, 50))));
        List<Proposal> expected = List.of(proposal(1, ONE, value(1, 50)), proposal(2, TWO, value(2, 50)));
        assertEquals(expected, journal.readChosen(both, 1_000_000));
        journal.close();
        try (SegmentedJournal again = open(storage)) {
            assertEquals(List.of(), again.recovered().unknown());
            assertEquals(expected, again.readChosen(both, 1_000_000));
        }
    }

    @Test
    void aReadThatFailsIsNoReasonToStop() throws IOException {
        SegmentedJournal journal = founded();
        journal.append(List.of(accepted(1, TWO, value(1, 50)), knownChosen(1)));
        storage.failRead(1);
        SlotRange one = new SlotRange(1, 1);
        assertThrows(UnknownSlotsException.class, () -> journal.readChosen(one, 1_000_000));
        // It may work the next time: had two members such a read of one slot, neither would have it for ever.
        assertEquals(1, journal.readChosen(one, 1_000_000).size());
    }
}
