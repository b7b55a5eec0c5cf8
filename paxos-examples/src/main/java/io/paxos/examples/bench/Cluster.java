// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import io.paxos.examples.kv.ThisProgram;
import io.paxos.transport.netty.client.PaxosClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A cluster of real processes on this machine, with fresh directories. One thread at a time. */
final class Cluster implements AutoCloseable {

    private static final long READY_SECONDS = 60;
    private static final long SAME_SECONDS = 30;
    private static final long POLL_MILLIS = 20;
    private static final Duration TIMEOUT = Duration.ofSeconds(15);

    /**
     * How it is to be.
     *
     * @param nodes how many
     * @param jvmOptions of each node
     * @param snapshotEvery bytes of log; 0 for no snapshots
     * @param inFlightMax operations that any load has in flight
     * @param inFlightBytesMax their size
     */
    record Settings(int nodes, List<String> jvmOptions, long snapshotEvery, int inFlightMax, int inFlightBytesMax) {
        Settings {
            jvmOptions = List.copyOf(jvmOptions);
        }
    }

    private final Settings settings;
    private final Leftovers leftovers;
    private final Path home;
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final int[] clientPorts;

    private Cluster(Settings settings, Leftovers leftovers) throws IOException {
        this.settings = settings;
        this.leftovers = leftovers;
        this.home = Files.createTempDirectory(leftovers.home(), "cluster-");
        int[] ports = FreePorts.find(2 * settings.nodes);
        this.clientPorts = new int[settings.nodes];
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < settings.nodes; i++) {
            members.append(i == 0 ? "" : ",")
                    .append('n')
                    .append(i + 1)
                    .append("=127.0.0.1:")
                    .append(ports[i]);
            clientPorts[i] = ports[settings.nodes + i];
        }
        for (int i = 0; i < settings.nodes; i++) {
            String id = "n" + (i + 1);
            List<String> command = ThisProgram.command(settings.jvmOptions);
            command.addAll(List.of("bench", "node", "--id", id, "--cluster", members.toString()));
            command.addAll(List.of("--data", home.resolve(id).toString(), "--port", "" + clientPorts[i]));
            command.addAll(List.of("--snapshot-every", "" + settings.snapshotEvery));
            command.addAll(List.of("--in-flight", "" + settings.inFlightMax));
            command.addAll(List.of("--in-flight-bytes", "" + settings.inFlightBytesMax));
            nodes.add(new NodeProcess(id, command, home.resolve(id + ".log")));
        }
    }

    /** Starts all nodes, and waits until one leads and all are ready. */
    static Cluster start(Settings settings, Leftovers leftovers) throws IOException {
        Cluster cluster = new Cluster(settings, leftovers);
        try {
            for (NodeProcess node : cluster.nodes) {
                leftovers.add(node);
                node.start();
            }
            cluster.awaitLeader();
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** Waits until one node leads and all are ready; the index of the leader. */
    int awaitLeader() throws IOException {
        for (long waits = TimeUnit.SECONDS.toMillis(READY_SECONDS) / POLL_MILLIS; waits > 0; waits--) {
            int leader = -1;
            int ready = 0;
            for (int i = 0; i < nodes.size(); i++) {
                NodeProcess.Status status = nodes.get(i).status();
                leader = status.leading() ? i : leader;
                ready += status.ready() ? 1 : 0;
            }
            if (leader >= 0 && ready == nodes.size()) {
                return leader;
            }
            pause();
        }
        throw new IOException("the nodes have no leader after " + READY_SECONDS + " s");
    }

    /** A node that does not lead; the only one if there is only one. */
    int awaitFollower() throws IOException {
        return (awaitLeader() + 1) % nodes.size();
    }

    private static void pause() throws IOException {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for the nodes", e);
        }
    }

    /** Of all nodes together. */
    long compiledMillis() throws IOException {
        long sum = 0;
        for (NodeProcess node : nodes) {
            sum += node.compiledMillis();
        }
        return sum;
    }

    NodeProcess node(int index) {
        return nodes.get(index);
    }

    int size() {
        return nodes.size();
    }

    /** A client that knows all nodes, and may have as much in flight as any load wants. */
    PaxosClient connect() {
        var builder = PaxosClient.builder()
                .cluster(BenchNode.CLUSTER)
                .executor(Runnable::run)
                .timeout(TIMEOUT)
                .inFlightCommandsMax(Math.max(4_096, settings.inFlightMax))
                .inFlightReadsMax(Math.max(4_096, settings.inFlightMax))
                .inFlightBytesMax(Math.max(16 << 20, settings.inFlightBytesMax));
        for (int port : clientPorts) {
            builder.address("127.0.0.1", port);
        }
        return builder.connect();
    }

    /** What everything has used until now. */
    Costs.Sample sample() {
        List<ProcessUsage> used = new ArrayList<>();
        for (NodeProcess node : nodes) {
            used.add(ProcessUsage.of(node.handle()));
        }
        return new Costs.Sample(
                System.nanoTime(), used, ProcessUsage.of(ProcessHandle.current()), MachineUsage.of(home));
    }

    /** Commands that the leader has applied. */
    long applied() throws IOException {
        return nodes.get(awaitLeader()).status().count();
    }

    /**
     * Waits until all nodes have applied the same commands.
     *
     * @return how many
     * @throws IOException if they have not after a while, or not in the same order
     */
    long awaitSame() throws IOException {
        List<NodeProcess.Status> all = new ArrayList<>();
        for (long waits = TimeUnit.SECONDS.toMillis(SAME_SECONDS) / POLL_MILLIS; waits > 0; waits--) {
            all.clear();
            for (NodeProcess node : nodes) {
                all.add(node.status());
            }
            if (all.stream().mapToLong(NodeProcess.Status::count).distinct().count() == 1) {
                if (all.stream()
                                .mapToLong(NodeProcess.Status::digest)
                                .distinct()
                                .count()
                        > 1) {
                    throw new IOException("the nodes applied different commands: " + all);
                }
                return all.get(0).count();
            }
            pause();
        }
        throw new IOException("the nodes have not applied the same commands after " + SAME_SECONDS + " s: " + all);
    }

    /** Kills the nodes, and deletes what they wrote. */
    @Override
    public void close() throws IOException {
        leftovers.clearNow(nodes, home);
    }
}
