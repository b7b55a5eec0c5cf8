// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What snapshots cost a cluster at work, by hand: arguments are a directory, which must not exist, the size of the state in
 * MiB, and then, as one likes, which phases ({@code follower,leader,all,lightfetch,fetch,restart}) and options for the servers' JVMs.
 * Three server processes with a heap of 1.5 GiB each, values of 1 KiB, clients in this process on the same machine.
 *
 * <p>For each phase it prints the latency of writes at half of the peak throughput, counted from when each was due, and
 * whether the leader's heartbeats came in time: without a snapshot; while one node takes one, a follower, then the leader;
 * while all do at once; while an emptied follower is sent the state. And how long a restart takes from a snapshot and as much
 * log as a fifth of the state.
 */
final class KvSnapshotBenchmark {

    private static final int PEAK_SECONDS = 8;
    private static final int PLAIN_SECONDS = 15;
    private static final int POLL_MILLIS = 150;
    private static final int AFTERMATH_SECONDS = 3;

    private final KvCluster cluster;
    private final Path home;
    private final int keys;
    private final List<String> options;
    private final Set<String> phases;
    private int leader;
    private long half;

    private KvSnapshotBenchmark(Path home, int mebibytes, Set<String> phases, List<String> virtualMachine) {
        this.home = home;
        this.keys = mebibytes << 10;
        this.phases = phases;
        boolean takesOnes = phases.stream().anyMatch(Set.of("follower", "leader", "all")::contains);
        this.options = List.of("--snapshot-every", "0", "--snapshot-write-percent", takesOnes ? "25" : "100");
        this.cluster = new KvCluster(home, virtualMachine);
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Files.createDirectories(Path.of(arguments[0]));
        String phases = arguments.length > 2 ? arguments[2] : "follower,leader,all,fetch,restart";
        List<String> virtualMachine = new ArrayList<>(List.of("-Xms1536m", "-Xmx1536m"));
        virtualMachine.addAll(Arrays.asList(arguments).subList(Math.min(3, arguments.length), arguments.length));
        new KvSnapshotBenchmark(home, Integer.parseInt(arguments[1]), Set.of(phases.split(",")), virtualMachine).run();
    }

    private void run() throws Exception {
        try (cluster) {
            for (int node = 0; node < KvCluster.NODES; node++) {
                cluster.start(node, options);
            }
            for (int node = 0; node < KvCluster.NODES; node++) {
                cluster.awaitReady(node);
            }
            leader = cluster.awaitLeader();
            long begun = System.nanoTime();
            fill(keys);
            say("filled with " + keys + " values in " + secondsSince(begun) + " s");
            findPeak();
            measured("no snapshot", () -> TimeUnit.SECONDS.sleep(PLAIN_SECONDS));
            snapshots();
            if (phases.contains("lightfetch")) {
                half /= 5;
                fetch("a tenth of the peak, an emptied follower is brought up");
            }
            if (phases.contains("fetch")) {
                fetch("an emptied follower is brought up");
            }
            if (phases.contains("restart")) {
                restart();
            }
        }
    }

    private void findPeak() throws Exception {
        leader = cluster.awaitLeader();
        KvLoad load = KvLoad.random(cluster.port(leader), 0, keys);
        TimeUnit.SECONDS.sleep(PEAK_SECONDS);
        load.stop();
        long peak = load.latencies().length / PEAK_SECONDS;
        half = peak / 2;
        say("peak " + peak + " writes/s with " + KvLoad.CONNECTIONS * KvLoad.UNDER_WAY_EACH + " under way, " + load
                + "; load from here on " + half);
    }

    private void snapshots() throws Exception {
        if (phases.contains("follower")) {
            int follower = followers().get(1);
            measured("one follower takes a snapshot", () -> save(List.of(follower)));
        }
        if (phases.contains("leader")) {
            measured("the leader takes a snapshot", () -> save(List.of(leader)));
        }
        if (phases.contains("all")) {
            measured("all take a snapshot at once", () -> save(List.of(0, 1, 2)));
        }
    }

    private List<Integer> followers() {
        return Stream.of(0, 1, 2).filter(node -> node != leader).toList();
    }

