// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Clusters of drivers whose state machines are at fault: one that throws (hazard C1), one that differs (hazard C2). */
class BrokenStateMachinesTest {

    private static final String POISON = "poison";

    private final TurnedCluster cluster = new TurnedCluster(3);

    private static byte[] unlessPoison(byte[] command) {
        if (TurnedNode.text(command).equals(POISON)) {
            throw new IllegalStateException("a bug of the host application");
        }
        return command;
    }

    @Test
    void aCommandAtWhichEveryReplicaThrowsStopsAllAtOneSlotAndNoneHasAppliedIt() {
        cluster.nodes.forEach(node -> node.machine = BrokenStateMachinesTest::unlessPoison);
        TurnedNode leader = cluster.settle();
        leader.submit("before", 5_000);
        cluster.runUntil("all applied what came before", () -> cluster.nodes.stream()
                .allMatch(node -> node.applied().contains("before")));
        cluster.nodes.forEach(node -> node.applyStuck = true);
        leader.submit(POISON, 5_000);
        leader.submit("behind", 5_000);
        cluster.runUntil(
                "all have slots to apply", () -> cluster.nodes.stream().allMatch(node -> node.unappliedSlots() > 0));

        TreeSet<Long> stoppedAt = new TreeSet<>();
        TreeSet<Long> applied = new TreeSet<>();
        for (TurnedNode node : cluster.nodes) {
            node.applyStuck = false;
            ApplyFailedException thrown =
                    assertThrows(ApplyFailedException.class, () -> node.turn(cluster.nowMillis + 1));
            stoppedAt.add(thrown.slot());
            applied.add(node.apply.applied());
            assertEquals("before", node.applied().get(node.applied().size() - 1));
        }
        assertEquals(1, stoppedAt.size(), stoppedAt::toString);
        assertEquals(1, applied.size(), applied::toString);
        assertEquals(stoppedAt.first() - 1, applied.first());
    }

    @Test
    void theOneReplicaThatDiffersIsFoundAtTheNextComparisonAndTheOthersGoOn() {
        TurnedNode leader = cluster.settle();
        TurnedNode odd = cluster.followers().get(0);
        odd.machine = command -> "something else".getBytes(StandardCharsets.UTF_8);
        long from = odd.apply.applied();
        while (odd.stops.isEmpty()) {
            leader.submit("more", 5_000);
            cluster.run(30);
            assertTrue(odd.apply.applied() < from + 2 * StateDigest.EVERY_SLOTS, () -> "slot " + odd.apply.applied());
        }

        long compared = StateDigest.EVERY_SLOTS;
        assertTrue(odd.stops.get(0).contains(" at slot " + compared + " here"), () -> odd.stops.toString());
        cluster.down.add(odd.self.node().number());
        int before = leader.applied().size();
        leader.submit("after", 5_000);
        cluster.runUntil("the others go on", () -> cluster.running().stream()
                .allMatch(node -> node.applied().contains("after")));
        assertTrue(leader.applied().size() > before);
        for (TurnedNode node : cluster.running()) {
            assertTrue(node.stops.isEmpty(), () -> node.self + " stopped: " + node.stops);
        }
    }
}
