// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.ArrayList;
import java.util.List;

/** What was measured, for programs: a row for each load of each round, never a median. */
final class ResultTsv {

    private static final List<String> NAMES =
            List.of("round", "place", "op", "size", "outstanding", "rate", "log_commands");

    private ResultTsv() {}

    static List<String> header() {
        List<String> header = new ArrayList<>(NAMES);
        Figures.ALL.forEach(figure -> header.add(figure.key()));
        return header;
    }

    static List<String> row(Measurement each) {
        LoadSpec spec = each.spec();
        List<String> row = new ArrayList<>(List.of(
                "" + each.round(),
                each.place().word(),
                spec.operation().word(),
                "" + spec.sizeBytes(),
                spec.isOpen() ? Figure.NONE : "" + spec.outstanding(),
                spec.isOpen() ? "" + spec.ratePerSecond() : Figure.NONE,
                "" + each.inLog()));
        Figures.ALL.forEach(figure -> row.add(figure.exact(figure.of().applyAsDouble(each))));
        return row;
    }
}
