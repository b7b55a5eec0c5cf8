// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.examples.kv.KvClient.Answer;
import io.paxos.examples.kv.KvClient.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients count while SIGKILL takes the nodes in rotation, then all of them. Nothing acknowledged is lost, nothing takes
 * effect twice.
 */
class KillIT {

    private static final int CLIENTS = 4;
    private static final int PROGRESS = 40;

    @TempDir
    Path home;

    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong acknowledgedCount = new AtomicLong();

    /** One client's books. Its tokens are keys that nobody else touches, each incremented once. */
    private final class Counting implements Runnable {
        private final KvCluster cluster;
        private final int number;
        private final List<String> acknowledgedTokens = new ArrayList<>();
        private final List<String> unknownTokens = new ArrayList<>();
        private final List<String> violations = new ArrayList<>();
        private long acknowledged;
        private long unknown;
        private long lastTotal;

        Counting(KvCluster cluster, int number) {
            this.cluster = cluster;
            this.number = number;
        }

        @Override
        public void run() {
            int node = number % KvCluster.NODES;
            try (KvClient client = new KvClient()) {
                for (int n = 0; !stop.get(); n++) {
                    boolean fine = countTotal(client.call(cluster.port(node), "INCR total"));
                    fine &= countToken(client, node, "token-" + number + "-" + n, "INCR %s", ":1");
                    fine &= countToken(client, node, "first-" + number + "-" + n, "SET %s 1 NX", "+OK");
                    if (!fine) {
                        node = (node + 1) % KvCluster.NODES;
                        KvCluster.pause(5);
                    }
                }
            }
        }

        private boolean countTotal(Answer answer) {
            if (answer.outcome() == Outcome.ACKNOWLEDGED) {
                acknowledged++;
                acknowledgedCount.incrementAndGet();
                long total = Long.parseLong(answer.reply().substring(1));
                if (total <= lastTotal) {
                    violations.add("total went from " + lastTotal + " to " + total);
                }
                lastTotal = total;
            } else if (answer.outcome() == Outcome.UNKNOWN) {
                unknown++;
            }
            return answer.outcome() == Outcome.ACKNOWLEDGED;
        }

        private boolean countToken(KvClient client, int node, String token, String command, String expected) {
            Answer answer = client.call(cluster.port(node), String.format(command, token));
            if (answer.outcome() == Outcome.ACKNOWLEDGED) {
                acknowledgedTokens.add(token);
                if (!answer.reply().equals(expected)) {
                    violations.add(token + " answered " + answer.reply() + " the first time: it took effect twice");
                }
            } else if (answer.outcome() == Outcome.UNKNOWN) {
                unknownTokens.add(token);
            }
            return answer.outcome() == Outcome.ACKNOWLEDGED;
        }
    }

    @Test
    void everyAcknowledgedIncrementSurvivesAndNoneTakesEffectTwice() throws InterruptedException {
        try (KvCluster cluster = KvCluster.start(home)) {
            List<Counting> books = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < CLIENTS; i++) {
                Counting book = new Counting(cluster, i);
                books.add(book);
                threads.add(new Thread(book, "client-" + i));
            }
            threads.forEach(Thread::start);
            try {
                killInRotation(cluster);
                killAll(cluster);
                awaitProgress();
            } finally {
                stop.set(true);
                for (Thread thread : threads) {
                    thread.join();
                }
            }
            check(cluster, books);
        }
    }

    private void killInRotation(KvCluster cluster) {
        awaitProgress();
        for (int round = 0; round < 2; round++) {
            int leader = cluster.awaitLeader();
            killAndRestart(cluster, leader);
            killAndRestart(cluster, (leader + 1) % KvCluster.NODES);
        }
        for (int node = 0; node < KvCluster.NODES; node++) {
            killAndRestart(cluster, node);
        }
    }

    private void killAndRestart(KvCluster cluster, int node) {
        cluster.kill(node);
        awaitProgress();
        cluster.start(node);
        cluster.awaitReady(node);
        awaitProgress();
    }

    private static void killAll(KvCluster cluster) {
        for (int node = 0; node < KvCluster.NODES; node++) {
            cluster.kill(node);
        }
        for (int node = 0; node < KvCluster.NODES; node++) {
            cluster.start(node);
        }
        for (int node = 0; node < KvCluster.NODES; node++) {
            cluster.awaitReady(node);
        }
    }

    private void awaitProgress() {
        long until = acknowledgedCount.get() + PROGRESS;
        KvCluster.await("progress", () -> acknowledgedCount.get() >= until);
    }

    private static void check(KvCluster cluster, List<Counting> books) {
        long acknowledged = books.stream().mapToLong(book -> book.acknowledged).sum();
        long unknown = books.stream().mapToLong(book -> book.unknown).sum();
        try (KvClient client = new KvClient()) {
            long total =
                    Long.parseLong(client.call(cluster.port(0), "GET total").reply());
            System.out.println("KillIT: " + acknowledged + " increments acknowledged, " + unknown
                    + " unknown, the total is " + total);
            assertTrue(
                    acknowledged <= total && total <= acknowledged + unknown,
                    acknowledged + " acknowledged and " + unknown + " unknown, but the total is " + total);
            for (Counting book : books) {
                assertEquals(List.of(), book.violations);
                for (String token : book.acknowledgedTokens) {
                    assertEquals(
                            "1", client.call(cluster.port(1), "GET " + token).reply(), token);
                }
                for (String token : book.unknownTokens) {
                    String value = client.call(cluster.port(2), "GET " + token).reply();
                    assertTrue(value.equals("1") || value.equals("$-1"), token + " is " + value);
                }
            }
        }
    }
}
