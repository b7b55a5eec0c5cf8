// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.examples.kv.KvClient.Answer;
import io.paxos.examples.kv.KvClient.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * More data than the log keeps, in real processes: a killed node begins from its snapshot, one that was away for too long and
 * one whose directory was lost get the state from the others (S22, R1, R7).
 */
class SnapshotIT {

    private static final int AWAY = 2;

    /** Much less than what is written. */
    private static final List<String> OPTIONS = List.of("--snapshot-every", "1000000");

    private static final int VALUE_BYTES = 20_000;

    @TempDir
    Path home;

    private final KvClient client = new KvClient();
    private final List<String> written = new ArrayList<>();

    @Test
    void theStateOutlivesTheLog() throws IOException {
        try (client;
                KvCluster cluster = new KvCluster(home)) {
            for (int node = 0; node < KvCluster.NODES; node++) {
                cluster.start(node, OPTIONS);
            }
            for (int node = 0; node < KvCluster.NODES; node++) {
                cluster.awaitReady(node);
            }
            assertEquals(":0", client.call(cluster.port(0), "LASTSAVE").reply());
            writeUntilTrimmed(cluster, 0, 0);
            writeUntilTrimmed(cluster, 1, 0);

            killedNodeBeginsFromItsSnapshot(cluster);
            nodeThatWasAwayIsSentTheState(cluster);
            nodeWhoseDirectoryWasLostIsSentTheState(cluster);
            saveOnDemand(cluster);
        }
    }

    private void killedNodeBeginsFromItsSnapshot(KvCluster cluster) {
        cluster.kill(1);
        cluster.start(1, OPTIONS);
        cluster.awaitReady(1);
        assertTrue(number(cluster, 1, "floor_slot") > 0);
        assertFalse(received(cluster, 1), "it has its own");
        assertEverythingIsThere(cluster, 1);
    }

    private void nodeThatWasAwayIsSentTheState(KvCluster cluster) {
        long known = number(cluster, AWAY, "known_chosen_slot");
        cluster.kill(AWAY);
        writeUntilTrimmed(cluster, 0, known);
        writeUntilTrimmed(cluster, 1, known);
        cluster.start(AWAY, OPTIONS);
        cluster.awaitReady(AWAY);
        assertTrue(received(cluster, AWAY));
        assertTrue(number(cluster, AWAY, "floor_slot") > known);
        assertEquals("none", cluster.info(AWAY, "snapshot_fetch"));
        assertEverythingIsThere(cluster, AWAY);
    }

    private void nodeWhoseDirectoryWasLostIsSentTheState(KvCluster cluster) throws IOException {
        cluster.kill(AWAY);
        try (Stream<Path> files = Files.list(home.resolve("n" + (AWAY + 1)))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(cluster.log(AWAY).toPath());
        cluster.start(AWAY, List.of("--rejoin", OPTIONS.get(0), OPTIONS.get(1)));
        cluster.awaitReady(AWAY);
        assertEquals("follower_without_vote", cluster.info(AWAY, "role"));
        assertTrue(received(cluster, AWAY));
        assertEverythingIsThere(cluster, AWAY);

        cluster.kill(AWAY);
        Files.delete(cluster.log(AWAY).toPath());
        cluster.start(AWAY, OPTIONS);
        cluster.awaitReady(AWAY);
        assertFalse(received(cluster, AWAY), "it kept what it was sent");
        assertEverythingIsThere(cluster, AWAY);
    }

    private void saveOnDemand(KvCluster cluster) {
        write(cluster, 0);
        long before = number(cluster, 0, "snapshot_slot");
        assertEquals(
                "+Background saving started",
                client.call(cluster.port(0), "BGSAVE").reply());
        KvCluster.await("a snapshot", () -> number(cluster, 0, "snapshot_slot") > before);
        long saved =
                Long.parseLong(client.call(cluster.port(0), "LASTSAVE").reply().substring(1));
        long ageSeconds = System.currentTimeMillis() / 1_000 - saved;
        assertTrue(ageSeconds >= 0 && ageSeconds < 60, "seconds since the snapshot: " + ageSeconds);
    }

    // ---- what is written, and read back ---------------------------------------------------------------------

    private void writeUntilTrimmed(KvCluster cluster, int node, long above) {
        KvCluster.await("a floor above " + above, () -> {
            write(cluster, node);
            return number(cluster, node, "floor_slot") > above;
        });
    }

    private void write(KvCluster cluster, int node) {
        String key = "key-" + written.size();
        Answer answer = client.set(cluster.port(node), key, value(key));
        if (answer.outcome() == Outcome.ACKNOWLEDGED) {
            written.add(key);
        }
    }

    private static String value(String key) {
        return key + "x".repeat(VALUE_BYTES - key.length());
    }

    private void assertEverythingIsThere(KvCluster cluster, int node) {
        client.close(); // the node was started anew since the client spoke to it
        assertEquals(
                ":" + written.size(), client.call(cluster.port(node), "DBSIZE").reply());
        // One without a vote hears of what was chosen a heartbeat later: that is a tenth of a second for each answer.
        int step = node == AWAY ? 16 : 1;
        for (int i = 0; i < written.size(); i += step) {
            String key = written.get(i);
            assertEquals(
                    value(key), client.call(cluster.port(node), "GET " + key).reply(), key);
        }
    }

    private static long number(KvCluster cluster, int node, String field) {
        return Long.parseLong(cluster.info(node, field));
    }

    private static boolean received(KvCluster cluster, int node) {
        return cluster.logText(node).contains("receives snapshot");
    }
}
