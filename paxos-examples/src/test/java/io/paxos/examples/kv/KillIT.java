// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Clients count while SIGKILL takes the nodes in rotation, then all of them. Nothing acknowledged is lost, nothing takes
 * effect twice.
 */
class KillIT {

    @TempDir
    Path home;

    @Test
    void everyAcknowledgedIncrementSurvivesAndNoneTakesEffectTwice() {
        try (KvCluster cluster = KvCluster.start(home);
                CountingClients clients = CountingClients.start(cluster, "KillIT")) {
            killInRotation(cluster, clients);
            killAll(cluster);
            clients.awaitProgress();
            clients.stopAndCheck();
        }
    }

    private static void killInRotation(KvCluster cluster, CountingClients clients) {
        clients.awaitProgress();
        for (int round = 0; round < 2; round++) {
            int leader = cluster.awaitLeader();
            killAndRestart(cluster, clients, leader);
            killAndRestart(cluster, clients, (leader + 1) % KvCluster.NODES);
        }
        for (int node = 0; node < KvCluster.NODES; node++) {
            killAndRestart(cluster, clients, node);
        }
    }

    private static void killAndRestart(KvCluster cluster, CountingClients clients, int node) {
        cluster.kill(node);
        clients.awaitProgress();
        cluster.start(node);
        cluster.awaitReady(node);
        clients.awaitProgress();
    }

    private static void killAll(KvCluster cluster) {
        for (int node = 0; node < KvCluster.NODES; node++) {
            cluster.kill(node);
        }
        for (int node = 0; node < KvCluster.NODES; node++) {
            cluster.start(node);
        }
        for (int node = 0; node < KvCluster.NODES; node++) {
            cluster.awaitReady(node);
        }
    }
}
