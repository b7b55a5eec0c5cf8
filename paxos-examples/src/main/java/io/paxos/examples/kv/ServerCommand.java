// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.kv.Main.OperatorException;
import io.paxos.model.ClusterId;
import io.paxos.model.NodeId;
import io.paxos.session.SessionOpening;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code server}: one node, until it is told to stop or fails. */
@Command(
        name = "server",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        description = "Runs one node. The very first start of a cluster needs all of its nodes once.",
        footer = {
            "",
            "Example:",
            "  paxos-kv server --id n1 --cluster n1=10.0.0.1:7101,n2=10.0.0.2:7101,n3=10.0.0.3:7101 \\",
            "                  --data /var/lib/paxos-kv --port 7001"
        })
final class ServerCommand implements Callable<Integer> {

    private static final int VALUE_BYTES_LIMIT = (1 << 20) - (128 << 10);
    private static final long BYTES_LIMIT = 1L << 50;

    @Option(
            names = "--id",
            required = true,
            paramLabel = "ID",
            converter = Ids.class,
            description = "This node, one of the cluster or of the learners: n1, n2, ...")
    private NodeId id = NodeId.NONE;

    @Option(
            names = "--cluster",
            required = true,
            paramLabel = "MEMBERS",
            converter = Clusters.class,
            description =
                    "Where the nodes listen for each other: n1=host:port,n2=host:port,... The same on every node.")
    private ClusterOption cluster = ClusterOption.parse("n1=localhost:1");

