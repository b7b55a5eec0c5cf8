// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * What must not be left behind: processes and directories. Cleared on an orderly end, and by a hook when this program is
 * interrupted. (Should this program be killed, the nodes see their input end, and end; then only the directory stays.)
 */
final class Leftovers implements AutoCloseable {

    private final Path home;
    private final List<NodeProcess> processes = new ArrayList<>();
    private final Thread hook = new Thread(this::interrupted, "bench-shutdown");
    private volatile boolean interrupted;

    /**
     * Makes a directory to work in.
     *
     * @param parent where, created if it is absent
     * @throws IOException if it cannot be made; the message names it
     */
    Leftovers(Path parent) throws IOException {
        try {
            Files.createDirectories(parent);
            home = Files.createTempDirectory(parent, "paxos-bench-");
        } catch (IOException e) {
            throw new IOException("--data: no directory can be made in " + parent + ": " + e, e);
        }
        Runtime.getRuntime().addShutdownHook(hook);
    }

    Path home() {
        return home;
    }

    synchronized void add(NodeProcess process) {
        if (interrupted) {
            throw new IllegalStateException("interrupted");
        }
        processes.add(process);
    }

    /** Whether this program was told to end while it worked; whatever fails then is no news. */
    boolean isInterrupted() {
        return interrupted;
    }

    private void interrupted() {
        interrupted = true;
        try {
            clear();
        } catch (IOException e) {
            System.err.println("paxos-kv bench: " + home + " is left behind: " + e);
        }
    }

    private synchronized void clear() throws IOException {
        clear(processes, home);
    }

    /** Kills those processes, and deletes what they had there. */
    private static void clear(List<NodeProcess> processes, Path directory) throws IOException {
        processes.forEach(NodeProcess::kill);
        for (NodeProcess process : processes) {
            process.awaitEnd();
        }
        delete(directory);
    }

    /** Kills those processes now, and deletes that directory, which is below {@link #home}. */
    synchronized void clearNow(List<NodeProcess> some, Path directory) throws IOException {
        clear(some, directory);
        processes.removeAll(some);
    }

    private static void delete(Path directory) throws IOException {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(directory)) {
            for (Path each : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (UncheckedIOException e) {
            if (!(e.getCause() instanceof NoSuchFileException)) {
                throw e.getCause();
            }
        }
    }

    @Override
    public void close() throws IOException {
        if (!interrupted) {
            clear();
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
