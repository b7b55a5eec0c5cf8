// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

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
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The journal against the bare disk, in one run: group commit, recovery, bytes on the device, memory.
 *
 * <p>{@code java -Xmx256m -cp … io.paxos.journal.JournalBenchmark DIRECTORY [LOG_MIB]}. The directory has to be on the disk
 * to be measured; a log of 4096 MiB is what the last bar asks for.
 */
final class JournalBenchmark {

    private static final int BATCH = 64;
    private static final int ROUNDS = 5;
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

    /** Alternating, so that what else the disk does hits both; the best round of each counts. */
    private void groupCommit() throws IOException {
        Value value = value(256);
        int batchBytes = BATCH * (RecordHeader.BYTES + 256);
        double journalBest = 0;
        double rawBest = 0;
        try (SegmentedJournal journal = founded("commit");
                FileChannel raw = FileChannel.open(
                        directory.resolve("raw"),
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(batchBytes);
            long slot = 1;
            long position = 0;
            for (int round = 0; round < ROUNDS; round++) {
                int times = 600;
                long start = System.nanoTime();
                for (int i = 0; i < times; i++) {
                    journal.append(batch(slot, value));
                    journal.prepare();
                    slot += BATCH;
                }
                journalBest = Math.max(journalBest, perSecond(times, start));
                start = System.nanoTime();
                for (int i = 0; i < times; i++) {
                    bytes.clear();
                    while (bytes.hasRemaining()) {
                        position += raw.write(bytes, position);
                    }
                    raw.force(false);
                }
                rawBest = Math.max(rawBest, perSecond(times, start));
            }
        }
        print(
                "group commit, %d x 256 B: journal %.0f commits/s, bare write + force of as many bytes %.0f: %.0f %%"
                        + " (bar: 87 %%)",
                BATCH, journalBest, rawBest, 100 * journalBest / rawBest);
        delete(directory.resolve("commit"));
        Files.delete(directory.resolve("raw"));
    }

    private static double perSecond(long count, long startNanos) {
        return count * 1e9 / (System.nanoTime() - startNanos);
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
