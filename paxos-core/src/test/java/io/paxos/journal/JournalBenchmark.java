// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import com.sun.nio.file.ExtendedOpenOption;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.Value;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The journal against the bare disk, in one run: group commit, recovery, bytes on the device, memory.
 *
 * <p>{@code java -Xmx256m -cp … io.paxos.journal.JournalBenchmark DIRECTORY [LOG_MIB]}. The directory has to be on the disk
 * to be measured; a log of 4096 MiB is what the last bar asks for. What the figures mean, and were, is in
 * {@code docs/performance.md}.
 */
final class JournalBenchmark {

    private static final int BATCH = 64;
    private static final int BATCH_BYTES = BATCH * (RecordHeader.BYTES + 256);
    private static final int COMMITS_PER_SEGMENT = JournalOptions.DEFAULT.segmentBytesMax() / BATCH_BYTES;
    private static final int COMMITS_PER_BLOCK = 50;
    private static final int PAIRS = 300;
    private static final Ballot ONE = Samples.ballot(1, Samples.A);

    private final Path directory;
    private final PrintStream out;

    private JournalBenchmark(Path directory, PrintStream out) {
        this.directory = directory;
        this.out = out;
    }

    /** Runs all of it. */
    public static void main(String[] arguments) throws IOException {
        if (arguments.length < 1 || arguments.length > 2) {
            throw new IllegalArgumentException("arguments: DIRECTORY [LOG_MIB]");
        }
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        long mebibytes = arguments.length == 2 ? Long.parseLong(arguments[1]) : 512;
        JournalBenchmark benchmark = new JournalBenchmark(directory, System.out);
        benchmark.groupCommit();
        benchmark.deviceBytes();
        benchmark.recovery(mebibytes << 20);
    }

    private void print(String format, Object... arguments) {
        out.println(String.format(Locale.ROOT, format, arguments));
    }

    // ---- group commit ---------------------------------------------------------------------------------------

    private static Value value(int bytes) {
        byte[] content = new byte[bytes];
        Arrays.fill(content, (byte) 7);
        return Value.of(content);
    }

    private static List<DurableRecord> batch(long firstSlot, Value value) {
        List<DurableRecord> records = new ArrayList<>(BATCH);
        for (int i = 0; i < BATCH; i++) {
            records.add(Samples.accepted(firstSlot + i, ONE, value));
        }
        return records;
    }

    private SegmentedJournal founded(String name) throws IOException {
        Path path = directory.resolve(name);
        delete(path);
        FileStorage storage = new FileStorage(path);
        SegmentedJournal.format(storage, Samples.CLUSTER, Samples.A.node(), Samples.A.incarnation());
        SegmentedJournal journal = open(name);
        journal.append(Samples.founding());
        return journal;
    }

    private SegmentedJournal open(String name) throws IOException {
        return SegmentedJournal.open(
                new FileStorage(directory.resolve(name)), Samples.CLUSTER, Samples.A.node(), JournalOptions.DEFAULT);
    }

    /** Writes and forces one batch; what it is compared with does the same to as many bytes. */
    private interface Commit {
        void run() throws IOException;
    }

    /**
     * Three lives of a journal, each against a bare file in the same state: what is written over blocks that the file has
     * already is about twice as fast as what makes it longer.
     */
    private void groupCommit() throws IOException {
        Value value = value(256);
        Pairs first = new Pairs();
        while (first.count() < PAIRS) {
            try (SegmentedJournal journal = founded("commit");
                    BareFile growing = BareFile.growing(directory.resolve("raw"))) {
                JournalCommits commits = new JournalCommits(journal, value, false);
                for (int commit = 0; commit < COMMITS_PER_SEGMENT / 2; commit += COMMITS_PER_BLOCK) {
                    first.add(commits::next, growing::commit);
                }
            }
        }
        first.print("the first segment after a start; the bare file grows");
        Pairs later = new Pairs();
        try (SegmentedJournal journal = founded("commit");
                BareFile growing = BareFile.growing(directory.resolve("raw"))) {
            JournalCommits commits = new JournalCommits(journal, value, false);
            while (later.count() < PAIRS) {
                later.add(commits::next, growing::commit);
            }
        }
        later.print("segment after segment, none trimmed; the bare file grows");
        Pairs reused = new Pairs();
        Pairs direct = new Pairs();
        try (SegmentedJournal journal = founded("commit");
                BareFile again = BareFile.usedAgain(directory.resolve("raw"));
                BareFile directly = directFile(directory.resolve("raw-direct"))) {
            JournalCommits commits = new JournalCommits(journal, value, true);
            for (int i = 0; i < 3 * COMMITS_PER_SEGMENT; i++) {
                commits.next();
            }
            while (reused.count() < PAIRS) {
                reused.add(commits::next, again::commit);
                if (directly != null) {
                    direct.add(commits::next, directly::commit);
                }
            }
        }
        reused.print("segments used again; the bare file is written over again");
        if (direct.count() > 0) {
            direct.print("segments used again; the bare file is written over again, past the page cache");
        }
        delete(directory.resolve("commit"));
        Files.delete(directory.resolve("raw"));
        Files.deleteIfExists(directory.resolve("raw-direct"));
    }

