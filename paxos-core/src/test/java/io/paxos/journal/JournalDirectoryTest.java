// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.ClusterId;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.NodeId;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Whose directory it is, and who may open it. */
final class JournalDirectoryTest {

    private static final JournalOptions SMALL = new JournalOptions(8 << 10);
    private static final JournalOptions SMALL_AHEAD = new JournalOptions(8 << 10, true);

    @TempDir
    private Path directory;

    private static void format(Storage storage) throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
    }

    private static SegmentedJournal open(Storage storage) throws IOException {
        return SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), SMALL);
    }

    private static String assertRefused(JournalException.Kind kind, Executable action) {
        JournalException refused = assertThrows(JournalException.class, action);
        assertEquals(kind, refused.kind(), refused.getMessage());
        return refused.getMessage();
    }

    @Test
    void whatWasNeverFormattedIsNotOpened() throws IOException {
        Storage storage = new FileStorage(directory.resolve("missing"));
        assertFalse(SegmentedJournal.isFormatted(storage));
        assertRefused(JournalException.Kind.NOT_FORMATTED, () -> open(storage));
        assertFalse(Files.exists(directory.resolve("missing")));
    }

    @Test
    void aDirectoryIsFormattedOnce() throws IOException {
        Storage storage = new FileStorage(directory);
        format(storage);
        assertTrue(SegmentedJournal.isFormatted(storage));
        assertRefused(JournalException.Kind.ALREADY_FORMATTED, () -> format(storage));
        assertEquals(List.of("identity", "lock"), storage.list());
    }

    @Test
    void aDirectoryInThePlaceOfALostOneIsVotelessForGood() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SegmentedJournal.formatVoteless(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        for (int boot = 1; boot <= 2; boot++) {
            try (SegmentedJournal journal = open(storage)) {
                assertTrue(journal.recovered().voteless());
                if (boot == 1) {
                    journal.append(Samples.founding());
                }
            }
            SegmentedJournal.renounceVote(storage, Samples.CLUSTER, Samples.A.node());
        }
        try (SegmentedJournal journal = open(storage)) {
            assertTrue(journal.recovered().voteless());
            assertEquals(3, journal.recovered().boot());
            assertEquals(Samples.FOUNDING, journal.recovered().founding());
        }
    }

    @Test
    void aVoteIsRenouncedOnlyBeforeAFoundingIsAdopted() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        format(storage);
        SegmentedJournal.renounceVote(storage, Samples.CLUSTER, Samples.A.node());
        try (SegmentedJournal journal = open(storage)) {
            assertTrue(journal.recovered().voteless());
        }

        MemoryStorage voter = new MemoryStorage();
        format(voter);
        try (SegmentedJournal journal = open(voter)) {
            assertFalse(journal.recovered().voteless());
            journal.append(Samples.founding());
        }
        assertRefused(
                JournalException.Kind.ALREADY_FORMATTED,
                () -> SegmentedJournal.renounceVote(voter, Samples.CLUSTER, Samples.A.node()));
        try (SegmentedJournal journal = open(voter)) {
            assertFalse(journal.recovered().voteless());
        }
    }

    @Test
    void theRemainsOfAJournalAreNotFormattedOver() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        format(storage);
        try (SegmentedJournal journal = open(storage)) {
            journal.append(Samples.founding());
        }
        storage.remove("identity");
        assertFalse(SegmentedJournal.isFormatted(storage));
        assertEquals(
                "journal directory memory: cannot be formatted, it already holds segment-0000000000000001.log",
                assertRefused(JournalException.Kind.ALREADY_FORMATTED, () -> format(storage)));
    }

    @Test
    void snapshotsInTheDirectoryAreLeftAloneAndNotFormattedOver() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        format(storage);
        List<String> snapshots = List.of(
                "snapshot-0000000000000010-0000000000001234-89abcdef.part",
                "snapshot-0000000000000010.snap",
                "snapshot-0000000000000010.snap.damaged",
                "snapshot-0000000000000020.snap.new");
        for (String name : snapshots) {
            storage.replace(name, new byte[] {1, 2, 3});
        }
        for (int start = 0; start < 2; start++) {
            try (SegmentedJournal journal = open(storage)) {
                if (start == 0) {
                    journal.append(Samples.founding());
                }
            }
        }
        assertTrue(storage.list().containsAll(snapshots), () -> storage.list().toString());
        storage.list().stream().filter(name -> !name.startsWith("snapshot-")).forEach(storage::remove);
        assertEquals(
                "journal directory memory: cannot be formatted, it already holds " + snapshots.get(0),
                assertRefused(JournalException.Kind.ALREADY_FORMATTED, () -> format(storage)));
    }

    @Test
    void aNodeOrAClusterOfAnotherNameIsRefused() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        format(storage);
        assertEquals(
                "journal directory memory: belongs to node n1 of cluster sample-cluster, not to node n2 of cluster"
                        + " sample-cluster",
                assertRefused(
                        JournalException.Kind.FOREIGN,
                        () -> SegmentedJournal.open(storage, Samples.CLUSTER, new NodeId(2), SMALL)));
        assertEquals(
                "journal directory memory: belongs to node n1 of cluster sample-cluster, not to node n1 of cluster"
                        + " other",
                assertRefused(
                        JournalException.Kind.FOREIGN,
                        () -> SegmentedJournal.open(storage, new ClusterId("other"), new NodeId(1), SMALL)));
        assertEquals(1, open(storage).recovered().boot());
    }

    @Test
    void aSegmentOfAnotherIncarnationOrFoundingIsRefused() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        format(storage);
        try (SegmentedJournal journal = open(storage)) {
            journal.append(Samples.founding());
        }
        String file = SegmentHeader.fileName(1);
        SegmentHeader ours = SegmentHeader.decode(ByteBuffer.wrap(storage.bytes(file)), file);
        List<SegmentHeader> others = List.of(
                new SegmentHeader(
                        ours.founding(),
                        ours.cluster(),
                        Samples.member(1, 0xdeadL),
                        1,
                        1,
                        1,
                        Forced.NOTHING,
                        Checkpoint.EMPTY),
                new SegmentHeader(
                        ours.founding(), ours.cluster(), Samples.B, 1, 1, 1, Forced.NOTHING, Checkpoint.EMPTY),
                new SegmentHeader(
                        ours.founding(),
                        new ClusterId("other"),
                        ours.member(),
                        1,
                        1,
                        1,
                        Forced.NOTHING,
                        Checkpoint.EMPTY),
                new SegmentHeader(
                        new FoundingId(6, 6),
                        ours.cluster(),
                        ours.member(),
                        1,
                        1,
                        1,
                        Forced.NOTHING,
                        Checkpoint.EMPTY));
        for (SegmentHeader other : others) {
            ByteBuffer bytes = ByteBuffer.allocate(SegmentHeader.BYTES);
            other.encode(bytes);
            storage.replace(file, bytes.array());
            assertTrue(assertRefused(JournalException.Kind.FOREIGN, () -> open(storage))
                    .startsWith("journal file " + file + " at offset 0: it belongs to "));
        }
    }

    @Test
    void aLaterFormatIsNotRead() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        format(storage);
        byte[] bytes = storage.bytes("identity");
        bytes[9] = 2;
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        buffer.putInt(bytes.length - 4, Crc.of(buffer, 0, bytes.length - 4));
        storage.replace("identity", bytes);
        assertRefused(JournalException.Kind.UNSUPPORTED, () -> open(storage));
    }

    @Test
    void aSecondOpenerInThisProcessIsRefusedUntilTheFirstCloses() throws IOException {
        format(new FileStorage(directory));
        SegmentedJournal first = open(new FileStorage(directory));
        for (int attempt = 0; attempt < 2; attempt++) {
            assertEquals(
                    "journal directory " + directory + ": this process has it open already",
                    assertRefused(JournalException.Kind.LOCKED, () -> open(new FileStorage(directory))));
            assertRefused(JournalException.Kind.LOCKED, () -> format(new FileStorage(directory)));
        }
        first.close();
        open(new FileStorage(directory)).close();
    }

    @Test
    void aFailedOpenGivesTheLockBack() throws IOException {
        Storage storage = new FileStorage(directory);
        format(storage);
        Files.write(directory.resolve("identity"), new byte[10]);
        assertRefused(JournalException.Kind.DAMAGED, () -> open(storage));
        assertRefused(JournalException.Kind.DAMAGED, () -> open(storage));
    }

    /** A node that cannot start may be started again by its host, in the same process, any number of times. */
    @Test
    void anOpenThatFailsAnywhereLeavesNoFileOpen() throws IOException {
        FailingStorage storage = new FailingStorage(new FileStorage(directory));
        format(storage);
        try (SegmentedJournal journal = open(storage)) {
            journal.append(Samples.founding());
            journal.append(List.of(Samples.accepted(1, Samples.ballot(1, Samples.A), Samples.value(1, 900))));
        }
        assertEquals(0, storage.openFiles);
        int steps = 0;
        while (!opensWithin(steps, storage)) {
            assertEquals(0, storage.openFiles, "files open behind a failure of step " + steps);
            steps++;
        }
        assertTrue(steps > 10, "an open takes more steps than " + steps + " that change something");
    }

    private static boolean opensWithin(int steps, FailingStorage storage) throws IOException {
        storage.stepsLeft = steps;
        try (SegmentedJournal journal = open(storage)) {
            storage.stepsLeft = Integer.MAX_VALUE;
            assertEquals(1, journal.recovered().votes().size());
            return true;
        } catch (IOException failed) {
            assertEquals("planted", failed.getMessage());
            return false;
        }
    }

    /** What fails on the way from one segment to the next latches the journal shut; its close lets go of all. */
    @Test
    void anAppendThatFailsAnywhereLeavesNoFileOpenBehindTheClose() throws IOException {
        int steps = 0;
        while (!appendsWithin(steps)) {
            steps++;
        }
        assertTrue(steps > 50, "segments take more steps than " + steps);
    }

    private static boolean appendsWithin(int steps) throws IOException {
        FailingStorage storage = new FailingStorage(new MemoryStorage());
        format(storage);
        boolean appended = false;
        try (SegmentedJournal journal =
                SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), SMALL_AHEAD)) {
            journal.append(Samples.founding());
            storage.readsToo = true;
            storage.stepsLeft = steps;
            for (int slot = 1; slot <= 30; slot++) {
                journal.append(List.of(Samples.accepted(slot, Samples.ballot(1, Samples.A), Samples.value(slot, 900))));
                journal.prepare(); // a segment to be written over is there in time, unless that failed
            }
            appended = storage.stepsLeft >= 0;
        } catch (IOException failed) {
            assertTrue(failed.getMessage().endsWith("planted"), failed.getMessage());
        }
        assertEquals(0, storage.openFiles, "files open behind a failure of step " + steps);
        return appended;
    }

    /** Counts the files that are open; every step that changes something fails once no more are left. */
    private static final class FailingStorage extends ForwardingStorage {
        private int openFiles;
        private int stepsLeft = Integer.MAX_VALUE;
        private boolean readsToo;

        FailingStorage(Storage storage) {
            super(storage);
        }

        private void step() throws IOException {
            if (stepsLeft-- <= 0) {
                throw new IOException("planted");
            }
        }

        private StorageFile counted(StorageFile file) {
            openFiles++;
            return new ForwardingFile(file) {
                private boolean open = true;

                @Override
                public int read(ByteBuffer target, long position) throws IOException {
                    if (readsToo) {
                        step();
                    }
                    return super.read(target, position);
                }

                @Override
                public int write(ByteBuffer source, long position) throws IOException {
                    step();
                    return super.write(source, position);
                }

                @Override
                public void force() throws IOException {
                    step();
                    super.force();
                }

                @Override
                public void close() throws IOException {
                    openFiles -= open ? 1 : 0;
                    open = false;
                    super.close();
                }
            };
        }

        @Override
        public StorageFile create(String name) throws IOException {
            step();
            return counted(super.create(name));
        }

        @Override
        public StorageFile open(String name) throws IOException {
            return counted(super.open(name));
        }

        @Override
        public StorageFile openInBlocks(String name) throws IOException {
            step();
            return counted(super.openInBlocks(name));
        }

        @Override
        public void rename(String from, String to) throws IOException {
            step();
            super.rename(from, to);
        }

        @Override
        public void delete(String name) throws IOException {
            step();
            super.delete(name);
        }

        @Override
        public void force() throws IOException {
            step();
            super.force();
        }
    }

    @Test
    void anotherProcessIsRefusedAndADeadOneHoldsNothing() throws Exception {
        format(new FileStorage(directory));
        Process holder = process("hold");
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(holder.getInputStream(), StandardCharsets.UTF_8))) {
            assertEquals("open", output.readLine());
            assertEquals(
                    "journal directory " + directory + ": another process has it open",
                    assertRefused(JournalException.Kind.LOCKED, () -> open(new FileStorage(directory))));
            holder.destroyForcibly().waitFor();
        }
        try (SegmentedJournal journal = open(new FileStorage(directory))) {
            assertEquals(2, journal.recovered().boot());
        }
    }

    /** Fault case 25 for the journal alone: a process is killed in the middle of its appends, again and again. */
    @Test
    void whatAKilledProcessAcknowledgedIsThere() throws Exception {
        format(new FileStorage(directory));
        int acknowledged = 0;
        for (int round = 1; round <= 3; round++) {
            Process writer = process("write");
            try (BufferedReader output =
                    new BufferedReader(new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
                for (int line = 0; line < 40; line++) {
                    acknowledged = Integer.parseInt(output.readLine());
                }
                // Not through the process itself: that would close the pipe with the last lines in it.
                assertTrue(writer.toHandle().destroyForcibly());
                for (String line = output.readLine(); line != null; line = output.readLine()) {
                    acknowledged = Integer.parseInt(line);
                }
            }
            try (SegmentedJournal journal = open(new FileStorage(directory))) {
                assertEquals(2L * round, journal.recovered().boot());
                int there = journal.recovered().votes().size();
                assertTrue(acknowledged <= there, acknowledged + " were acknowledged, " + there + " are there");
                for (int slot = 1; slot <= there; slot++) {
                    assertEquals(
                            JournalProcess.vote(slot),
                            journal.recovered().votes().get(slot - 1));
                }
            }
        }
    }

    private Process process(String what) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        JournalProcess.class.getName(),
                        what,
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    @Test
    void incarnationAndNodeAreNeeded() {
        assertThrows(
                IllegalArgumentException.class,
                () -> SegmentedJournal.format(new MemoryStorage(), Samples.CLUSTER, new NodeId(1), Incarnation.NONE));
    }

    @Test
    void theSegmentSizeHasBounds() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new JournalOptions((8 << 10) - 1));
        assertEquals("segmentBytesMax: 8191 bytes is outside the allowed range 8192..1073741824", refused.getMessage());
        assertThrows(IllegalArgumentException.class, () -> new JournalOptions((1 << 30) + 1));
        assertEquals(1 << 30, new JournalOptions(1 << 30).segmentBytesMax());
    }
}
