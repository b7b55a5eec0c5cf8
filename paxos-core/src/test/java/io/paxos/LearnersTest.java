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
import io.paxos.model.Entry;
import io.paxos.model.NodeId;
import java.io.DataInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three voters and a learner, n4: what the host application sees. Catches: a cluster that waits for a learner, a learner that
 * counts in a quorum, one that falls behind while it is idle, one that cannot come back without its directory.
 */
class LearnersTest {

    private static final NodeId N4 = new NodeId(4);

    @TempDir
    private Path directory;

    private void loseDirectory(String node) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(node))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private static LearnerStatus n4AsSeenBy(PaxosNode voter) {
        List<LearnerStatus> learners = voter.status().learners();
        assertEquals(1, learners.size(), learners::toString);
        assertEquals(N4, learners.get(0).node());
        return learners.get(0);
    }

    @Test
    void aLearnerAppliesWhatIsChosenTakesCommandsAndSaysWhoLeads() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3, 1).startAll()) {
            cluster.node(1).submitAndWait(bytes("a"), PATIENCE);
            PaxosNode learner = cluster.node(4);
            assertEquals("2", text(learner.submitAndWait(bytes("b"), PATIENCE)));
            eventually("all apply both", () -> Stream.of(1, 2, 3, 4)
                    .allMatch(node -> cluster.machine(node).applied().equals(List.of("a", "b"))));

            NodeStatus status = learner.status();
            assertEquals(NodeStatus.Role.LEARNER, status.role());
            assertEquals(Ballot.NONE, status.promised());
            assertEquals(List.of(), status.learners());
            assertEquals(new NodeId(cluster.leader()), status.leader().orElseThrow());
            assertTrue(learner.health().isReady());
            assertEquals(List.of(), learner.health().reasons());
        }
    }

    @Test
    void everyVoterTellsHowFarItIsBehind() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3, 1).startAll()) {
            cluster.node(1).submitAndWait(bytes("a"), PATIENCE);
            for (int number = 1; number <= 3; number++) {
                PaxosNode voter = cluster.node(number);
                eventually(
                        "n4 has all",
                        () -> n4AsSeenBy(voter).lagSlots() == 0
                                && n4AsSeenBy(voter).silentMillis().isPresent());
            }
            eventually("and says so", () -> cluster.node(4).status().lagSlots() == 0);

            cluster.stop(4);
            for (int i = 0; i < 5; i++) {
                cluster.node(1).submitAndWait(bytes("b"), PATIENCE);
            }
            PaxosNode leader = cluster.node(cluster.leader());
            eventually("it falls behind", () -> n4AsSeenBy(leader).lagSlots() >= 5);
            eventually("it is silent", () -> n4AsSeenBy(leader).silentMillis().orElseThrow() > 500);
            assertTrue(
                    leader.status().toString().contains("learners [n4 "),
                    leader.status().toString());

            cluster.start(4).awaitReady(PATIENCE);
            eventually("it has all again", () -> n4AsSeenBy(leader).lagSlots() == 0);
            assertEquals(6, cluster.machine(4).applied().size());
        }
    }

    /** The founding, elections and commands wait for voters only; the learner comes when it likes. */
    @Test
    void nobodyWaitsForALearnerThatIsDown() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3, 1)) {
            Stream.of(1, 2, 3).forEach(cluster::start);
            cluster.node(1).awaitReady(PATIENCE);
            cluster.node(1).submitAndWait(bytes("a"), PATIENCE);
            assertTrue(n4AsSeenBy(cluster.node(cluster.leader())).silentMillis().isEmpty());

            PaxosNode learner = cluster.start(4);
            learner.awaitReady(PATIENCE);
            assertEquals(List.of("a"), cluster.machine(4).applied());
            assertEquals("2", text(learner.submitAndWait(bytes("b"), PATIENCE)));
        }
    }

    /**
     * The two voters that follow stop, so that no election is under way meanwhile: a voter that begins one just before the others
     * are gone, as a leader that closes has it do, may still win it, and a command of its is rightly in doubt.
     */
    @Test
    void itCountsInNoQuorum() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3, 1).startAll()) {
            int last = cluster.leader();
            List<Integer> others =
                    Stream.of(1, 2, 3).filter(voter -> voter != last).toList();
            others.forEach(cluster::stop);
            PaxosNode alone = cluster.node(last);
            eventually(
                    "it knows that it has no quorum",
                    () -> alone.status().leader().isEmpty());
            PaxosException failed = assertThrows(
                    PaxosException.class, () -> alone.submitAndWait(bytes("alone"), Duration.ofMillis(500)));
            assertFalse(failed.mayHaveBeenApplied());
            assertEquals(List.of(), cluster.machine(last).applied());
            assertEquals(List.of(), cluster.machine(4).applied());
            cluster.start(others.get(0)).awaitReady(PATIENCE);
            cluster.node(4).submitAndWait(bytes("two"), PATIENCE);
        }
    }

    /** With one voter of two cut off from it, it pulls from the other and forwards through it. */
    @Test
    void itFollowsALeaderThatItCannotHear() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3, 1).startAll()) {
            NodeId leader = new NodeId(cluster.leader());
            cluster.network().cut(leader, N4);
            cluster.network().cut(N4, leader);
            assertEquals("1", text(cluster.node(4).submitAndWait(bytes("a"), PATIENCE)));
            cluster.node(leader.number()).submitAndWait(bytes("b"), PATIENCE);
            eventually("it applies both", () -> cluster.machine(4).applied().equals(List.of("a", "b")));
        }
    }

    @Test
    void aLostDirectoryIsFormattedAnewAndTheLearnerIsTheSameOneAgain() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3, 1).startAll()) {
            cluster.node(1).submitAndWait(bytes("a"), PATIENCE);
            cluster.stop(4);
            loseDirectory("n4");
            cluster.node(1).submitAndWait(bytes("b"), PATIENCE);
            PaxosNode learner = cluster.start(4);
            learner.awaitReady(PATIENCE);
            assertEquals(NodeStatus.Role.LEARNER, learner.status().role());
            assertEquals(List.of("a", "b"), cluster.machine(4).applied());
            PaxosNode leader = cluster.node(cluster.leader());
            eventually("it counts as n4", () -> n4AsSeenBy(leader).lagSlots() == 0);
        }
    }

    @Test
    void whileNobodyAnswersItSaysWhomItAsks() {
        LocalCluster cluster = new LocalCluster(directory, 3, 1);
        try (PaxosNode learner =
                cluster.builder(4).stateMachine(new LocalCluster.Remembering()).start()) {
            assertEquals(
                    List.of("a learner, and no voter has answered yet; asking [n1, n2, n3]"),
                    learner.health().reasons());
            assertEquals(NodeStatus.Role.LEARNER, learner.status().role());
        }
    }

    /** Remembers every command, and how much of it came as a snapshot. */
    private static final class Diary implements StateMachine {
        private final List<String> state = new ArrayList<>();
        private int restored;

        @Override
        public synchronized byte[] apply(Entry entry) {
            state.add(text(entry.command()));
            return bytes(Integer.toString(state.size()));
        }

        @Override
        public synchronized Snapshot snapshot() {
            List<String> now = List.copyOf(state);
            return out -> {
                out.writeInt(now.size());
                for (String each : now) {
                    out.writeUTF(each);
                }
            };
        }

        @Override
        public synchronized void restore(DataInput in) throws IOException {
            state.clear();
            restored = in.readInt();
            for (int i = 0; i < restored; i++) {
                state.add(in.readUTF());
            }
        }

        synchronized int size() {
            return state.size();
        }

        synchronized int restored() {
            return restored;
        }
    }

    private static PaxosNode start(LocalCluster cluster, int number, Diary diary) {
        return cluster.start(number, cluster.builder(number).stateMachine(diary).snapshotEverySlots(20));
    }

    @Test
    void behindEverybodysLogItIsSentASnapshotAndItTakesSomeItself() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3, 1)) {
            Stream.of(1, 2, 3).forEach(number -> start(cluster, number, new Diary()));
            cluster.node(1).awaitReady(PATIENCE);
            int submitted = 0;
            while (Stream.of(1, 2, 3)
                    .anyMatch(number -> cluster.node(number).status().floor() == 0)) {
                cluster.node(1).submitAndWait(bytes("command " + submitted++), PATIENCE);
            }
            Diary diary = new Diary();
            PaxosNode learner = start(cluster, 4, diary);
            learner.awaitReady(PATIENCE);
            assertEquals(submitted, diary.size());
            assertTrue(diary.restored() > 0);
            while (learner.status().floor() == 0) {
                cluster.node(1).submitAndWait(bytes("command " + submitted++), PATIENCE);
            }
            int all = submitted;
            eventually("it applies all", () -> diary.size() == all);
        }
    }
}
