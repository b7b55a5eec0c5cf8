// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.Outcome;
import io.paxos.ReadLevel;
import io.paxos.examples.kv.KvCommand.Operation;
import io.paxos.simulation.check.History;
import io.paxos.simulation.check.KeyValue;
import io.paxos.simulation.check.Register;
import io.paxos.transport.netty.client.PaxosClient;
import io.paxos.transport.netty.client.PaxosClientBuilder;
import io.paxos.transport.netty.client.RemoteReadException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Clients of another machine, as they would be: each counts as far as it is allowed to, and in between reads and writes
 * registers, of which the history is kept.
 */
final class RemoteClients implements AutoCloseable {

    static final int CLIENTS = 16;

    private static final int REGISTERS = 24;
    private static final String TOTAL = "total";

    /** Far beyond what any fault lasts: an outcome that nobody knows would be a finding here. */
    private static final Duration DEADLINE = Duration.ofSeconds(90);

    private final KvCluster cluster;
    private final long goal;
    private final AtomicLong allowed = new AtomicLong();
    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong counted = new AtomicLong();
    private final AtomicLong written = new AtomicLong();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger failedReads = new AtomicInteger();
    private final AtomicInteger refused = new AtomicInteger();
    private final Set<Long> totals = new ConcurrentSkipListSet<>();
    private final ConcurrentLinkedQueue<String> findings = new ConcurrentLinkedQueue<>();
    private final History.Builder<KeyValue.At<Integer, Register.Input<Long>>, Optional<Long>> history =
            History.builder();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stop;

    private RemoteClients(KvCluster cluster, long goal) {
        this.cluster = cluster;
        this.goal = goal;
    }

    /**
     * Starts them; none counts yet.
     *
     * @param goal how far they count in the end
     */
    static RemoteClients start(KvCluster cluster, long goal) {
        RemoteClients clients = new RemoteClients(cluster, goal);
        for (int i = 0; i < CLIENTS; i++) {
            int number = i;
            clients.threads.add(new Thread(() -> clients.run(number), "remote-" + i));
        }
        clients.threads.forEach(Thread::start);
        return clients;
    }

    private void run(int number) {
        SplittableRandom random = new SplittableRandom(number);
        PaxosClientBuilder builder = PaxosClient.builder().name("chaos-" + number);
        for (int node = 0; node < KvCluster.NODES; node++) {
            builder.address("127.0.0.1", cluster.remotePort(node));
        }
        try (PaxosClient client = builder.connect()) {
            while (!stop) {
                if (mayCount()) {
                    count(client);
                }
                register(client, number, random);
            }
        } catch (InterruptedException | RuntimeException e) {
            findings.add("client " + number + " ended: " + e);
        }
    }

    private boolean mayCount() {
        return begun.get() < allowed.get() && begun.incrementAndGet() <= goal;
    }

    private void count(PaxosClient client) throws InterruptedException {
        byte[] command = KvCommand.add(bytes(TOTAL), 1).encode();
        Outcome outcome = client.executeAndWait(command, DEADLINE);
        while (outcome instanceof Outcome.Refused && !stop) {
            refused.incrementAndGet(); // it was not applied and never will be: so it is still to be counted
            outcome = client.executeAndWait(command, DEADLINE);
        }
        if (outcome instanceof Outcome.Done done) {
            String reply = new String(done.result(), StandardCharsets.US_ASCII);
            if (!reply.startsWith(":") || !totals.add(Long.parseLong(reply.substring(1, reply.length() - 2)))) {
                findings.add("an increment was answered " + reply.strip() + ", and so was another one");
            }
            counted.incrementAndGet();
        } else {
            findings.add("an increment ended in " + outcome);
        }
    }

    private void register(PaxosClient client, int number, SplittableRandom random) throws InterruptedException {
        int key = random.nextInt(REGISTERS);
        if (random.nextInt(3) == 0) {
            write(client, number, key);
        } else {
            read(client, number, key);
        }
    }

    private void write(PaxosClient client, int number, int key) throws InterruptedException {
        long value = written.incrementAndGet();
        byte[] command = KvCommand.of(Operation.SET, bytes("r" + key), bytes(Long.toString(value)))
                .encode();
        int operation = history.invoke(number, new KeyValue.At<>(key, new Register.Write<>(value)), System.nanoTime());
        Outcome outcome = client.executeAndWait(command, DEADLINE);
        if (outcome instanceof Outcome.Done) {
            history.acknowledge(operation, System.nanoTime());
        } else if (outcome instanceof Outcome.Refused) {
            refused.incrementAndGet();
            history.neverTookEffect(operation);
        } else {
            history.leaveOpen(operation);
        }
    }

    private void read(PaxosClient client, int number, int key) throws InterruptedException {
        byte[] query = KvCommand.of(Operation.GET, bytes("r" + key)).encode();
        int operation = history.invoke(number, new KeyValue.At<>(key, new Register.Read<>()), System.nanoTime());
        try {
            byte[] reply =
                    client.queryAndWait(ReadLevel.LINEARIZABLE, query, DEADLINE).value();
            history.respond(operation, valueOf(new String(reply, StandardCharsets.US_ASCII)), System.nanoTime());
            reads.incrementAndGet();
        } catch (RemoteReadException none) {
            failedReads.incrementAndGet();
            history.neverTookEffect(operation);
        }
    }

    /** Of a bulk reply. */
    private static Optional<Long> valueOf(String reply) {
        return reply.lines().skip(1).findFirst().map(Long::parseLong);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Lets them count on, up to that part of the goal. */
    void allow(double part) {
        allowed.set(Math.round(goal * part));
    }

    /** Waits until what was allowed is counted, by whichever nodes. */
    void awaitCounted() {
        KvCluster.await("count of " + allowed.get(), () -> counted.get() >= allowed.get() || !findings.isEmpty());
    }

    /** What must not be, so far. */
    List<String> findings() {
        return List.copyOf(findings);
    }

    /** What increments were answered, each once. */
    Set<Long> totals() {
        return new TreeSet<>(totals);
    }

    History<KeyValue.At<Integer, Register.Input<Long>>, Optional<Long>> history() {
        return history.build();
    }

    @Override
    public String toString() {
        return counted.get() + " increments, " + written.get() + " writes, " + reads.get() + " reads, "
                + failedReads.get() + " reads without an answer, " + refused.get() + " refusals";
    }

    /** Stops them, each behind its last answer. */
    @Override
    public void close() {
        stop = true;
        try {
            for (Thread thread : threads) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
