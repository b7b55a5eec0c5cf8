// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.ArrayList;
import java.util.List;

/** What was measured, as a table to read: a line a load, the medians if there were several rounds. */
final class ResultTable {

    private static final double OTHERS_PERCENT_MAX = 10;

    private ResultTable() {}

    static List<String> lines(List<Measurement> all, int nodes, RawLimits raw) {
        TextTable table = new TextTable(1);
        List<Figure> figures = Figures.ALL.stream().filter(Figure::inTable).toList();
        List<String> units = new ArrayList<>(List.of("", "", ""));
        List<String> titles = new ArrayList<>(List.of("op", "size", "load"));
        for (Figure figure : figures) {
            units.add(unit(figure));
            titles.add(figure.title());
        }
        boolean prefilled = all.stream().anyMatch(each -> each.prefill() > 0);
        if (prefilled) {
            titles.add("in log");
            units.add("");
        }
        table.add(titles);
        table.add(units);
        List<List<Measurement>> groups = Medians.groups(all);
        for (List<Measurement> group : groups) {
            LoadSpec spec = group.get(0).spec();
            List<String> row =
                    new ArrayList<>(List.of(spec.operation().word(), "" + spec.sizeBytes(), spec.pressure()));
            for (Figure figure : figures) {
                row.add(figure.shown(Medians.of(group, figure.of())));
            }
            if (prefilled) {
                row.add(whole(Medians.of(group, Measurement::inLog)));
            }
            table.add(row);
        }
        List<String> lines = new ArrayList<>(table.lines());
        lines.add("");
        lines.addAll(limits(raw));
        lines.addAll(ratios(groups, nodes));
        lines.addAll(growth(groups));
        lines.addAll(warnings(all));
        return lines;
    }

    static String unit(Figure figure) {
        String key = figure.key();
        return key.endsWith("cpu_us") ? "cpu us" : key.endsWith("_us") ? "us" : key.endsWith("mib") ? "MiB" : "";
    }

    /** What the machine itself can do. */
    static List<String> limits(RawLimits raw) {
        return List.of(
                "raw limits, of this run, at the median (p99):",
                "  TCP round trip of 256 B   " + micros(raw.roundTripMicros()) + " us ("
                        + micros(RawLimits.micros(raw.roundTrips(), 99)) + ")",
                "  force of 256 B            " + micros(raw.forceMicros()) + " us ("
                        + micros(RawLimits.micros(raw.forces(), 99)) + "), " + whole(raw.forcesPerSecond()) + "/s",
                "  " + raw.files() + " files at once           " + micros(raw.forceTogetherMicros()) + " us ("
                        + micros(RawLimits.micros(raw.forcesTogether(), 99)) + "), "
                        + whole(raw.forcesTogetherPerSecond()) + "/s each",
                "  CRC32C of 4 KiB           " + Figure.text(raw.crcBytesPerSecond() / 1e9, 1, false) + " GB/s");
    }

    private static String micros(double value) {
        return Figure.text(value, value < 100 ? 1 : 0, false);
    }

    private static String whole(double value) {
        return Figure.text(value, 0, true);
    }

    /** One operation at a time against what it has to wait for. */
    static List<String> ratios(List<List<Measurement>> groups, int nodes) {
        List<String> lines = new ArrayList<>();
        for (List<Measurement> group : groups) {
            Measurement first = group.get(0);
            double times = Medians.of(group, Measurement::timesLimit);
            if (!Double.isNaN(times)) {
                String formula = PathLimit.of(first.spec().operation(), first.place(), nodes)
                        .formula(nodes);
                lines.add(first.spec().title() + ": p50 "
                        + micros(Medians.of(group, Figures.P50.of())) + " us = "
                        + Figure.text(times, 2, false) + " x (" + formula + " = "
                        + micros(Medians.of(group, Measurement::limitMicros)) + " us)");
            }
        }
        return lines;
    }

    /** The same load with a short log and with the longest one. */
    static List<String> growth(List<List<Measurement>> groups) {
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            for (int j = groups.size() - 1; j > i; j--) {
                Measurement one = groups.get(i).get(0);
                Measurement other = groups.get(j).get(0);
                boolean isFirst = groups.subList(0, i).stream()
                        .noneMatch(each -> each.get(0).spec().equals(one.spec()));
                if (isFirst && one.spec().equals(other.spec())) {
                    double ratio =
                            Medians.of(groups.get(j), Figures.RATE.of()) / Medians.of(groups.get(i), Figures.RATE.of());
                    lines.add(one.spec().title() + ": with " + whole(Medians.of(groups.get(j), Measurement::inLog))
                            + " commands in the log "
                            + Figure.text(100 * ratio, 1, false) + " % of the throughput with "
                            + whole(Medians.of(groups.get(i), Measurement::inLog)));
                    break;
                }
            }
        }
        return lines;
    }

    /** What should make one doubt a line. */
    static List<String> warnings(List<Measurement> all) {
        List<String> lines = new ArrayList<>();
        for (Measurement each : all) {
            String which = "round " + each.round() + ", " + each.spec().title() + ": ";
            if (each.result().failures() > 0) {
                lines.add(which + each.result().failures() + " operations failed, the last one: "
                        + each.result().lastFailure());
            }
            if (each.leaderChanged()) {
                lines.add(which + "the leader changed meanwhile");
            }
        }
        double others = all.stream()
                .mapToDouble(each -> each.costs().otherPercent())
                .filter(percent -> percent > OTHERS_PERCENT_MAX)
                .max()
                .orElse(0);
        if (others > 0) {
            lines.add("up to " + Math.round(others)
                    + " % of the machine's CPU went to something else than these processes:"
                    + " see other_cpu_pct in the TSV");
        }
        return lines;
    }
}
