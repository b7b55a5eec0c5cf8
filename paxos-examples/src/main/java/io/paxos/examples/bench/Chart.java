// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.ArrayList;
import java.util.List;

/** Lines over an axis, as SVG: each with a colour and a mark of its own, so that colour is not needed to tell them apart. */
final class Chart {

    private static final double WIDTH = 520;
    private static final double HEIGHT = 320;
    private static final double LEFT = 58;
    private static final double RIGHT = WIDTH - 16;
    private static final double TOP = 26;
    private static final double BOTTOM = HEIGHT - 44;
    private static final double MARK = 4;
    private static final int COLOURS = 6;
    private static final double LABEL_ROOM = 42;

    /**
     * A place on a line.
     *
     * @param title shown where the pointer rests
     */
    record Point(double x, double y, String title) {}

    /**
     * A line.
     *
     * @param points in the order of their x
     * @param isMarked whether each point has a mark
     */
    record Line(String name, List<Point> points, boolean isMarked) {
        Line {
            points = points.stream()
                    .filter(point -> Double.isFinite(point.x) && Double.isFinite(point.y))
                    .toList();
        }
    }

    private final String title;
    private final String xName;
    private final boolean isLogX;
    private final boolean isLogY;
    private final List<Line> lines = new ArrayList<>();

    /** @param title says what is on the y axis, and its unit */
    Chart(String title, String xName, boolean isLogX, boolean isLogY) {
        this.title = title;
        this.xName = xName;
        this.isLogX = isLogX;
        this.isLogY = isLogY;
    }

    Chart add(Line line) {
        if (!line.points.isEmpty()) {
            lines.add(line);
        }
        return this;
    }

    /** Nothing, if there is nothing to show. */
    void draw(Markup out) {
        if (lines.isEmpty()) {
            return;
        }
        Axis x = Axis.of(values(true), isLogX);
        Axis y = Axis.of(values(false), isLogY);
        out.open("figure");
        out.element("figcaption", title);
        legend(out);
        String box = "0 0 " + Markup.number(WIDTH) + " " + Markup.number(HEIGHT);
        out.open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", box, "role", "img", "aria-label", title);
        frame(out, x, y);
        for (int i = 0; i < lines.size(); i++) {
            line(out, lines.get(i), i, x, y);
        }
        out.close().close().newLine();
    }

    private List<Double> values(boolean isX) {
        List<Double> values = new ArrayList<>();
        for (Line line : lines) {
            for (Point point : line.points) {
                values.add(isX ? point.x : point.y);
            }
        }
        return values;
    }

    private void legend(Markup out) {
        if (lines.size() < 2) {
            return;
        }
        out.open("p", "class", "legend");
        for (int i = 0; i < lines.size(); i++) {
            out.open("span");
            out.open("svg", "xmlns", "http://www.w3.org/2000/svg", "width", "22", "height", "12", "class", colour(i));
            out.leaf("path", "class", "line", "d", "M0 6 H22");
            if (lines.get(i).isMarked) {
                mark(out, i, 11, 6);
            }
            out.close().text(" " + lines.get(i).name).close();
        }
        out.close();
    }

    private static String colour(int index) {
        return "c" + index % COLOURS;
    }

    private void frame(Markup out, Axis x, Axis y) {
        for (double mark : y.marks()) {
            double at = height(y, mark);
            out.leaf("path", "class", "grid", "d", "M" + n(LEFT) + " " + n(at) + " H" + n(RIGHT));
            out.element("text", Axis.label(mark), "class", "left", "x", n(LEFT - 7), "y", n(at + 4));
        }
        double previous = Double.NEGATIVE_INFINITY;
        for (double mark : x.marks()) {
            double at = width(x, mark);
            out.leaf("path", "class", "grid", "d", "M" + n(at) + " " + n(TOP) + " V" + n(BOTTOM));
            if (at - previous >= LABEL_ROOM) {
                out.element("text", Axis.label(mark), "class", "below", "x", n(at), "y", n(BOTTOM + 17));
                previous = at;
            }
        }
        out.element("text", xName, "class", "below", "x", n((LEFT + RIGHT) / 2), "y", n(HEIGHT - 8));
    }

    private static void line(Markup out, Line line, int index, Axis x, Axis y) {
        StringBuilder path = new StringBuilder();
        for (Point point : line.points) {
            path.append(path.isEmpty() ? "M" : " L");
            path.append(n(width(x, point.x))).append(' ').append(n(height(y, point.y)));
        }
        out.open("g", "class", colour(index));
        out.leaf("path", "class", "line", "d", path.toString());
        for (Point point : line.isMarked ? line.points : List.<Point>of()) {
            out.open("g").element("title", point.title);
            mark(out, index, width(x, point.x), height(y, point.y));
            out.close();
        }
        out.close();
    }

    private static double width(Axis x, double value) {
        return LEFT + (RIGHT - LEFT) * x.part(value);
    }

    private static double height(Axis y, double value) {
        return BOTTOM - (BOTTOM - TOP) * y.part(value);
    }

    private static void mark(Markup out, int index, double x, double y) {
        String from = "M" + n(x - MARK) + " ";
        String d =
                switch (index % 4) {
                    case 0 -> "";
                    case 1 -> from + n(y - MARK) + " h" + 2 * MARK + " v" + 2 * MARK + " h-" + 2 * MARK + " z";
                    case 2 -> from + n(y + MARK) + " h" + 2 * MARK + " L" + n(x) + " " + n(y - MARK) + " z";
                    default ->
                        from + n(y) + " L" + n(x) + " " + n(y - MARK) + " L" + n(x + MARK) + " " + n(y) + " L" + n(x)
                                + " " + n(y + MARK) + " z";
                };
        if (d.isEmpty()) {
            out.leaf("circle", "class", "mark", "cx", n(x), "cy", n(y), "r", n(MARK));
        } else {
            out.leaf("path", "class", "mark", "d", d);
        }
    }

    private static String n(double value) {
        return Markup.number(value);
    }
}
