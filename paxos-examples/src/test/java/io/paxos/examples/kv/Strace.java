// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Makes system calls of one thread of a running process fail or wait, through {@code strace}: the process, its files and its
 * file system are the real ones.
 */
final class Strace implements AutoCloseable {

    private static final long END_SECONDS = 30;

    /** The kernel keeps that many characters of a thread's name; the JVM shortens longer ones, in one way or another. */
    private static final int NAME_CHARS = 15;

    private final Process process;
    private final Path calls;

    private Strace(Process process, Path calls) {
        this.process = process;
        this.calls = calls;
    }

    /** Skips the test where there is no strace, or where it may not attach to another process. */
    static void skipUnlessUsable(String test) {
        Tools.skipUnlessOnLinux(test);
        if (!Tools.run("strace", "-V").isFine()) {
            Tools.skip(test, "strace is not installed (Debian: apt-get install strace)");
        }
        Process sleeper = null;
        try {
            sleeper = new ProcessBuilder("sleep", "60").start();
            Tools.Run tried = Tools.run(
                    "timeout", "--signal=TERM", "0.5", "strace", "-p", "" + sleeper.pid(), "-e", "trace=fdatasync");
            if (!tried.output().contains("attached")) {
                Tools.skip(test, "strace may not attach to another process here: " + tried.output());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            if (sleeper != null) {
                KvCluster.kill(sleeper);
            }
        }
    }

    /**
     * Attaches to the thread of a server that writes its journal, and returns once it has.
     *
     * @param node of the server, as in {@code n1}
     * @param call the system call, such as {@code fdatasync}
     * @param injected what to do to it, as {@code strace} writes it, such as {@code error=EIO:when=1}
     * @param directory where the calls are noted
     */
    static Strace attach(ProcessHandle server, String node, String call, String injected, Path directory) {
        try {
            Path calls = Files.createTempFile(directory, "calls-", ".txt");
            Path said = Files.createTempFile(directory, "strace-", ".txt");
            Process process = new ProcessBuilder(
                            "strace",
                            "-p",
                            threadOf(server, "paxos-" + node + "-journal"),
                            "-o",
                            calls.toString(),
                            "-e",
                            "trace=" + call,
                            "-e",
                            "inject=" + call + ":" + injected)
                    .redirectErrorStream(true)
                    .redirectOutput(said.toFile())
                    .start();
            Strace strace = new Strace(process, calls);
            try {
                KvCluster.await("strace at " + node, () -> text(said).contains("attached"));
            } catch (AssertionError never) {
                strace.close();
                throw new AssertionError(text(said), never);
            }
            return strace;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String threadOf(ProcessHandle server, String name) throws IOException {
        String whole = name.substring(0, Math.min(NAME_CHARS, name.length()));
        // JDK 21 and later keep the first seven and the last six characters of a long name.
        String ends = name.substring(0, 7) + ".." + name.substring(name.length() - 6);
        Path threads = Path.of("/proc", "" + server.pid(), "task");
        try (Stream<Path> all = Files.list(threads)) {
            for (Path thread : all.toList()) {
                String short15 = Files.readString(thread.resolve("comm")).strip();
                if (short15.equals(whole) || short15.equals(ends)) {
                    return thread.getFileName().toString();
                }
            }
        }
        throw new AssertionError("process " + server.pid() + " has no thread " + name);
    }

    /** The calls of the thread since it was attached to, a line each; a JVM's own signals are none. */
    List<String> calls() {
        return text(calls)
                .lines()
                .filter(line -> !line.startsWith("+++") && !line.startsWith("---"))
                .toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Lets go of the thread, which goes on as if nothing had been. */
    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                KvCluster.kill(process);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
