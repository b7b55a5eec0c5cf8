// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A node as a process of its own, seen from the one that started it. They talk in lines over the child's input and output
 * (see {@link BenchNode}), so that a node ends when its parent is gone, however that went.
 */
final class NodeProcess {

    private static final long ANSWER_SECONDS = 20;
    private static final long END_SECONDS = 20;
    private static final long WAIT_MILLIS = 50;
    private static final int LAST_LINES = 3;

    /**
     * What a node says of itself.
     *
     * @param leading whether it leads
     * @param ready whether it knows a leader and has applied what that leader knew
     * @param count commands applied
     * @param digest over them
     */
    record Status(boolean leading, boolean ready, long count, long digest) {

        static Status parse(String words) {
            String[] fields = words.split(" ", -1);
            if (fields.length != 4) {
                throw new IllegalArgumentException("status: '" + words + "' has not four words");
            }
            return new Status(
                    Boolean.parseBoolean(fields[0]),
                    Boolean.parseBoolean(fields[1]),
                    Long.parseLong(fields[2]),
                    Long.parseLong(fields[3]));
        }

        String encode() {
            return leading + " " + ready + " " + count + " " + digest;
        }
    }

    private final String id;
    private final List<String> command;
    private final Path log;

    private volatile @Nullable Process process;
    private @Nullable Writer toNode;
    private LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
    private volatile @Nullable LoadWatcher watcher;

    /** @param command that starts it */
    NodeProcess(String id, List<String> command, Path log) {
        this.id = id;
        this.command = List.copyOf(command);
        this.log = log;
    }

    /** Starts it, for the first time or again after it ended. */
    synchronized void start() throws IOException {
        Process started = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()))
                .start();
        process = started;
        toNode = new OutputStreamWriter(started.getOutputStream(), StandardCharsets.UTF_8);
        LinkedBlockingQueue<String> fresh = new LinkedBlockingQueue<>();
        answers = fresh;
        Thread reader = new Thread(() -> read(started, fresh), "bench-" + id);
        reader.setDaemon(true);
        reader.start();
    }

    private void read(Process from, LinkedBlockingQueue<String> into) {
        try (BufferedReader lines = from.inputReader(StandardCharsets.UTF_8)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith(BenchNode.OWN)) {
                    hear(line.substring(BenchNode.OWN.length()), into);
                } else {
                    keep(line);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // It is gone; whoever waits for an answer sees that.
            return;
        }
    }

    /** What the JVM says for itself; not worth an end, if the log cannot be written. */
    private void keep(String line) {
        try {
            Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            System.err.println(line);
        }
    }

    private void hear(String line, LinkedBlockingQueue<String> into) {
        LoadWatcher current = watcher;
        String[] words = line.split(" ", -1);
        switch (words[0]) {
            case BenchNode.BEGUN -> {
                if (current != null) {
                    current.begun();
                }
            }
            case BenchNode.SO_FAR -> {
                if (current != null) {
                    current.soFar(Long.parseLong(words[1]), Long.parseLong(words[2]));
                }
            }
            case BenchNode.ENDED -> {
                if (current != null) {
                    current.ended();
                }
            }
            default -> into.add(line);
        }
    }

    /** @throws IOException if it does not answer; the message says why, if it is gone */
    synchronized Status status() throws IOException {
        return Status.parse(ask(BenchNode.STATUS, ANSWER_SECONDS));
    }

    /** Bytes of its heap that are in use behind a full collection. */
    synchronized long usedHeapBytes() throws IOException {
        return Long.parseLong(ask(BenchNode.HEAP, ANSWER_SECONDS));
    }

    /** For how long its compilers were at work. */
    synchronized long compiledMillis() throws IOException {
        return Long.parseLong(ask(BenchNode.COMPILED, ANSWER_SECONDS));
    }

    /** Makes the load inside that node, and waits until it is over. */
    synchronized LoadResult load(LoadSpec spec, LoadWatcher hears) throws IOException {
        watcher = hears;
        try {
            long millis = spec.settleMillis() + spec.spanMillis();
            return LoadResult.parse(ask(
                    BenchNode.LOAD + " " + spec.encode(),
                    TimeUnit.MILLISECONDS.toSeconds(millis) + 2 * ANSWER_SECONDS));
        } finally {
            watcher = null;
        }
    }

    private String ask(String question, long seconds) throws IOException {
        Process current = running();
        Writer out = toNode;
        if (out == null) {
            throw new IllegalStateException(id + " is not started");
        }
        try {
            answers.clear();
            out.write(question + "\n");
            out.flush();
            // Counted in waits: where all processes were suspended for a while, nobody has waited.
            for (long waits = TimeUnit.SECONDS.toMillis(seconds) / WAIT_MILLIS; waits > 0; waits--) {
                String answer = answers.poll(WAIT_MILLIS, TimeUnit.MILLISECONDS);
                if (answer != null) {
                    return answer;
                }
                if (!current.isAlive() && answers.isEmpty()) {
                    throw new IOException(lastWords());
                }
            }
            throw new IOException(id + " does not answer '" + question + "' after " + seconds + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while waiting for " + id, e);
        } catch (IOException e) {
            if (!current.isAlive()) {
                throw new IOException(lastWords(), e);
            }
            throw e;
        }
    }

    private Process running() {
        Process current = process;
        if (current == null) {
            throw new IllegalStateException(id + " is not started");
        }
        return current;
    }

    String id() {
        return id;
    }

    ProcessHandle handle() {
        return running().toHandle();
    }

    /** False, too, if it was never started. */
    boolean isAlive() {
        Process current = process;
        return current != null && current.isAlive();
    }

    /** SIGKILL, without waiting. */
    void kill() {
        Process current = process;
        if (current != null) {
            current.destroyForcibly();
        }
    }

    /** Waits until a killed process is gone. */
    void awaitEnd() throws IOException {
        Process current = process;
        try {
            if (current != null && !current.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(id + " (pid " + current.pid() + ") survives being killed");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while " + id + " ends", e);
        }
    }

    /** Why it ended: the last lines it logged. */
    String lastWords() {
        String last;
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            last = String.join("; ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
        } catch (IOException e) {
            last = "its log cannot be read: " + e;
        }
        return id + " ended" + (last.isEmpty() ? "" : ": " + last);
    }
}
