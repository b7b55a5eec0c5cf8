// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Marks of events that happen at one moment: on a lane, beside it, or across the page. */
final class PointMarks {

    private static final double LABEL_HEIGHT = 10;

    private final Page page;
    private final TimeScale scale;
    private final Markup out;
    private final Map<NodeId, Double> lastSigns = new TreeMap<>();
    private double lastChosenLabel = Double.NEGATIVE_INFINITY;

    PointMarks(Page page, TimeScale scale, Markup out) {
        this.page = page;
        this.scale = scale;
        this.out = out;
    }

    void draw(TraceEvent event) {
        if (event instanceof TraceEvent.Chosen chosen) {
            chosen(chosen);
        } else if (event instanceof TraceEvent.Applied applied) {
            tick(event, applied.node(), "applied", 1);
        } else if (event instanceof TraceEvent.Forced forced) {
            tick(event, forced.member().node(), "forced", -1);
        } else if (event instanceof TraceEvent.Paused paused) {
            paused(paused);
        } else if (event instanceof TraceEvent.RunBegan) {
            across(event, "run began");
        } else if (event instanceof TraceEvent.FaultsEnded) {
            across(event, "faults end: from here on the cluster must answer, and become equal everywhere");
        } else if (event instanceof TraceEvent.RunEnded) {
            across(event, "run ended");
        } else {
            process(event);
        }
        out.newLine();
    }

    private void process(TraceEvent event) {
        if (event instanceof TraceEvent.Started started) {
            sign(
                    event,
                    started.member().node(),
                    "●",
                    "boot " + started.remembered().boot(),
                    "well");
        } else if (event instanceof TraceEvent.StartRefused refused) {
            sign(event, refused.node(), "⊘", "does not start", "ill");
        } else if (event instanceof TraceEvent.Stopped stopped) {
            sign(event, stopped.node(), "■", stopped.hasCause() ? "stops itself" : "stops without a cause", "ill");
        } else if (event instanceof TraceEvent.Crashed crashed) {
            sign(event, crashed.node(), "✖", crashed.powerLost() ? "power lost" : "killed", "ill");
        } else if (event instanceof TraceEvent.LostForGood lost) {
            sign(event, lost.node(), "†", "lost for good", "ill");
        } else if (event instanceof TraceEvent.Restored restored) {
            sign(event, restored.node(), "◆", "snapshot of " + restored.slot(), "well");
        } else if (event instanceof TraceEvent.ClockJumped jumped) {
            sign(event, jumped.node(), "↷", "+" + jumped.byMillis() + " ms", "odd");
        } else if (event instanceof TraceEvent.DiskFault fault) {
            String harm = fault.harm().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            sign(event, fault.node(), "▲", "disk " + harm, "odd");
        }
    }

    private void chosen(TraceEvent.Chosen chosen) {
        double y = scale.y(chosen.atMicros());
        String hover = Details.at(chosen) + "\nslot " + chosen.proposal().slot()
                + " is chosen: durable votes of a quorum at ballot "
                + chosen.proposal().ballot() + "\n  " + chosen.proposal().value();
        begin(chosen, "chosen", "slots chosen", hover);
        out.leaf("path", "d", "M" + n(page.chosen() - 10) + " " + n(y) + " h20");
        if (y - lastChosenLabel >= LABEL_HEIGHT) {
            out.element(
                    "text",
                    Long.toString(chosen.proposal().slot()),
                    "x",
                    n(page.chosen() - 13),
                    "y",
                    n(y + 3),
                    "text-anchor",
                    "end");
            lastChosenLabel = y;
        }
        out.close();
    }

    /** A short line beside the lane: applied to the right, forced to the left. */
    private void tick(TraceEvent event, NodeId node, String name, int side) {
        String y = n(scale.y(event.atMicros()));
        String kind = name.equals("applied") ? "slots applied" : "forced to disk";
        begin(event, name, kind, Details.of(event));
        out.leaf("path", "d", "M" + n(page.lane(node) + side * 6) + " " + y + " h" + side * 7);
        out.close();
    }

    private void paused(TraceEvent.Paused paused) {
        double top = scale.y(paused.atMicros());
        double bottom = scale.y(paused.untilMicros());
        begin(paused, "paused", "processes", Details.of(paused));
        out.leaf(
                "rect",
                "x",
                n(page.lane(paused.node()) - 8),
                "y",
                n(top),
                "width",
                "16",
                "height",
                n(Math.max(3, bottom - top)));
        out.element("text", "paused", "x", n(page.lane(paused.node()) + 11), "y", n(top + 8));
        out.close();
    }

    /** Its words stand left of the lane, or right of it where two signs come close. */
    private void sign(TraceEvent event, NodeId node, String sign, String text, String mood) {
        double x = page.lane(node);
        double y = scale.y(event.atMicros());
        Double last = lastSigns.get(node);
        boolean isLeft = last == null || y - last >= LABEL_HEIGHT;
        if (isLeft) {
            lastSigns.put(node, y);
        }
        begin(event, "sign " + mood, "processes", Details.of(event));
        out.element("text", sign, "class", "glyph", "x", n(x), "y", n(y + 4), "text-anchor", "middle");
        String anchor = isLeft ? "end" : "start";
        out.element("text", text, "x", n(isLeft ? x - 9 : x + 9), "y", n(y + 3), "text-anchor", anchor);
        out.close();
    }

    private void across(TraceEvent event, String text) {
        double y = scale.y(event.atMicros());
        begin(event, "across", "the run", Details.of(event));
        out.leaf("path", "d", "M" + n(Page.AXIS) + " " + n(y) + " H" + n(page.width()));
        out.element("text", text, "x", n(page.lanesEnd() + 24), "y", n(y - 3), "text-anchor", "end");
        out.close();
    }

    private void begin(TraceEvent event, String name, String kind, String hover) {
        out.open("g", "class", name + " e-" + event.kind(), "data-k", kind, "data-h", hover);
    }

    private static String n(double value) {
        return Markup.number(value);
    }
}
