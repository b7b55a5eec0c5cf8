// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import io.paxos.NodeListener;
import io.paxos.NodeStatus;
import io.paxos.PaxosNode;
import io.paxos.examples.kv.ClusterOption;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.NettyTransport;
import io.paxos.transport.netty.client.NettyClientEndpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code bench node}: one node of the cluster that is measured, for {@link NodeProcess}. It is as a host application would
 * build it, with every default, but for bounds that would refuse the load that was asked for.
 *
 * <p>It reads lines, and answers each with one; it ends when there are no more. Its own lines begin with {@link #OWN}: a JVM may
 * write others, if it is told to log.
 *
 * <pre>
 *   status       →  LEADING READY COUNT DIGEST
 *   heap         →  BYTES     in use behind a full collection
 *   compiled     →  MILLIS    that the JVM's compilers were at work
 *   load SPEC    →  "load-begun", "load-so-far OPERATIONS NANOS" …, "load-ended", and then RESULT as the answer
 * </pre>
 */
@Command(name = "node", hidden = true, description = "One node of a bench; started by bench itself.")
final class BenchNode implements Callable<Integer> {

    static final String OWN = "bench: ";
    static final String STATUS = "status";
    static final String HEAP = "heap";
    static final String COMPILED = "compiled";
    static final String LOAD = "load";
    static final String BEGUN = "load-begun";
    static final String SO_FAR = "load-so-far";
    static final String ENDED = "load-ended";

    static final String CLUSTER = "bench";

    @Option(names = "--id", required = true)
    private String id = "";

    @Option(names = "--cluster", required = true)
    private String cluster = "";

    @Option(names = "--data", required = true)
    private Path data = Path.of("");

    @Option(names = "--port", required = true)
    private int port;

    @Option(names = "--snapshot-every", required = true)
    private long snapshotEvery;

    @Option(names = "--in-flight", required = true, description = "Operations that it has to bear at a time.")
    private int inFlight;

    @Option(names = "--in-flight-bytes", required = true, description = "Their size.")
    private int inFlightBytes;

    private final DigestMachine machine = new DigestMachine();
    private final PrintStream out = System.out;

    @Override
    public Integer call() throws IOException {
        NodeId self = NodeId.parse(id);
        ClusterOption members = ClusterOption.parse(cluster);
        NettyTransport transport = transport(self, members);
        try (PaxosNode node = start(self, members, transport);
                NettyClientEndpoint endpoint = NettyClientEndpoint.on("127.0.0.1", port)
                        .gateway(node.clients())
                        .eventLoopGroup(transport.eventLoopGroup())
                        .commandsMax(Math.max(4_096, inFlight))
                        .commandBytesMax(Math.max(16 << 20, inFlightBytes))
                        .readsMax(Math.max(1_024, inFlight))
                        .start()) {
            assert endpoint.localAddress().getPort() == port;
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answer(node, line);
            }
        }
        return 0;
    }

    private static NettyTransport transport(NodeId self, ClusterOption members) {
        ClusterOption.Address own = members.addresses().get(self);
        if (own == null) {
            throw new IllegalArgumentException("id: " + self + " is not in " + members);
        }
        var builder = NettyTransport.builder().bind(own.host(), own.port());
        members.addresses().forEach((peer, address) -> {
            if (!peer.equals(self)) {
                builder.peer(peer, address.host(), address.port());
            }
        });
        return builder.build();
    }

    private PaxosNode start(NodeId self, ClusterOption members, NettyTransport transport) {
        return PaxosNode.builder()
                .cluster(CLUSTER)
                .node(self)
                .voters(members.voters())
                .directory(data)
                .formatIfEmpty(true)
                .transport(transport)
                .stateMachine(machine)
                .snapshotEveryBytes(snapshotEvery)
                .submittedCommandsMax(Math.max(16_384, inFlight))
                .submittedBytesMax(Math.max(16 << 20, inFlightBytes))
                .leaderPendingBytesMax(Math.max(32 << 20, 2L * inFlightBytes))
                .completionExecutor(Runnable::run)
                .listener(new NodeListener() {
                    @Override
                    public void failed(String reason, @Nullable Throwable cause) {
                        System.err.println(self + " failed: " + reason);
                        Runtime.getRuntime().halt(1);
                    }
                })
                .start();
    }

    private void answer(PaxosNode node, String line) {
        String[] words = line.split(" ", 2);
        switch (words[0]) {
            case STATUS -> say(status(node.status()).encode());
            case HEAP -> say(Long.toString(usedBehindFullCollection()));
            case COMPILED -> say(Long.toString(compiled()));
            case LOAD -> {
                Thread thread = new Thread(() -> load(node, words[1]), "bench-load");
                thread.setDaemon(true);
                thread.start();
            }
            default ->
                throw new IllegalArgumentException("'" + line + "' is none of status, heap, compiled, load SPEC");
        }
    }

    private NodeProcess.Status status(NodeStatus status) {
        DigestMachine.State state = machine.state();
        return new NodeProcess.Status(
                status.role() == NodeStatus.Role.LEADING, status.isReady(), state.count(), state.digest());
    }

    private static long usedBehindFullCollection() {
        System.gc();
        long used = 0;
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getType() == MemoryType.HEAP ? pool.getCollectionUsage() : null;
            used += usage == null ? 0 : usage.getUsed();
        }
        return used;
    }

    /** Milliseconds that this JVM's compilers were at work; 0 where it does not say. */
    static long compiled() {
        CompilationMXBean compilers = ManagementFactory.getCompilationMXBean();
        return compilers != null && compilers.isCompilationTimeMonitoringSupported()
                ? compilers.getTotalCompilationTime()
                : 0;
    }

    private void load(PaxosNode node, String spec) {
        try {
            LoadWatcher teller = new LoadWatcher() {
                @Override
                public void begun() {
                    say(BEGUN);
                }

                @Override
                public void soFar(long operations, long nanos) {
                    say(SO_FAR + " " + operations + " " + nanos);
                }

                @Override
                public void ended() {
                    say(ENDED);
                }
            };
            say(LoadRun.run(new LocalTarget(node, machine), LoadSpec.parse(spec), teller)
                    .encode());
        } catch (InterruptedException | RuntimeException e) {
            System.err.println(id + " cannot make the load: " + e);
            Runtime.getRuntime().halt(1);
        }
    }

    /** A line at once: what answers and what tells are different threads. */
    private void say(String line) {
        synchronized (out) {
            out.println(OWN + line);
            out.flush();
        }
    }
}
