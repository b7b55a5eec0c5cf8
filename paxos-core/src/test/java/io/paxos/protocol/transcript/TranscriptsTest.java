// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.fail;

import io.paxos.protocol.transcript.Transcript.Entry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Runs every transcript and compares its whole output. To accept new output, run with {@code -Dtranscripts.rewrite=true},
 * which writes the files and fails, and then read the difference: it is the behaviour that changed.
 */
class TranscriptsTest {

    private static final Path DIRECTORY =
            Path.of(System.getProperty("basedir", "."), "src", "test", "resources", "transcripts");

    private final boolean rewrite = Boolean.getBoolean("transcripts.rewrite");

    @TestFactory
    List<DynamicTest> everyTranscriptGivesItsOutput() throws IOException {
        List<Path> files;
        try (Stream<Path> found = Files.list(DIRECTORY)) {
            files = found.filter(file -> file.toString().endsWith(".txt"))
                    .sorted()
                    .toList();
        }
        assertFalse(files.isEmpty(), "no transcripts in " + DIRECTORY);
        return files.stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), file.toUri(), () -> check(file)))
                .toList();
    }

    private void check(Path file) throws IOException {
        List<Entry> expected = Transcript.parse(Files.readAllLines(file));
        List<Entry> actual = new ArrayList<>();
        Script script = new Script();
        for (Entry entry : expected) {
            try {
                actual.add(entry.withOutput(script.run(entry.command())));
            } catch (RuntimeException violated) {
                String soFar = Transcript.format(actual.subList(Math.max(0, actual.size() - 3), actual.size()));
                throw new AssertionError(
                        file.getFileName() + ":" + entry.line() + ": " + entry.command() + ": " + violated.getMessage()
                                + "\n" + soFar,
                        violated);
            }
            if (!rewrite) {
                assertEquals(
                        String.join("\n", entry.output()),
                        String.join("\n", actual.get(actual.size() - 1).output()),
                        file.getFileName() + ":" + entry.line() + ": " + entry.command());
            }
        }
        if (rewrite) {
            Files.writeString(file, Transcript.format(actual));
            fail(file.getFileName() + " was rewritten; read the difference and run again without transcripts.rewrite");
        }
    }
}
