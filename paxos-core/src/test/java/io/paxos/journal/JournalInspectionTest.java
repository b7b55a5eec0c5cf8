// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static io.paxos.journal.Samples.accepted;
import static io.paxos.journal.Samples.ballot;
import static io.paxos.journal.Samples.chosen;
import static io.paxos.journal.Samples.knownChosen;
import static io.paxos.journal.Samples.promised;
import static io.paxos.journal.Samples.value;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.paxos.journal.JournalInspection.Damage;
import io.paxos.journal.JournalInspection.Line;
import io.paxos.journal.JournalInspection.Listener;
import io.paxos.journal.JournalInspection.Reading;
import io.paxos.journal.JournalInspection.Segment;
import io.paxos.journal.JournalInspection.Verdict;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.Membership;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What is said of a directory is what a start then does, and saying it changes nothing. */
final class JournalInspectionTest {

    private static final Ballot ONE = ballot(1, Samples.A);
    private static final Ballot TWO = ballot(2, Samples.B);
    private static final JournalOptions SMALL = new JournalOptions(8 << 10);
    private static final String FIRST = SegmentHeader.fileName(1);
    private static final String SECOND = SegmentHeader.fileName(2);
    private static final String THIRD = SegmentHeader.fileName(3);
    private static final Listener NOBODY = new Listener() {};

    private final MemoryStorage storage = new MemoryStorage();

    @TempDir
    private Path home;

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

