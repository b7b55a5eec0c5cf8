// SPDX-License-Identifier: Apache-2.0
package io.paxos.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Holds what a module brings to a host application at run time to a checked-in list. A dependency comes in easily, and every
 * host application pays for it: one library with "only a logging dependency" brought eighteen jars by mistake.
 *
 * <p>The actual list is what Maven resolved, written by the build to {@code target/runtime-dependencies.txt} before the tests
 * run; the expected one is {@code src/test/resources/runtime-dependencies.txt} of the same module.
 */
public final class RuntimeDependencies {
    private static final Path ACTUAL = Path.of("target", "runtime-dependencies.txt");
    private static final Path EXPECTED = Path.of("src", "test", "resources", "runtime-dependencies.txt");

    private RuntimeDependencies() {}

    /**
     * Compares the two lists of the module in whose directory the test runs.
     *
     * @throws IOException if one of them cannot be read
     */
    public static void assertAsCheckedIn() throws IOException {
        assertTrue(
                Files.exists(ACTUAL),
                () -> ACTUAL.toAbsolutePath()
                        + " is missing: Maven writes it; run `mvn test` instead of this test alone");
        String expected = String.join("\n", entries(Files.readAllLines(EXPECTED)));
        String actual = String.join("\n", resolved(Files.readAllLines(ACTUAL)));
        assertEquals(
                expected,
                actual,
                () -> "What host applications get at run time has changed. If that is meant, write the new list to "
                        + EXPECTED
                        + " and an entry to the changelog; else take the dependency out of pom.xml, or give it"
                        + " test scope.\n");
    }

    /** The lines of the checked-in list that are not comments. */
    static List<String> entries(List<String> lines) {
        return lines.stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    /**
     * From the lines of {@code dependency:list}, group:artifact:version each; our own modules without version, since it is
     * always the same one. Maven paints its output in some consoles, so that colours are taken off first.
     */
    static List<String> resolved(List<String> lines) {
        return lines.stream()
                .map(line -> line.replaceAll("\u001B\\[[;\\d]*m", "").strip())
                .filter(line -> line.matches("[\\w.-]+(:[\\w.-]+){4,5}( .*)?"))
                .map(RuntimeDependencies::coordinates)
                .sorted()
                .toList();
    }

    private static String coordinates(String line) {
        List<String> parts = List.of(line.split("[: ]", -1));
        assertEquals("jar", parts.get(2).toLowerCase(Locale.ROOT), "a plain jar, without classifier: " + line);
        String module = parts.get(0) + ":" + parts.get(1);
        return parts.get(0).equals("io.paxos") ? module : module + ":" + parts.get(3);
    }
}
