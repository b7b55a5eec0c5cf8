// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.cost;

import io.netty.util.ResourceLeakDetector;
import io.paxos.cost.Bound;
import io.paxos.cost.Costs;
import io.paxos.cost.ThreadCosts;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a command of a remote client costs on all its way: the client, the leader, a follower, and the wires between members. How commands
 * fall into batches depends on who runs when, so the bounds leave more room than those of {@code StepCostTest}.
 */
class SocketCostTest {

    private static final int BYTES = 256;
    private static final int BLOCKS_MAX = 25;
    private static final String ALLOCATED = "bytes allocated per command";
    private static final String RANKING = "AllocationRanking, which ranks the lines";

    private static ResourceLeakDetector.Level level;

    @TempDir
    private Path directory;

    private SocketCluster cluster;

    /** Watched buffers take note of each station, which is a hundred times what they cost otherwise. */
    @BeforeAll
    static void buffersAreNotWatched() {
        level = ResourceLeakDetector.getLevel();
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.DISABLED);
    }

    @AfterAll
    static void buffersAreWatchedAgain() {
        ResourceLeakDetector.setLevel(level);
    }

    @BeforeEach
    void start() throws IOException {
        cluster = new SocketCluster(directory);
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    /** What one command may cost, as recorded on JDK 17 on 2026-11-21, times 1.4. */
    private record Bounds(Bound client, Bound leader, Bound follower, Bound frames, Bound bytes) {
        static Bounds of(int outstanding, double client, double leader, double follower, double frames, double bytes) {
            String name = outstanding + " under way";
            return new Bounds(
                    new Bound(name + ", client", ALLOCATED, client, RANKING),
                    new Bound(name + ", leader", ALLOCATED, leader, RANKING),
                    new Bound(name + ", follower", ALLOCATED, follower, RANKING),
                    new Bound(
                            name, "frames between members per command", frames, "Effects.sendNow and sendAfterWrites"),
                    new Bound(name, "bytes on a follower's wires per byte of payload", bytes, "FrameCodec and Batch"));
        }
    }

    private void check(int commands, int outstanding, Bounds bounds) {
        Costs.of(BLOCKS_MAX, costs -> {
            try {
                block(commands, outstanding, bounds, costs);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError(interrupted);
            }
        });
    }

    private void block(int commands, int outstanding, Bounds bounds, Costs costs) throws InterruptedException {
        ThreadCosts before = ThreadCosts.now();
        long frames = cluster.framesSent();
        long bytes = cluster.bytesSent();
        cluster.load(commands, outstanding, BYTES);
        double done = commands;
        ThreadCosts added = ThreadCosts.now().since(before);
        costs.saw(bounds.client, added.allocatedBytes(name -> name.startsWith("paxos-client")) / done);
        costs.saw(bounds.leader, added.allocatedBytes(cluster::isLeaders) / done);
        costs.saw(bounds.follower, added.allocatedBytes(cluster::isFollowers) / done / 2);
        costs.saw(bounds.frames, (cluster.framesSent() - frames) / done);
        costs.saw(bounds.bytes, (cluster.bytesSent() - bytes) / done / 2 / BYTES);
    }

    @Test
    void oneCommandUnderWay() {
        check(200, 1, Bounds.of(1, 1_650, 12_600, 5_700, 6.6, 2.75));
    }

    @Test
    void sixteenCommandsUnderWay() {
        check(1_000, 16, Bounds.of(16, 1_280, 2_500, 1_400, 0.56, 1.4));
    }

    @Test
    void manyCommandsUnderWay() {
        check(10_000, 256, Bounds.of(256, 1_220, 1_700, 1_060, 0.06, 1.25));
    }
}
