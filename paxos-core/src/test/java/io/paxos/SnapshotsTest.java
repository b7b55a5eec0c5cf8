// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import static io.paxos.Eventually.eventually;
import static io.paxos.LocalCluster.bytes;
import static io.paxos.LocalCluster.text;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Entry;
import java.io.DataInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Snapshots of running nodes. Catches: a restart that applies what a snapshot holds, or begins empty; a log that is never
 * trimmed; a member behind everybody's log that never catches up (hazards R1, R5, S22).
 */
class SnapshotsTest {

    private static final Duration LONG = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    /** Remembers every command, in order; what it restored and what it applied since. */
    private static final class Diary implements StateMachine {
        private final List<String> state = new ArrayList<>();
        private int restored;
        private int applied;

        @Override
        public synchronized byte[] apply(Entry entry) {
            applied++;
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
            int size = in.readInt();
            for (int i = 0; i < size; i++) {
                state.add(in.readUTF());
            }
            restored = size;
        }

        synchronized List<String> state() {
            return List.copyOf(state);
        }

        synchronized int restored() {
            return restored;
        }

        synchronized int applied() {
            return applied;
        }
    }

    private final List<String> submitted = new ArrayList<>();

    private void submit(PaxosNode node, int count) {
        for (int i = 0; i < count; i++) {
            String command = "command " + submitted.size();
            submitted.add(command);
            assertEquals(Integer.toString(submitted.size()), text(node.submitAndWait(bytes(command), LONG)));
        }
    }

    private static PaxosNode start(LocalCluster cluster, int number, Diary diary, long everySlots) {
        return cluster.start(number, cluster.builder(number).stateMachine(diary).snapshotEverySlots(everySlots));
    }

