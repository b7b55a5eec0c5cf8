// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** The faults that were asked for by the figure, beside those that chance brings. */
final class PlannedFaults {

    private final Cluster cluster;
    private final FaultPlan plan;
    private final TreeMap<Long, List<Link>> current = new TreeMap<>();
    private boolean ended;

    PlannedFaults(Cluster cluster, FaultPlan plan) {
        this.cluster = cluster;
        this.plan = plan;
    }

    void begin() {
        if (plan.lossPerMille() > 0) {
            cluster.weather().lossPerMille = plan.lossPerMille();
        }
        // Below zero: the ids of cuts that chance brings are above.
        long id = 0;
        for (Split split : plan.splits()) {
            long each = --id;
            cluster.world().at(1_000 * split.fromMillis(), () -> cut(each, split));
            cluster.world().at(1_000 * split.untilMillis(), () -> restore(each));
        }
    }

    void end() {
        List.copyOf(current.keySet()).forEach(this::restore);
        ended = true;
    }

    private void cut(long id, Split split) {
        List<Link> links = new ArrayList<>();
        for (SimulatedNode from : cluster.nodes()) {
            for (SimulatedNode to : cluster.nodes()) {
                if (split.separates(from.id(), to.id())) {
                    links.add(new Link(from.id(), to.id()));
                }
            }
        }
        if (ended || links.isEmpty()) {
            return;
        }
        current.put(id, links);
        links.forEach(cluster.network()::cut);
        cluster.recorder().record(new TraceEvent.PartitionBegan(cluster.nowMicros(), id, "split", links));
    }

    private void restore(long id) {
        List<Link> links = current.remove(id);
        if (links != null) {
            links.forEach(cluster.network()::restore);
            cluster.recorder().record(new TraceEvent.PartitionEnded(cluster.nowMicros(), id));
        }
    }
}
