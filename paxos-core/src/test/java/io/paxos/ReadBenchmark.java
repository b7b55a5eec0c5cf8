// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Reads and writes per second on three nodes in this JVM, with real directories and the in-process network, at the same
 * concurrency. A program, not a test; {@code docs/performance.md} says how to run it.
 */
final class ReadBenchmark {

    private static final int CONCURRENCY = 64;
    private static final long WARM_MILLIS = 2_000;
    private static final long MEASURED_MILLIS = 4_000;

    private final AtomicLong answers = new AtomicLong();
    private volatile boolean stopped;

    private ReadBenchmark() {}

    /** Prints a line a kind. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        Path directory = Files.createTempDirectory("paxos-read-benchmark");
        try (LocalCluster cluster = new LocalCluster(directory, 3)) {
            for (int number = 1; number <= 3; number++) {
                cluster.startLeased(number);
            }
            for (int number = 1; number <= 3; number++) {
                cluster.node(number).awaitReady(LocalCluster.PATIENCE);
            }
            int leader = cluster.leader();
            double writes = rate(lane -> cluster.node(leader).submit(LocalCluster.bytes("w")));
            print("writes at the leader", writes, writes);
            print("linearizable reads at the leader", rate(lane -> read(cluster, leader, true)), writes);
            print("linearizable reads on all nodes", rate(lane -> read(cluster, 1 + lane % 3, true)), writes);
            print("leased reads at the leader", rate(lane -> read(cluster, leader, false)), writes);
        }
    }

    private static CompletableFuture<?> read(LocalCluster cluster, int number, boolean linearizable) {
        ReadLevel level = linearizable ? ReadLevel.LINEARIZABLE : ReadLevel.LEASED;
        return cluster.node(number).read(level, () -> number);
    }

    private static void print(String what, double rate, double writes) {
        System.out.printf("%-34s %,10.0f/s  %5.1f x writes%n", what, rate, rate / writes);
    }

    private static double rate(IntFunction<CompletableFuture<?>> operation) throws InterruptedException {
        ReadBenchmark run = new ReadBenchmark();
        for (int lane = 0; lane < CONCURRENCY; lane++) {
            run.go(operation, lane);
        }
        TimeUnit.MILLISECONDS.sleep(WARM_MILLIS);
        long before = run.answers.get();
        long began = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(MEASURED_MILLIS);
        double rate = (run.answers.get() - before) * 1e9 / (System.nanoTime() - began);
        run.stopped = true;
        return rate;
    }

    private void go(IntFunction<CompletableFuture<?>> operation, int lane) {
        if (!stopped) {
            var unused = operation.apply(lane).whenCompleteAsync((done, failed) -> {
                answers.incrementAndGet();
                go(operation, lane);
            });
        }
    }
}
