// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/** Programs of the system that a test needs and may not have. */
final class Tools {

    private static final long END_SECONDS = 30;

    private Tools() {}

    /**
     * How a program ended.
     *
     * @param exitCode -1 if there is no such program
     * @param output what it printed, errors included
     */
    record Run(int exitCode, String output) {

        boolean isFine() {
            return exitCode == 0;
        }
    }

    /** Runs a program to its end, which must come within half a minute. */
    static Run run(String... command) {
        Path output = null;
        try {
            output = Files.createTempFile("paxos-kv-tool", ".txt");
            Process process = new ProcessBuilder(List.of(command))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
                KvCluster.kill(process);
                throw new AssertionError(String.join(" ", command) + " did not end within " + END_SECONDS + " s");
            }
            return new Run(
                    process.exitValue(),
                    Files.readString(output, StandardCharsets.UTF_8).strip());
        } catch (IOException none) {
            return new Run(-1, String.valueOf(none.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            delete(output);
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs a program that must succeed. */
    static void must(String... command) {
        Run run = run(command);
        if (!run.isFine()) {
            throw new AssertionError(String.join(" ", command) + ": exit code " + run.exitCode + ": " + run.output);
        }
    }

    static void skipUnlessOnLinux(String test) {
        String system = System.getProperty("os.name", "");
        if (!system.toLowerCase(Locale.ROOT).contains("linux")) {
            skip(test, "it needs Linux, and this is " + system);
        }
    }

    /** Skips a test, and says why where people look: a report of skipped tests is easily overlooked. */
    static void skip(String test, String reason) {
        System.out.println(test + ": SKIPPED: " + reason);
        abort(reason);
    }
}