    /** An emptied node has nothing, like a new learner: it gets a snapshot and the log behind it. */
    private void fetch(String what) throws Exception {
        int emptied = followers().get(0);
        // Behind the second snapshot nobody has a log from the start on any more.
        for (int i = 0; i < 2; i++) {
            fill(keys / 50);
            save(List.of(leader, followers().get(1)));
        }
        cluster.kill(emptied);
        empty(emptied);
        // What the file system still has to do about a gigabyte of deleted files is not part of a catch-up.
        new ProcessBuilder("sync").start().waitFor();
        List<String> rejoin = new ArrayList<>(options);
        rejoin.add("--rejoin");
        measured(what, () -> {
            long begun = System.nanoTime();
            cluster.start(emptied, rejoin);
            KvCluster.await(
                    "a fetch", () -> cluster.info(emptied, "snapshot_fetch").startsWith("from"));
            long asked = System.nanoTime();
            KvCluster.await(
                    "an install", () -> !cluster.info(emptied, "snapshot_fetch").startsWith("from"));
            double installed = secondsSince(asked);
            await("a ready node", () -> cluster.info(emptied, "ready").equals("yes"));
            double ready = secondsSince(asked);
            long bytes = Long.parseLong(cluster.info(emptied, "snapshot_bytes"));
            say("fetched and installed " + bytes + " bytes in " + installed + " s, "
                    + Math.round(bytes / installed / 1e6)
                    + " MB/s; caught up with the log behind it after " + ready + " s, "
                    + Math.round(bytes / ready / 1e6)
                    + " MB/s; " + secondsSince(begun) + " s after the process was started");
        });
    }

    /** Asks seldom: a node that has just started has other things to do. */
    private static void await(String what, BooleanSupplier condition) {
        KvCluster.await(what, () -> {
            KvCluster.pause(POLL_MILLIS);
            return condition.getAsBoolean();
        });
    }

    private void restart() throws Exception {
        int again = followers().get(1);
        save(List.of(again));
        fill(keys / 5);
        cluster.kill(again);
        long begun = System.nanoTime();
        cluster.start(again, options);
        cluster.awaitReady(again);
        say("restart from a snapshot and " + keys / 5 / 1_024 + " MiB of log: ready after " + secondsSince(begun)
                + " s");
    }

    private interface Work {
        void run() throws Exception;
    }

    /** Does that under load, and a little longer. */
    private void measured(String what, Work work) throws Exception {
        leader = cluster.awaitLeader();
        long[] late = late();
        String ballot = cluster.info(leader, "leader_ballot");
        long[] used = processorMillis();
        KvLoad load = KvLoad.random(cluster.port(leader), half, keys);
        long begun = System.nanoTime();
        work.run();
        double seconds = secondsSince(begun);
        TimeUnit.SECONDS.sleep(AFTERMATH_SECONDS);
        load.stop();
        long[] usedNow = processorMillis();
        long[] lateNow = late();
        StringBuilder heartbeats = new StringBuilder();
        for (int node = 0; node < KvCluster.NODES; node++) {
            heartbeats
                    .append(node == 0 ? "" : ", ")
                    .append(lateNow[node] - (lateNow[node] < late[node] ? 0 : late[node]));
            heartbeats
                    .append(" (")
                    .append(cluster.info(node, "heartbeat_gap_millis"))
                    .append(" ms)");
        }
        say(what + ", " + seconds + " s: " + load + "; heartbeats late by more than an interval " + heartbeats
                + (cluster.info(leader, "leader_ballot").equals(ballot) ? "" : "; THE LEADER CHANGED"));
        say("  processor time of n1, n2, n3 and clients, in seconds: " + Arrays.toString(difference(used, usedNow))
                + " of " + 2 * secondsSince(begun));
    }

    private static double[] difference(long[] before, long[] after) {
        double[] seconds = new double[before.length];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = Math.max(0, after[i] - before[i]) / 1_000.0;
        }
        return seconds;
    }

    private long[] processorMillis() {
        long[] millis = new long[KvCluster.NODES + 1];
        for (int node = 0; node <= KvCluster.NODES; node++) {
            ProcessHandle process = node < KvCluster.NODES ? cluster.handle(node) : ProcessHandle.current();
            millis[node] =
                    process.info().totalCpuDuration().map(Duration::toMillis).orElse(0L);
        }
        return millis;
    }

    private void fill(int count) throws InterruptedException {
        long failed = KvLoad.fill(cluster.port(leader), count);
        if (failed > 0) {
            say("  " + failed + " of " + count + " writes failed");
        }
    }

    private long[] late() {
        long[] late = new long[KvCluster.NODES];
        for (int node = 0; node < KvCluster.NODES; node++) {
            String shown = cluster.info(node, "heartbeats_late");
            late[node] = shown.isEmpty() ? 0 : Long.parseLong(shown);
        }
        return late;
    }

    private void save(List<Integer> nodes) {
        try (KvClient client = new KvClient()) {
            long begun = System.nanoTime();
            long[] before = new long[KvCluster.NODES];
            for (int node : nodes) {
                before[node] = snapshotSlot(node);
                client.call(cluster.port(node), "BGSAVE");
            }
            for (int node : nodes) {
                KvCluster.await("a snapshot", () -> snapshotSlot(node) > before[node]);
            }
            say("  snapshot of " + nodes.size() + " nodes, " + cluster.info(nodes.get(0), "snapshot_bytes")
                    + " bytes each, in " + secondsSince(begun) + " s");
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

    private static void say(String line) {
        System.out.println(line);
    }

    private static double secondsSince(long nanos) {
        return Math.round((System.nanoTime() - nanos) / 1e7) / 100.0;
    }
}
