// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import java.util.List;

/**
 * Everything that goes wrong in a run, and its end: afterwards the network, the disks and the processes are well, but for
 * the nodes that are lost for good, of which there are never more than both quorums can spare.
 */
final class Faults {

    private final Cluster cluster;
    private final Chance chance;
    private final List<Chance.Fault> faults;

    Faults(Cluster cluster) {
        this.cluster = cluster;
        this.chance = new Chance(cluster.world());
        this.faults = List.of(
                new WeatherFaults(cluster, chance),
                new LinkFaults(cluster, chance),
                new ProcessFaults(cluster, chance),
                new DiskFaults(cluster, chance),
                new SnapshotFaults(cluster));
    }

    void begin() {
        faults.forEach(Chance.Fault::begin);
    }

    void end() {
        chance.end();
        cluster.weather().clear();
        faults.forEach(Chance.Fault::end);
        for (SimulatedNode node : cluster.nodes()) {
            node.resume();
            node.start();
        }
    }
}
