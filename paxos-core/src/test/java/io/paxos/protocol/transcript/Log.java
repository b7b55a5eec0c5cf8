// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

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

    /** A line that is left out when only what is notable counts; then it is not even worded. */
    void detail(Supplier<String> line) {
        if (!notableOnly) {
            lines.add(prefix + indent + line.get());
        }
    }

    boolean isNotableOnly() {
        return notableOnly;
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
