// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.counter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows is what the repository holds and what it prints. */
class CounterTest {

    private static final Path SOURCE = Path.of("src/main/java/io/paxos/examples/counter/Counter.java");

    @TempDir
    Path temporary;

    @Test
    void readmeShowsTheWholeCounterByteForByte() throws IOException {
        assertEquals(Files.readString(SOURCE), blocks("java").get(0));
    }

    /** Imports, comments and blank lines aside. */
    @Test
    void wholeCounterFitsIn35LinesOfCode() throws IOException {
        long lines = Files.readAllLines(SOURCE).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("import ") && !line.startsWith("/"))
                .count();
        assertTrue(lines < 35, "lines of code: " + lines);
    }

    @Test
    void readmeShowsWhatTheCounterPrints() throws Exception {
        String printed = run();
        assertEquals(blocks("text").get(0), printed);
    }

    /** In a JVM of its own, as a reader would run it, with its directories where the test can remove them. */
    private String run() throws Exception {
        Path out = temporary.resolve("out");
        Path err = temporary.resolve("err");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Djava.io.tmpdir=" + temporary,
                        "-cp",
                        System.getProperty("java.class.path"),
                        Counter.class.getName())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        boolean ended = process.waitFor(60, TimeUnit.SECONDS);
        if (!ended) {
            process.destroyForcibly().waitFor();
        }
        assertEquals(0, process.exitValue(), () -> text(err));
        return text(out);
    }

    /** The fenced blocks of that language in the README, in order. */
    private static List<String> blocks(String language) throws IOException {
        String readme = Files.readString(Path.of("../README.md"));
        Matcher matcher = Pattern.compile("^```" + language + "\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL)
                .matcher(readme);
        List<String> blocks = new ArrayList<>();
        while (matcher.find()) {
            blocks.add(matcher.group(1));
        }
        return blocks;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
