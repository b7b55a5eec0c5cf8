// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.NodeId;
import io.paxos.transport.InProcessNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;

/**
 * Reads and writes per second on three nodes in this JVM, with real directories and the in-process network, at the same
 * concurrency. A program, not a test; {@code docs/performance.md} says how to run it. The argument is how many are in flight.
 */
final class ReadBenchmark {

    private static final long WARM_MILLIS = 3_000;
    private static final long MEASURED_MILLIS = 4_000;
    private static final byte[] COMMAND = new byte[256];

    private final AtomicLong answers = new AtomicLong();
    private volatile boolean stopped;

    private ReadBenchmark() {}

    /** Prints a line a kind. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        int inFlight = arguments.length == 0 ? 256 : Integer.parseInt(arguments[0]);
        List<PaxosNode> nodes = start(Files.createTempDirectory("paxos-read-benchmark"));
        try {
            nodes.forEach(node -> node.awaitReady(Duration.ofSeconds(30)));
            PaxosNode leader = leader(nodes);
            double writes = rate(inFlight, lane -> leader.submit(COMMAND));
            print("writes at the leader", writes, writes);
            print("linearizable reads at the leader", rate(inFlight, lane -> read(leader, true)), writes);
            print(
                    "linearizable reads on all nodes",
                    rate(inFlight, lane -> read(nodes.get(lane % nodes.size()), true)),
                    writes);
            print("leased reads at the leader", rate(inFlight, lane -> read(leader, false)), writes);
        } finally {
            nodes.forEach(PaxosNode::close);
        }
    }

    private static List<PaxosNode> start(Path directory) {
        InProcessNetwork network = new InProcessNetwork();
        List<PaxosNode> nodes = new ArrayList<>();
        for (int number = 1; number <= 3; number++) {
            long[] count = new long[1];
            nodes.add(PaxosNode.builder()
                    .cluster("benchmark")
                    .node("n" + number)
                    .voters("n1", "n2", "n3")
                    .directory(directory.resolve("n" + number))
                    .formatIfEmpty(true)
                    .transport(network.transport(new NodeId(number)))
                    .leasedReads(1_000)
                    .stateMachine(entry -> new byte[] {(byte) ++count[0]})
                    .start());
        }
        return nodes;
    }

    private static PaxosNode leader(List<PaxosNode> nodes) {
        NodeId leads = nodes.get(0).status().leader().orElseThrow();
        return nodes.stream()
                .filter(node -> node.status().node().equals(leads))
                .findFirst()
                .orElseThrow();
    }

    private static CompletableFuture<?> read(PaxosNode node, boolean linearizable) {
        return node.read(linearizable ? ReadLevel.LINEARIZABLE : ReadLevel.LEASED, () -> 1);
    }

    private static void print(String what, double rate, double writes) {
        System.out.printf("%-34s %,10.0f/s  %5.1f x writes%n", what, rate, rate / writes);
    }

    private static double rate(int inFlight, IntFunction<CompletableFuture<?>> operation) throws InterruptedException {
        ReadBenchmark run = new ReadBenchmark();
        for (int lane = 0; lane < inFlight; lane++) {
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

    /** On the node's thread for completions: on two processors the common pool starts a thread for each task. */
    private void go(IntFunction<CompletableFuture<?>> operation, int lane) {
        if (!stopped) {
            var unused = operation.apply(lane).whenComplete((done, failed) -> {
                answers.incrementAndGet();
                go(operation, lane);
            });
        }
    }
}
