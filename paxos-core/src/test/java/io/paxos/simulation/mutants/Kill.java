// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How a planted bug was found.
 *
 * @param seed the first from 1 on in which it was; so many seeds it took
 * @param property that was violated
 */
record Kill(long seed, String property) {

    private static final Path FILE = Path.of("src", "test", "resources", "mutants", "seeds.txt");

    /** By the id of the bug. */
    static Map<String, Kill> readAll() throws IOException {
        Map<String, Kill> all = new TreeMap<>();
        for (String line : Files.readAllLines(FILE)) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] words = line.split(" ", 3);
                all.put(words[0], new Kill(Long.parseLong(words[1]), words[2]));
            }
        }
        return all;
    }

    static void writeAll(Map<String, Kill> all) throws IOException {
        List<String> lines = new ArrayList<>();
        lines.add("# planted bug, the first seed from 1 on that shows it, the property that is violated there");
        lines.add("# written by PlantedBugsTest with -Dmutants.search=true");
        new TreeMap<>(all).forEach((id, kill) -> lines.add(id + " " + kill.seed + " " + kill.property));
        Files.write(FILE, lines);
    }
}
