// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** The four figures over the virtual time of the whole run, on a linear scale, with the part that is drawn below shaded. */
final class Curves {

    private static final int POINTS_MAX = 120;
    private static final double WIDTH = 460;
    private static final double HEIGHT = 128;
    private static final double LEFT = 52;
    private static final double RIGHT = WIDTH - 16;
    private static final double TOP = 22;
    private static final double BOTTOM = HEIGHT - 20;

    /** One line of a chart. */
    private record Line(String name, String colour, ToDoubleFunction<Figures> value) {}

    private final List<FigureTally.Point> points;
    private final long lastMicros;
    private final Chronicle drawn;

    Curves(FigureTally tally, Chronicle drawn) {
        this.points = tally.curve(POINTS_MAX);
        this.lastMicros = Math.max(1, tally.lastMicros());
        this.drawn = drawn;
    }

    void draw(Markup out) {
        out.open("div", "class", "curves");
        chart(
                out,
                "consensus_latency_ms",
                Double.NaN,
                List.of(
                        new Line("p99", "#d45f00", Figures::consensusLatencyMillisP99),
                        new Line("p50", "#1452c8", Figures::consensusLatencyMillisP50)));
        chart(
                out,
                "proposal_rejection_rate",
                Double.NaN,
                List.of(new Line("", "#d01030", Figures::proposalRejectionRate)));
        chart(out, "throughput_rps", Double.NaN, List.of(new Line("", "#1e8e3e", Figures::throughputPerSecond)));
        chart(out, "availability_pct", 100, List.of(new Line("", "#8e24aa", Figures::availabilityPercent)));
        out.close().newLine();
    }

    private void chart(Markup out, String title, double fixedMost, List<Line> lines) {
        double most = fixedMost;
        if (Double.isNaN(most)) {
            most = 0;
            for (Line line : lines) {
                for (FigureTally.Point point : points) {
                    double value = line.value.applyAsDouble(point.figures());
                    most = Double.isNaN(value) ? most : Math.max(most, value);
                }
            }
            most = roundedUp(most);
        }
        String box = "0 0 " + n(WIDTH) + " " + n(HEIGHT);
        out.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "class",
                "curve",
                "width",
                n(WIDTH),
                "height",
                n(HEIGHT),
                "viewBox",
                box);
        out.element("text", title, "class", "title", "x", n(LEFT), "y", "13");
        frame(out, most);
        double legend = RIGHT;
        for (Line line : lines) {
            out.open("g", "stroke", line.colour, "fill", line.colour);
            for (String path : paths(line, most)) {
                out.leaf("path", "class", "plot", "d", path);
            }
            out.element("text", line.name, "x", n(legend), "y", "13", "text-anchor", "end", "stroke", "none");
            legend -= 30;
            out.close();
        }
        out.close().newLine();
    }

    private void frame(Markup out, double most) {
        double from = x(drawn.firstMicros());
        double until = x(drawn.lastMicros());
        out.leaf(
                "rect",
                "class",
                "drawn",
                "x",
                n(from),
                "y",
                n(TOP),
                "width",
                n(Math.max(1, until - from)),
                "height",
                n(BOTTOM - TOP));
        for (int i = 0; i <= 2; i++) {
            double y = BOTTOM - i * (BOTTOM - TOP) / 2;
            out.leaf("path", "class", "grid", "d", "M" + n(LEFT) + " " + n(y) + " H" + n(RIGHT));
            out.element("text", label(most * i / 2), "class", "axis", "x", n(LEFT - 5), "y", n(y + 3.5));
        }
        long step = Math.max(1, Math.round(roundedUp(lastMicros / 6.5e6) * 1e6));
        for (long micros = 0; micros <= lastMicros; micros += step) {
            String text = label(micros / 1e6) + " s";
            out.element("text", text, "x", n(x(micros)), "y", n(HEIGHT - 6), "text-anchor", "middle");
        }
    }

    /** One path for each stretch that has values; a gap stays a gap. */
    private List<String> paths(Line line, double most) {
        List<String> paths = new ArrayList<>();
        StringBuilder path = new StringBuilder();
        for (FigureTally.Point point : points) {
            double value = line.value.applyAsDouble(point.figures());
            if (Double.isNaN(value)) {
                add(paths, path);
                path = new StringBuilder();
                continue;
            }
            String y = n(BOTTOM - (BOTTOM - TOP) * Math.min(1, value / most));
            long until = Math.min(point.untilMicros(), lastMicros);
            path.append(path.isEmpty() ? "M" : " L")
                    .append(n(x(point.fromMicros())))
                    .append(' ')
                    .append(y);
            path.append(" H").append(n(x(until)));
        }
        add(paths, path);
        return paths;
    }

    private static void add(List<String> paths, StringBuilder path) {
        if (!path.isEmpty()) {
            paths.add(path.toString());
        }
    }

    private double x(long micros) {
        return LEFT + (RIGHT - LEFT) * Math.min(micros, lastMicros) / lastMicros;
    }

    /** The next of 1, 2, 5, 10, …: an axis that a person can read. */
    private static double roundedUp(double value) {
        double step = 0.001;
        while (true) {
            for (double factor : new double[] {1, 2, 5}) {
                if (factor * step >= value) {
                    return factor * step;
                }
            }
            step *= 10;
        }
    }

    private static String label(double value) {
        String text = Figures.text(value, 4);
        while (text.endsWith("0")) {
            text = text.substring(0, text.length() - 1);
        }
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String n(double value) {
        return Markup.number(value);
    }
}
