// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.examples.kv.Main.OperatorException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code demo}: a cluster on this machine, a process a node, so that one can be killed. It restarts nothing, says how to,
 * and ends its nodes when it ends.
 */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        description = "Starts a cluster of real processes on this machine and says what to try. Ctrl-C stops it.")
final class DemoCommand implements Callable<Integer> {

    private static final int PEER_PORT_OFFSET = 100;
    private static final int READY_SECONDS = 60;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where the nodes keep their data, formatted when new (default: a new temporary directory).")
    private @Nullable Path dir;

    @Option(
            names = "--nodes",
            paramLabel = "N",
            defaultValue = "3",
            description = "How many nodes, 1..7 (default: ${DEFAULT-VALUE}).")
    private int nodes;

    @Option(
            names = "--base-port",
            paramLabel = "PORT",
            defaultValue = "7001",
            description = "Clients connect to PORT and the ones after it, the nodes to each other 100 above"
                    + " (default: ${DEFAULT-VALUE}).")
    private int basePort;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() throws Exception {
        require("--nodes", nodes, 1, ClusterOption.MEMBERS_MAX);
        require("--base-port", basePort, 1, 65_535 - PEER_PORT_OFFSET - nodes + 1);
        Path home = home();
        requireTheSameNodes(home);
        List<DemoNode> members = members(home);
        for (DemoNode member : members) {
            requireFree(member.clientPort());
            requireFree(member.clientPort() + PEER_PORT_OFFSET);
        }
        PrintWriter out = spec.commandLine().getOut();
        Thread cleanUp = new Thread(() -> DemoNode.stopAll(members), "demo-shutdown");
        Runtime.getRuntime().addShutdownHook(cleanUp);
        LinkedBlockingQueue<DemoNode> gone = new LinkedBlockingQueue<>();
        for (DemoNode member : members) {
            member.start(gone::add);
        }
        String leader = awaitLeader(members, gone);
        welcome(out, home, members, leader);
        int running = members.size();
        while (running > 0) {
            DemoNode member = gone.take();
            out.printf("%n%s%nStart it again with:%n  %s%n", member.obituary(), member.shellCommand());
            out.flush();
            running--;
        }
        out.println("\nNo node of this demo is running any more.");
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private Path home() throws OperatorException {
        try {
            Path chosen = dir;
            if (chosen == null) {
                return Files.createTempDirectory("paxos-kv-demo-");
            }
            return Files.createDirectories(chosen.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new OperatorException("--dir: cannot create the directory for the data: " + e);
        }
    }

    /** The founding voters are fixed for good: five nodes on the data of three would wait for each other without end. */
    private void requireTheSameNodes(Path home) throws OperatorException {
        List<String> present = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 1; i <= ClusterOption.MEMBERS_MAX; i++) {
            if (Files.exists(home.resolve("n" + i))) {
                present.add("n" + i);
            }
            if (i <= nodes) {
                expected.add("n" + i);
            }
        }
        if (!present.isEmpty() && !present.equals(expected)) {
            throw new OperatorException("--dir: " + home + " holds the data of " + present + ", not of " + expected
                    + "; start it with the nodes it was made for, or choose another directory");
        }
    }

    private List<DemoNode> members(Path home) throws IOException {
        StringBuilder cluster = new StringBuilder();
        for (int i = 0; i < nodes; i++) {
            cluster.append(i == 0 ? "" : ",").append('n').append(i + 1).append("=127.0.0.1:");
            cluster.append(basePort + PEER_PORT_OFFSET + i);
        }
        List<DemoNode> members = new ArrayList<>();
        for (int i = 0; i < nodes; i++) {
            members.add(DemoNode.of("n" + (i + 1), ClusterOption.parse(cluster.toString()), home, basePort + i));
        }
        return members;
    }

    private static void requireFree(int port) throws OperatorException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        } catch (IOException e) {
            throw new OperatorException("port " + port + " on 127.0.0.1 cannot be used (" + e.getMessage()
                    + "); choose others with --base-port");
        }
    }

    /** Waits until every node answers what needs a leader, and tells who leads. */
    private static String awaitLeader(List<DemoNode> members, LinkedBlockingQueue<DemoNode> gone)
            throws InterruptedException, OperatorException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        String leader = "";
        for (DemoNode member : members) {
            while (!RespProbe.ask(member.clientPort(), "DBSIZE").startsWith(":")) {
                DemoNode dead = gone.poll(50, TimeUnit.MILLISECONDS);
                if (dead != null) {
                    throw new OperatorException(dead.lastWords());
                }
                if (System.nanoTime() > deadline) {
                    throw new OperatorException(
                            member.id() + " does not answer after " + READY_SECONDS + " s; its log is " + member.log());
                }
            }
            leader = RespProbe.field(RespProbe.ask(member.clientPort(), "INFO"), "leader");
        }
        return leader;
    }

    private static void welcome(PrintWriter out, Path home, List<DemoNode> members, String leader) {
        out.printf("%d nodes are running. Their data and logs are in %s and stay there.%n%n", members.size(), home);
        for (DemoNode member : members) {
            String role = member.id().equals(leader) ? "leader" : "";
            out.println(String.format(
                            "  %s  pid %-8d redis-cli -p %d   %s", member.id(), member.pid(), member.clientPort(), role)
                    .stripTrailing());
        }
        out.printf("%nTry, in another terminal:%n");
        // Every line is to work after the ones before it, the kill too: so the clients talk to the nodes that stay.
        List<DemoNode> order = new ArrayList<>(members);
        order.sort(Comparator.comparing((DemoNode member) -> member.id().equals(leader)));
        int first = order.get(0).clientPort();
        int second = order.get(Math.min(1, order.size() - 1)).clientPort();
        out.printf("  redis-cli -p %d set greeting hello%n", first);
        out.printf("  redis-cli -p %d get greeting%n", second);
        if (members.size() > 2) {
            long pid = order.get(order.size() - 1).pid();
            out.printf("  %-36s the leader; the others elect a new one and go on%n", "kill -9 " + pid);
            out.printf("  redis-cli -p %d get greeting%n", first);
        }
        out.printf("  %-36s role, leader, slots and peers of a node%n", "redis-cli -p " + first + " info");
        out.printf("%nCtrl-C stops the nodes.%n");
        out.flush();
    }

    private void require(String option, int value, int min, int max) {
        if (value < min || value > max) {
            throw new ParameterException(
                    spec.commandLine(), option + ": " + value + " is outside the allowed range " + min + ".." + max);
        }
    }
}
