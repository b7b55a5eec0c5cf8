// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The operations of the clients beside the lanes, in Jepsen's three colours: done, failed for certain, unknown. A client
 * with several in flight has several columns.
 */
final class ClientColumns {

    private static final int COLUMNS_MAX = 60;

    /** An operation with its column; -1 if there was no room for it. */
    private record Placed(Chronicle.Request request, int column) {}

    private final List<Placed> placed = new ArrayList<>();
    private final Map<Integer, Integer> firstColumns = new TreeMap<>();
    private final int count;
    private int leftOut;

    ClientColumns(List<Chronicle.Request> requests, long lastMicros) {
        Map<Integer, List<Chronicle.Request>> byClient = new TreeMap<>();
        for (Chronicle.Request request : requests) {
            byClient.computeIfAbsent(request.invoked().client(), client -> new ArrayList<>())
                    .add(request);
        }
        int next = 0;
        for (Map.Entry<Integer, List<Chronicle.Request>> client : byClient.entrySet()) {
            if (next < COLUMNS_MAX) {
                firstColumns.put(client.getKey(), next);
            }
            next += place(client.getValue(), next, lastMicros);
        }
        this.count = Math.min(next, COLUMNS_MAX);
    }

    /** Gives each operation the first column of its client that is free, and says how many columns that took. */
    private int place(List<Chronicle.Request> requests, int firstColumn, long lastMicros) {
        List<Long> busyUntil = new ArrayList<>();
        for (Chronicle.Request request : requests) {
            TraceEvent.ClientAnswered answered = request.answered();
            long until = answered == null ? lastMicros : answered.atMicros();
            int column = 0;
            while (column < busyUntil.size()
                    && busyUntil.get(column) > request.invoked().atMicros()) {
                column++;
            }
            if (column == busyUntil.size()) {
                busyUntil.add(until);
            } else {
                busyUntil.set(column, until);
            }
            boolean fits = firstColumn + column < COLUMNS_MAX;
            leftOut += fits ? 0 : 1;
            placed.add(new Placed(request, fits ? firstColumn + column : -1));
        }
        return busyUntil.size();
    }

    int count() {
        return count;
    }

    void header(Page page, Markup head) {
        firstColumns.forEach((client, column) -> head.element(
                "text",
                "c" + client,
                "class",
                "col",
                "x",
                n(page.column(column) + 5.5),
                "y",
                "17",
                "text-anchor",
                "middle"));
    }

    void draw(Page page, TimeScale scale, Markup out) {
        for (Placed each : placed) {
            if (each.column >= 0) {
                bar(each.request, page.column(each.column), scale, out);
            }
        }
        if (leftOut > 0) {
            String notice = leftOut + " operations have no room here";
            out.element("text", notice, "class", "notice", "x", n(page.column(0)), "y", "10");
        }
    }

    private static void bar(Chronicle.Request request, double x, TimeScale scale, Markup out) {
        TraceEvent.ClientAnswered answered = request.answered();
        TraceEvent.Executed took = request.took();
        double top = scale.y(request.invoked().atMicros());
        double bottom = answered == null ? scale.bottom() : scale.y(answered.atMicros());
        String outcome = answered == null
                ? "open"
                : switch (answered.answer()) {
                    case DONE -> "done";
                    case REFUSED -> "failed";
                    case UNKNOWN -> "unknown";
                };
        String events = "e-CLIENT_INVOKED" + (answered == null ? "" : " e-CLIENT_ANSWERED")
                + (took == null ? "" : " e-EXECUTED");
        out.open(
                "g",
                "class",
                "op " + outcome + " " + events,
                "data-k",
                "operations " + outcome,
                "data-h",
                Details.of(request));
        out.leaf("rect", "x", n(x), "y", n(top), "width", "11", "height", n(Math.max(2, bottom - top)), "rx", "2");
        if (took != null) {
            out.leaf("circle", "cx", n(x + 5.5), "cy", n(scale.y(took.atMicros())), "r", "2.2");
        }
        out.close().newLine();
    }

    private static String n(double value) {
        return Markup.number(value);
    }
}