    @Option(
            names = "--learners",
            paramLabel = "NODES",
            converter = Clusters.class,
            description =
                    "Nodes without a vote, written as in --cluster: they apply what the cluster chooses, take commands,"
                            + " and are waited for by nobody. The same on every node.")
    private @Nullable ClusterOption learners;

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "This node's directory. If it is empty or absent it is formatted for this node;"
                    + " never do that in place of a lost one, but see --rejoin.")
    private Path data = Path.of("");

    @Option(
            names = "--buffered-writes",
            description =
                    "Write the log to the page cache and force it, also on file systems where it could be written past it"
                            + " (ext4, xfs). As durable, and slower.")
    private boolean bufferedWrites;

    @Option(
            names = "--rejoin",
            description =
                    "This node's directory was lost: format the empty or absent one in its place to follow without a"
                            + " vote. The directory remembers it, so later starts need not say so.")
    private boolean rejoin;

    @Option(names = "--port", required = true, paramLabel = "PORT", description = "Port for clients.")
    private int port;

    @Option(
            names = "--client-port",
            paramLabel = "PORT",
            defaultValue = "0",
            description =
                    "Port for PaxosClient, on the same address (default: ${DEFAULT-VALUE}, none). What it submits and"
                            + " queries are this server's encoded commands.")
    private int clientPort;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address for clients (default: ${DEFAULT-VALUE}). There is no authentication.")
    private String host = "127.0.0.1";

    @Option(
            names = "--cluster-name",
            paramLabel = "NAME",
            defaultValue = "paxos-kv",
            converter = Names.class,
            description = "The cluster's name, the same on every node (default: ${DEFAULT-VALUE}).")
    private ClusterId name = new ClusterId("paxos-kv");

    @Option(
            names = "--timeout-millis",
            paramLabel = "N",
            defaultValue = "5000",
            description = "A command that has no result after this long is answered with an error"
                    + " (default: ${DEFAULT-VALUE}).")
    private int timeoutMillis;

    @Option(
            names = "--once-timeout-millis",
            paramLabel = "N",
            defaultValue = "86400000",
            description =
                    "A client of ONCE that sends nothing for this long is forgotten, and what it sends then may take"
                            + " effect again (default: ${DEFAULT-VALUE}, a day).")
    private long onceTimeoutMillis;

    @Option(
            names = "--value-bytes-max",
            paramLabel = "N",
            defaultValue = "524288",
            description = "Longest value a client may set (default: ${DEFAULT-VALUE}).")
    private int valueBytesMax;

    @Option(
            names = "--store-bytes-max",
            paramLabel = "N",
            description = "Above this size of keys and values no command is taken that may add to it"
                    + " (default: half of the heap). Give every node the same.")
    private @Nullable Long storeBytesMax;

    @Option(
            names = "--snapshot-every",
            paramLabel = "BYTES",
            defaultValue = "67108864",
            description =
                    "A snapshot is taken after so many bytes of log, give or take a quarter; two are kept, and the log"
                            + " behind the older one (default: ${DEFAULT-VALUE}; 0: only when BGSAVE asks for one).")
    private long snapshotEvery;

    @Option(
            names = "--snapshot-rate",
            paramLabel = "BYTES",
            defaultValue = "0",
            description = "Bytes a second at which another node's snapshot is fetched at most"
                    + " (default: ${DEFAULT-VALUE}, as fast as it can).")
    private long snapshotRate;

    @Option(
            names = "--snapshot-write-percent",
            paramLabel = "N",
            defaultValue = "25",
            description = "Writing a snapshot takes so much of the time at most and rests in between"
                    + " (default: ${DEFAULT-VALUE}; 100: no rest).")
    private int snapshotWritePercent;

    @Option(
            names = "--snapshot-retained",
            paramLabel = "BYTES",
            defaultValue = "1073741824",
            description = "So much log is kept at most for another node that is fetching a snapshot"
                    + " (default: ${DEFAULT-VALUE}).")
    private long snapshotRetained;

    @Option(names = "--parent", hidden = true, description = "Stops when the process of this id is gone.")
    private long parent;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        require("--port", port, 1, 65_535);
        require("--client-port", clientPort, 0, 65_535);
        require(
                "--once-timeout-millis",
                onceTimeoutMillis,
                SessionOpening.TIMEOUT_MILLIS_MIN,
                SessionOpening.TIMEOUT_MILLIS_MAX);
        require("--timeout-millis", timeoutMillis, 1, 86_400_000);
        require("--value-bytes-max", valueBytesMax, 1, VALUE_BYTES_LIMIT);
        require("--snapshot-every", snapshotEvery, 0, BYTES_LIMIT);
        require("--snapshot-rate", snapshotRate, 0, BYTES_LIMIT);
        require("--snapshot-write-percent", snapshotWritePercent, 1, 100);
        require("--snapshot-retained", snapshotRetained, 0, BYTES_LIMIT);
        StoreBound store = storeBytesMax == null ? StoreBound.ofThisHeap() : new StoreBound(storeBytesMax);
        require("--store-bytes-max", store.bytesMax(), 1, BYTES_LIMIT);
        ClusterOption all = withLearners();
        ClusterOption.Address self = all.addresses().get(id);
        if (self == null) {
            throw wrong(
                    "--id",
                    id + " is not among the cluster's " + cluster.voters()
                            + (all.learners().isEmpty() ? "" : " nor its learners " + all.learners()));
        }
        if (rejoin && all.learners().contains(id)) {
            throw wrong("--rejoin", id + " is a learner, and has no vote to lose: start it without");
        }
        if (self.port() == port && self.host().equals(host)) {
            throw wrong("--port", port + " is " + id + "'s port for the other nodes already");
        }
        if (clientPort == port || (self.port() == clientPort && self.host().equals(host))) {
            throw wrong("--client-port", clientPort + " is used for something else already");
        }
        KvServer.Settings settings = new KvServer.Settings(
                name,
                id,
                all,
                data,
                !bufferedWrites,
                rejoin,
                host,
                port,
                clientPort,
                Duration.ofMillis(timeoutMillis),
                Duration.ofMillis(onceTimeoutMillis),
                valueBytesMax,
                store,
                new KvServer.SnapshotSettings(snapshotEvery, snapshotRate, snapshotWritePercent, snapshotRetained),
                Main.Version.text());
        try (KvServer server = KvServer.start(settings)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "kv-shutdown"));
            stopWithParent(server);
            String failure = server.awaitEnd();
            if (!failure.isEmpty()) {
                throw new OperatorException(id + " stopped: " + failure);
            }
            return CommandLine.ExitCode.OK;
        }
    }

    private ClusterOption withLearners() {
        try {
            return cluster.withLearners(learners);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--" + e.getMessage());
        }
    }

    private void stopWithParent(KvServer server) {
        if (parent != 0) {
            var unused = ProcessHandle.of(parent)
                    .map(ProcessHandle::onExit)
                    .orElseGet(() -> CompletableFuture.completedFuture(null))
                    .thenRun(server::stop);
        }
    }

    private void require(String option, long value, long min, long max) {
        if (value < min || value > max) {
            throw wrong(option, value + " is outside the allowed range " + min + ".." + max);
        }
    }

    private ParameterException wrong(String option, String problem) {
        return new ParameterException(spec.commandLine(), option + ": " + problem);
    }

    /** Reads what the model's own parsers refuse with an {@link IllegalArgumentException}. */
    private abstract static class Converter<T> implements ITypeConverter<T> {
        @Override
        public T convert(String text) {
            try {
                return parse(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }

        abstract T parse(String text);
    }

    static final class Ids extends Converter<NodeId> {
        @Override
        NodeId parse(String text) {
            return NodeId.parse(text);
        }
    }

    static final class Clusters extends Converter<ClusterOption> {
        @Override
        ClusterOption parse(String text) {
            return ClusterOption.parse(text);
        }
    }

    static final class Names extends Converter<ClusterId> {
        @Override
        ClusterId parse(String text) {
            return new ClusterId(text);
        }
    }
}
