// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.report;

import io.paxos.model.NodeId;
import java.util.List;

/** Where things stand across the page: the axis, what was chosen, a lane a node, then the columns of the clients. */
final class Page {

    static final double TOP = 14;
    static final double AXIS = 84;
    private static final double CHOSEN = 150;
    private static final double FIRST_LANE = 215;
    private static final double COLUMN = 16;

    private final List<NodeId> nodes;
    private final double laneDistance;
    private final int columns;

    Page(List<NodeId> nodes, int columns) {
        this.nodes = nodes;
        this.laneDistance = nodes.size() <= 3 ? 230 : nodes.size() <= 5 ? 175 : 140;
        this.columns = columns;
    }

    double lane(NodeId node) {
        return FIRST_LANE + laneDistance * nodes.indexOf(node);
    }

    double laneDistance() {
        return laneDistance;
    }

    double chosen() {
        return CHOSEN;
    }

    double lanesEnd() {
        return FIRST_LANE + laneDistance * Math.max(0, nodes.size() - 1) + 40;
    }

    double column(int index) {
        return lanesEnd() + 30 + COLUMN * index;
    }

    double width() {
        return Math.max(column(columns) + 10, lanesEnd() + 120);
    }
}
