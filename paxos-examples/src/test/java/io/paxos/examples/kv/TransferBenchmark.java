// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.kv.KvClient.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * What a change of the leader costs clients under load, by hand: arguments are a directory and how many transfers of each kind.
 * Three server processes, and clients in this process that write as fast as they are answered, through the two nodes that do
 * not lead. The pause of a transfer is the longest time, from when it was asked for until 0.6 s after it, in which no write of
 * anybody was answered; beside it the same without a transfer, which is what the machine itself pauses.
 */
final class TransferBenchmark {

    private static final int CLIENTS = 8;
    private static final long LOOK_MILLIS = 600;
    private static final long SETTLE_MILLIS = 300;
    private static final long WARM_UP_MILLIS = 10_000;

    private final KvCluster cluster;
    private final ConcurrentLinkedQueue<Long> answered = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stop;
    private volatile int avoided;

    private TransferBenchmark(Path home) {
        this.cluster = new KvCluster(home, List.of("-Xmx512m", "-Xms512m"));
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Files.createDirectories(Path.of(arguments[0]));
        new TransferBenchmark(home).run(Integer.parseInt(arguments[1]));
    }

    private void run(int transfers) throws Exception {
        try (cluster) {
            for (int node = 0; node < KvCluster.NODES; node++) {
                cluster.start(node);
            }
            for (int node = 0; node < KvCluster.NODES; node++) {
                cluster.awaitReady(node);
            }
            avoided = cluster.awaitLeader();
            for (int i = 0; i < CLIENTS; i++) {
                int number = i;
                threads.add(new Thread(() -> write(number)));
            }
            threads.forEach(Thread::start);
            KvCluster.pause(WARM_UP_MILLIS); // until the servers' code is compiled
            long[] none = new long[transfers];
            long[] asked = new long[transfers];
            long[] closed = new long[transfers];
            for (int i = 0; i < transfers; i++) {
                none[i] = pauseMicros(() -> {});
                asked[i] = pauseMicros(this::askForTransfer);
                closed[i] = pauseMicros(this::closeLeader);
                reopen();
            }
            stop = true;
            for (Thread thread : threads) {
                thread.join();
            }
            print("no transfer", none);
            print("transfer on request", asked);
            print("orderly close", closed);
        }
    }

    private void write(int number) {
        try (KvClient client = new KvClient()) {
            for (int i = number; !stop; i++) {
                int node = i % KvCluster.NODES;
                if (node != avoided
                        && client.call(cluster.port(node), "SET key" + number + " " + i)
                                        .outcome()
                                == Outcome.ACKNOWLEDGED) {
                    answered.add(System.nanoTime());
                }
            }
        }
    }

    /** Clients use the nodes that do not lead, so that a connection which ends with its node is not taken for the pause. */
    private int leader() {
        int leader = cluster.awaitLeader();
        avoided = leader;
        KvCluster.pause(SETTLE_MILLIS);
        return leader;
    }

    private void askForTransfer() {
        String reply = RespProbe.ask(cluster.port(avoided), "FAILOVER");
        if (!reply.endsWith("leads\r\n")) {
            throw new IllegalStateException("no transfer: " + reply);
        }
    }

    private void closeLeader() {
        cluster.handle(avoided).destroy();
    }

    private void reopen() {
        int node = avoided;
        KvCluster.await("end of n" + (node + 1), () -> !cluster.isAlive(node));
        cluster.start(node);
        cluster.awaitReady(node);
    }

    private long pauseMicros(Runnable transfer) {
        leader();
        answered.clear();
        long begun = System.nanoTime();
        transfer.run();
        KvCluster.pause(LOOK_MILLIS);
        long last = begun;
        long longest = 0;
        Long[] times = answered.toArray(new Long[0]);
        Arrays.sort(times);
        for (long time : times) {
            longest = Math.max(longest, time - last);
            last = time;
        }
        return TimeUnit.NANOSECONDS.toMicros(Math.max(longest, System.nanoTime() - last));
    }

    private static void print(String what, long[] micros) {
        Arrays.sort(micros);
        System.out.printf(
                "%-20s longest time without an answer, ms: median %.1f, p90 %.1f, worst %.1f, of %d%n",
                what,
                micros[micros.length / 2] / 1e3,
                micros[micros.length * 9 / 10] / 1e3,
                micros[micros.length - 1] / 1e3,
                micros.length);
    }
}
