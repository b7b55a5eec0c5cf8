// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.examples.kv.KvClient.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The leader's real file system fills up (hazard S13, fault case 5). Skipped, with a printed reason, where loop mounts do not
 * work.
 */
class FullDiskIT {

    /** A segment is 64 MiB; the next one is obtained once half of that is written. */
    private static final long DISK_BYTES = 256L << 20;

    private static final long LEFT_BYTES = 70L << 20;
    private static final int VALUE_BYTES = 512 << 10;
    private static final int VALUES_MAX = 100;

    @TempDir
    Path home;

    private final List<LoopDisk> disks = new ArrayList<>();

    @Test
    void theLeaderHandsOverBeforeItsDiskIsFullAndComesBackWhenThereIsSpace() {
        try {
            for (int node = 0; node < KvCluster.NODES; node++) {
                disks.add(LoopDisk.mountOrSkip("FullDiskIT", home.resolve(id(node)), DISK_BYTES));
            }
            try (KvCluster cluster = KvCluster.start(home);
                    CountingClients clients = CountingClients.start(cluster, "FullDiskIT")) {
                clients.awaitProgress();
                fillTheLeadersDisk(cluster, clients);
            }
        } finally {
            disks.forEach(LoopDisk::close);
        }
    }

    private static String id(int node) {
        return "n" + (node + 1);
    }

    private void fillTheLeadersDisk(KvCluster cluster, CountingClients clients) {
        int leader = cluster.awaitLeader();
        disks.get(leader).fillButFor(LEFT_BYTES);
        writeUntilAnotherLeads(cluster, leader);
        String votes = cluster.info(leader, "highest_vote_slot");
        clients.awaitProgress();
        clients.awaitProgress();

        assertTrue(cluster.isAlive(leader), () -> cluster.logText(leader));
        assertEquals(votes, cluster.info(leader, "highest_vote_slot"));
        assertEquals("no", cluster.info(leader, "ready"));
        String error = ".* ERROR " + id(leader) + ": disk full: journal directory "
                + home.resolve(id(leader)) + ": the next segment of 67112960 bytes cannot be had, only [0-9]+: "
                + "No space left on device\\. This node takes no part until there is room: it votes for nothing";
        List<String> said = cluster.logText(leader)
                .lines()
                .filter(line -> line.contains("disk full"))
                .toList();
        assertTrue(said.stream().anyMatch(line -> line.matches(error)), said::toString);
        String handedOver = id(leader) + ": hands leadership over, and takes no commands";
        assertTrue(cluster.logText(leader).contains(handedOver), () -> cluster.logText(leader));

        cluster.kill(leader);
        clients.awaitProgress();
        disks.get(leader).free();
        cluster.start(leader);
        cluster.awaitReady(leader);
        assertTrue(cluster.info(leader, "reasons").isEmpty());
        clients.awaitProgress();
        clients.stopAndCheck();
    }

    private static void writeUntilAnotherLeads(KvCluster cluster, int leader) {
        String value = "x".repeat(VALUE_BYTES);
        int written = 0;
        try (KvClient client = new KvClient()) {
            while (written < VALUES_MAX && cluster.info(leader, "ready").equals("yes")) {
                KvClient.Answer answer =
                        client.set(cluster.port((leader + 1) % KvCluster.NODES), "big-" + written % 4, value);
                assertTrue(answer.outcome() != Outcome.UNKNOWN, answer::toString);
                written++;
            }
        }
        System.out.println("FullDiskIT: after " + written + " values of " + VALUE_BYTES + " bytes the disk is full");
        KvCluster.await("another leader", () -> {
            int now = cluster.awaitLeader();
            return now != leader && cluster.info(now, "ready").equals("yes");
        });
    }
}
