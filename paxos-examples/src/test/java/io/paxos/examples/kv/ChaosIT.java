// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.simulation.check.KeyValue;
import io.paxos.simulation.check.LinearizabilityChecker;
import io.paxos.simulation.check.Register;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Remote clients against real processes that are killed, paused and cut off, leader and follower in turn: every increment
 * takes effect exactly once, and what was read and written meanwhile is linearizable.
 */
class ChaosIT {

    private static final long INCREMENTS = 10_000;

    /** Longer than an election takes: by then the others have gone on. */
    private static final long FAULT_MILLIS = 1_500;

    @TempDir
    Path home;

    /** What can happen to a node. */
    private enum Fault {
        KILLED,
        PAUSED,
        CUT_OFF
    }

    @Test
    void everyIncrementCountsOnceAndEveryReadIsUpToDate() {
        try (KvCluster cluster = new KvCluster(home)) {
            CutLinks links = cluster.throughLinks();
            for (int node = 0; node < KvCluster.NODES; node++) {
                cluster.start(node, cluster.remoteOption(node));
            }
            for (int node = 0; node < KvCluster.NODES; node++) {
                cluster.awaitReady(node);
            }
            long begun = System.nanoTime();
            RemoteClients clients = RemoteClients.start(cluster, INCREMENTS);
            try (clients) {
                torment(cluster, links, clients);
            }
            System.out.println(
                    "ChaosIT: " + clients + " in " + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun) + " ms");
            assertEquals(List.of(), clients.findings());
            assertEquals(INCREMENTS, clients.totals().size());
            try (KvClient client = new KvClient()) {
                for (int node = 0; node < KvCluster.NODES; node++) {
                    assertEquals(
                            Long.toString(INCREMENTS),
                            client.call(cluster.port(node), "GET total").reply());
                }
            }
            LinearizabilityChecker.of(new KeyValue<Integer, Optional<Long>, Register.Input<Long>, Optional<Long>>(
                            new Register<>()))
                    .assertLinearizable(clients.history());
        }
    }

    /** Each kind of fault hits the leader, and then a follower; the clients count on during each fault and after it. */
    private static void torment(KvCluster cluster, CutLinks links, RemoteClients clients) {
        int steps = 2 * Fault.values().length;
        int done = 0;
        for (Fault fault : Fault.values()) {
            for (boolean leader : new boolean[] {true, false}) {
                int led = cluster.awaitLeader();
                int victim = leader ? led : (led + 1) % KvCluster.NODES;
                clients.allow((done + 0.4) / steps);
                begin(fault, victim, cluster, links);
                clients.awaitCounted();
                KvCluster.pause(FAULT_MILLIS);
                clients.allow((done + 0.8) / steps);
                end(fault, victim, cluster, links);
                cluster.awaitReady(victim);
                done++;
                clients.allow((double) done / steps);
                clients.awaitCounted();
            }
        }
    }

    private static void begin(Fault fault, int node, KvCluster cluster, CutLinks links) {
        switch (fault) {
            case KILLED -> cluster.kill(node);
            case PAUSED -> cluster.pauseProcess(node);
            case CUT_OFF -> links.cutOff(node);
        }
    }

    private static void end(Fault fault, int node, KvCluster cluster, CutLinks links) {
        switch (fault) {
            case KILLED -> cluster.start(node, cluster.remoteOption(node));
            case PAUSED -> cluster.goOn(node);
            case CUT_OFF -> links.heal(node);
        }
    }
}
