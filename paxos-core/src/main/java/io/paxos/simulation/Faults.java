// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

/** Everything that goes wrong in a run. */
final class Faults {

    private final Cluster cluster;

    Faults(Cluster cluster) {
        this.cluster = cluster;
    }

    void begin() {}

    void end() {
        cluster.weather().clear();
    }
}
