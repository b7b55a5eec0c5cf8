// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Loads as plots: throughput and latency over the pressure, latency by percentile, CPU by process. */
final class LoadPlots {

    private static final double[] PERCENTILES = {
        0, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.75, 99.9, 99.95, 99.975, 99.99, 99.995, 99.999
    };

    private final List<List<Measurement>> groups;

    /** @param groups rounds of the same load in each */
    LoadPlots(List<List<Measurement>> groups) {
        this.groups = List.copyOf(groups);
    }

    void draw(Markup out) {
        overPressure("Operations a second", Figures.RATE).draw(out);
        overPressure("Latency at the median, µs", Figures.P50).draw(out);
        overPressure("Latency at the 99th percentile, µs", Figures.P99).draw(out);
        overPressure("CPU per operation, of all processes, µs", Figures.ALL_CPU).draw(out);
        cpu().draw(out);
        families().forEach((name, members) -> percentiles(name, members).draw(out));
    }

    /** Loads that differ in nothing but how hard they press. */
    private Map<String, List<List<Measurement>>> families() {
        Map<String, List<List<Measurement>>> families = new LinkedHashMap<>();
        for (List<Measurement> group : groups) {
            Measurement first = group.get(0);
            String name = first.spec().operation().word() + " " + first.spec().sizeBytes() + " B"
                    + (first.prefill() > 0 ? ", " + Axis.label((double) first.prefill()) + " in the log" : "");
            families.computeIfAbsent(name, unused -> new ArrayList<>()).add(group);
        }
        return families;
    }

    private Chart overPressure(String title, Figure figure) {
        boolean isOpen = groups.get(0).get(0).spec().isOpen();
        Chart chart = new Chart(title, isOpen ? "operations asked for a second" : "operations in flight", true, true);
        families().forEach((name, members) -> {
            List<Chart.Point> points = new ArrayList<>();
            for (List<Measurement> group : members) {
                LoadSpec spec = group.get(0).spec();
                double value = Medians.of(group, figure.of());
                points.add(new Chart.Point(
                        isOpen ? spec.ratePerSecond() : spec.outstanding(),
                        value,
                        spec.title() + ": " + figure.shown(value)));
            }
            points.sort((one, other) -> Double.compare(one.x(), other.x()));
            chart.add(new Chart.Line(name, points, true));
        });
        return chart;
    }

    private static Chart percentiles(String name, List<List<Measurement>> members) {
        Chart chart = new Chart("Latency of " + name + ", µs", "of so many operations, one is slower", true, true);
        for (List<Measurement> group : members) {
            Histogram all = group.get(0).result().latencies().copy();
            for (Measurement each : group.subList(1, group.size())) {
                all.add(each.result().latencies());
            }
            List<Chart.Point> points = new ArrayList<>();
            for (double percentile : PERCENTILES) {
                double ofSoMany = 100 / (100 - percentile);
                if (ofSoMany <= all.getTotalCount()) {
                    double micros = RawLimits.micros(all, percentile);
                    points.add(new Chart.Point(ofSoMany, micros, percentile + " %: " + Figure.text(micros, 0, true)));
                }
            }
            chart.add(new Chart.Line(group.get(0).spec().pressure(), points, false));
        }
        return chart;
    }

    private Bars cpu() {
        Bars bars = new Bars(
                "Whose CPU it is, % (all together, µs per operation)", List.of("leader", "followers", "client"));
        for (List<Measurement> group : groups) {
            LoadSpec spec = group.get(0).spec();
            double leader = Medians.of(group, Figures.LEADER_CPU.of());
            double client = Medians.of(group, Figures.CLIENT_CPU.of());
            double all = Medians.of(group, Figures.ALL_CPU.of());
            double followers = Math.max(0, all - leader - (Double.isNaN(client) ? 0 : client));
            bars.add(
                    spec.operation().word() + " " + spec.sizeBytes() + " B, " + spec.pressure(),
                    all,
                    100 * leader / all,
                    100 * followers / all,
                    100 * client / all);
        }
        return bars;
    }
}
