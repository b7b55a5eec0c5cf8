// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.mutants;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The table of planted bugs in {@code docs/testing.md}. */
final class LedgerPage {

    private static final Path PAGE = Path.of("..", "docs", "testing.md");
    private static final String BEGIN = "<!-- planted bugs: written by PlantedBugsTest -->\n";
    private static final String END = "<!-- end of planted bugs -->\n";

    private LedgerPage() {}

    static String table(Map<String, Kill> kills) {
        StringBuilder table = new StringBuilder("| hazard | planted bug | found by | seeds |\n|---|---|---|---|\n");
        for (Mutant mutant : Ledger.all()) {
            Kill kill = kills.get(mutant.id());
            String by = "**not found**";
            String seeds = "";
            if (mutant.hasWitness()) {
                String test = mutant.witness().substring(mutant.witness().lastIndexOf('.') + 1);
                by = "`" + test.replace("#", "` `") + "`: " + mutant.reason();
            } else if (kill != null) {
                by = kill.property();
                seeds = Long.toString(kill.seed());
            }
            table.append(
                    "| %s | `%s`: %s | %s | %s |\n".formatted(mutant.hazard(), mutant.id(), mutant.story(), by, seeds));
        }
        return table.toString();
    }

    static String read() throws IOException {
        String page = Files.readString(PAGE);
        return page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END));
    }

    static void write(String table) throws IOException {
        String page = Files.readString(PAGE);
        Files.writeString(
                PAGE,
                page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + table + page.substring(page.indexOf(END)));
    }
}
