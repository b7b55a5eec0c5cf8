// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One node of the demo: a process of this same program, with its directory and its log file beside it. */
final class DemoNode {

    private static final long STOP_SECONDS = 5;
    private static final int KILLED = 128 + 9;

    private final String id;
    private final int clientPort;
    private final Path log;
    private final List<String> command;
    private @Nullable Process process;

    private DemoNode(String id, int clientPort, Path log, List<String> command) {
        this.id = id;
        this.clientPort = clientPort;
        this.log = log;
        this.command = List.copyOf(command);
    }

    /** A node that keeps its data in {@code home/id}; not started yet. */
    static DemoNode of(String id, ClusterOption cluster, Path home, int clientPort) throws IOException {
        List<String> command = ThisProgram.command(List.of());
        command.addAll(List.of("server", "--id", id, "--cluster", cluster.toString()));
        command.addAll(
                List.of("--cluster-name", "demo", "--data", home.resolve(id).toString()));
        command.addAll(List.of("--port", Integer.toString(clientPort)));
        return new DemoNode(id, clientPort, home.resolve(id + ".log"), command);
    }

    /**
     * Starts the process.
     *
     * @param gone called when it has ended, on another thread
     */
    void start(Consumer<DemoNode> gone) throws IOException {
        List<String> child = new ArrayList<>(command);
        // Even a demo that is killed leaves no node behind.
        child.addAll(List.of("--parent", Long.toString(ProcessHandle.current().pid())));
        Process started = new ProcessBuilder(child)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .redirectInput(ProcessBuilder.Redirect.from(new File(nullDevice())))
                .start();
        process = started;
        var unused = started.onExit().thenRun(() -> gone.accept(this));
    }

    private static String nullDevice() {
        return File.separatorChar == '\\' ? "NUL" : "/dev/null";
    }

    /** Ends all that run: asks first, then insists. */
    static void stopAll(List<DemoNode> nodes) {
        List<Process> running = new ArrayList<>();
        for (DemoNode node : nodes) {
            Process process = node.process;
            if (process != null && process.isAlive()) {
                process.destroy();
                running.add(process);
            }
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(STOP_SECONDS);
        for (Process process : running) {
            try {
                if (!process.waitFor(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
            }
        }
    }

    String id() {
        return id;
    }

    int clientPort() {
        return clientPort;
    }

    Path log() {
        return log;
    }

    long pid() {
        return started().pid();
    }

    private Process started() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException(id + " is not started");
        }
        return current;
    }

    /** How it ended, in a sentence. */
    String obituary() {
        int code = started().exitValue();
        String how = code == KILLED ? "was killed" : "ended with exit code " + code + ", see " + log;
        return id + " (pid " + pid() + ") " + how + ".";
    }

    /** Why it did not come up: the last line it printed. */
    String lastWords() {
        String last = "";
        try {
            for (String line : Files.readAllLines(log, StandardCharsets.UTF_8)) {
                last = line.isBlank() ? last : line;
            }
        } catch (IOException e) {
            last = "its log " + log + " cannot be read: " + e;
        }
        return id + " did not start: " + last;
    }

    /** The command that starts it again, to be pasted into a shell. */
    String shellCommand() {
        return command.stream().map(DemoNode::quoted).collect(Collectors.joining(" "));
    }

    private static String quoted(String word) {
        return word.matches("[A-Za-z0-9_./:=,@%+-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
