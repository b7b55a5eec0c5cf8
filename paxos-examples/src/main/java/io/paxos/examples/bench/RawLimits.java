// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.HdrHistogram.Histogram;

/**
 * What the machine can do without us: no log that forces each command over a network is faster.
 *
 * @param roundTrips of 256 bytes over a TCP connection on the loopback, between two threads; nanoseconds
 * @param forces of 256 bytes, one after another, in one file, by the fastest of the {@linkplain RawForces ways}; nanoseconds
 * @param forcesTogether the same to as many files at once as there are nodes, of all files; nanoseconds
 * @param files how many those are
 * @param spanMillis that each was measured for
 * @param crcBytesPerSecond of CRC32C over 4 KiB on one processor
 */
record RawLimits(
        Histogram roundTrips,
        Histogram forces,
        Histogram forcesTogether,
        int files,
        long spanMillis,
        double crcBytesPerSecond) {

    static final int MESSAGE_BYTES = 256;
    private static final int PAIRS = 4;
    private static final int CRC_BYTES = 4_096;
    private static final int CRC_REPEATS = 16;
    static final long NANOS_MAX = TimeUnit.MINUTES.toNanos(1);
    private static final int DIGITS = 3;
    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * Measures all of them, one after another: eight times the span, and half of one to warm up the first.
     *
     * @param directory where files are made, and deleted again
     */
    static RawLimits measure(Path directory, int files, long spanMillis) throws IOException {
        long span = TimeUnit.MILLISECONDS.toNanos(spanMillis);
        return new RawLimits(
                pingPong(span),
                RawForces.measure(directory, 1, span),
                RawForces.measure(directory, files, span),
                files,
                spanMillis,
                crc(span));
    }

    double roundTripMicros() {
        return micros(roundTrips, 50);
    }

    double forceMicros() {
        return micros(forces, 50);
    }

    double forceTogetherMicros() {
        return micros(forcesTogether, 50);
    }

    /** Forces a second, one after another. */
    double forcesPerSecond() {
        return forces.getTotalCount() * 1e3 / spanMillis;
    }

    /** Forces a second of each of the files. */
    double forcesTogetherPerSecond() {
        return forcesTogether.getTotalCount() * 1e3 / spanMillis / files;
    }

    static double micros(Histogram histogram, double percentile) {
        return histogram.getValueAtPercentile(percentile) / NANOS_PER_MICRO;
    }

    static Histogram histogram() {
        return new Histogram(NANOS_MAX, DIGITS);
    }

    // ---- network -------------------------------------------------------------------------------------------------

    /**
     * The fastest of several pairs of threads: which processors a pair is put on, and whether they had gone to sleep, makes a factor
     * of three, and a limit is what the machine can do.
     */
    private static Histogram pingPong(long span) throws IOException {
        Histogram best = onePair(span / PAIRS);
        for (int i = 1; i < PAIRS; i++) {
            Histogram next = onePair(span / PAIRS);
            best = micros(next, 50) < micros(best, 50) ? next : best;
        }
        return best;
    }

    private static Histogram onePair(long span) throws IOException {
        try (ServerSocketChannel server = ServerSocketChannel.open()) {
            server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            Thread echo = new Thread(() -> echo(server), "bench-echo");
            echo.setDaemon(true);
            echo.start();
            try (SocketChannel channel = SocketChannel.open(server.getLocalAddress())) {
                channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
                pingPong(channel, span / 2);
                return pingPong(channel, span);
            }
        }
    }

    private static Histogram pingPong(SocketChannel channel, long span) throws IOException {
        Histogram histogram = histogram();
        ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE_BYTES);
        long begin = System.nanoTime();
        for (long before = begin; before - begin < span; ) {
            buffer.clear();
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            buffer.clear();
            while (buffer.hasRemaining()) {
                if (channel.read(buffer) < 0) {
                    throw new IOException("the loopback connection that measures round trips was closed");
                }
            }
            long now = System.nanoTime();
            histogram.recordValue(Math.min(NANOS_MAX, now - before));
            before = now;
        }
        return histogram;
    }

    private static void echo(ServerSocketChannel server) {
        try (SocketChannel channel = server.accept()) {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            ByteBuffer buffer = ByteBuffer.allocateDirect(MESSAGE_BYTES);
            while (channel.read(buffer) >= 0) {
                buffer.flip();
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException e) {
            // The other end sees the closed connection, and says so.
            return;
        }
    }

    // ---- checksum ------------------------------------------------------------------------------------------------

    private static double crc(long span) {
        byte[] bytes = new byte[CRC_BYTES];
        CRC32C crc = new CRC32C();
        double best = 0;
        int windows = 4;
        for (int window = 0; window < windows; window++) {
            long count = 0;
            long begin = System.nanoTime();
            long now = begin;
            while (now - begin < span / windows) {
                for (int i = 0; i < CRC_REPEATS; i++) {
                    crc.update(bytes, 0, CRC_BYTES);
                    count += CRC_BYTES;
                }
                now = System.nanoTime();
            }
            best = Math.max(best, count * NANOS_PER_SECOND / (now - begin));
        }
        if (crc.getValue() < 0) {
            throw new UncheckedIOException(new IOException("a checksum below 0"));
        }
        return best;
    }
}
