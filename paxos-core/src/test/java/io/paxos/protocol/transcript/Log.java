// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import java.util.ArrayList;
import java.util.List;

/** The output of one command, line by line. */
final class Log {

    private final List<String> lines = new ArrayList<>();
    private boolean notableOnly;
    private String prefix = "";
    private String indent = "";

    /** From now on only leadership, chosen slots, refusals and the like. */
    void notableOnly(boolean only) {
        notableOnly = only;
    }

    /** Stands before every line: the virtual time of a run. */
    void prefix(String text) {
        prefix = text;
    }

    void indented(boolean isIndented) {
        indent = isIndented ? "  " : "";
    }

    void detail(String line) {
        if (!notableOnly) {
            lines.add(prefix + indent + line);
        }
    }

    void notable(String line) {
        lines.add(prefix + (notableOnly ? "" : indent) + line);
    }

    List<String> takeLines() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }
}
