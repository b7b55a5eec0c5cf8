// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The disk of a node is lost while clients count (S18): real processes over real sockets. */
class RejoinIT {

    private static final int LOST = 2;

    @TempDir
    Path home;

    @Test
    void aNodeWhoseDirectoryWasLostIsRefusedAndFollowsWhenToldToAndNothingIsLost() throws IOException {
        try (KvCluster cluster = KvCluster.start(home);
                CountingClients clients = CountingClients.start(cluster, "RejoinIT")) {
            clients.awaitProgress();
            cluster.kill(LOST);
            loseDirectory();
            clients.awaitProgress();

            cluster.start(LOST);
            KvCluster.await("word that it was refused", () -> cluster.logText(LOST)
                    .contains("this directory was wiped or replaced: n"));
            assertEquals("no", cluster.info(LOST, "ready"));
            cluster.kill(LOST);

            cluster.start(LOST, List.of("--rejoin"));
            cluster.awaitReady(LOST);
            assertEquals("follower_without_vote", cluster.info(LOST, "role"));
            clients.awaitProgress();
            cluster.kill(LOST);

            cluster.start(LOST);
            cluster.awaitReady(LOST);
            assertEquals("follower_without_vote", cluster.info(LOST, "role"), "its directory remembers");
            assertTrue(cluster.isAlive(LOST));
            clients.awaitProgress();
            clients.stopAndCheck();
        }
    }

    private void loseDirectory() throws IOException {
        try (Stream<Path> files = Files.list(home.resolve("n" + (LOST + 1)))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