    private static SegmentedJournal founded(Storage storage) throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        SegmentedJournal journal = open(storage);
        journal.append(Samples.founding());
        return journal;
    }

    private static JournalInspection inspect(Storage storage) throws IOException {
        return JournalInspection.of(storage, () -> 0, NOBODY);
    }

    private static void fill(SegmentedJournal journal) throws IOException {
        journal.append(List.of(promised(ONE, 77)));
        journal.append(List.of(accepted(1, ONE, value(1, 40)), accepted(2, ONE, value(99, 20))));
        journal.append(List.of(chosen(2, TWO, value(2, 30)), knownChosen(2)));
        journal.append(List.of(accepted(3, TWO, value(3, 35)), chosen(5, TWO, value(5, 35))));
    }

    /** Three votes a segment. */
    private static void fillThreeSegments(Storage storage) throws IOException {
        try (SegmentedJournal journal = founded(storage)) {
            for (int slot = 1; slot <= 9; slot++) {
                journal.append(List.of(accepted(slot, ONE, value(slot, 1_100))));
            }
            journal.markIdle();
        }
    }

    /** Inspects, checks that nothing was written, and that a start does what was said. */
    private static JournalInspection assertAgrees(MemoryStorage copy, String where) throws IOException {
        Map<String, byte[]> before = contents(copy);
        copy.forgetCalls();
        JournalInspection told = inspect(copy);
        assertEquals(List.of(), copy.calls(), where);
        assertEquals(before.keySet(), contents(copy).keySet(), where);
        assertAStartDoes(copy, told, where);
        return told;
    }

    private static void assertAStartDoes(MemoryStorage copy, JournalInspection told, String where) throws IOException {
        try (SegmentedJournal journal = open(copy)) {
            assertNull(told.refusal(), where);
            assertEquals(
                    journal.recovered(), Objects.requireNonNull(told.summary()).state(), where);
            assertEquals(
                    journal.damage(), told.damage().stream().map(Damage::place).toList(), where);
            assertEquals(journal.damage().isEmpty() ? Verdict.SOUND : Verdict.DAMAGED, told.verdict(), where);
        } catch (JournalException refused) {
            JournalInspection.Refusal refusal = told.refusal();
            assertNotNull(refusal, where + ": " + refused.getMessage());
            assertEquals(refused.kind(), refusal.kind(), where);
            assertEquals(refused.getMessage(), refusal.message(), where);
        }
    }

    private static Map<String, byte[]> contents(MemoryStorage of) {
        TreeMap<String, byte[]> contents = new TreeMap<>();
        of.list().forEach(file -> contents.put(file, of.bytes(file)));
        return contents;
    }

    @Test
    void aSoundJournalIsToldInNumbers() throws IOException {
        SegmentedJournal journal = founded(storage);
        fill(journal);
        journal.markIdle();
        journal.close();
        JournalInspection told = assertAgrees(storage, "sound");

        assertEquals(Verdict.SOUND, told.verdict());
        JournalInspection.Owner owner = Objects.requireNonNull(told.owner());
        assertEquals(Samples.A, owner.member());
        assertEquals(Samples.CLUSTER, owner.cluster());
        assertEquals(Samples.FOUNDING, owner.founding());
        assertEquals(1, owner.boot());
        assertEquals(1, owner.lastSegment());
        JournalInspection.Summary summary = Objects.requireNonNull(told.summary());
        assertEquals(TWO, summary.state().promised());
        assertEquals(2, summary.state().knownChosen());
        assertEquals(1, summary.state().votes().size());
        assertEquals(1, summary.state().chosen().size());
        assertEquals(5, summary.highestSlot());
        assertEquals(7, summary.provenRecord());
        assertEquals(8, summary.lastRecord());
        Segment segment = told.segments().get(0);
        assertEquals(FIRST, segment.file());
        assertEquals("whole", segment.header());
        assertEquals(List.of(1L, 8L, 8L), List.of(segment.firstRecord(), segment.lastRecord(), segment.records()));
        assertEquals(Reading.READ, segment.reading());
        JournalInspection.End end = Objects.requireNonNull(told.end());
        assertEquals("end of log", end.label());
        assertEquals(segment.bytes(), end.offset());
        assertEquals(0, end.bytesBehind());
    }

    @Test
    void everyRecordIsListedWithItsPlaceAndDamageBetween() throws IOException {
        SegmentedJournal journal = founded(storage);
        fill(journal);
        journal.markIdle();
        MemoryStorage copy = storage.afterKill();
        List<String> heard = new ArrayList<>();
        Listener listener = new Listener() {
            @Override
            public void record(Line line) {
                heard.add(line.offset() + " " + line.sequence() + " " + line.type() + " " + line.slot());
            }

            @Override
            public void damage(Damage damage) {
                heard.add(damage.place().offset() + " " + damage.label() + ": "
                        + damage.place().slots());
            }
        };
        JournalInspection.of(copy, () -> 0, listener);
        assertEquals(8, heard.size());
        assertEquals("4096 1 promise 0", heard.get(0));
        assertTrue(heard.get(1).startsWith("4208 2 accept 1"), heard.get(1));
        assertTrue(heard.get(7).endsWith(" 8 idle mark 0"), heard.get(7));

        copy.flip(FIRST, 4208 + RecordHeader.BYTES);
        heard.clear();
        JournalInspection.of(copy, () -> 0, listener);
        assertEquals(8, heard.size());
        assertEquals("4208 value damaged: 1", heard.get(1));
    }

    /** Issue 4: what is said is what a start then does. Every byte of the identity and of the segment. */
    @Test
    void whateverByteIsFlippedAStartDoesWhatWasSaid() throws IOException {
        SegmentedJournal journal = founded(storage);
        fill(journal);
        journal.markIdle();
        TreeMap<Verdict, Integer> verdicts = new TreeMap<>();
        for (String file : List.of(FIRST, "identity")) {
            for (int at = 0; at < storage.bytes(file).length; at++) {
                MemoryStorage copy = storage.afterKill();
                byte[] bytes = copy.bytes(file);
                bytes[at] ^= (byte) (1 << at % 8);
                copy.replace(file, bytes);
                JournalInspection told = assertAgrees(copy, file + " byte " + at);
                verdicts.merge(told.verdict(), 1, Integer::sum);
            }
        }
        // The identity refuses; the last record, an idle mark that nothing proves, is cut; the rest is damage.
        int identity = storage.bytes("identity").length;
        int segment = storage.bytes(FIRST).length;
        TreeMap<Verdict, Integer> expected = new TreeMap<>();
        expected.put(Verdict.REFUSED, identity);
        expected.put(Verdict.SOUND, RecordHeader.BYTES);
        expected.put(Verdict.DAMAGED, segment - RecordHeader.BYTES);
        assertEquals(expected, verdicts);
    }

    @Test
    void whereverTheSegmentIsCutAStartDoesWhatWasSaid() throws IOException {
        SegmentedJournal journal = founded(storage);
        fill(journal);
        byte[] bytes = storage.bytes(FIRST);
        for (int length = 0; length < bytes.length; length++) {
            MemoryStorage copy = storage.afterKill();
            copy.replace(FIRST, Arrays.copyOf(bytes, length));
            assertAgrees(copy, "cut at " + length);
        }
    }

    @Test
    void aDamagedSegmentHeaderThatDoesNotMatterIsCalledThat() throws IOException {
        fill(founded(storage));
        MemoryStorage copy = storage.afterKill();
        copy.flip(FIRST, 100);
        JournalInspection told = assertAgrees(copy, "header");
        assertEquals(Verdict.DAMAGED, told.verdict());
        assertEquals("header damaged", told.damage().get(0).label());
        assertEquals("take its records", told.damage().get(0).decision());
        assertEquals("header damaged", told.segments().get(0).header());
        assertEquals(0, told.segments().get(0).generation());
        assertEquals(1, told.segments().get(0).firstRecord());
    }

    /** Behind the last record stands what the file's space held before: whole records of an older generation. */
    @Test
    void aSegmentInUsedSpaceIsToldFromTheOneItReplaced() throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        SegmentedJournal journal =
                SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), new JournalOptions(16 << 10, true));
        journal.append(Samples.founding());
        for (int slot = 1; slot <= 60; slot++) {
            journal.append(List.of(accepted(slot, ONE, value(slot, 900)), knownChosen(slot)));
            journal.prepare();
            if (slot % 20 == 0) {
                journal.append(List.of(new DurableRecord.Trimmed(slot - 2)));
            }
        }
        JournalInspection sound = assertAgrees(storage.afterKill(), "used again");
        assertEquals(Verdict.SOUND, sound.verdict());
        Segment last = sound.segments().get(sound.segments().size() - 1);
        assertEquals(2, last.generation());
        JournalInspection.End end = Objects.requireNonNull(sound.end());
        assertEquals(last.bytes() - end.offset(), end.bytesBehind());
        assertTrue(end.bytesBehind() > 0);
        for (int at = 0; at < last.bytes(); at += 11) {
            MemoryStorage copy = storage.afterKill();
            copy.flip(last.file(), at);
            assertAgrees(copy, "byte " + at);
        }
    }

    /** Also where fewer zeros than a record header has bytes are left of the last block. */
    @Test
    void theEndOfALogThatIsWrittenInBlocksIsNotTorn() throws IOException {
        int block = 4096;
        for (int rest : new int[] {0, 1, 50, RecordHeader.BYTES - 1, RecordHeader.BYTES}) {
            MemoryStorage inBlocks = new MemoryStorage(block);
            String file = SegmentHeader.fileName(1);
            try (SegmentedJournal journal = founded(inBlocks)) {
                long before = Objects.requireNonNull(
                                inspect(inBlocks.afterKill()).end())
                        .offset();
                long overhead = EncodedRecord.of(accepted(1, ONE, value(1, 0))).length();
                int bytes = (int) (2L * block - rest - before - overhead);
                journal.append(List.of(accepted(1, ONE, value(1, bytes))));
                JournalInspection.End end =
                        Objects.requireNonNull(inspect(inBlocks.afterKill()).end());
                assertEquals(2 * block, inBlocks.bytes(file).length);
                assertEquals(2L * block - rest, end.offset());
                assertFalse(end.isTorn(), () -> rest + " zeros: " + end);
            }
        }
    }

    @Test
    void aTornTailIsNoDamageAndItsBytesAreCounted() throws IOException {
        SegmentedJournal journal = founded(storage);
        fill(journal);
        int end = storage.bytes(FIRST).length;
        journal.append(List.of(accepted(7, TWO, value(7, 100))));
        int length = storage.bytes(FIRST).length;
        MemoryStorage copy = storage.afterKill();
        copy.replace(FIRST, Arrays.copyOf(storage.bytes(FIRST), length - 1));
        JournalInspection told = assertAgrees(copy, "torn");
        assertEquals(Verdict.SOUND, told.verdict());
        JournalInspection.End torn = Objects.requireNonNull(told.end());
        assertTrue(torn.isTorn());
        assertEquals("torn tail", torn.label());
        assertEquals(end, torn.offset());
        assertEquals(length - 1 - end, torn.bytesBehind());
    }

    @Test
    void missingSegmentsAreDamageOrARefusal() throws IOException {
        fillThreeSegments(storage);
        MemoryStorage withoutSecond = storage.afterKill();
        withoutSecond.remove(SECOND);
        JournalInspection damaged = assertAgrees(withoutSecond, "without the second");
        assertEquals(
                List.of("records damaged", "segment missing"),
                damaged.damage().stream().map(Damage::label).toList());
        assertEquals(FIRST, damaged.damage().get(0).place().file());
        assertEquals(THIRD, damaged.damage().get(1).place().file());
        assertEquals(new SlotRange(1, 6), damaged.damage().get(1).place().slots());

        MemoryStorage withoutThird = storage.afterKill();
        withoutThird.remove(THIRD);
        JournalInspection refused = assertAgrees(withoutThird, "without the third");
        assertEquals(Verdict.REFUSED, refused.verdict());
        JournalInspection.Refusal refusal = Objects.requireNonNull(refused.refusal());
        assertEquals(JournalException.Kind.PROMISE_LOST, refusal.kind());
        assertEquals("last segment missing", refusal.label());
        assertEquals(List.of(FIRST, SECOND), files(refused));
        assertEquals(Reading.NOT_READ, refused.segments().get(0).reading());
    }

    private static List<String> files(JournalInspection told) {
        return told.segments().stream().map(Segment::file).toList();
    }

    @Test
    void aForeignAndARenamedSegmentAreNamed() throws IOException {
        fillThreeSegments(storage);
        MemoryStorage other = new MemoryStorage();
        SegmentedJournal.format(other, Samples.CLUSTER, Samples.B.node(), Samples.B.incarnation());
        try (SegmentedJournal journal =
                SegmentedJournal.open(other, Samples.CLUSTER, Samples.B.node(), JournalOptions.DEFAULT)) {
            journal.append(Samples.founding());
        }
        MemoryStorage mixed = storage.afterKill();
        mixed.replace(FIRST, other.bytes(FIRST));
        JournalInspection foreign = assertAgrees(mixed, "mixed");
        assertEquals(
                "segment foreign", Objects.requireNonNull(foreign.refusal()).label());
        assertEquals(
                "other cluster, node, incarnation or founding",
                foreign.segments().get(0).header());

        MemoryStorage renamed = storage.afterKill();
        renamed.replace(SECOND, storage.bytes(FIRST));
        JournalInspection told = assertAgrees(renamed, "renamed");
        assertEquals("segment renamed", Objects.requireNonNull(told.refusal()).label());
        assertEquals("name of another sequence", told.segments().get(1).header());
    }

    @Test
    void theOnlyVoterInDoubtIsRefused() throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        SegmentedJournal journal = open(storage);
        Founding alone = new Founding(
                Samples.FOUNDING.id(),
                new Membership(1, List.of(Samples.A), List.of(), new QuorumSystem.Majority(), 64));
        journal.append(
                List.of(new DurableRecord.FoundingAdopted(alone), new DurableRecord.FoundingActivated(alone.id())));
        journal.append(List.of(accepted(1, ONE, value(1, 40))));
        journal.markIdle();
        MemoryStorage copy = storage.afterKill();
        copy.flip(FIRST, SegmentHeader.BYTES + RecordHeader.BYTES);
        JournalInspection told = assertAgrees(copy, "alone");
        assertEquals(Verdict.REFUSED, told.verdict());
        assertEquals(1, told.damage().size());
    }

    @Test
    void aDirectoryWithoutAJournalAndOneThatLostItsIdentityAreTold() throws IOException {
        JournalInspection empty = assertAgrees(storage, "empty");
        assertEquals(Verdict.NO_JOURNAL, empty.verdict());
        assertEquals("not formatted", Objects.requireNonNull(empty.refusal()).label());
        assertEquals(
                Verdict.NO_JOURNAL,
                inspect(new FileStorage(home.resolve("none"))).verdict());
        assertTrue(Files.notExists(home.resolve("none")));

        fillThreeSegments(storage);
        storage.remove("identity");
        JournalInspection lost = assertAgrees(storage, "identity lost");
        assertEquals(Verdict.REFUSED, lost.verdict());
        assertEquals("identity lost", Objects.requireNonNull(lost.refusal()).label());
        assertEquals(3, lost.segments().size());
        assertNull(lost.owner());
    }

    @Test
    void aDirectoryThatWasFormattedAndNeverStartedIsSound() throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        assertEquals(Verdict.SOUND, assertAgrees(storage, "fresh").verdict());
    }

    @Test
    void whatLaterSegmentsReplaceIsSuperseded() throws IOException {
        SegmentedJournal journal = founded(storage);
        fill(journal);
        byte[] old = storage.bytes(FIRST);
        journal.close();
        open(storage).close();
        storage.replace(FIRST, old);
        JournalInspection told = assertAgrees(storage.afterKill(), "superseded");
        assertEquals(Reading.SUPERSEDED, told.segments().get(0).reading());
        assertEquals(Reading.READ, told.segments().get(1).reading());
        assertEquals(Verdict.SOUND, told.verdict());
    }

    @Test
    void aFailingReadIsToldAndIsNoDamage() throws IOException {
        SegmentedJournal journal = founded(storage);
        fill(journal);
        MemoryStorage copy = storage.afterKill();
        copy.failRead(4);
        JournalInspection told = inspect(copy);
        JournalInspection.Refusal refusal = Objects.requireNonNull(told.refusal());
        assertNull(refusal.kind());
        assertTrue(refusal.message().contains("cannot be read"), refusal.message());
        assertEquals(Verdict.REFUSED, told.verdict());
    }

    @Test
    void aRunningNodeIsToldAndNotReadInThisProcessAndFromAnother() throws Exception {
        Path directory = home.resolve("n1");
        FileStorage files = new FileStorage(directory);
        try (SegmentedJournal journal = founded(files)) {
            fill(journal);
            assertRunning(inspect(files));
        }
        assertEquals(Verdict.SOUND, inspect(files).verdict());

        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JournalProcess.class.getName(),
                        "hold",
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            assertEquals("open", process.inputReader().readLine());
            assertRunning(inspect(files));
        } finally {
            process.destroyForcibly();
            assertTrue(process.waitFor(30, TimeUnit.SECONDS));
        }
        assertEquals(Verdict.SOUND, inspect(files).verdict());
    }

    private static void assertRunning(JournalInspection told) {
        assertTrue(told.isRunning());
        assertEquals(Verdict.RUNNING, told.verdict());
        JournalInspection.Refusal refusal = Objects.requireNonNull(told.refusal());
        assertEquals(JournalException.Kind.LOCKED, refusal.kind());
        assertEquals("in use", refusal.label());
        assertNull(told.summary());
        assertEquals(Samples.A, Objects.requireNonNull(told.owner()).member());
    }

    @Test
    void aNodeThatStartsMeanwhileIsNoticed() throws IOException {
        fillThreeSegments(storage);
        List<JournalInspection> during = new ArrayList<>();
        Listener starting = new Listener() {
            private boolean started;

            @Override
            public void record(Line line) {
                if (!started) {
                    started = true;
                    try {
                        open(storage).close();
                    } catch (IOException failed) {
                        throw new AssertionError(failed);
                    }
                }
            }
        };
        during.add(JournalInspection.of(storage, () -> 0, starting));
        assertRunning(during.get(0));
    }

    @Test
    void nothingIsWrittenAndNoTimeOfAFileChanges() throws IOException {
        Path directory = home.resolve("n1");
        FileStorage files = new FileStorage(directory);
        fillThreeSegments(files);
        Files.writeString(directory.resolve("identity.new"), "left behind by a crash");
        FileTime old = FileTime.fromMillis(1_000_000_000_000L);
        List<Path> all;
        try (Stream<Path> walk = Files.walk(directory)) {
            all = walk.toList();
        }
        TreeMap<Path, byte[]> before = new TreeMap<>();
        for (Path each : all) {
            if (Files.isRegularFile(each)) {
                before.put(each, Files.readAllBytes(each));
            }
            Files.setLastModifiedTime(each, old);
        }
        assertEquals(Verdict.SOUND, inspect(files).verdict());
        try (Stream<Path> walk = Files.walk(directory)) {
            assertEquals(all.size(), walk.count());
        }
        for (Path each : all) {
            assertEquals(old, Files.getLastModifiedTime(each), each.toString());
            if (Files.isRegularFile(each)) {
                assertEquals(0, Arrays.compare(before.get(each), Files.readAllBytes(each)), each.toString());
            }
        }
        // The lock was given back.
        open(files).close();
    }

    @Test
    void aDirectoryWithoutALockFileIsReadAndGetsNone() throws IOException {
        Path directory = home.resolve("copy");
        fillThreeSegments(new FileStorage(directory));
        Files.delete(directory.resolve("lock"));
        assertEquals(Verdict.SOUND, inspect(new FileStorage(directory)).verdict());
        assertTrue(Files.notExists(directory.resolve("lock")));
    }

    @Test
    void progressIsToldAtMostEachHalfSecondAndEndsWithinTheFiles() throws IOException {
        fillThreeSegments(storage);
        long total = 0;
        for (String file : List.of(FIRST, SECOND, THIRD)) {
            total += storage.bytes(file).length;
        }
        storage.shortenTransfers(1_000);
        long[] nanos = {0};
        List<Long> told = new ArrayList<>();
        List<Long> at = new ArrayList<>();
        List<Long> totals = new ArrayList<>();
        Listener listener = new Listener() {
            @Override
            public void progress(long bytesRead, long bytesTotal) {
                told.add(bytesRead);
                at.add(nanos[0]);
                totals.add(bytesTotal);
            }
        };
        JournalInspection.of(storage, () -> nanos[0] += TimeUnit.MILLISECONDS.toNanos(200), listener);
        assertTrue(told.size() >= 3, told.toString());
        for (int i = 1; i < told.size(); i++) {
            assertTrue(told.get(i) > told.get(i - 1), told.toString());
            assertTrue(at.get(i) - at.get(i - 1) >= TimeUnit.MILLISECONDS.toNanos(500), at.toString());
        }
        assertTrue(told.get(told.size() - 1) <= total, told.toString());
        assertEquals(total, totals.get(0));
    }
}
