// SPDX-License-Identifier: Apache-2.0
package io.paxos.cost;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a command costs three whole nodes: allocations of all their threads, forces, wake-ups. So many commands are submitted at
 * once, and the next ones when all are answered. How they fall into batches depends on who runs when, so the bounds of forces and
 * wake-ups leave room for it.
 */
class NodeCostTest {

    private static final int BYTES = 256;
    private static final int BLOCKS_MAX = 25;

    @TempDir
    private Path directory;

    private NodesUnderLoad nodes;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        nodes = new NodesUnderLoad(directory);
    }

    @AfterEach
    void stop() {
        nodes.close();
    }

    /** What one command may cost, as recorded on JDK 17 on 2026-11-21, times 1.3. */
    private record Bounds(Bound leader, Bound followers, Bound leaderForces, Bound followerForces, Bound waits) {

        static Bounds of(int commands, double leader, double follower, double forces, double waits) {
            String name = commands + " at once";
            String allocated = "bytes allocated per command";
            String look = "StepCostTest first, which knows the part; else CoreLoop, Applier, OpenSubmissions";
            String disk = "JournalWriter, and what goes to DriverPorts.append by itself";
            String wakes = "waits in queues and locks per command, of all threads of the three nodes";
            return new Bounds(
                    new Bound(name + ", leader", allocated, leader, look),
                    new Bound(name + ", follower", allocated, follower, look),
                    new Bound(name + ", leader", "forces per command", forces, disk),
                    new Bound(name + ", follower", "forces per command", forces, disk),
                    new Bound(name, wakes, waits, "BatchQueue: who hands what to another thread"));
        }
    }

    private void check(int commands, int rounds, Bounds bounds) {
        Costs.of(BLOCKS_MAX, costs -> {
            try {
                block(commands, rounds, bounds, costs);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError(interrupted);
            }
        });
    }

    private void block(int commands, int rounds, Bounds bounds, Costs costs) throws InterruptedException {
        ThreadCosts before = ThreadCosts.now();
        long leaderForces = nodes.leaderForces();
        long followerForces = nodes.followerForces();
        for (int round = 0; round < rounds; round++) {
            nodes.round(commands, BYTES);
        }
        double done = (double) commands * rounds;
        ThreadCosts added = ThreadCosts.now().since(before);
        String leads = nodes.leaderThreads();
        costs.saw(bounds.leader, added.allocatedBytes(name -> name.startsWith(leads)) / done);
        costs.saw(
                bounds.followers,
                added.allocatedBytes(name -> name.startsWith("paxos-n") && !name.startsWith(leads)) / done / 2);
        costs.saw(bounds.leaderForces, (nodes.leaderForces() - leaderForces) / done);
        costs.saw(bounds.followerForces, (nodes.followerForces() - followerForces) / done / 2);
        costs.saw(bounds.waits, added.waits(name -> name.startsWith("paxos-n")) / done);
    }

    @Test
    void oneCommandAtATime() {
        check(1, 200, Bounds.of(1, 9_000, 3_900, 1.1, 14));
    }

    @Test
    void sixteenCommandsAtOnce() {
        check(16, 50, Bounds.of(16, 1_850, 850, 2.2 / 16, 1.3));
    }

    @Test
    void manyCommandsAtOnce() {
        check(256, 20, Bounds.of(256, 1_380, 650, 3.1 / 256, 0.1));
    }
}
