// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.examples.kv.KvClient.Answer;
import io.paxos.examples.kv.KvClient.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients that count while something happens to the nodes, and keep honest books: nothing acknowledged may be lost, nothing
 * may take effect twice. One that gets no answer tries its luck at the next node.
 */
final class CountingClients implements AutoCloseable {

    private static final int CLIENTS = 4;
    private static final int PROGRESS = 40;
    private static final long RETRY_MILLIS = 5;

    private final KvCluster cluster;
    private final String name;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final AtomicLong acknowledgedCount = new AtomicLong();
    private final List<Counting> books = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();

    private CountingClients(KvCluster cluster, String name) {
        this.cluster = cluster;
        this.name = name;
    }

    /**
     * Starts them.
     *
     * @param name of this run: its keys begin so
     */
    static CountingClients start(KvCluster cluster, String name) {
        CountingClients clients = new CountingClients(cluster, name);
        for (int i = 0; i < CLIENTS; i++) {
            Counting book = clients.new Counting(i);
            clients.books.add(book);
            clients.threads.add(new Thread(book, "client-" + i));
        }
        clients.threads.forEach(Thread::start);
        return clients;
    }

    /** One client's books. Its tokens are keys that nobody else touches, each incremented once. */
    private final class Counting implements Runnable {
        private final int number;
        private final List<String> acknowledgedTokens = new ArrayList<>();
        private final List<String> unknownTokens = new ArrayList<>();
        private final List<String> violations = new ArrayList<>();
        private long acknowledged;
        private long unknown;
        private long lastTotal;

        Counting(int number) {
            this.number = number;
        }

        @Override
        public void run() {
            int node = number % KvCluster.NODES;
            try (KvClient client = new KvClient()) {
                for (int n = 0; !stop.get(); n++) {
                    boolean fine = countTotal(client.call(cluster.port(node), "INCR " + name + "-total"));
                    String suffix = "-" + number + "-" + n;
                    fine &= countToken(client, node, name + "-token" + suffix, "INCR %s", ":1");
                    fine &= countToken(client, node, name + "-first" + suffix, "SET %s 1 NX", "+OK");
                    if (!fine) {
                        node = (node + 1) % KvCluster.NODES;
                        KvCluster.pause(RETRY_MILLIS);
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

    /** Waits until more was acknowledged, by whichever nodes. */
    void awaitProgress() {
        long until = acknowledgedCount.get() + PROGRESS;
        KvCluster.await("progress", () -> acknowledgedCount.get() >= until);
    }

    /** Stops them. */
    @Override
    public void close() {
        stop.set(true);
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Stops them and compares their books with what the nodes, all of which run, hold. */
    void stopAndCheck() {
        close();
        long acknowledged = books.stream().mapToLong(book -> book.acknowledged).sum();
        long unknown = books.stream().mapToLong(book -> book.unknown).sum();
        try (KvClient client = new KvClient()) {
            long total = Long.parseLong(
                    client.call(cluster.port(0), "GET " + name + "-total").reply());
            System.out.println(name + ": " + acknowledged + " increments acknowledged, " + unknown
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
