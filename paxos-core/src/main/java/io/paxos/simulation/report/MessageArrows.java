// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.message.Message;
import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Loss;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The arrows between the lanes. */
final class MessageArrows {

    /** Half a lane's width: arrows begin and end beside it. */
    private static final double LANE = 6;

    private static final double LABEL_HEIGHT = 9;
    private static final double CROSS = 3.5;
    /** A copy that comes this much later is drawn at its arrival only: its line would cross everything. */
    private static final double LONG = 900;

    private final Page page;
    private final TimeScale scale;
    private final Markup out;
    /** Per gap between two lanes, where its last label is. */
    private final TreeMap<Integer, Double> labelled = new TreeMap<>();

    MessageArrows(Page page, TimeScale scale, Markup out) {
        this.page = page;
        this.scale = scale;
        this.out = out;
    }

    void draw(Chronicle.Flight flight) {
        TraceEvent.MessageSent sent = flight.sent();
        TraceEvent end = flight.end();
        if (end instanceof TraceEvent.MessageDelivered arrival) {
            delivered(flight, arrival);
        } else if (end instanceof TraceEvent.MessageDropped loss) {
            dropped(flight, loss);
        } else if (sent != null) {
            begin(flight, sent.message(), "on-its-way", sent.from(), sent.to());
            double from = edge(sent.from(), sent.to());
            double y = scale.y(sent.atMicros());
            line(from, y, from + direction(sent.from(), sent.to()) * 40, y + 8, false);
            out.close();
        }
    }

    private void delivered(Chronicle.Flight flight, TraceEvent.MessageDelivered arrival) {
        String kind = flight.isCopy() ? "delivered copy" : "delivered";
        begin(flight, arrival.message(), kind, arrival.from(), arrival.to());
        double toX = edge(arrival.to(), arrival.from());
        double toY = scale.y(arrival.atMicros());
        double sentY = sentY(flight.sent(), arrival.atMicros());
        if (arrival.from().equals(arrival.to())) {
            out.leaf(
                    "path",
                    "d",
                    "M" + n(toX) + " " + n(sentY) + " q 22 " + n((toY - sentY) / 2) + " 0 " + n(toY - sentY));
        } else if (flight.sent() == null || toY - sentY > LONG) {
            line(toX - direction(arrival.from(), arrival.to()) * 40, toY - 8, toX, toY, true);
        } else {
            line(edge(arrival.from(), arrival.to()), sentY, toX, toY, true);
            if (!flight.isCopy()) {
                label(arrival.message(), arrival.from(), arrival.to(), sentY, toY);
            }
        }
        out.close();
    }

    /** Dashed, with a cross where it got to: half the way if the network ate it, the whole if the receiver was not there. */
    private void dropped(Chronicle.Flight flight, TraceEvent.MessageDropped loss) {
        begin(flight, loss.message(), "dropped", loss.from(), loss.to());
        double y = scale.y(loss.atMicros());
        double sentY = sentY(flight.sent(), loss.atMicros());
        boolean reached = loss.loss() == Loss.RECEIVER_DOWN || loss.loss() == Loss.INBOX_FULL;
        double fromX = edge(loss.from(), loss.to());
        double toX = reached
                ? edge(loss.to(), loss.from())
                : fromX + direction(loss.from(), loss.to()) * 0.4 * page.laneDistance();
        double toY = reached ? y : y + 5;
        if (flight.sent() == null || toY - sentY > LONG) {
            fromX = toX - direction(loss.from(), loss.to()) * 40;
            sentY = toY - 8;
        }
        line(fromX, sentY, toX, toY, false);
        out.leaf(
                "path",
                "class",
                "cross",
                "d",
                "M" + n(toX - CROSS) + " " + n(toY - CROSS) + " l 7 7 M" + n(toX + CROSS) + " " + n(toY - CROSS)
                        + " l -7 7");
        out.close();
    }

    private void begin(Chronicle.Flight flight, Message message, String state, NodeId from, NodeId to) {
        String kind = MessageLook.of(message).title();
        out.open(
                "g",
                "class",
                "m k-" + kind + " " + state,
                "data-k",
                kind,
                "data-n",
                from + " " + to,
                "data-h",
                Details.of(flight));
    }

    private void line(double x1, double y1, double x2, double y2, boolean hasHead) {
        out.leaf(
                "path",
                "class",
                hasHead ? "line head" : "line",
                "d",
                "M" + n(x1) + " " + n(y1) + " L" + n(x2) + " " + n(y2));
    }

    private void label(Message message, NodeId from, NodeId to, double fromY, double toY) {
        String text = MessageLook.label(message);
        if (text.isEmpty()) {
            return;
        }
        double direction = direction(from, to);
        double x = edge(from, to) + direction * 5;
        double share = 5 / Math.max(1, Math.abs(page.lane(to) - page.lane(from)) - 2 * LANE);
        double y = fromY + share * (toY - fromY) - 1.5;
        int gap = (int) Math.round((x + direction * 30) / page.laneDistance());
        Double last = labelled.get(gap);
        if (last != null && Math.abs(y - last) < LABEL_HEIGHT) {
            return;
        }
        labelled.put(gap, y);
        out.element("text", text, "x", n(x), "y", n(y), "text-anchor", direction > 0 ? "start" : "end");
    }

    private double sentY(TraceEvent.@Nullable MessageSent sent, long otherwise) {
        return scale.y(sent == null ? otherwise : sent.atMicros());
    }

    private double edge(NodeId at, NodeId towards) {
        return page.lane(at) + direction(at, towards) * LANE;
    }

    private double direction(NodeId from, NodeId to) {
        return page.lane(to) >= page.lane(from) ? 1 : -1;
    }

    private static String n(double value) {
        return Markup.number(value);
    }
}
