// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.kv.KvClient.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * What snapshots cost a cluster at work, by hand: arguments are a directory, which must not exist, and the size of the state in
 * MiB. Three server processes with a heap of 1.5 GiB each, values of 1 KiB, clients in this process on the same machine.
 * Prints the p99 of writes at half of the peak throughput, measured from when each was due: without a snapshot, while all take
 * one, while an emptied follower is sent the state; then the rate of that, and how long a restart takes from a snapshot and
 * as much log as a fifth of the state.
 */
final class KvSnapshotBenchmark {

    private static final int CLIENTS = 32;
    private static final int VALUE_BYTES = 1_024;
    private static final List<String> OPTIONS = List.of("--snapshot-every", "0");

    private final KvCluster cluster;
    private final Path home;
    private final int keys;
    private final String value = "x".repeat(VALUE_BYTES);
    private int leader;

    private KvSnapshotBenchmark(Path home, int mebibytes) {
        this.home = home;
        this.keys = mebibytes << 10;
        this.cluster = new KvCluster(home, List.of("-Xmx1536m", "-Xms1536m"));
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Files.createDirectories(Path.of(arguments[0]));
        new KvSnapshotBenchmark(home, Integer.parseInt(arguments[1])).run();
    }

    private void run() throws Exception {
        try (cluster) {
            for (int node = 0; node < KvCluster.NODES; node++) {
                cluster.start(node, OPTIONS);
            }
            for (int node = 0; node < KvCluster.NODES; node++) {
                cluster.awaitReady(node);
            }
            leader = cluster.awaitLeader();
            int follower = (leader + 1) % KvCluster.NODES;
            fill(keys);
            Load peak = new Load(Long.MAX_VALUE);
            peak.runFor(5);
            long half = peak.count() / 5 / 2;
            System.out.println("peak " + peak.count() / 5 + " writes/s, load from here on " + half);
            Load plain = new Load(half);
            plain.runFor(10);
            plain.print("no snapshot");

            Load saving = new Load(half);
            saving.start();
            long begun = System.nanoTime();
            saveAll();
            double seconds = secondsSince(begun);
            saving.stop();
            saving.print("snapshots of all, " + cluster.info(leader, "snapshot_bytes") + " bytes in " + seconds + " s");
            fill(keys / 10);
            saveAll();

            cluster.kill(follower);
            empty(follower);
            Load fetching = new Load(half);
            fetching.start();
            begun = System.nanoTime();
            List<String> rejoin = new ArrayList<>(OPTIONS);
            rejoin.add("--rejoin");
            cluster.start(follower, rejoin);
            cluster.awaitReady(follower);
            seconds = secondsSince(begun);
            fetching.stop();
            long bytes = Long.parseLong(cluster.info(follower, "snapshot_bytes"));
            fetching.print("emptied follower ready after " + seconds + " s, process start included, snapshot " + bytes
                    + " bytes, " + Math.round(bytes / seconds / 1e6) + " MB/s");

            fill(keys / 5);
            cluster.kill(leader == 0 ? 1 : 0);
            int again = leader == 0 ? 1 : 0;
            begun = System.nanoTime();
            cluster.start(again, OPTIONS);
            cluster.awaitReady(again);
            System.out.println("restart from snapshot and log: ready after " + secondsSince(begun) + " s");
        }
    }

    private void saveAll() {
        try (KvClient client = new KvClient()) {
            long[] before = new long[KvCluster.NODES];
            for (int node = 0; node < KvCluster.NODES; node++) {
                before[node] = snapshotSlot(node);
                client.call(cluster.port(node), "BGSAVE");
            }
            for (int node = 0; node < KvCluster.NODES; node++) {
                int each = node;
                KvCluster.await("a snapshot", () -> snapshotSlot(each) > before[each]);
            }
        }
    }

    private long snapshotSlot(int node) {
        return Long.parseLong(cluster.info(node, "snapshot_slot"));
    }

    private void empty(int node) throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("n" + (node + 1)))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    /** The first keys, each once. */
    private void fill(int count) throws InterruptedException {
        AtomicLong next = new AtomicLong();
        onAll(client -> {
            for (long key = next.getAndIncrement(); key < count; key = next.getAndIncrement()) {
                set(client, key);
            }
        });
    }

    private boolean set(KvClient client, long key) {
        return client.set(cluster.port(leader), "key-" + key, value).outcome() == Outcome.ACKNOWLEDGED;
    }

    private interface Work {
        void with(KvClient client);
    }

    private static void onAll(Work work) throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            threads.add(new Thread(() -> {
                try (KvClient client = new KvClient()) {
                    work.with(client);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private static double secondsSince(long nanos) {
        return Math.round((System.nanoTime() - nanos) / 1e7) / 100.0;
    }

    /** Writes to keys at random, each due at its time; latency counts from then on. */
    private final class Load {
        private final long perSecond;
        private final AtomicLong next = new AtomicLong();
        private final List<long[]> latencies = new ArrayList<>();
        private final AtomicLong failed = new AtomicLong();
        private volatile boolean stopped;
        private Thread all = new Thread(() -> {});

        Load(long perSecond) {
            this.perSecond = perSecond;
        }

        void runFor(int seconds) throws InterruptedException {
            start();
            TimeUnit.SECONDS.sleep(seconds);
            stop();
        }

        void start() {
            long begun = System.nanoTime();
            all = new Thread(() -> {
                try {
                    onAll(client -> write(client, begun));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            all.start();
        }

        private void write(KvClient client, long begun) {
            SplittableRandom random =
                    new SplittableRandom(next.get() + Thread.currentThread().getId());
            LongStream.Builder mine = LongStream.builder();
            while (!stopped) {
                long due = perSecond == Long.MAX_VALUE
                        ? System.nanoTime()
                        : begun + next.getAndIncrement() * 1_000_000_000L / perSecond;
                for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                if (set(client, random.nextInt(keys))) {
                    mine.add(System.nanoTime() - due);
                } else {
                    failed.incrementAndGet();
                }
            }
            synchronized (latencies) {
                latencies.add(mine.build().toArray());
            }
        }

        void stop() throws InterruptedException {
            stopped = true;
            all.join();
        }

        long count() {
            return latencies.stream().mapToLong(each -> each.length).sum();
        }

        void print(String what) {
            long[] sorted =
                    latencies.stream().flatMapToLong(Arrays::stream).sorted().toArray();
            System.out.printf(
                    "%s: %d writes, %d failed, p50 %.1f ms, p99 %.1f ms, highest %.1f ms%n",
                    what,
                    sorted.length,
                    failed.get(),
                    sorted[sorted.length / 2] / 1e6,
                    sorted[(int) (sorted.length * 0.99)] / 1e6,
                    sorted[sorted.length - 1] / 1e6);
        }
    }
}
