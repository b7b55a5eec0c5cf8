// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static io.paxos.journal.Samples.accepted;
import static io.paxos.journal.Samples.ballot;
import static io.paxos.journal.Samples.knownChosen;
import static io.paxos.journal.Samples.value;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Channels of a real file system that do less than asked, or are closed under the journal (hazard S15, fault case 12): a
 * transfer goes on until it is whole, and a closed channel is a failed write.
 */
final class ChannelFaultsTest {

    private static final Ballot ONE = ballot(1, Samples.A);
    private static final int NO_LIMIT = Integer.MAX_VALUE;

    @TempDir
    private Path directory;

    /** Files of a real directory; at most so many bytes move at once, and the newest file can be closed by somebody else. */
    private static final class Channels extends ForwardingStorage {
        private final int bytesMax;
        private final List<StorageFile> written = new ArrayList<>();

        Channels(Path directory, int bytesMax) {
            super(new FileStorage(directory));
            this.bytesMax = bytesMax;
        }

        void closeAllThatAreWritten() throws IOException {
            for (StorageFile file : written) {
                file.close();
            }
        }

        private StorageFile note(StorageFile file) {
            written.add(file);
            return new Trickle(file, bytesMax);
        }

        @Override
        public StorageFile create(String name) throws IOException {
            return note(super.create(name));
        }

        @Override
        public StorageFile open(String name) throws IOException {
            return new Trickle(super.open(name), bytesMax);
        }

        @Override
        public StorageFile openToWrite(String name) throws IOException {
            return note(super.openToWrite(name));
        }

        @Override
        public StorageFile openInBlocks(String name) throws IOException {
            return note(super.openInBlocks(name));
        }
    }

    /** Moves at most so many bytes at once; a block, where nothing less can be moved. */
    private static final class Trickle extends ForwardingStorage.ForwardingFile {
        private final int bytesMax;

        Trickle(StorageFile file, int bytesMax) {
            super(file);
            this.bytesMax = bytesMax;
        }

        private interface Transfer {
            int run() throws IOException;
        }

        private static int limited(ByteBuffer buffer, int bytesMax, Transfer transfer) throws IOException {
            int limit = buffer.limit();
            buffer.limit((int) Math.min(limit, buffer.position() + (long) bytesMax));
            try {
                return transfer.run();
            } finally {
                buffer.limit(limit);
            }
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            int block = blockBytes();
            int most = block == 1 ? bytesMax : Math.max(block, bytesMax & -block);
            return limited(source, most, () -> super.write(source, position));
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return limited(target, bytesMax, () -> super.read(target, position));
        }
    }

    private static Journal founded(Storage storage) throws IOException {
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        Journal journal = open(storage);
        journal.append(Samples.founding());
        return journal;
    }

    private static Journal open(Storage storage) throws IOException {
        return SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), new JournalOptions(8 << 10));
    }

    private static List<DurableRecord> votesFrom(long first, int count, int bytes) {
        List<DurableRecord> records = new ArrayList<>();
        for (long slot = first; slot < first + count; slot++) {
            records.add(accepted(slot, ONE, value(slot, bytes)));
        }
        records.add(knownChosen(first + count - 1));
        return records;
    }

    /** Over the end of segments and with a start in between, so that each kind of file is written so. */
    private static void fill(Path directory, int bytesMax) throws IOException {
        Storage storage = new Channels(directory, bytesMax);
        try (Journal journal = founded(storage)) {
            journal.append(votesFrom(1, 3, 1_000));
            journal.append(votesFrom(4, 8, 1_500));
            journal.markIdle();
        }
        try (Journal journal = open(storage)) {
            journal.append(votesFrom(12, 1, 10));
            assertEquals(12, journal.readChosen(new SlotRange(1, 12), 1_000_000).size());
            assertEquals(List.of(), journal.damage());
        }
    }

    @Test
    void oneByteAtATimeLeavesTheSameFilesAsWholeTransfers() throws IOException {
        Path shortly = directory.resolve("short");
        Path whole = directory.resolve("whole");
        fill(shortly, 1);
        fill(whole, NO_LIMIT);
        List<String> names = new FileStorage(whole).list();
        assertTrue(names.size() > 3, names::toString);
        assertEquals(names, new FileStorage(shortly).list());
        for (String name : names) {
            assertArrayEquals(Files.readAllBytes(whole.resolve(name)), Files.readAllBytes(shortly.resolve(name)), name);
        }
    }

    @Test
    void aWriteThatTakesNothingIsAFailedWrite() throws IOException {
        StorageFile full = new FileStorage(Files.createDirectory(directory.resolve("d"))).create("f");
        try (StorageFile takesNothing = new Trickle(full, 0)) {
            ByteBuffer bytes = ByteBuffer.allocate(10);
            IOException failed = assertThrows(IOException.class, () -> FileBytes.writeFully(takesNothing, bytes, 0));
            assertEquals("a write of 10 bytes at offset 0 wrote nothing", failed.getMessage());
        }
    }

    @Test
    void aClosedChannelIsAFailedWriteThatLatchesTheJournalShut() throws IOException {
        Channels storage = new Channels(directory.resolve("n1"), NO_LIMIT);
        try (Journal journal = founded(storage)) {
            journal.append(votesFrom(1, 2, 50));
            storage.closeAllThatAreWritten();
            assertLatchedShutBy(journal, ClosedChannelException.class, votesFrom(3, 1, 50));
        }
        assertHoldsWhatWasAcknowledged();
    }

    /** Nobody interrupts the thread that appends; if a host's code does it all the same, nothing is told that is not so. */
    @Test
    void anInterruptWhileAppendingIsAFailedWriteThatLatchesTheJournalShut() throws IOException {
        Channels storage = new Channels(directory.resolve("n1"), NO_LIMIT);
        try (Journal journal = founded(storage)) {
            journal.append(votesFrom(1, 2, 50));
            Thread.currentThread().interrupt();
            try {
                assertLatchedShutBy(journal, ClosedByInterruptException.class, votesFrom(3, 1, 50));
            } finally {
                assertTrue(Thread.interrupted());
            }
        }
        assertHoldsWhatWasAcknowledged();
    }

    private static void assertLatchedShutBy(Journal journal, Class<?> cause, List<DurableRecord> batch) {
        JournalException failed = assertThrows(JournalException.class, () -> journal.append(batch));
        assertEquals(JournalException.Kind.FAILED, failed.kind());
        assertInstanceOf(cause, failed.getCause());
        JournalException again = assertThrows(JournalException.class, () -> journal.append(batch));
        assertTrue(again.getMessage().contains("latched shut by an earlier failure"), again.getMessage());
        assertThrows(JournalException.class, journal::markIdle);
        assertThrows(JournalException.class, () -> journal.readChosen(new SlotRange(1, 2), 1_000));
    }

    private void assertHoldsWhatWasAcknowledged() throws IOException {
        try (Journal again = open(new FileStorage(directory.resolve("n1")))) {
            assertEquals(List.of(), again.damage());
            assertEquals(2, again.recovered().knownChosen());
            assertEquals(2, again.readChosen(new SlotRange(1, 9), 1_000).size());
        }
    }
}
