// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import io.paxos.simulation.property.Judges;
import io.paxos.simulation.trace.TraceEvent;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The picture: time downwards, a lane a node, messages as arrows, from the back to the front: bands of cut links, lanes with
 * their gaps, leadership, arrows, marks, clients.
 */
final class SpaceTimeDiagram {

    private static final String[] BALLOT_COLOURS = {
        "#3d7edb", "#e8893c", "#3aa655", "#b05cc6", "#d9b310", "#2aa5a5", "#d85a7f", "#7a6ad8", "#8b6d4b", "#6f8a1e"
    };
    private static final double LABEL_HEIGHT = 9;

    private final Chronicle chronicle;
    private final Judges.@Nullable Violation violation;
    private final TimeScale scale;
    private final Page page;
    private final ClientColumns clients;
    private final TreeMap<Ballot, String> colours = new TreeMap<>();
    private final Markup out = new Markup();

    SpaceTimeDiagram(Chronicle chronicle, Judges.@Nullable Violation violation) {
        this.chronicle = chronicle;
        this.violation = violation;
        this.clients = new ClientColumns(chronicle.requests(), chronicle.lastMicros());
        this.page = new Page(chronicle.nodes(), clients.count());
        TreeSet<Long> times = new TreeSet<>(chronicle.times());
        if (violation != null && violation.atMicros() >= chronicle.firstMicros()) {
            times.add(violation.atMicros());
        }
        this.scale = new TimeScale(times, Page.TOP);
        for (Ballot ballot : chronicle.ballots()) {
            colours.put(ballot, BALLOT_COLOURS[colours.size() % BALLOT_COLOURS.length]);
        }
    }

    /** The row of names that stays in sight; as wide as the picture. */
    String header() {
        Markup head = new Markup();
        head.open("svg", "xmlns", "http://www.w3.org/2000/svg", "width", n(page.width()), "height", "26");
        head.element("text", "virtual ms", "class", "col", "x", n(Page.AXIS - 8), "y", "17", "text-anchor", "end");
        head.element("text", "chosen", "class", "col", "x", n(page.chosen()), "y", "17", "text-anchor", "middle");
        for (NodeId node : chronicle.nodes()) {
            head.element(
                    "text",
                    node.toString(),
                    "class",
                    "node",
                    "x",
                    n(page.lane(node)),
                    "y",
                    "18",
                    "text-anchor",
                    "middle");
        }
        clients.header(page, head);
        return head.close().toString();
    }

