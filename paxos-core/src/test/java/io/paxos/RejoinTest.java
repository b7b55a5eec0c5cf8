// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import static io.paxos.Eventually.eventually;
import static io.paxos.LocalCluster.PATIENCE;
import static io.paxos.LocalCluster.bytes;
import static io.paxos.LocalCluster.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Ballot;
import io.paxos.model.Incarnation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The directory of n3 is lost, and n3 comes back (S18): what the host application sees. Catches: a node without memory that
 * counts in a quorum, one that gets its vote back by a restart, one that is refused and does not say why.
 */
class RejoinTest {

    @TempDir
    private Path directory;

    private void loseDirectory() throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve("n3"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private static PaxosNode rejoin(LocalCluster cluster, LocalCluster.Remembering machine) {
        return cluster.start(3, cluster.builder(3).rejoin(true).stateMachine(machine));
    }

    @Test
    void itFollowsWithoutAVoteAppliesEverythingAndTakesCommands() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            cluster.node(1).submitAndWait(bytes("a"), PATIENCE);
            cluster.stop(3);
            loseDirectory();
            cluster.node(1).submitAndWait(bytes("b"), PATIENCE);
            LocalCluster.Remembering machine = new LocalCluster.Remembering();
            PaxosNode follower = rejoin(cluster, machine);
            follower.awaitReady(PATIENCE);

            assertEquals(
                    NodeStatus.Role.FOLLOWER_WITHOUT_VOTE, follower.status().role());
            assertEquals("3", text(follower.submitAndWait(bytes("c"), PATIENCE)));
            assertEquals(List.of("a", "b", "c"), machine.applied());
            eventually(
                    "the voters apply its command",
                    () -> cluster.machine(1).applied().equals(List.of("a", "b", "c"))
                            && cluster.machine(2).applied().equals(List.of("a", "b", "c")));
            assertEquals(Ballot.NONE, follower.status().promised());
        }
    }

    /** The voter that follows stops: a leader would hand over to the other as it closes, which then rightly says that it is in doubt. */
    @Test
    void itCountsInNoQuorum() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            cluster.stop(3);
            loseDirectory();
            PaxosNode follower = rejoin(cluster, new LocalCluster.Remembering());
            follower.awaitReady(PATIENCE);
            int last = cluster.leader();
            int other = last == 1 ? 2 : 1;
            cluster.stop(other);
            PaxosNode alone = cluster.node(last);
            eventually(
                    "it knows that it has no quorum",
                    () -> alone.status().leader().isEmpty());
            PaxosException failed = assertThrows(
                    PaxosException.class, () -> alone.submitAndWait(bytes("alone"), Duration.ofMillis(500)));
            assertFalse(failed.mayHaveBeenApplied());
            cluster.start(other).awaitReady(PATIENCE);
            cluster.node(1).submitAndWait(bytes("two"), PATIENCE);
        }
    }

    @Test
    void itsLaterStartsKeepTheRoleWithoutBeingToldTo() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            cluster.node(1).submitAndWait(bytes("a"), PATIENCE);
            cluster.stop(3);
            loseDirectory();
            PaxosNode first = rejoin(cluster, new LocalCluster.Remembering());
            first.awaitReady(PATIENCE);
            Incarnation incarnation = first.status().incarnation();
            cluster.stop(3);

            PaxosNode again = cluster.start(3);
            again.awaitReady(PATIENCE);
            assertEquals(NodeStatus.Role.FOLLOWER_WITHOUT_VOTE, again.status().role());
            assertEquals(incarnation, again.status().incarnation());
            assertEquals(2, again.status().boot());
            assertEquals(List.of("a"), cluster.machine(3).applied());
            cluster.stop(3);
            rejoin(cluster, new LocalCluster.Remembering()).awaitReady(PATIENCE);
        }
    }

    /** Formatted anew by mistake: everybody refuses it, it says what to do, and what it says helps. */
    @Test
    void aDirectoryThatWasFormattedAnewByMistakeRejoins() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            cluster.node(1).submitAndWait(bytes("a"), PATIENCE);
            cluster.stop(3);
            loseDirectory();
            PaxosNode refused = cluster.start(3);
            eventually("it is refused", () -> refused.status().refusedBy().isPresent());
            String reason = refused.health().reasons().get(0);
            assertTrue(
                    reason.matches(
                            "this directory was wiped or replaced: n[12] says that this node is not of its founding,"
                                    + " and no vote of it counts; start it with rejoin to follow without a vote"),
                    reason);
            cluster.stop(3);

            PaxosNode follower = rejoin(cluster, new LocalCluster.Remembering());
            follower.awaitReady(PATIENCE);
            assertEquals(
                    NodeStatus.Role.FOLLOWER_WITHOUT_VOTE, follower.status().role());
        }
    }

    @Test
    void aVotersDirectoryDoesNotLoseItsVote() {
        try (LocalCluster cluster = new LocalCluster(directory, 3).startAll()) {
            cluster.stop(3);
            NodeBuilder builder = cluster.builder(3).rejoin(true).stateMachine(new LocalCluster.Remembering());
            NodeStartException refused = assertThrows(NodeStartException.class, builder::start);
            assertTrue(refused.getMessage().contains("holds the log of a voter of founding"), refused.getMessage());
            cluster.start(3).awaitReady(PATIENCE);
            assertEquals(NodeStatus.Role.FOLLOWER, cluster.node(3).status().role());
        }
    }

    @Test
    void theOnlyVoterHasNobodyToFollow() {
        NodeBuilder builder =
                new LocalCluster(directory, 1).builder(1).rejoin(true).stateMachine(new LocalCluster.Remembering());
        assertEquals(
                "rejoin: true, but n1 is the only voter: there is nobody to follow",
                assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }

    @Test
    void whileNobodyAnswersItSaysWhomItAsks() {
        LocalCluster cluster = new LocalCluster(directory, 3);
        try (PaxosNode follower = cluster.builder(3)
                .rejoin(true)
                .stateMachine(new LocalCluster.Remembering())
                .start()) {
            assertEquals(
                    List.of("follows without a vote, and no member has answered yet; asking [n1, n2]"),
                    follower.health().reasons());
        }
    }
}
