// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.protocol.Limits;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Drivers under random losses, crashes and slow disks, then well again. What every caller was told must be true: applied
 * means once, on every node, in the order of its session; never left means nowhere; unknown means at most once.
 */
class RandomFaultsTest {

    private static final int SEEDS_PER_RUN = 40;

    private static final class Told {
        private final String command;
        private final List<Outcome> outcome;

        Told(String command, List<Outcome> outcome) {
            this.command = command;
            this.outcome = outcome;
        }
    }

    @ParameterizedTest(name = "{0} nodes")
    @ValueSource(ints = {1, 3, 5})
    void whatCallersAreToldIsTrue(int size) {
        for (long seed = 1; seed <= SEEDS_PER_RUN; seed++) {
            try {
                runOneSeed(size, seed);
            } catch (Throwable failure) {
                throw new AssertionError("failed with " + size + " nodes, seed " + seed, failure);
            }
        }
    }

    private static void runOneSeed(int size, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long applyBacklogBytesMax = 100L + random.nextInt(2_000);
        TurnedCluster cluster = new TurnedCluster(
                size, DriverOptions.of(TurnedCluster.TIMING, Limits.DEFAULT, applyBacklogBytesMax, 1 << 20, 30_000));
        cluster.settle();
        Map<Integer, Long> boots = new TreeMap<>();
        List<Told> told = new ArrayList<>();
        double loss = random.nextDouble(0.3);
        cluster.lost = sent -> random.nextDouble() < loss;
        for (int step = 0; step < 400; step++) {
            int number = 1 + random.nextInt(size);
            TurnedNode node = cluster.node(number);
            int dice = random.nextInt(100);
            if (dice < 30 && !cluster.down.contains(number)) {
                String command = number + "/" + boots.getOrDefault(number, 1L) + "#" + step;
                told.add(new Told(command, node.submit(command, 100 + random.nextInt(1_000))));
            } else if (dice < 32 && cluster.down.size() < size) {
                cluster.down.add(number);
            } else if (dice < 38 && cluster.down.contains(number)) {
                cluster.restart(number, boots.merge(number, 2L, (boot, two) -> boot + 1));
            } else if (dice < 42) {
                node.diskStuck = !node.diskStuck;
            } else if (dice < 45) {
                node.applyStuck = !node.applyStuck;
            }
            cluster.tick();
        }
        makeWell(cluster, boots);
        check(cluster, told);
    }

    /** Faults off; then a command through every node, so that all that can be known is known. */
    private static void makeWell(TurnedCluster cluster, Map<Integer, Long> boots) {
        cluster.lost = sent -> false;
        for (int number : List.copyOf(cluster.down)) {
            cluster.restart(number, boots.merge(number, 2L, (boot, two) -> boot + 1));
        }
        cluster.nodes.forEach(node -> {
            node.diskStuck = false;
            node.applyStuck = false;
        });
        cluster.settle();
        for (TurnedNode node : cluster.nodes) {
            List<Outcome> outcome = node.submit("last of " + node.self.node(), 60_000);
            cluster.runUntil("the last command is applied", () -> !outcome.isEmpty());
            assertTrue(outcome.get(0) instanceof Outcome.Applied, outcome::toString);
        }
        cluster.run(1_000);
    }

    private static void check(TurnedCluster cluster, List<Told> told) {
        List<String> applied = cluster.node(1).applied();
        for (TurnedNode node : cluster.nodes) {
            assertEquals(applied, node.applied());
            assertEquals(List.of(), node.stops);
            assertEquals(0, node.window.commands());
        }
        assertEquals(applied.size(), new HashSet<>(applied).size(), "nothing is applied twice");
        for (Told each : told) {
            int times = applied.contains(each.command) ? 1 : 0;
            assertTrue(each.outcome.size() <= 1, each.outcome::toString);
            if (each.outcome.isEmpty() || each.outcome.get(0) instanceof Outcome.Unknown) {
                continue;
            }
            if (each.outcome.get(0) instanceof Outcome.Applied result) {
                assertEquals(1, times, each.command);
                assertEquals("done " + each.command, TurnedNode.text(result.result()));
            } else {
                assertEquals(0, times, () -> each.command + " was " + each.outcome);
            }
        }
        // Commands of one session carry the step in which they were submitted.
        Map<String, Integer> last = new TreeMap<>();
        for (String command : applied) {
            int hash = command.indexOf('#');
            if (hash > 0) {
                int step = Integer.parseInt(command.substring(hash + 1));
                Integer before = last.put(command.substring(0, hash), step);
                assertTrue(before == null || before < step, () -> command + " after step " + before);
            }
        }
    }
}
