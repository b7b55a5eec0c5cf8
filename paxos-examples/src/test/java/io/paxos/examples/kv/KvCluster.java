// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import io.paxos.transport.netty.Ports;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Three server processes on this machine, and a learner if asked for, as an operator would run them; killed at the end. */
final class KvCluster implements AutoCloseable {

    static final int NODES = 3;

    /** The node that learns without a vote, n4. */
    static final int LEARNER = NODES;

    private static final long READY_SECONDS = 60;
    private static final long POLL_MILLIS = 20;

    /** A short life on a small machine: little compiling, little heap. */
    private static final List<String> SMALL = List.of("-Xmx384m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private final Path home;
    private final List<String> virtualMachine;
    private final int[] clientPorts = freePorts(NODES + 1);
    private final int[] peerPorts = freePorts(NODES + 1);
    private final Process[] processes = new Process[NODES + 1];
    private boolean hasLearner;
    private final int[] remotePorts = freePorts(NODES + 1);
    private @Nullable CutLinks links;

    /**
     * A cluster that is not started yet.
     *
     * @param home where data and logs go
     */
    KvCluster(Path home) {
        this(home, SMALL);
    }

    /** The same with other options for each JVM. */
    KvCluster(Path home, List<String> virtualMachine) {
        this.home = home;
        this.virtualMachine = List.copyOf(virtualMachine);
    }

    /** The nodes reach each other through links that can be cut; to be called before they are started, closed with this. */
    CutLinks throughLinks() {
        CutLinks through = new CutLinks(peerPorts);
        links = through;
        return through;
    }

    /** Where a {@code PaxosClient} reaches that node, if it was started with {@link #remoteOption}. */
    int remotePort(int node) {
        return remotePorts[node];
    }

    /** Makes the node listen for {@code PaxosClient}. */
    List<String> remoteOption(int node) {
        return List.of("--client-port", Integer.toString(remotePorts[node]));
    }

    private int peerPort(int from, int to) {
        return links == null || from == to ? peerPorts[to] : links.port(from, to);
    }

    /** Starts all and waits until each answers through the log. */
    static KvCluster start(Path home) {
        return start(home, List.of());
    }

    /** The same with options for each of them; a node that is started again later needs them again. */
    static KvCluster start(Path home, List<String> more) {
        KvCluster cluster = new KvCluster(home);
        try {
            for (int i = 0; i < NODES; i++) {
                cluster.start(i, more);
            }
            for (int i = 0; i < NODES; i++) {
                cluster.awaitReady(i);
            }
            return cluster;
        } catch (RuntimeException | Error failed) {
            cluster.close(); // nobody else has it
            throw failed;
        }
    }

    /** Every node that is started from now on knows of the learner. */
    KvCluster withLearner() {
        hasLearner = true;
        return this;
    }

    void start(int node) {
        start(node, List.of());
    }

    /** The same with options that the others have not. */
    void start(int node, List<String> more) {
        List<String> arguments = new ArrayList<>(serverArguments(node));
        arguments.addAll(more);
        try {
            processes[node] = new ProcessBuilder(java(virtualMachine, arguments))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log(node)))
                    .start();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<String> serverArguments(int node) {
        StringBuilder members = new StringBuilder();
        for (int i = 0; i < NODES; i++) {
            members.append(i == 0 ? "" : ",").append('n').append(i + 1);
            members.append("=127.0.0.1:").append(peerPort(node, i));
        }
        List<String> arguments = new ArrayList<>(List.of(
                "server",
                "--id",
                "n" + (node + 1),
                "--cluster",
                members.toString(),
                "--data",
                home.resolve("n" + (node + 1)).toString(),
                "--port",
                Integer.toString(clientPorts[node])));
        if (hasLearner) {
            arguments.addAll(List.of("--learners", "n" + (LEARNER + 1) + "=127.0.0.1:" + peerPorts[LEARNER]));
        }
        return arguments;
    }

    /** The command line of a small JVM that runs {@link Main} from the test's class path. */
    static List<String> java(List<String> arguments) {
        return java(SMALL, arguments);
    }

    private static List<String> java(List<String> virtualMachine, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(virtualMachine);
        // Other modules' tests bring a log configuration along; this is the program's own.
        command.add("-Dlogback.configurationFile=logback.xml");
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        return command;
    }

    int port(int node) {
        return clientPorts[node];
    }

    /** SIGKILL, and waits until it is gone. */
    void kill(int node) {
        kill(processes[node]);
    }

    static void kill(Process process) {
        process.destroyForcibly();
        try {
            if (!process.waitFor(READY_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + process.pid() + " survived SIGKILL");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    boolean isAlive(int node) {
        return processes[node] != null && processes[node].isAlive();
    }

    ProcessHandle handle(int node) {
        return processes[node].toHandle();
    }

    /** Of a process that has ended. */
    int exitCode(int node) {
        return processes[node].exitValue();
    }

    /** SIGSTOP: it stands still, and knows nothing of it. */
    void pauseProcess(int node) {
        Tools.must("kill", "-STOP", Long.toString(processes[node].pid()));
    }

    /** SIGCONT. */
    void goOn(int node) {
        Tools.must("kill", "-CONT", Long.toString(processes[node].pid()));
    }

    /** Waits until it says that it is ready. */
    void awaitReady(int node) {
        await("n" + (node + 1) + " ready", () -> {
            if (!processes[node].isAlive()) {
                throw new IllegalStateException("n" + (node + 1) + " ended:\n" + logText(node));
            }
            return info(node, "ready").equals("yes");
        });
    }

    /** The node that leads, as it says itself and another one agrees. */
    int awaitLeader() {
        int[] leader = {-1};
        await("a leader", () -> {
            for (int i = 0; i < NODES; i++) {
                if (isAlive(i) && info(i, "role").equals("leading")) {
                    leader[0] = i;
                    return true;
                }
            }
            return false;
        });
        return leader[0];
    }

    String info(int node, String field) {
        return RespProbe.field(RespProbe.ask(clientPorts[node], "INFO"), field);
    }

    File log(int node) {
        return home.resolve("n" + (node + 1) + ".log").toFile();
    }

    String logText(int node) {
        try {
            return Files.readString(log(node).toPath());
        } catch (IOException e) {
            return e.toString();
        }
    }

    static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(READY_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("no " + what + " within " + READY_SECONDS + " s");
            }
            pause(POLL_MILLIS);
        }
    }

    /** A poll of another process's state; there is nothing to be woken by. */
    static void pause(long millis) {
        java.util.concurrent.locks.LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    static int[] freePorts(int count) {
        return IntStream.generate(Ports::free).limit(count).toArray();
    }

    /** Kills what still runs, by its process id. */
    @Override
    public void close() {
        for (Process process : processes) {
            if (process != null && process.isAlive()) {
                kill(process);
            }
        }
        if (links != null) {
            links.close();
        }
    }
}
