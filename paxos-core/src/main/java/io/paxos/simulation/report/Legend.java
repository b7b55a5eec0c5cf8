// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.simulation.trace.TraceEvent;

/** What the marks mean, each with a box that hides it. */
final class Legend {

    private Legend() {}

    static MessageLook lookOf(Chronicle.Flight flight) {
        if (flight.end() instanceof TraceEvent.MessageDelivered arrival) {
            return MessageLook.of(arrival.message());
        } else if (flight.end() instanceof TraceEvent.MessageDropped loss) {
            return MessageLook.of(loss.message());
        } else if (flight.sent() != null) {
            return MessageLook.of(flight.sent().message());
        }
        throw new IllegalArgumentException("a flight without a beginning and an end");
    }

    /** The style of each kind of message. */
    static String colours() {
        StringBuilder style = new StringBuilder();
        for (MessageLook look : MessageLook.values()) {
            String name = ".k-" + look.title();
            style.append(name).append(" path { stroke: ").append(look.colour()).append("; fill: none; }\n");
            style.append(name).append(" text { fill: ").append(look.colour()).append("; }\n");
            style.append(name)
                    .append(" .head { marker-end: url(#h-")
                    .append(look.title())
                    .append("); }\n");
            style.append(name).append(" .cross { stroke: #e00020; }\n");
        }
        return style.toString();
    }

    /** A box that shows or hides the marks of that kind. */
    static void box(Markup out, String kind, String text, String colour) {
        out.open("label").leaf("input", "type", "checkbox", "checked", "checked", "data-f", kind);
        out.open("i", "style", "background:" + colour).close().text(text).close();
    }

    static void others(Markup out) {
        out.raw("<span class=\"family\"><b>nodes</b>");
        box(out, "leadership", "leads (wide) or follows (narrow), a colour a ballot", "#3d7edb");
        box(out, "processes", "start, stop, crash (gap), pause, clock, disk", "#c01818");
        box(out, "cut links", "cut links", "#f6c6c6");
        box(out, "slots chosen", "slot chosen", "#0a7d32");
        box(out, "slots applied", "applied (right of the lane)", "#39c06a");
        box(out, "forced to disk", "forced to disk (left)", "#777777");
        out.raw("</span><span class=\"family\"><b>clients</b>");
        box(out, "operations done", "done", "#6db6ff");
        box(out, "operations failed", "refused: no effect", "#ff8fb0");
        box(out, "operations unknown", "unknown", "#ffb347");
        box(out, "operations open", "open at the end", "#d8d8d8");
        out.raw("<span class=\"key\">● took effect</span>");
        out.raw(
                "</span><span class=\"family\"><b>messages</b>"
                        + "<span class=\"key\">dashed with a red × = lost; thin = another copy; short = on its way at the edge</span></span>");
    }
}