    /** {@return null where it says why there is none} */
    private @Nullable BareFile directFile(Path path) throws IOException {
        try {
            return BareFile.usedAgainDirectly(path);
        } catch (IOException | UnsupportedOperationException refused) {
            print("no bare file past the page cache: %s", refused);
            return null;
        }
    }

    /**
     * Short blocks of both, one right after the other and in changing order, so that what else the machine does hits both.
     * The median says what a commit costs; what comes once a segment is in the sum of all.
     */
    private final class Pairs {

        private final List<double[]> micros = new ArrayList<>();

        int count() {
            return micros.size();
        }

        void add(Commit journal, Commit bare) throws IOException {
            boolean journalFirst = count() % 2 == 0;
            double before = journalFirst ? 0 : microsEach(bare);
            double own = microsEach(journal);
            micros.add(new double[] {own, journalFirst ? microsEach(bare) : before});
        }

        void print(String what) {
            double[] ratios = sorted(each -> 100 * each[1] / each[0]);
            double[] own = sorted(each -> each[0]);
            double[] bare = sorted(each -> each[1]);
            int half = count() / 2;
            JournalBenchmark.this.print(
                    "group commit, %d x 256 B, %s:%n    journal %.0f us, bare write + force of as many bytes %.0f us;"
                            + " median of %d pairs %.0f %% (quartiles %.0f, %.0f; bar: 87 %%); all together %.0f %%",
                    BATCH,
                    what,
                    own[half],
                    bare[half],
                    count(),
                    ratios[half],
                    ratios[count() / 4],
                    ratios[count() * 3 / 4],
                    100 * Arrays.stream(bare).sum() / Arrays.stream(own).sum());
        }

        private double[] sorted(ToDoubleFunction<double[]> what) {
            return micros.stream().mapToDouble(what).sorted().toArray();
        }
    }

    private static double microsEach(Commit commit) throws IOException {
        long start = System.nanoTime();
        for (int i = 0; i < COMMITS_PER_BLOCK; i++) {
            commit.run();
        }
        return (System.nanoTime() - start) / 1e3 / COMMITS_PER_BLOCK;
    }

    /** Batches for a journal, one after the other. */
    private static final class JournalCommits {

        private final SegmentedJournal journal;
        private final Value value;
        private final boolean trims;
        private long slot = 1;
        private int commits;

        private JournalCommits(SegmentedJournal journal, Value value, boolean trims) {
            this.journal = journal;
            this.value = value;
            this.trims = trims;
        }

        void next() throws IOException {
            List<DurableRecord> records = batch(slot, value);
            slot += BATCH;
            if (trims && ++commits % COMMITS_PER_SEGMENT == 0) {
                records.add(Samples.knownChosen(slot - 1));
                records.add(new DurableRecord.Trimmed(slot - 1));
            }
            journal.append(records);
            journal.prepare();
        }
    }

    /** What the journal is measured against: the same number of bytes, one write and one force for each batch. */
    private static final class BareFile implements AutoCloseable {

        private final FileChannel channel;
        private final long bytesMax;
        private final ByteBuffer bytes;
        private final boolean isForced;
        private long position;

        /**
         * @param bytesMax where it begins anew
         * @param bytes of a commit
         * @param isForced false if a write is durable when it returns
         */
        private BareFile(FileChannel channel, long bytesMax, ByteBuffer bytes, boolean isForced) {
            this.channel = channel;
            this.bytesMax = bytesMax;
            this.bytes = bytes;
            this.isForced = isForced;
        }

        static BareFile growing(Path path) throws IOException {
            return new BareFile(
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.TRUNCATE_EXISTING,
                            StandardOpenOption.WRITE),
                    Long.MAX_VALUE,
                    ByteBuffer.allocateDirect(BATCH_BYTES),
                    true);
        }

        /** As large as a segment, written and forced before, and then from its start again and again. */
        static BareFile usedAgain(Path path) throws IOException {
            BareFile file = growing(path);
            int size = JournalOptions.DEFAULT.segmentBytesMax();
            ByteBuffer zeros = ByteBuffer.allocateDirect(1 << 20);
            for (int at = 0; at < size; at += zeros.capacity()) {
                for (zeros.clear(); zeros.hasRemaining(); ) {
                    file.channel.write(zeros, at + zeros.position());
                }
            }
            file.channel.force(true);
            return new BareFile(file.channel, size, file.bytes, true);
        }