    String svg() {
        double height = scale.bottom() + 40;
        out.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "id",
                "diagram",
                "width",
                n(page.width()),
                "height",
                n(height),
                "viewBox",
                "0 0 " + n(page.width()) + " " + n(height));
        arrowHeads();
        axis();
        chronicle.rifts().forEach(this::rift);
        lostLanes();
        chronicle.lives().forEach(this::life);
        chronicle.reigns().forEach(this::reign);
        MessageArrows arrows = new MessageArrows(page, scale, out);
        List<Chronicle.Flight> flights = new ArrayList<>(chronicle.flights());
        flights.sort(Comparator.comparingInt(SpaceTimeDiagram::layer));
        for (Chronicle.Flight flight : flights) {
            arrows.draw(flight);
            out.newLine();
        }
        PointMarks marks = new PointMarks(page, scale, out);
        chronicle.points().forEach(marks::draw);
        chronicle.reigns().forEach(this::reignName);
        clients.draw(page, scale, out);
        violation();
        return out.close().toString();
    }

    /** The common ones lie behind the ones that matter. */
    private static int layer(Chronicle.Flight flight) {
        TraceEvent.MessageSent sent = flight.sent();
        if (flight.end() instanceof TraceEvent.MessageDropped) {
            return 2;
        }
        return sent != null && MessageLook.of(sent.message()).family().equals("leading") ? 0 : 1;
    }

    private void arrowHeads() {
        out.open("defs");
        for (MessageLook look : MessageLook.values()) {
            out.open(
                            "marker",
                            "id",
                            "h-" + look.title(),
                            "viewBox",
                            "0 0 8 8",
                            "refX",
                            "7",
                            "refY",
                            "4",
                            "markerUnits",
                            "userSpaceOnUse",
                            "markerWidth",
                            "7",
                            "markerHeight",
                            "7",
                            "orient",
                            "auto")
                    .raw("<path d=\"M0 1 L8 4 L0 7 z\" fill=\"" + look.colour() + "\"/>")
                    .close();
        }
        out.raw("<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\">"
                + "<path d=\"M0 6 L6 0\" stroke=\"#888\" stroke-width=\"1\"/></pattern>");
        out.close().newLine();
    }

    private void axis() {
        for (long tick : scale.ticks(46)) {
            String y = n(scale.y(tick));
            out.leaf("path", "class", "grid", "d", "M" + n(Page.AXIS) + " " + y + " H" + n(page.width()));
            out.element(
                    "text", Markup.millis(tick), "class", "axis", "x", n(Page.AXIS - 6), "y", n(scale.y(tick) + 3.5));
        }
        out.newLine();
    }

    /** Over the lanes between which it cuts something: the whole picture for a split, two lanes for one link. */
    private void rift(Chronicle.Rift rift) {
        double left = Double.MAX_VALUE;
        double right = 0;
        for (TraceEvent.Link link : rift.began().cut()) {
            left = Math.min(left, Math.min(page.lane(link.from()), page.lane(link.to())));
            right = Math.max(right, Math.max(page.lane(link.from()), page.lane(link.to())));
        }
        if (left > right) {
            return;
        }
        double top = scale.y(rift.began().atMicros());
        double bottom = scale.y(rift.untilMicros());
        String hover = rift.began().shape() + ", links cut " + Details.at(rift.began()) + " to "
                + Markup.millis(rift.untilMicros()) + " ms\n"
                + MessageLook.clipped(rift.began().cut().toString());
        out.open("g", "class", "band e-PARTITION_BEGAN e-PARTITION_ENDED", "data-k", "cut links", "data-h", hover);
        out.leaf(
                "rect",
                "x",
                n(left + 8),
                "y",
                n(top),
                "width",
                n(Math.max(4, right - left - 16)),
                "height",
                n(Math.max(2, bottom - top)));
        if (bottom - top > 12) {
            String text = "✂ " + rift.began().shape();
            out.element("text", text, "x", n((left + right) / 2), "y", n(top + 9), "text-anchor", "middle");
        }
        out.close().newLine();
    }

    private void life(Chronicle.Life life) {
        double x = page.lane(life.node());
        double top = scale.y(life.fromMicros());
        double bottom = scale.y(life.untilMicros());
        out.leaf("path", "class", "lane", "d", "M" + n(x) + " " + n(top) + " V" + n(bottom));
    }

    /** A faint line where a node is down, so that the eye finds its lane again. */
    private void lostLanes() {
        for (NodeId node : chronicle.nodes()) {
            String x = n(page.lane(node));
            out.leaf("path", "class", "gap", "d", "M" + x + " " + n(Page.TOP) + " V" + n(scale.bottom()));
        }
        out.newLine();
    }

    private void reign(Chronicle.Reign reign) {
        double top = scale.y(reign.fromMicros());
        double bottom = scale.y(reign.untilMicros());
        double half = reign.leadsHere() ? 6 : 2;
        double x = page.lane(reign.node());
        String colour = colours.getOrDefault(reign.ballot(), "#999");
        String hover = reign.node() + (reign.leadsHere() ? " leads at ballot " : " follows ballot ") + reign.ballot()
                + "\n" + Markup.millis(reign.fromMicros()) + " to " + Markup.millis(reign.untilMicros()) + " ms";
        String name = reign.leadsHere() ? "reign leads" : "reign";
        out.open("g", "class", name + " e-LEADER_CHANGED", "data-k", "leadership", "data-h", hover);
        out.leaf(
                "rect",
                "x",
                n(x - half),
                "y",
                n(top),
                "width",
                n(2 * half),
                "height",
                n(Math.max(1.5, bottom - top)),
                "fill",
                colour);
        out.close().newLine();
    }

    /** Above the arrows: whoever looks for a leader must find it. */
    private void reignName(Chronicle.Reign reign) {
        if (reign.leadsHere()) {
            String x = n(page.lane(reign.node()));
            String text = "leads " + reign.ballot();
            String colour = colours.getOrDefault(reign.ballot(), "#999");
            out.open("g", "class", "leads", "data-k", "leadership", "fill", colour);
            out.element("text", text, "x", x, "y", n(scale.y(reign.fromMicros()) - 3), "text-anchor", "middle");
            out.close();
        }
    }

    /** How far down the violation is; 0 if there is none. */
    double violationHeight() {
        return violation == null ? 0 : scale.y(violation.atMicros());
    }

    private void violation() {
        if (violation == null) {
            return;
        }
        double y = scale.y(violation.atMicros());
        out.open("g", "class", "violation", "data-h", violation.toString());
        out.leaf("path", "d", "M0 " + n(y) + " H" + n(page.width()));
        out.element("text", "✖ " + violation.property(), "x", "6", "y", n(y + LABEL_HEIGHT + 5));
        out.close();
    }

    private static String n(double value) {
        return Markup.number(value);
    }
}
