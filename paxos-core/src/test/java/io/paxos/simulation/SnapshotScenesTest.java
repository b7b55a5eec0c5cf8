// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.SnapshotRequest;
import io.paxos.model.NodeId;
import io.paxos.model.SnapshotId;
import io.paxos.simulation.property.Property;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What chance brings seldom, arranged: two transfers at once, a slow link, files that are gone. */
class SnapshotScenesTest {

    private static final SimulationOptions OPTIONS = SimulationOptions.DEFAULT
            .withNodes(5, 5)
            .withLoad(400, 3_000)
            .withFaults(FaultPlan.only(FaultClass.SNAPSHOTS));
    private static final int SEEDS = 8;

    /** Who is fetching, by what it asks for; judges nothing. */
    private static final class Fetching implements Property {
        private final TreeMap<NodeId, Long> lastAsked = new TreeMap<>();
        private boolean together;

        @Override
        public Set<TraceEvent.Kind> watches() {
            return EnumSet.of(TraceEvent.Kind.MESSAGE_SENT, TraceEvent.Kind.RESTORED);
        }

        @Override
        public String observe(TraceEvent event) {
            if (event instanceof TraceEvent.Restored restored) {
                lastAsked.remove(restored.node());
            } else if (event instanceof TraceEvent.MessageSent sent
                    && sent.message() instanceof SnapshotRequest request
                    && !request.wanted().equals(SnapshotId.NONE)) {
                lastAsked.put(sent.from(), sent.atMicros());
                together |= lastAsked.size() > 1
                        && lastAsked.values().stream().allMatch(at -> sent.atMicros() - at < 20_000);
            }
            return null;
        }
    }

    @Test
    void twoMembersFetchAtOnceWhileTheOthersGoOn() {
        int together = 0;
        long installed = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Fetching fetching = new Fetching();
            Scene scene = new Scene(seed, OPTIONS, new KeyValueWorkload(4), fetching);
            scene.runMillis(400);
            scene.node(4).crash(false);
            scene.node(5).crash(true);
            scene.runMillis(1_500);
            scene.node(4).start();
            scene.node(5).start();
            scene.runMillis(1_000);
            assertEquals("", scene.endedBy(30_000), "seed " + seed);
            together += fetching.together ? 1 : 0;
            installed += scene.cluster.tally().installed;
        }
        assertTrue(together >= 2 && installed >= 6, together + " runs with two at once, installed " + installed);
    }

    /** Fault case 44: the others take snapshots and trim all the time, and the links are slow; the node gets there under load. */
    @Test
    void aSlowLinkCatchesUpWhileTheOthersTrim() {
        int underLoad = 0;
        long installed = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Scene scene = new Scene(seed, OPTIONS.withNodes(3, 3), new KeyValueWorkload(4));
            scene.runMillis(400);
            scene.node(3).crash(false);
            scene.runMillis(1_500);
            scene.cluster.weather().bytesPerMilli = 40;
            scene.cluster.weather().linkQueueBytesMax = 20_000;
            scene.node(3).start();
            scene.runUntil(() -> scene.node(3).isUp(), 100);
            long before = scene.cluster.tally().installed;
            boolean caughtUp = scene.runUntil(
                    () -> scene.cluster.tally().installed > before && scene.isEqual() && !scene.clients.isDone(),
                    1_500);
            underLoad += caughtUp ? 1 : 0;
            scene.cluster.weather().clear();
            assertEquals("", scene.endedBy(30_000), "seed " + seed);
            installed += scene.cluster.tally().installed;
        }
        assertTrue(underLoad >= 2 && installed >= 4, underLoad + " caught up under load, installed " + installed);
    }

    /** A voter that lost its snapshots, but not its log above the floor: it votes, is never empty, and fetches the state. */
    @Test
    void aVoterWhoseSnapshotsAreGoneFetchesTheStateAndKeepsItsVotes() {
        int fetched = 0;
        for (long seed = 1; seed <= SEEDS; seed++) {
            Scene scene = new Scene(seed, OPTIONS.withNodes(3, 3), new CounterWorkload());
            scene.runMillis(1_500);
            SimulatedNode node = scene.node(2);
            node.crash(true);
            node.damage();
            boolean gone = node.disk().removeSnapshots();
            node.tryToStart();
            assertTrue(node.isUp(), "seed " + seed);
            scene.runMillis(1_000);
            assertEquals("", scene.endedBy(30_000), "seed " + seed);
            fetched += gone && scene.cluster.tally().installed > 0 ? 1 : 0;
        }
        assertTrue(fetched >= 4, "fetched in " + fetched + " runs");
    }
}
