// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import io.paxos.simulation.trace.TraceEvent.Link;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.BiPredicate;

/** Cuts links, in every shape that has hurt somebody. Cuts overlap: a link is whole when none of them is left. */
final class LinkFaults implements Chance.Fault {

    private final Cluster cluster;
    private final Chance chance;
    private final TreeMap<Long, List<Link>> current = new TreeMap<>();
    private final int nodes;
    private long lastId;

    LinkFaults(Cluster cluster, Chance chance) {
        this.cluster = cluster;
        this.chance = chance;
        this.nodes = cluster.nodes().size();
    }

    @Override
    public void begin() {
        if (nodes == 1) {
            return;
        }
        RunConfig config = cluster.config();
        if (config.has(FaultClass.ONE_WAY_CUTS)) {
            chance.often(300, this::oneWay);
        }
        if (config.has(FaultClass.PARTITIONS)) {
            chance.often(800, this::partition);
        }
        if (config.has(FaultClass.TOPOLOGIES)) {
            chance.often(1_500, this::topology);
        }
        if (config.has(FaultClass.FLAPPING)) {
            chance.often(100, this::flap);
        }
        if (config.has(FaultClass.SWIZZLE)) {
            chance.often(2_000, this::swizzle);
        }
    }

    @Override
    public void end() {
        for (long id : List.copyOf(current.keySet())) {
            restore(id);
        }
    }

    // ---- cutting --------------------------------------------------------------------------------------------

    private long cut(String shape, List<Link> links) {
        long id = ++lastId;
        current.put(id, links);
        links.forEach(cluster.network()::cut);
        cluster.recorder().record(new TraceEvent.PartitionBegan(cluster.nowMicros(), id, shape, links));
        return id;
    }

    private void restore(long id) {
        List<Link> links = current.remove(id);
        if (links != null) {
            links.forEach(cluster.network()::restore);
            cluster.recorder().record(new TraceEvent.PartitionEnded(cluster.nowMicros(), id));
        }
    }

    private void cutFor(long millis, String shape, List<Link> links) {
        if (!links.isEmpty()) {
            long id = cut(shape, links);
            cluster.world().after(1_000 * millis, () -> restore(id));
        }
    }

    /** The links, in both directions, between nodes that must not hear each other; numbered from 0. */
    private List<Link> linksWhere(BiPredicate<Integer, Integer> isCut) {
        List<Link> links = new ArrayList<>();
        for (int from = 0; from < nodes; from++) {
            for (int to = 0; to < nodes; to++) {
                if (from != to && isCut.test(from, to)) {
                    links.add(new Link(new NodeId(from + 1), new NodeId(to + 1)));
                }
            }
        }
        return links;
    }

    // ---- shapes ---------------------------------------------------------------------------------------------

    private void oneWay() {
        int from = chance.random().nextInt(nodes);
        int to = chance.random().nextInt(nodes);
        boolean allOfIt = chance.oneIn(3);
        // Deaf or mute as a whole, or one direction of one link.
        String shape = !allOfIt ? "one way" : from < to ? "mute" : "deaf";
        cutFor(
                chance.spread(20, 3_000),
                shape,
                linksWhere((a, b) -> !allOfIt ? a == from && b == to : from < to ? a == from : b == from));
    }

    private void partition() {
        int groups = chance.random().nextInt(2, 4);
        int[] group = new int[nodes];
        for (int i = 0; i < nodes; i++) {
            group[i] = chance.random().nextInt(groups);
        }
        // A bridge hears everybody: two majorities with one node in common.
        int bridge = chance.oneIn(4) ? chance.random().nextInt(nodes) : -1;
        cutFor(
                chance.spread(50, 4_000),
                bridge < 0 ? groups + " parts" : "bridge at n" + (bridge + 1),
                linksWhere((a, b) -> group[a] != group[b] && a != bridge && b != bridge));
    }

    /**
     * Quorum loss: everybody reaches the centre only, so no leader but the centre has a quorum. Constrained election: the
     * same, and the centre was alone before, so that its log is behind. Chain: each reaches its neighbours only. (Omni-Paxos,
     * EuroSys 2023, section 2; they stop Raft, VR and Zab for as long as they last.)
     */
    private void topology() {
        int centre = chance.random().nextInt(nodes);
        long millis = chance.spread(500, 4_000);
        switch (chance.random().nextInt(3)) {
            case 0 -> cutFor(millis, "star around n" + (centre + 1), star(centre));
            case 1 -> {
                long before = chance.spread(100, 1_000);
                cutFor(before, "n" + (centre + 1) + " alone", linksWhere((a, b) -> a == centre || b == centre));
                cluster.world().after(1_000 * before, () -> {
                    if (!chance.hasEnded()) {
                        cutFor(millis, "constrained around n" + (centre + 1), star(centre));
                    }
                });
            }
            default -> cutFor(millis, "chain", linksWhere((a, b) -> Math.abs(a - b) > 1));
        }
    }

    private List<Link> star(int centre) {
        return linksWhere((a, b) -> a != centre && b != centre);
    }

    private void flap() {
        int a = chance.random().nextInt(nodes);
        int b = chance.random().nextInt(nodes);
        cutFor(
                chance.spread(2, 300),
                "flap",
                linksWhere((from, to) -> (from == a && to == b) || (from == b && to == a)));
    }

    /** Cuts some nodes off, one by one, and lets them back in another order (FoundationDB's swizzle-clogging). */
    private void swizzle() {
        List<SimulatedNode> some =
                chance.shuffled(cluster.nodes()).subList(0, chance.random().nextInt(1, nodes + 1));
        List<Long> ids = new ArrayList<>();
        long atMicros = 0;
        for (SimulatedNode node : some) {
            atMicros += chance.microsUpTo(300);
            cluster.world().after(atMicros, () -> {
                if (!chance.hasEnded()) {
                    int alone = node.index();
                    ids.add(cut("swizzle " + node.id(), linksWhere((a, b) -> a == alone || b == alone)));
                }
            });
        }
        atMicros += chance.microsUpTo(1_000);
        for (int i = 0; i < some.size(); i++) {
            atMicros += chance.microsUpTo(300);
            cluster.world().after(atMicros, () -> {
                if (!chance.hasEnded() && !ids.isEmpty()) {
                    restore(ids.remove(chance.random().nextInt(ids.size())));
                }
            });
        }
    }
}
