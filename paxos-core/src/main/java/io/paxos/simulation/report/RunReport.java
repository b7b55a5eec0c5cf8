// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.simulation.SimulationOptions;
import io.paxos.simulation.SimulationResult;
import io.paxos.simulation.property.Judges;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A run as a page to look at: one HTML file that needs no network, no other file and, except for hovering and hiding, no
 * script. {@code docs/simulation.md} explains every mark on it.
 *
 * <pre>{@code
 * Recording recording = new Recording(Recording.EVENTS_MAX_DEFAULT);
 * SimulationResult result = simulation.alsoJudging(() -> List.of(recording)).run(seed);
 * RunReport.of(result, recording, options).withReplay("java -jar …").writeTo(Path.of("run.html"));
 * }</pre>
 *
 * <p>Same run, same bytes. Immutable.
 */
public final class RunReport {

    /** Which events are drawn when there are more than the recording keeps. */
    public enum Part {
        /** The first ones. */
        BEGINNING,
        /** The last ones: those before the failure, if there was one. */
        END
    }

    private static final double SHOWN_ABOVE_VIOLATION = 400;

    private final SimulationResult result;
    private final Recording recording;
    private final SimulationOptions options;
    private final String replay;
    private final Part part;

    private RunReport(
            SimulationResult result, Recording recording, SimulationOptions options, String replay, Part part) {
        this.result = Objects.requireNonNull(result, "result");
        this.recording = Objects.requireNonNull(recording, "recording");
        this.options = Objects.requireNonNull(options, "options");
        this.replay = Objects.requireNonNull(replay, "replay");
        this.part = Objects.requireNonNull(part, "part");
    }

    /**
     * The report of that run: of its end if it failed, of its beginning if it was good.
     *
     * @param recording that watched this run, and no other
     * @param options of the run
     */
    public static RunReport of(SimulationResult result, Recording recording, SimulationOptions options) {
        String replay = "Simulation.of(workload).with(options).run(" + result.seed() + "L)";
        return new RunReport(result, recording, options, replay, result.isGood() ? Part.BEGINNING : Part.END);
    }

    /** The same with another line that replays the run; it is shown, not run. */
    public RunReport withReplay(String line) {
        return new RunReport(result, recording, options, line, part);
    }

    /** The same, showing that part. */
    public RunReport showing(Part other) {
        return new RunReport(result, recording, options, replay, other);
    }

