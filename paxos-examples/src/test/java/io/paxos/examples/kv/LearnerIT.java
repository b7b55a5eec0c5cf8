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

/** Three voters and a learner while clients count: real processes over real sockets. */
class LearnerIT {

    private static final int LEARNER = KvCluster.LEARNER;

    @TempDir
    Path home;

    @Test
    void aLearnerComesLateIsKilledLosesItsDirectoryAndIsWaitedForByNobody() throws IOException {
        try (KvCluster cluster = new KvCluster(home).withLearner()) {
            Stream.of(0, 1, 2).forEach(cluster::start);
            Stream.of(0, 1, 2).forEach(cluster::awaitReady);
            try (CountingClients clients = CountingClients.start(cluster, "LearnerIT")) {
                clients.awaitProgress();
                cluster.start(LEARNER);
                cluster.awaitReady(LEARNER);
                assertEquals("learner", cluster.info(LEARNER, "role"));
                clients.awaitProgress();
                int leader = cluster.awaitLeader();
                KvCluster.await("a leader that heard how far n4 is", () -> cluster.info(leader, "learner_n4")
                        .matches("known_chosen_slot=[1-9].*,silent_millis=[0-9]+"));

                cluster.kill(LEARNER);
                clients.awaitProgress();
                try (Stream<Path> files = Files.list(home.resolve("n4"))) {
                    for (Path file : files.toList()) {
                        Files.delete(file);
                    }
                }
                cluster.start(LEARNER);
                cluster.awaitReady(LEARNER);
                assertTrue(cluster.isAlive(LEARNER));
                clients.awaitProgress();
                clients.stopAndCheck();
                KvCluster.await("a learner that has all", () -> cluster.info(LEARNER, "applied_slot")
                        .equals(cluster.info(leader, "applied_slot")));
                KvCluster.await("a leader that knows it", () -> cluster.info(leader, "learner_n4")
                        .contains("lag_slots=0"));
            }
        }
    }

    @Test
    void commandsToALearnerAreAnsweredWithTheirResults() {
        try (KvCluster cluster = new KvCluster(home).withLearner()) {
            for (int node : List.of(0, 1, 2, LEARNER)) {
                cluster.start(node);
            }
            cluster.awaitReady(LEARNER);
            assertEquals("+OK\r\n", RespProbe.ask(cluster.port(LEARNER), "SET a 1"));
            assertEquals(":2\r\n", RespProbe.ask(cluster.port(LEARNER), "INCR a"));
        }
    }
}
