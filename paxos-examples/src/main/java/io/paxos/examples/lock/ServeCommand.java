// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import io.paxos.examples.kv.ClusterOption;
import io.paxos.model.NodeId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lock serve}: one node, until it is stopped or fails. */
@Command(
        name = "serve",
        sortOptions = false,
        description = "Runs one node of a lock service. The very first start of a cluster needs all of its nodes once.")
final class ServeCommand implements Callable<Integer> {

    @Option(names = "--id", required = true, paramLabel = "ID", description = "This node, one of the cluster: n1, ...")
    private String id = "";

    @Option(
            names = "--cluster",
            required = true,
            paramLabel = "MEMBERS",
            description =
                    "Where the nodes listen for each other: n1=host:port,n2=host:port,... The same on every node.")
    private String cluster = "";

    @Option(
            names = "--data",
            required = true,
            paramLabel = "DIR",
            description = "This node's directory, formatted if it is empty or absent.")
    private Path data = Path.of("");

    @Option(names = "--port", required = true, paramLabel = "PORT", description = "Port for clients.")
    private int port;

    @Option(
            names = "--host",
            paramLabel = "HOST",
            defaultValue = "127.0.0.1",
            description = "Address for clients (default: ${DEFAULT-VALUE}). There is no authentication.")
    private String host = "127.0.0.1";

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws IOException {
        try (LockServer server = LockServer.start(NodeId.parse(id), ClusterOption.parse(cluster), data, host, port)) {
            Runtime.getRuntime().addShutdownHook(new Thread(server::close, "lock-shutdown"));
            spec.commandLine().getErr().println(id + " stopped: " + server.awaitEnd());
            return 1;
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
    }
}
