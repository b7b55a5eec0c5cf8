// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.NodeListener;
import io.paxos.PaxosNode;
import io.paxos.ReadLevel;
import io.paxos.examples.kv.Main.OperatorException;
import io.paxos.examples.kv.resp.RespLimits;
import io.paxos.model.ClusterId;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.NettyTransport;
import io.paxos.transport.netty.client.NettyClientEndpoint;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node with its port for clients. The port is taken first, so that a taken one is told before anything is written; a
 * client that comes before the node is up is told so.
 */
final class KvServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(KvServer.class);

    /**
     * What a server is started with.
     *
     * @param data the node's directory; formatted if empty or absent
     * @param directWrites whether the log may be written past the page cache
     * @param rejoin whether the directory is formatted to follow without a vote, in the place of a lost one
     * @param host where clients connect
     * @param port where clients connect; 0 takes a free one
     * @param clientPort where {@code PaxosClient} connects, on the same host; 0 for nowhere
     * @param timeout how long a command may take
     * @param onceTimeout how long a client of {@code ONCE} may be silent until it is forgotten
     * @param valueBytesMax longest value that may be set, in bytes
     * @param store how large the store may become
     * @param snapshots when they are taken, and how fast
     */
    record Settings(
            ClusterId name,
            NodeId id,
            ClusterOption cluster,
            Path data,
            boolean directWrites,
            boolean rejoin,
            String host,
            int port,
            int clientPort,
            Duration timeout,
            Duration onceTimeout,
            int valueBytesMax,
            StoreBound store,
            SnapshotSettings snapshots,
            String version) {}

    /**
     * The same for snapshots.
     *
     * @param everyBytes of log one is taken; 0 for never
     * @param rate bytes a second at which one is fetched at most; 0 for no bound
     * @param writePercent of the time is spent on writing one at most
     * @param retainedBytes of log are kept at most for a node that fetches one
     */
    record SnapshotSettings(long everyBytes, long rate, int writePercent, long retainedBytes) {}

    private final Settings settings;
    private final NettyTransport transport;
    private final KvStateMachine stateMachine = new KvStateMachine();
    private final NodeLog log;
    private final AtomicReference<@Nullable PaxosNode> node = new AtomicReference<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private @Nullable KvListener listener;
    private @Nullable OnceSessions once;
    private @Nullable NettyClientEndpoint endpoint;

    private KvServer(Settings settings) {
        this.settings = settings;
        this.log = new NodeLog(stateMachine, settings.store());
        this.transport = transportOf(settings);
    }

    /**
     * Starts it; when this returns, the node takes part and clients may connect.
     *
     * @throws IOException if the clients' port cannot be had
     * @throws io.paxos.NodeStartException if the node cannot start
     * @throws OperatorException if the directory cannot be read
     */
    static KvServer start(Settings settings) throws IOException, OperatorException {
        boolean fresh = isFresh(settings.data());
        KvServer server = new KvServer(settings);
        try {
            server.listen();
            server.serve(server.startNode());
        } catch (
                Throwable
                        thrown) { // an error, too: its port would go on answering, and no node behind it ever be ready
            server.close();
            throw thrown;
        }
        if (fresh) {
            LOG.info("{}: formatted {} for cluster {}", settings.id(), settings.data(), settings.name());
        }
        LOG.info(
                "{}: clients connect to {}:{}",
                settings.id(),
                settings.host(),
                server.address().getPort());
        return server;
    }

    private static NettyTransport transportOf(Settings settings) {
        ClusterOption.Address self = settings.cluster().addresses().get(settings.id());
        if (self == null) {
            throw new IllegalArgumentException("id: " + settings.id() + " is not in " + settings.cluster());
        }
        var builder = NettyTransport.builder().bind(self.host(), self.port());
        settings.cluster().addresses().forEach((peer, address) -> {
            if (!peer.equals(settings.id())) {
                builder.peer(peer, address.host(), address.port());
            }
        });
        return builder.build();
    }

    private void listen() throws IOException {
        InfoPage page = new InfoPage(settings, node::get, log, stateMachine::storeBytes, transport);
        CommandTable table = new CommandTable(
                new HandshakeCommands(settings.version(), page::text),
                new Saves(node::get, settings.data()),
                settings.valueBytesMax());
        RespLimits limits =
                RespLimits.DEFAULT.withArgumentBytesMax(Math.max(settings.valueBytesMax(), KvCommand.KEY_BYTES_MAX));
        InetSocketAddress address = new InetSocketAddress(settings.host(), settings.port());
        listener = KvListener.open(address, limits, table, log);
    }

    private PaxosNode startNode() {
        PaxosNode started = PaxosNode.builder()
                .cluster(settings.name())
                .node(settings.id())
                .voters(settings.cluster().voters())
                .learners(List.copyOf(settings.cluster().learners()))
                .directory(settings.data())
                .directWrites(settings.directWrites())
                .formatIfEmpty(true)
                .rejoin(settings.rejoin())
                .transport(transport)
                .stateMachine(stateMachine)
                .snapshotEveryBytes(settings.snapshots().everyBytes())
                .snapshotFetchBytesPerSecond(settings.snapshots().rate())
                .snapshotWritePercentMax(settings.snapshots().writePercent())
                .snapshotRetainedBytesMax(settings.snapshots().retainedBytes())
                // Each completion only hands its reply to an event loop, so the thread that has the result may do it.
                .completionExecutor(Runnable::run)
                .submitTimeout(settings.timeout())
                .listener(new Reporter(ended))
                .start();
        node.set(started);
        return started;
    }

    private void serve(PaxosNode started) throws IOException {
        OnceSessions sessions = new OnceSessions(
                started.clients(),
                () -> started.read(ReadLevel.LINEARIZABLE, stateMachine::storeBytes),
                command -> settings.store().refusal(command, stateMachine.storeBytes()),
                settings.onceTimeout(),
                settings.timeout());
        once = sessions;
        log.started(started, sessions);
        if (settings.clientPort() != 0) {
            NettyClientEndpoint opened = NettyClientEndpoint.on(settings.host(), settings.clientPort())
                    .gateway(started.clients())
                    .eventLoopGroup(transport.eventLoopGroup())
                    .start();
            endpoint = opened;
            LOG.info("{}: PaxosClient connects to {}", settings.id(), opened.localAddress());
        }
    }

    /** Where clients connect. */
    InetSocketAddress address() {
        KvListener current = listener;
        if (current == null) {
            throw new IllegalStateException("not listening");
        }
        return current.address();
    }

    /** Waits for {@link #stop} or the node's failure; the reason of the failure, or nothing. */
    String awaitEnd() {
        return ended.join();
    }

    void stop() {
        ended.complete("");
    }

    /**
     * Takes no more clients, closes the node, and the connections last: whoever waits for a reply is told what became of
     * its command. Idempotent, within a few seconds.
     */
    @Override
    public synchronized void close() {
        if (listener != null) {
            listener.stopAccepting();
        }
        if (endpoint != null) {
            endpoint.close(); // before the node, so that its clients go elsewhere
            endpoint = null;
        }
        PaxosNode running = node.get();
        if (running != null) {
            running.close();
        } else {
            transport.close();
        }
        if (once != null) {
            once.close();
            once = null;
        }
        if (listener != null) {
            listener.close();
            listener = null;
        }
    }

    private static boolean isFresh(Path directory) throws OperatorException {
        if (!Files.exists(directory)) {
            return true;
        }
        if (!Files.isDirectory(directory)) {
            throw new OperatorException("--data: " + directory + " is not a directory");
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            return !files.iterator().hasNext();
        } catch (IOException e) {
            throw new OperatorException("--data: " + directory + " cannot be read: " + e);
        }
    }

    /** Ends the server when its node fails; the rest of what happens is in the node's own log lines. */
    private record Reporter(CompletableFuture<String> ended) implements NodeListener {
        @Override
        public void failed(String reason, @Nullable Throwable cause) {
            ended.complete(reason);
        }
    }
}
