// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.ArrayList;
import java.util.List;

/** Rows of words in columns: names to the left, numbers to the right, as wide as their widest. */
final class TextTable {

    private final int names;
    private final List<List<String>> rows = new ArrayList<>();

    /** @param names how many columns, from the first, hold names */
    TextTable(int names) {
        this.names = names;
    }

    /** One row, as long as the others. */
    void add(List<String> row) {
        if (!rows.isEmpty() && rows.get(0).size() != row.size()) {
            throw new IllegalArgumentException(
                    row + " has " + row.size() + " columns, not " + rows.get(0).size());
        }
        rows.add(List.copyOf(row));
    }

    /** One line a row. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        int columns = rows.isEmpty() ? 0 : rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < columns; i++) {
                String space = " ".repeat(widths[i] - row.get(i).length());
                line.append(i == 0 ? "" : "  ");
                line.append(i < names ? row.get(i) + space : space + row.get(i));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