    private static List<String> snapshotFiles(Path of) throws IOException {
        try (Stream<Path> files = Files.list(of)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".snap"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void aRestartGoesOnFromTheNewestSnapshotAndTheLogIsTrimmedBehindTheOneBefore() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 1)) {
            PaxosNode node = start(cluster, 1, new Diary(), 0);
            node.awaitReady(LONG);
            submit(node, 20);
            long first = node.snapshot().get(30, TimeUnit.SECONDS);
            assertEquals(first, node.snapshot().get(30, TimeUnit.SECONDS), "nothing was applied since");
            eventually("status tells of it", () -> node.status().snapshotSlot() == first);
            assertEquals(0, node.status().floor());
            submit(node, 20);
            long second = node.snapshot().get(30, TimeUnit.SECONDS);
            assertTrue(second > first);
            eventually("the floor is the older one", () -> node.status().floor() == first);
            submit(node, 5);
            cluster.stop(1);
            assertEquals(2, snapshotFiles(directory.resolve("n1")).size());

            Diary again = new Diary();
            PaxosNode restarted = start(cluster, 1, again, 0);
            restarted.awaitReady(LONG);
            submit(restarted, 1);
            assertEquals(submitted, again.state());
            assertEquals(40, again.restored());
            assertEquals(6, again.applied());
            assertEquals(first, restarted.status().floor());
            assertEquals(second, restarted.status().snapshotSlot());
        }
    }

    @Test
    void snapshotsAreTakenByThemselvesAndTwoAreKept() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3)) {
            Diary[] diaries = {new Diary(), new Diary(), new Diary()};
            for (int number = 1; number <= 3; number++) {
                start(cluster, number, diaries[number - 1], 20);
            }
            for (int number = 1; number <= 3; number++) {
                cluster.node(number).awaitReady(LONG);
            }
            submit(cluster.node(1), 150);
            for (int number = 1; number <= 3; number++) {
                int each = number;
                eventually(
                        "n" + each + " trims", () -> cluster.node(each).status().floor() > 50);
                assertTrue(snapshotFiles(directory.resolve("n" + each)).size() >= 2);
            }
        }
    }

    /** A damaged snapshot falls back to the one before it and the log. */
    @Test
    void aDamagedSnapshotFallsBackToTheOneBefore() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 1)) {
            PaxosNode node = start(cluster, 1, new Diary(), 0);
            node.awaitReady(LONG);
            submit(node, 10);
            node.snapshot().get(30, TimeUnit.SECONDS);
            submit(node, 10);
            node.snapshot().get(30, TimeUnit.SECONDS);
            submit(node, 3);
            cluster.stop(1);
            List<String> files = snapshotFiles(directory.resolve("n1"));
            Path newest = directory.resolve("n1").resolve(files.get(1));
            byte[] content = Files.readAllBytes(newest);
            content[content.length / 2] ^= 1;
            Files.write(newest, content);

            Diary again = new Diary();
            PaxosNode restarted = start(cluster, 1, again, 0);
            restarted.awaitReady(LONG);
            submit(restarted, 1);
            assertEquals(submitted, again.state());
            assertEquals(10, again.restored());
        }
    }

    /** C is down while A and B trim what it has not seen. */
    @Test
    void whoFellBehindEverybodysLogGetsASnapshot() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3)) {
            for (int number = 1; number <= 3; number++) {
                start(cluster, number, new Diary(), 20);
            }
            for (int number = 1; number <= 3; number++) {
                cluster.node(number).awaitReady(LONG);
            }
            submit(cluster.node(1), 5);
            eventually(
                    "n3 has them",
                    () -> cluster.node(3).status().applied()
                            == cluster.node(1).status().applied());
            long known = cluster.node(3).status().knownChosen();
            cluster.stop(3);
            submit(cluster.node(1), 150);
            for (int number = 1; number <= 2; number++) {
                int each = number;
                eventually(
                        "n" + each + " trims", () -> cluster.node(each).status().floor() > known);
            }
            Diary behind = new Diary();
            PaxosNode node = start(cluster, 3, behind, 20);
            node.awaitReady(LONG);
            submit(node, 2);
            assertEquals(submitted, behind.state());
            assertTrue(behind.restored() > 5);
            assertEquals(submitted.size(), behind.restored() + appliedSinceRestore(behind));
            eventually(
                    "the fetch is over", () -> node.status().snapshotProgress().isEmpty());
            assertTrue(node.status().floor() > known);

            cluster.stop(3);
            Diary restarted = new Diary();
            PaxosNode again = start(cluster, 3, restarted, 20);
            again.awaitReady(LONG);
            submit(again, 1);
            assertEquals(submitted, restarted.state());
        }
    }

    private static int appliedSinceRestore(Diary diary) {
        return diary.state().size() - diary.restored();
    }

    /** The newest snapshot and the one before it are lost: the log begins behind them, and the others have the state. */
    @Test
    void whoLostItsStateAndNotItsLogGetsASnapshotAndKeepsItsVote() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3)) {
            for (int number = 1; number <= 3; number++) {
                start(cluster, number, new Diary(), 20);
            }
            for (int number = 1; number <= 3; number++) {
                cluster.node(number).awaitReady(LONG);
            }
            submit(cluster.node(1), 120);
            eventually("n3 trims", () -> cluster.node(3).status().floor() > 20);
            cluster.stop(3);
            for (String each : snapshotFiles(directory.resolve("n3"))) {
                Files.delete(directory.resolve("n3").resolve(each));
            }
            Diary empty = new Diary();
            PaxosNode node = start(cluster, 3, empty, 20);
            node.awaitReady(LONG);
            cluster.stop(2);
            submit(node, 3); // needs its vote
            assertEquals(submitted, empty.state());
            assertTrue(empty.restored() > 0);
        }
    }

    /** The founding needs all three, and two are not there: nothing was ever applied. */
    @Test
    void aNodeThatAppliedNothingHasNothingToTake() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 3)) {
            PaxosNode node = start(cluster, 1, new Diary(), 0);
            ExecutionException refused =
                    assertThrows(ExecutionException.class, () -> node.snapshot().get(30, TimeUnit.SECONDS));
            assertInstanceOf(IllegalStateException.class, refused.getCause());
            assertTrue(node.health().isLive());
        }
    }

    @Test
    void aStateMachineWithoutSnapshotsSaysSoWhenItIsAsked() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 1)) {
            PaxosNode node = cluster.start(1);
            node.awaitReady(LONG);
            node.submitAndWait(bytes("x"), LONG);
            ExecutionException refused =
                    assertThrows(ExecutionException.class, () -> node.snapshot().get(30, TimeUnit.SECONDS));
            assertInstanceOf(UnsupportedOperationException.class, refused.getCause());
            assertThrows(ExecutionException.class, () -> node.snapshot().get(30, TimeUnit.SECONDS));
            node.submitAndWait(bytes("y"), LONG);
        }
    }

    @Test
    void aSnapshotThatCannotBeWrittenIsNoReasonToStop() throws Exception {
        try (LocalCluster cluster = new LocalCluster(directory, 1)) {
            Diary diary = new Diary();
            StateMachine failing = new StateMachine() {
                @Override
                public byte[] apply(Entry entry) {
                    return diary.apply(entry);
                }

                @Override
                public Snapshot snapshot() {
                    return out -> {
                        out.writeInt(7);
                        throw new IOException("the state would not be written");
                    };
                }
            };
            PaxosNode node = cluster.start(1, cluster.builder(1).stateMachine(failing));
            node.awaitReady(LONG);
            submit(node, 2);
            ExecutionException failed =
                    assertThrows(ExecutionException.class, () -> node.snapshot().get(30, TimeUnit.SECONDS));
            assertEquals("the state would not be written", failed.getCause().getMessage());
            submit(node, 2);
            assertEquals(List.of(), snapshotFiles(directory.resolve("n1")));
            assertTrue(node.health().isLive());
        }
    }
}
