// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

import io.paxos.examples.kv.ClusterOption;
import io.paxos.transport.netty.client.PaxosClient;
import io.paxos.transport.netty.client.PaxosClientBuilder;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What every client of the lock service is told: where it is, and as whom to speak. */
final class Servers {

    @Option(
            names = "--servers",
            required = true,
            split = ",",
            paramLabel = "HOST:PORT",
            description = "Where nodes of the lock service listen for clients; as many of them as are known.")
    private List<String> servers = new ArrayList<>();

    @Option(
            names = "--owner",
            paramLabel = "NAME",
            description = "Whom others are told to have the lock (default: this process).")
    private String owner = System.getProperty("user.name", "somebody") + ":"
            + ProcessHandle.current().pid();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("UnusedVariable") // picocli acts on it
    private boolean help;

    /**
     * Connects.
     *
     * @throws IllegalArgumentException if an address is none
     */
    LockClient connect() {
        PaxosClientBuilder builder = PaxosClient.builder();
        for (String server : servers) {
            ClusterOption.Address address = ClusterOption.Address.parse(server);
            builder.address(address.host(), address.port());
        }
        return new LockClient(builder.connect(), owner);
    }
}