        /** The same by whole blocks past the page cache, each write durable when it returns. */
        static BareFile usedAgainDirectly(Path path) throws IOException {
            try (BareFile written = usedAgain(path)) {
                FileChannel channel = FileChannel.open(
                        path, StandardOpenOption.WRITE, StandardOpenOption.DSYNC, ExtendedOpenOption.DIRECT);
                return new BareFile(
                        channel,
                        written.bytesMax,
                        FileBytes.blocks((int) FileBytes.wholeBlocks(BATCH_BYTES, FileBytes.BLOCK_BYTES)),
                        false);
            }
        }

        void commit() throws IOException {
            bytes.clear();
            if (position + bytes.remaining() > bytesMax) {
                position = 0;
            }
            while (bytes.hasRemaining()) {
                position += channel.write(bytes, position);
            }
            if (isForced) {
                channel.force(false);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    // ---- bytes on the device --------------------------------------------------------------------------------

    /** Sectors of 512 bytes written by the device that holds the directory; -1 where nobody counts them. */
    private long sectorsWritten() throws IOException {
        long device = ((Number) Files.getAttribute(directory, "unix:dev")).longValue();
        long major = ((device >> 8) & 0xfff) | ((device >> 32) & ~0xfffL);
        long minor = (device & 0xff) | ((device >> 12) & ~0xffL);
        Path stat = Path.of("/sys/dev/block/" + major + ":" + minor + "/stat");
        if (!Files.isReadable(stat)) {
            return -1;
        }
        return Long.parseLong(Files.readString(stat).strip().split("\\s+", -1)[6]);
    }

    /** Steady state: what was written is trimmed again, so that segments are used over and over. */
    private void deviceBytes() throws IOException {
        Value value = value(4 << 10);
        try (SegmentedJournal journal = founded("device")) {
            long slot = 1;
            long payload = 0;
            long before = 0;
            for (int i = 0; i < 3_000; i++) {
                if (i == 1_500) {
                    before = sectorsWritten();
                    payload = 0;
                }
                journal.append(batch(slot, value));
                journal.prepare();
                slot += BATCH;
                payload += BATCH * (4L << 10);
                if (i % 200 == 199) {
                    journal.append(List.of(Samples.knownChosen(slot - 1), new DurableRecord.Trimmed(slot - 1)));
                }
            }
            long sectors = sectorsWritten() - before;
            if (before < 0) {
                print("device bytes per payload byte: not counted here, the directory is on no block device");
            } else {
                print(
                        "device bytes per payload byte, %d x 4 KiB, segments trimmed: %.3f (bar: 1.1)",
                        BATCH, sectors * 512.0 / payload);
            }
        }
        delete(directory.resolve("device"));
    }

    // ---- recovery -------------------------------------------------------------------------------------------

    private void recovery(long logBytes) throws IOException {
        Value value = value(4 << 10);
        try (SegmentedJournal journal = founded("log")) {
            long slot = 1;
            for (long bytes = 0; bytes < logBytes; bytes += BATCH * (4L << 10)) {
                List<DurableRecord> records = batch(slot, value);
                slot += BATCH;
                records.add(Samples.knownChosen(slot - 1));
                journal.append(records);
            }
        }
        double bareBest = 0;
        double openBest = 0;
        for (int round = 0; round < 3; round++) {
            long start = System.nanoTime();
            long read = readBare();
            bareBest = Math.max(bareBest, read / 1e6 / ((System.nanoTime() - start) / 1e9));
            start = System.nanoTime();
            SegmentedJournal journal = open("log");
            openBest = Math.max(openBest, read / 1e6 / ((System.nanoTime() - start) / 1e9));
            journal.close();
        }
        print(
                "recovery of %d MiB on a heap of %d MiB: %.0f MB/s, bare sequential read with CRC32C %.0f MB/s: %.0f %%"
                        + " (bar: 500 MB/s or 80 %%)",
                logBytes >> 20, Runtime.getRuntime().maxMemory() >> 20, openBest, bareBest, 100 * openBest / bareBest);
        delete(directory.resolve("log"));
    }

    private long readBare() throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 20);
        CRC32C crc = new CRC32C();
        long bytes = 0;
        for (Path file : filesIn(directory.resolve("log"))) {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
                for (int read = channel.read(buffer.clear()); read > 0; read = channel.read(buffer.clear())) {
                    crc.update(buffer.flip());
                    bytes += read;
                }
            }
        }
        return bytes;
    }

    private static List<Path> filesIn(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            return files.sorted().toList();
        }
    }

    private static void delete(Path path) throws IOException {
        if (Files.isDirectory(path)) {
            for (Path file : filesIn(path)) {
                Files.delete(file);
            }
            Files.delete(path);
        }
    }
}