    /**
     * Writes the page, replacing what is there; missing directories are made.
     *
     * @throws UncheckedIOException if it cannot be written; the message names the file
     */
    public void writeTo(Path file) {
        try {
            Path directory = file.toAbsolutePath().getParent();
            if (directory != null) {
                Files.createDirectories(directory);
            }
            Files.writeString(file, html(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("report " + file + " cannot be written: " + e, e);
        }
    }

    /** The whole page. */
    public String html() {
        Recording.Window window = part == Part.END ? recording.ending() : recording.beginning();
        Chronicle chronicle = new Chronicle(window);
        SpaceTimeDiagram diagram = new SpaceTimeDiagram(chronicle, result.violation());
        Markup out = new Markup();
        out.raw("<!DOCTYPE html>\n").open("html", "xmlns", "http://www.w3.org/1999/xhtml", "lang", "en");
        out.open("head").leaf("meta", "charset", "utf-8");
        out.element(
                "title",
                "seed " + result.seed()
                        + (result.isGood()
                                ? ""
                                : result.isUndecided()
                                        ? ": undecided"
                                        : ": " + violated().property()));
        out.open("style").raw(resource("report.css")).raw(Legend.colours()).close();
        out.close().newLine();
        out.open("body");
        head(out, window);
        figures(out);
        new Curves(recording.tally(), chronicle).draw(out);
        legend(out, chronicle);
        notice(out, window, chronicle);
        out.open("div", "id", "lanes").raw(diagram.header()).close().newLine();
        out.open("div", "id", "picture").raw(diagram.svg());
        // Some way above the violation, so that what led to it is in sight.
        String above = Markup.number(Math.max(0, diagram.violationHeight() - SHOWN_ABOVE_VIOLATION));
        out.element("div", "", "id", "violation", "style", "top:" + above + "px")
                .close()
                .newLine();
        out.element("div", "", "id", "hover");
        out.open("script")
                .raw("//<![CDATA[\n" + resource("report.js") + "//]]>\n")
                .close();
        return out.close().close().newLine().toString();
    }

    private Judges.Violation violated() {
        Judges.Violation violation = result.violation();
        if (violation == null) {
            throw new IllegalStateException("seed " + result.seed() + " is good");
        }
        return violation;
    }

    private void head(Markup out, Recording.Window window) {
        out.open("h1").text("Seed " + result.seed() + " ");
        String verdict = result.isGood()
                ? "every property held"
                : result.isUndecided() ? "undecided" : "violates " + violated().property();
        out.element("span", verdict, "class", result.isGood() ? "good" : "bad")
                .close()
                .newLine();
        if (result.undecided() != null) {
            out.element("pre", result.undecided(), "class", "explanation").newLine();
        }
        if (result.violation() != null) {
            String when = "at " + Markup.millis(violated().atMicros()) + " ms of virtual time";
            out.open("p")
                    .text(when + ", ")
                    .element("a", "in the picture", "href", "#violation")
                    .text(":")
                    .close();
            out.element("pre", violated().explanation(), "class", "explanation").newLine();
        }
        out.open("dl");
        entry(out, "replay", replay, true);
        entry(out, "drawn by the seed", result.cluster(), false);
        entry(out, "options", options.toString(), false);
        entry(out, "run", result.metrics().toString(), false);
        entry(
                out,
                "trace",
                window.events().size() + " events drawn, fingerprint of the whole trace "
                        + Long.toHexString(result.trace().fingerprint()),
                false);
        out.close().newLine();
    }

    private static void entry(Markup out, String name, String value, boolean isCode) {
        out.element("dt", name).open("dd");
        if (isCode) {
            out.element("code", value);
        } else {
            out.text(value);
        }
        out.close().newLine();
    }

    private void figures(Markup out) {
        out.open("table", "class", "figures").open("tbody");
        for (Figures.Row row : recording.figures().rows()) {
            out.open("tr").element("th", row.name()).element("td", row.value());
            out.element("td", row.meaning(), "class", "meaning").close();
        }
        out.close().close().newLine();
    }

    /** Every kind of mark with how often it is drawn, each with a box that hides it. */
    private static void legend(Markup out, Chronicle chronicle) {
        Map<MessageLook, Integer> counts = new TreeMap<>();
        for (Chronicle.Flight flight : chronicle.flights()) {
            counts.merge(Legend.lookOf(flight), 1, Integer::sum);
        }
        out.open("div", "id", "legend");
        String family = "";
        List<MessageLook> looks = new ArrayList<>(counts.keySet());
        for (MessageLook look : looks) {
            if (!look.family().equals(family)) {
                out.raw(family.isEmpty() ? "" : "</span>").raw("<span class=\"family\">");
                family = look.family();
                out.element("b", family);
            }
            Legend.box(out, look.title(), look.title() + " " + counts.get(look), look.colour());
        }
        out.raw(family.isEmpty() ? "" : "</span>");
        Legend.others(out);
        out.close().newLine();
    }

    private static void notice(Markup out, Recording.Window window, Chronicle chronicle) {
        String drawn = Markup.millis(chronicle.firstMicros()) + " to " + Markup.millis(chronicle.lastMicros()) + " ms";
        long all = window.events().size() + window.leftOutBefore() + window.leftOutAfter();
        if (window.leftOutBefore() > 0) {
            out.element(
                    "p",
                    "Only the last " + window.events().size() + " of " + all + " events are drawn (" + drawn + "); "
                            + window.leftOutBefore() + " earlier ones are left out.",
                    "class",
                    "cap");
        } else if (window.leftOutAfter() > 0) {
            out.element(
                    "p",
                    "Only the first " + window.events().size() + " of " + all + " events are drawn (" + drawn + "); "
                            + window.leftOutAfter() + " later ones are left out.",
                    "class",
                    "cap");
        }
        out.element(
                        "p",
                        "Time runs downwards and is not to scale: busy moments are stretched, idle ones compressed. "
                                + "Rest the pointer on a mark to read it. Samples of queue lengths are not drawn.",
                        "class",
                        "hint")
                .newLine();
    }

    private static String resource(String name) {
        try (InputStream in = RunReport.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("resource " + name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("resource " + name + " cannot be read", e);
        }
    }
}
