// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds {@code docs/single-decree.md} to the code: each excerpt stands in its file byte for byte. */
class SingleDecreePageTest {
    private static final Path PAGE = Path.of("..", "docs", "single-decree.md");
    private static final Path SOURCES = Path.of("src", "main", "java", "io", "paxos", "synod");
    private static final Pattern EXCERPT = Pattern.compile("`(\\w+\\.java)`:\n\n```java\n(.*?)```\n", Pattern.DOTALL);

    @Test
    void eachExcerptStandsInItsFileByteForByte() throws IOException {
        String page = Files.readString(PAGE);
        List<String> missing = new ArrayList<>();
        Set<String> files = new TreeSet<>();
        int excerpts = 0;
        Matcher excerpt = EXCERPT.matcher(page);
        while (excerpt.find()) {
            excerpts++;
            files.add(excerpt.group(1));
            if (!Files.readString(SOURCES.resolve(excerpt.group(1))).contains("\n" + excerpt.group(2))) {
                missing.add(excerpt.group(1) + " does not hold:\n" + excerpt.group(2));
            }
        }
        assertEquals(List.of(), missing);
        assertEquals(
                page.split("```java\n", -1).length - 1, excerpts, "each excerpt names its file on the line before");
        assertEquals(
                new TreeSet<>(List.of(
                        "Acceptor.java",
                        "Effects.java",
                        "Learner.java",
                        "Member.java",
                        "Memory.java",
                        "Proposer.java")),
                files);
    }

    @Test
    void everyTestThatThePageNamesExists() throws IOException {
        Matcher name = Pattern.compile("`(\\w+Test)\\.(\\w+)`").matcher(Files.readString(PAGE));
        int names = 0;
        while (name.find()) {
            names++;
            String file = name.group(1) + ".java";
            String test = name.group(2);
            try (var tree = Files.walk(Path.of("src", "test", "java", "io", "paxos"))) {
                assertTrue(
                        tree.filter(path -> path.endsWith(file)).anyMatch(path -> declares(path, test)),
                        () -> file + " has no test " + test);
            }
        }
        assertTrue(names > 0, "the page names its tests");
    }

    private static boolean declares(Path path, String test) {
        try {
            return Files.readString(path).contains("void " + test + "()");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
