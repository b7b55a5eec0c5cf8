// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static io.paxos.Eventually.eventually;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.driver.DiskReport;
import io.paxos.driver.DriverStatus;
import io.paxos.driver.Outcome;
import io.paxos.model.Ballot;
import io.paxos.model.NodeId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Three running nodes in one process, with disks that hang when they are told to: leadership moves, and nothing is lost. */
@Timeout(120)
class HandOverTest {

    private final HangingDisks cluster;

    HandOverTest() throws IOException {
        cluster = new HangingDisks(3);
    }

    private final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        cluster.close();
    }

    private void applied(NodeRuntime node, String command) throws InterruptedException {
        assertNull(node.submit(command.getBytes(StandardCharsets.UTF_8), 60_000, outcomes::add));
        assertInstanceOf(Outcome.Applied.class, outcomes.poll(30, TimeUnit.SECONDS));
    }

    private static DiskReport disk(HangingDisks.Node node) {
        return node.runtime().status().disk();
    }

    @Test
    void leadershipLeavesANodeWhoseDiskHangsAndItRejoinsFit() throws Exception {
        cluster.start();
        HangingDisks.Node sick = cluster.leader();
        HangingDisks.Node other = cluster.anyBut(sick);
        applied(other.runtime(), "before");

        sick.hang();
        applied(other.runtime(), "while the leader's own vote waits");
        eventually("another leads", () -> cluster.leadsAnother(sick));
        applied(sick.runtime(), "from the sick node");
        assertFalse(disk(sick).fitToLead());
        assertTrue(disk(sick).reasons().get(0).startsWith("disk slow: oldest write "), disk(sick)::toString);
        eventually("its listener was told", () -> sick.disks().size() == 1);

        sick.goOn();
        eventually("it is well again", () -> disk(sick).equals(DiskReport.WELL));
        eventually("its listener was told", () -> sick.disks().size() == 2);
        assertEquals(DiskReport.WELL, sick.disks().get(1));
        applied(sick.runtime(), "after");
        eventually("everyone applied all", () -> cluster.nodes().stream()
                .allMatch(node -> node.commands().equals(other.commands())
                        && other.commands().size() == 4));
    }

    /** Nothing is written by a member that may not vote: it has to look for space by itself. */
    @Test
    void leadershipLeavesANodeWhoseDiskIsFullAndItVotesAgainOnceThereIsSpace() throws Exception {
        cluster.start();
        HangingDisks.Node full = cluster.leader();
        HangingDisks.Node other = cluster.anyBut(full);
        full.fill();
        applied(other.runtime(), "meets the full disk");
        eventually("another leads", () -> cluster.leadsAnother(full));
        assertFalse(disk(full).mayVote());
        assertTrue(disk(full).reasons().get(0).startsWith("disk full: no next segment"), disk(full)::toString);

        full.free();
        eventually("it is well again", () -> disk(full).equals(DiskReport.WELL));
        applied(full.runtime(), "after");
        eventually("everyone applied all", () -> cluster.nodes().stream()
                .allMatch(node -> node.commands().equals(List.of("meets the full disk", "after"))));
    }

    @Test
    void aLeaderThatClosesIsFollowedByTheOneItChose() throws Exception {
        cluster.start();
        HangingDisks.Node closing = cluster.leader();
        eventually(
                "the others have said that they are well",
                () -> closing.runtime().status().replica().knownChosen() > 3);
        Ballot before = closing.runtime().status().replica().leader();
        closing.runtime().close();
        DriverStatus last = closing.runtime().status();
        assertFalse(last.replica().leader().isNone(), "it closed when it had a successor");
        assertTrue(last.replica().leader().isAbove(before));
        // An election would have begun with silence, and so with no leader known at the followers for a timeout.
        applied(cluster.anyBut(closing).runtime(), "after");
        closing.runtime().close();
    }

    @Test
    void closeIsBoundedIfNobodyTakesOver() throws Exception {
        cluster.start();
        HangingDisks.Node closing = cluster.leader();
        List<HangingDisks.Node> others = new ArrayList<>(cluster.nodes());
        others.remove(closing);
        others.forEach(HangingDisks.Node::hang);
        long began = System.nanoTime();
        closing.runtime().close();
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
        assertTrue(millis < 10_000, "it took " + millis + " ms");
        assertInstanceOf(Outcome.Closed.class, closing.runtime().end());
        others.forEach(HangingDisks.Node::goOn);
    }

    @Test
    void theLastOneLeftClosesWithoutWaitingForAnybody() throws Exception {
        cluster.start();
        for (HangingDisks.Node node : cluster.nodes()) {
            node.runtime().close();
            assertInstanceOf(Outcome.Closed.class, node.runtime().end());
        }
        assertEquals(
                new NodeId(1), cluster.nodes().get(0).runtime().status().self().node());
    }
}
