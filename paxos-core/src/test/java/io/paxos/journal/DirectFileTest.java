// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.paxos.model.DurableRecord;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Blocks past the page cache, where the file system is one of those that can, and the ordinary way where it is none. */
final class DirectFileTest {

    private static final int BLOCK_BYTES = FileBytes.BLOCK_BYTES;

    // As Linux has them; the last one is not the same on all processors.
    private static final int O_WRONLY = 1;
    private static final int O_RDWR = 2;
    private static final int O_DSYNC = 0x1000;
    private static final int O_DIRECT =
            switch (System.getProperty("os.arch")) {
                case "aarch64", "arm" -> 0x10000;
                case "ppc64le" -> 0x20000;
                default -> 0x4000;
            };

    private static final Path IN_MEMORY = Path.of("/dev/shm");

    @TempDir
    private Path directory;

    private DirectFile open(Path path) throws IOException {
        DirectFile file = DirectFile.openIfPossible(path);
        return file != null
                ? file
                : abort("skipped: "
                        + directory + " is on a file system without direct writes: "
                        + Files.getFileStore(directory).type());
    }

    private static ByteBuffer random(int blocks, int seed) {
        byte[] bytes = new byte[blocks * BLOCK_BYTES];
        new Random(seed).nextBytes(bytes);
        return FileBytes.blocks(bytes.length).put(bytes).flip();
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.limit()];
        buffer.get(0, bytes);
        return bytes;
    }

    @Test
    void whatIsWrittenIsReadThroughThePageCache() throws IOException {
        Path path = Files.createFile(directory.resolve("f"));
        try (DirectFile file = open(path)) {
            ByteBuffer three = random(3, 1);
            assertEquals(three.limit(), file.write(three, 0));
            assertArrayEquals(bytes(three), Files.readAllBytes(path)); // and now the pages are in the cache
            ByteBuffer one = random(1, 2);
            assertEquals(BLOCK_BYTES, file.write(one, BLOCK_BYTES));
            ByteBuffer read = ByteBuffer.allocate(BLOCK_BYTES);
            FileBytes.readFully(file, "f", read, BLOCK_BYTES);
            assertArrayEquals(bytes(one), read.array());
            assertEquals(3L * BLOCK_BYTES, file.size());
        }
    }

    /** What the kernel has the channel down for; without the second flag nothing would ever be forced. */
    @Test
    void itsWritesAreDirectAndDurable() throws IOException {
        Path path = Files.createFile(directory.resolve("f"));
        try (DirectFile file = open(path)) {
            assertEquals(BLOCK_BYTES, file.blockBytes());
            List<Integer> writing = flagsOfDescriptors(path).stream()
                    .filter(flags -> (flags & (O_WRONLY | O_RDWR)) != 0)
                    .toList();
            assertEquals(1, writing.size(), writing::toString);
            assertEquals(O_DSYNC, writing.get(0) & O_DSYNC);
            assertEquals(O_DIRECT, writing.get(0) & O_DIRECT);
        }
        assertEquals(List.of(), flagsOfDescriptors(path));
    }

    /** Of every descriptor of this process that is open on the file. */
    private static List<Integer> flagsOfDescriptors(Path path) throws IOException {
        List<Integer> flags = new ArrayList<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path each : descriptors.toList()) {
                try {
                    if (Files.readSymbolicLink(each).equals(path.toRealPath())) {
                        flags.add(flagsOf(each.getFileName().toString()));
                    }
                } catch (NoSuchFileException closed) {
                    // Another thread's.
                }
            }
        }
        return flags;
    }

    private static int flagsOf(String descriptor) throws IOException {
        String line = Files.readAllLines(Path.of("/proc/self/fdinfo", descriptor)).stream()
                .filter(info -> info.startsWith("flags:"))
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(line.substring("flags:".length()).strip(), 8);
    }

    /** Some kernels set the length of a file only behind a synchronous write: who was told of it would lose it with the power. */
    @Test
    void aWriteThatMadeTheFileLongerIsForcedBesides() throws IOException {
        Path path = directory.resolve("f");
        Files.write(path, bytes(random(2, 4)));
        FileStorage storage = new FileStorage(directory);
        try (StorageFile reading = storage.open("f");
                CountingForces writing = new CountingForces(storage.openToWrite("f"));
                DirectFile file = new DirectFile(reading, writing)) {
            file.write(random(1, 5), BLOCK_BYTES);
            file.force();
            assertEquals(0, writing.forces, "inside the file");
            file.write(random(2, 6), BLOCK_BYTES);
            file.force();
            assertEquals(1, writing.forces, "over its end");
            file.force();
            file.write(random(1, 7), 2L * BLOCK_BYTES);
            file.force();
            assertEquals(1, writing.forces, "inside again");
            file.write(random(1, 8), 5L * BLOCK_BYTES);
            file.force();
            assertEquals(2, writing.forces, "behind its end");
        }
    }

    /** Says how often it was forced. */
    private static final class CountingForces extends ForwardingStorage.ForwardingFile {
        private int forces;

        CountingForces(StorageFile file) {
            super(file);
        }

        @Override
        public void force() throws IOException {
            forces++;
            super.force();
        }
    }

    @Test
    void openingLeavesABlockThatIsThereAsItIs() throws IOException {
        Path path = directory.resolve("f");
        byte[] before = bytes(random(2, 3));
        Files.write(path, before);
        open(path).close();
        assertArrayEquals(before, Files.readAllBytes(path));
    }

    @Test
    void whatIsNoBlockIsRefused() throws IOException {
        try (DirectFile file = open(Files.createFile(directory.resolve("f")))) {
            ByteBuffer short1 = FileBytes.blocks(BLOCK_BYTES).limit(100);
            assertThrows(IOException.class, () -> file.write(short1, 0));
            assertThrows(IOException.class, () -> file.write(random(1, 1), 100));
        }
    }

    @Test
    void aClosedOneTakesNothing() throws IOException {
        DirectFile file = open(Files.createFile(directory.resolve("f")));
        file.close();
        assertThrows(ClosedChannelException.class, () -> file.write(random(1, 1), 0));
    }

    @Test
    void elsewhereAFileIsWrittenByBytesAndForced() throws IOException {
        assumeTrue(
                Files.isDirectory(IN_MEMORY)
                        && Files.getFileStore(IN_MEMORY).type().equals("tmpfs"),
                "skipped: no tmpfs at " + IN_MEMORY);
        Path home = Files.createTempDirectory(IN_MEMORY, "paxos-direct-file-test-");
        try (StorageFile file = new FileStorage(home).createInBlocks("f")) {
            assertNull(DirectFile.openIfPossible(home.resolve("f")));
            assertEquals(1, file.blockBytes());
            FileBytes.writeFully(file, ByteBuffer.wrap(new byte[] {1, 2, 3}), 0);
            file.force();
            assertEquals(3, file.size());
        } finally {
            Files.deleteIfExists(home.resolve("f"));
            Files.delete(home);
        }
    }

    /**
     * A reader that is always close behind the writer, in the very block that is written over and over, finds each value that was
     * forced: the page cache never shows an older block.
     */
    @Test
    void aReaderCloseBehindTheWriterFindsAllThatWasForced() throws Exception {
        FileStorage storage = new FileStorage(directory.resolve("n1"));
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        try (SegmentedJournal journal =
                SegmentedJournal.open(storage, Samples.CLUSTER, Samples.A.node(), JournalOptions.DEFAULT)) {
            journal.append(Samples.founding());
            int slots = 2_000;
            AtomicLong forced = new AtomicLong();
            AtomicBoolean ended = new AtomicBoolean();
            CompletableFuture<Long> reader =
                    CompletableFuture.supplyAsync(() -> readLatest(journal, forced, slots, ended));
            try {
                for (long slot = 1; slot <= slots && !reader.isDone(); slot++) {
                    journal.append(List.of(new DurableRecord.Accepted(vote(slot)), Samples.knownChosen(slot)));
                    journal.prepare();
                    forced.set(slot);
                }
                assertEquals(slots, reader.get(60, TimeUnit.SECONDS));
            } finally {
                ended.set(true);
            }
        }
    }

    private static Proposal vote(long slot) {
        return Samples.proposal(slot, Samples.ballot(1, Samples.A), Samples.value(slot, (int) (slot * 131 % 900)));
    }

    /** Reads the last slot that was forced, again and again; returns the last one read. */
    private static long readLatest(SegmentedJournal journal, AtomicLong forced, int slots, AtomicBoolean ended) {
        try {
            long seen = 0;
            while (seen < slots && !ended.get()) {
                long last = forced.get();
                if (last > seen) {
                    assertEquals(List.of(vote(last)), journal.readChosen(new SlotRange(last, last), 1 << 20));
                    seen = last;
                } else {
                    Thread.onSpinWait();
                }
            }
            return seen;
        } catch (IOException failed) {
            throw new AssertionError(failed);
        }
    }
}
