// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What was measured as a page to look at: one HTML file that needs no network, no other file and no script. It has what was
 * measured last: loads, kills or a soak.
 */
final class ResultPage {

    private final List<String> facts;
    private final RawLimits raw;
    private Consumer<Markup> content = out -> {};

    /** @param facts about the machine and the cluster, a sentence each */
    ResultPage(List<String> facts, RawLimits raw) {
        this.facts = List.copyOf(facts);
        this.raw = raw;
    }

    /** It shows loads. */
    void loads(List<Measurement> all, int nodes) {
        List<List<Measurement>> groups = Medians.groups(all);
        content = out -> {
            table(out, groups);
            lines(out, ResultTable.ratios(groups, nodes));
            lines(out, ResultTable.growth(groups));
            lines(out, ResultTable.warnings(all));
            out.open("div", "class", "plots");
            new LoadPlots(groups).draw(out);
            out.close();
        };
    }

    /** It shows kills of the leader. */
    void kills(List<FailOver> all, List<String> summary) {
        content = out -> {
            lines(out, summary);
            Bars bars = new Bars("From kill -9 of the leader to the first answer, ms", List.of("ms"));
            for (FailOver each : all) {
                bars.add(
                        "kill " + each.number() + ": " + each.leader() + " → " + each.successor(),
                        each.millis(),
                        each.millis());
            }
            out.open("div", "class", "plots");
            bars.draw(out);
            out.close();
        };
    }

    /** It shows minutes of steady load. */
    void soak(List<SoakMinute> all, List<String> summary) {
        content = out -> {
            lines(out, summary);
            Chart heap = new Chart("Heap in use behind a full collection, MiB", "minute", false, false);
            Chart resident = new Chart("Resident memory, MiB", "minute", false, false);
            int nodes = all.isEmpty() ? 0 : all.get(0).heapBytes().size();
            for (int i = 0; i < nodes; i++) {
                List<Chart.Point> inUse = new ArrayList<>();
                List<Chart.Point> held = new ArrayList<>();
                for (SoakMinute each : all) {
                    inUse.add(point(each.minute(), each.heapBytes().get(i) / Figure.MIB));
                    held.add(point(each.minute(), each.residentBytes().get(i) / Figure.MIB));
                }
                heap.add(new Chart.Line("n" + (i + 1), inUse, all.size() < 60));
                resident.add(new Chart.Line("n" + (i + 1), held, all.size() < 60));
            }
            List<Chart.Point> rate = new ArrayList<>();
            all.forEach(each -> rate.add(point(each.minute(), each.perSecond())));
            Chart throughput = new Chart("Operations a second", "minute", false, false);
            throughput.add(new Chart.Line("ops/s", rate, all.size() < 60));
            out.open("div", "class", "plots");
            throughput.draw(out);
            heap.draw(out);
            resident.draw(out);
            out.close();
        };
    }

    private static Chart.Point point(int minute, double value) {
        return new Chart.Point(minute, value, "minute " + minute + ": " + Figure.text(value, 1, true));
    }

    /** The whole page. */
    String html() {
        Markup out = new Markup();
        out.open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
        out.open("head").leaf("meta", "charset", "utf-8");
        out.leaf("meta", "name", "viewport", "content", "width=device-width, initial-scale=1");
        out.element("title", "paxos-kv bench").element("style", style()).close().newLine();
        out.open("body").element("h1", "paxos-kv bench").newLine();
        lines(out, facts);
        content.accept(out);
        out.element("h2", "What the machine can do without us");
        out.element("pre", inGreek(String.join("\n", ResultTable.limits(raw))));
        out.element("p", "docs/benchmarks.md says what each figure means, and what not to conclude.", "class", "hint");
        return out.close().close().finish();
    }

    private static void lines(Markup out, List<String> lines) {
        if (lines.isEmpty()) {
            return;
        }
        out.open("ul");
        for (String line : lines) {
            out.element("li", inGreek(line.strip()));
        }
        out.close().newLine();
    }

    /** The output of a command may not be able to say it; a page is. */
    private static String inGreek(String text) {
        return text.replaceAll("\\bus\\b", "µs");
    }

    private static void table(Markup out, List<List<Measurement>> groups) {
        List<Figure> figures = Figures.ALL.stream().filter(Figure::inTable).toList();
        out.open("div", "class", "wide").open("table").open("thead").open("tr");
        Map<String, Integer> names = new LinkedHashMap<>();
        names.put("operation", 1);
        names.put("B", 1);
        names.put("load", 1);
        names.keySet().forEach(name -> out.element("th", name));
        for (Figure figure : figures) {
            String unit = ResultTable.unit(figure);
            out.open("th").text(figure.title());
            if (!unit.isEmpty()) {
                out.leaf("br").element("small", inGreek(unit));
            }
            out.close();
        }
        out.close().close().open("tbody").newLine();
        for (List<Measurement> group : groups) {
            LoadSpec spec = group.get(0).spec();
            out.open("tr").element("th", spec.operation().word());
            out.element("td", "" + spec.sizeBytes()).element("td", spec.pressure());
            for (Figure figure : figures) {
                out.element("td", figure.shown(Medians.of(group, figure.of())));
            }
            out.close().newLine();
        }
        out.close().close().close().newLine();
    }

    private static String style() {
        try (InputStream in = ResultPage.class.getResourceAsStream("bench.css")) {
            if (in == null) {
                throw new IllegalStateException("bench.css is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("bench.css cannot be read", e);
        }
    }
}
