// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.ArrayList;
import java.util.List;

/** Horizontal bars, each of parts that add up, as SVG. */
final class Bars {

    private static final double WIDTH = 520;
    private static final double LEFT = 128;
    private static final double RIGHT = WIDTH - 56;
    private static final double ROW = 19;
    private static final double BAR = 12;
    private static final double TOP = 6;

    /** @param parts in the order of the names; what is no number is left out */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Bar(String name, double total, double[] parts) {}

    private final String title;
    private final List<String> names;
    private final List<Bar> bars = new ArrayList<>();

    /** @param names of the parts */
    Bars(String title, List<String> names) {
        this.title = title;
        this.names = List.copyOf(names);
    }

    /** @param total shown at its end */
    Bars add(String name, double total, double... parts) {
        if (parts.length != names.size()) {
            throw new IllegalArgumentException(parts.length + " parts, not " + names);
        }
        bars.add(new Bar(name, total, parts.clone()));
        return this;
    }

    /** Nothing, if there is nothing to show. */
    void draw(Markup out) {
        double most = bars.stream().mapToDouble(Bars::sum).max().orElse(0);
        if (most <= 0) {
            return;
        }
        out.open("figure").element("figcaption", title);
        if (names.size() > 1) {
            out.open("p", "class", "legend");
            for (int i = 0; i < names.size(); i++) {
                out.open("span", "class", "c" + i)
                        .element("i", "")
                        .text(" " + names.get(i))
                        .close();
            }
            out.close();
        }
        double height = TOP + ROW * bars.size() + 4;
        String box = "0 0 " + Markup.number(WIDTH) + " " + Markup.number(height);
        out.open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", box, "role", "img", "aria-label", title);
        for (int i = 0; i < bars.size(); i++) {
            bar(out, bars.get(i), TOP + ROW * i, (RIGHT - LEFT) / most);
        }
        out.close().close().newLine();
    }

    private static double sum(Bar bar) {
        double sum = 0;
        for (double part : bar.parts) {
            sum += Double.isNaN(part) ? 0 : part;
        }
        return sum;
    }

    private void bar(Markup out, Bar bar, double y, double scale) {
        out.element("text", bar.name, "class", "left", "x", n(LEFT - 8), "y", n(y + BAR - 2));
        double x = LEFT;
        for (int i = 0; i < bar.parts.length; i++) {
            double width = Double.isNaN(bar.parts[i]) ? 0 : bar.parts[i] * scale;
            if (width > 0) {
                out.open("g", "class", "c" + i);
                out.element("title", bar.name + ", " + names.get(i) + ": " + Figure.text(bar.parts[i], 1, true));
                out.leaf("rect", "class", "bar", "x", n(x), "y", n(y), "width", n(width), "height", n(BAR));
                out.close();
            }
            x += width;
        }
        out.element("text", Figure.text(bar.total, 1, true), "x", n(x + 6), "y", n(y + BAR - 2));
    }

    private static String n(double value) {
        return Markup.number(value);
    }
}
