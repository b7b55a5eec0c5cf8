// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import java.util.ArrayList;
import java.util.List;

/**
 * A file of prose, commands and their expected output.
 *
 * <pre>
 *   # prose, anywhere between two commands
 *   command
 *   ----
 *   output, up to the next empty line
 * </pre>
 */
final class Transcript {

    private static final String RULE = "----";

    /**
     * A command with its output.
     *
     * @param line of the file, from 1
     * @param before prose and empty lines above it
     * @param command the command
     * @param output what is expected of it
     */
    record Entry(int line, List<String> before, String command, List<String> output) {
        Entry withOutput(List<String> actual) {
            return new Entry(line, before, command, actual);
        }
    }

    private Transcript() {}

    static List<Entry> parse(List<String> lines) {
        List<Entry> entries = new ArrayList<>();
        List<String> before = new ArrayList<>();
        int i = 0;
        while (i < lines.size()) {
            String line = lines.get(i);
            if (line.isBlank() || line.startsWith("#")) {
                before.add(line);
                i++;
                continue;
            }
            int at = i + 1;
            if (at >= lines.size() || !lines.get(at).equals(RULE)) {
                throw new IllegalArgumentException("line " + at + ": '" + line + "' is not followed by " + RULE);
            }
            List<String> output = new ArrayList<>();
            for (i = at + 1; i < lines.size() && !lines.get(i).isBlank(); i++) {
                output.add(lines.get(i));
            }
            entries.add(new Entry(at, List.copyOf(before), line, output));
            before.clear();
        }
        return entries;
    }

    static String format(List<Entry> entries) {
        StringBuilder text = new StringBuilder();
        for (Entry entry : entries) {
            entry.before().forEach(line -> text.append(line).append('\n'));
            text.append(entry.command()).append('\n').append(RULE).append('\n');
            entry.output().forEach(line -> text.append(line).append('\n'));
        }
        return text.toString();
    }
}
