// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/**
 * Writes values of 1 KiB to a KV server over a few connections, each with many writes under way as an asynchronous client
 * has them: as fast as it can, or at a rate. It takes little of the machine that it shares with the servers.
 */
final class KvLoad {

    static final int CONNECTIONS = 8;
    static final int UNDER_WAY_EACH = 32;

    private static final int BUFFER_BYTES = 64 << 10;
    private static final byte[] VALUE = "x".repeat(1_024).getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\r\n".getBytes(StandardCharsets.US_ASCII);

    private final long perSecond;
    private final LongSupplier keys;
    private final long begun = System.nanoTime();
    private final List<Connection> connections = new ArrayList<>();
    private final AtomicLong begunWrites = new AtomicLong();
    private volatile long writesMax = Long.MAX_VALUE;

    /**
     * Begins.
     *
     * @param port of the server
     * @param perSecond how many writes become due in a second; 0 for as many as it can
     * @param keys where each goes
     */
    KvLoad(int port, long perSecond, LongSupplier keys) {
        this.perSecond = perSecond;
        this.keys = keys;
        try {
            for (int i = 0; i < CONNECTIONS; i++) {
                connections.add(new Connection(i, new Socket(InetAddress.getLoopbackAddress(), port)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        connections.forEach(Connection::start);
    }

    /** To keys below that, at random. */
    static KvLoad random(int port, long perSecond, int keys) {
        SplittableRandom random = new SplittableRandom(perSecond);
        return new KvLoad(port, perSecond, () -> {
            synchronized (random) {
                return random.nextInt(keys);
            }
        });
    }

    /** Writes each key below that once, and returns how many writes failed. */
    static long fill(int port, int keys) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        KvLoad load = new KvLoad(port, 0, () -> next.getAndIncrement() % keys);
        load.writesMax = keys;
        load.awaitEnd();
        return load.failed();
    }

    /** Ends, with every write that has begun. */
    void stop() throws InterruptedException {
        writesMax = 0;
        awaitEnd();
    }

    private void awaitEnd() throws InterruptedException {
        for (Connection each : connections) {
            each.writer.join();
            each.reader.join();
        }
    }

    long failed() {
        return connections.stream().mapToLong(each -> each.failed).sum();
    }

    /** After the end: how long each successful write took, from when it was due; ascending, in nanoseconds. */
    long[] latencies() {
        return connections.stream()
                .flatMapToLong(each -> Arrays.stream(each.nanos, 0, each.answered))
                .sorted()
                .toArray();
    }

    /** After the end. */
    @Override
    public String toString() {
        long[] sorted = latencies();
        return String.format(
                "%d writes, %d failed, p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, highest %.1f ms",
                sorted.length, failed(), at(sorted, 0.5), at(sorted, 0.99), at(sorted, 0.999), at(sorted, 1));
    }

    private static double at(long[] sorted, double part) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.min(sorted.length - 1, sorted.length * part)] / 1e6;
    }

    private final class Connection {
        private final int number;
        private final Socket socket;
        private final Semaphore room = new Semaphore(UNDER_WAY_EACH);
        private final ConcurrentLinkedQueue<Long> due = new ConcurrentLinkedQueue<>();
        private long[] nanos = new long[1 << 16];
        private int answered;
        private final Thread writer = new Thread(() -> quietly(this::write));
        private final Thread reader = new Thread(() -> quietly(this::read));
        private volatile boolean wroteAll;
        private long failed;

        Connection(int number, Socket socket) throws IOException {
            this.number = number;
            this.socket = socket;
            socket.setTcpNoDelay(true);
        }

        void start() {
            writer.start();
            reader.start();
        }

        /** The n-th write of this connection is due then: the connections take turns. */
        private long dueAt(long n) {
            return perSecond == 0 ? begun : begun + (n * CONNECTIONS + number) * 1_000_000_000L / perSecond;
        }

        private void write() throws IOException {
            OutputStream out = new BufferedOutputStream(socket.getOutputStream(), BUFFER_BYTES);
            for (long n = 0; begunWrites.getAndIncrement() < writesMax; n++) {
                long at = dueAt(n);
                if (at > System.nanoTime() || room.availablePermits() == 0) {
                    out.flush();
                }
                for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                room.acquireUninterruptibly();
                due.add(perSecond == 0 ? System.nanoTime() : at);
                byte[] key = ("key-" + keys.getAsLong()).getBytes(StandardCharsets.US_ASCII);
                out.write(("*3\r\n$3\r\nSET\r\n$" + key.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(key);
                out.write(("\r\n$" + VALUE.length + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(VALUE);
                out.write(END);
            }
            out.flush();
            wroteAll = true;
            socket.shutdownOutput(); // the server answers what there is, and closes
        }

        private void read() throws IOException {
            try (socket) {
                InputStream in = new BufferedInputStream(socket.getInputStream());
                for (int first = in.read(); first >= 0; first = in.read()) {
                    while (in.read() != '\n') {
                        // What went wrong is in the server's log.
                    }
                    long since = due.remove();
                    if (first == '+') {
                        nanos = answered < nanos.length ? nanos : Arrays.copyOf(nanos, 2 * answered);
                        nanos[answered++] = System.nanoTime() - since;
                    } else {
                        failed++;
                    }
                    room.release();
                }
            } finally {
                failed += due.size();
                room.release(UNDER_WAY_EACH);
            }
        }

        private void quietly(Body body) {
            try {
                body.run();
            } catch (IOException e) {
                if (!wroteAll) {
                    System.out.println("connection " + number + ": " + e);
                }
            }
        }
    }

    private interface Body {
        void run() throws IOException;
    }
}
