// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * How long it takes until 256 bytes are on the disk. Which way is the fastest is the file system's and the device's affair, so
 * each is tried, and the fastest at the median counts: a limit is what the machine can do.
 */
final class RawForces {

    private static final int BLOCK_BYTES = 4_096;
    private static final int FILE_BYTES = 1 << 20;

    private enum Way {
        /** The file grows with each. */
        APPEND_AND_FORCE,
        /** The file has been written before, as a log has that obtains its space ahead. */
        WRITE_OVER_AND_FORCE,
        /** The same by whole blocks, past the page cache, each write durable when it returns. */
        WRITE_OVER_DIRECTLY;

        OpenOption[] options() {
            return this == WRITE_OVER_DIRECTLY
                    ? new OpenOption[] {StandardOpenOption.WRITE, StandardOpenOption.DSYNC, ExtendedOpenOption.DIRECT}
                    : new OpenOption[] {StandardOpenOption.WRITE};
        }

        int bytes() {
            return this == WRITE_OVER_DIRECTLY ? BLOCK_BYTES : RawLimits.MESSAGE_BYTES;
        }
    }

    private RawForces() {}

    /**
     * Measures each way for the span, one after another.
     *
     * @param directory where files are made, and deleted again
     * @param files that are forced at once, each by a thread of its own
     * @param span nanoseconds
     * @return nanoseconds of the fastest way, of all files
     */
    static Histogram measure(Path directory, int files, long span) throws IOException {
        Histogram best = together(directory, files, span, Way.APPEND_AND_FORCE);
        for (Way way : List.of(Way.WRITE_OVER_AND_FORCE, Way.WRITE_OVER_DIRECTLY)) {
            Histogram next = ifPossible(directory, files, span, way);
            if (next != null && RawLimits.micros(next, 50) < RawLimits.micros(best, 50)) {
                best = next;
            }
        }
        return best;
    }

    private static @Nullable Histogram ifPossible(Path directory, int files, long span, Way way) throws IOException {
        try {
            return together(directory, files, span, way);
        } catch (InterruptedIOException interrupted) {
            throw interrupted;
        } catch (IOException refused) {
            if (way == Way.WRITE_OVER_DIRECTLY) {
                return null;
            }
            throw refused;
        }
    }

    private static Histogram together(Path directory, int files, long span, Way way) throws IOException {
        List<Thread> threads = new ArrayList<>();
        List<Histogram> parts = new ArrayList<>();
        List<Exception> failures = new ArrayList<>();
        for (int i = 0; i < files; i++) {
            Path file = directory.resolve("force-" + i);
            Histogram part = RawLimits.histogram();
            parts.add(part);
            threads.add(new Thread(
                    () -> {
                        try {
                            force(file, span, way, part);
                        } catch (IOException | UnsupportedOperationException e) {
                            synchronized (failures) {
                                failures.add(e);
                            }
                        }
                    },
                    "bench-force-" + i));
        }
        threads.forEach(Thread::start);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while forces were measured");
        }
        synchronized (failures) {
            if (!failures.isEmpty()) {
                throw new IOException(
                        "forces cannot be measured in " + directory + ": " + failures.get(0), failures.get(0));
            }
        }
        Histogram all = RawLimits.histogram();
        parts.forEach(all::add);
        return all;
    }

    private static void force(Path file, long span, Way way, Histogram histogram) throws IOException {
        try {
            Files.write(file, new byte[way == Way.APPEND_AND_FORCE ? 0 : FILE_BYTES], StandardOpenOption.CREATE_NEW);
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            try (FileChannel channel = FileChannel.open(file, way.options())) {
                force(channel, span, way, histogram);
            }
        } finally {
            Files.deleteIfExists(file);
        }
    }

    private static void force(FileChannel channel, long span, Way way, Histogram histogram) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(2 * BLOCK_BYTES)
                .alignedSlice(BLOCK_BYTES)
                .limit(way.bytes())
                .slice();
        long position = 0;
        long begin = System.nanoTime();
        for (long before = begin; before - begin < span; ) {
            buffer.clear();
            while (buffer.hasRemaining()) {
                channel.write(buffer, position + buffer.position());
            }
            if (way != Way.WRITE_OVER_DIRECTLY) {
                channel.force(false);
            }
            position += way.bytes();
            if (way != Way.APPEND_AND_FORCE && position + way.bytes() > FILE_BYTES) {
                position = 0;
            }
            long now = System.nanoTime();
            histogram.recordValue(Math.min(RawLimits.NANOS_MAX, now - before));
            before = now;
        }
    }
}
