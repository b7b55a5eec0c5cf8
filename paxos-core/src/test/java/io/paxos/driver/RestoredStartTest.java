// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Batch;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Limits;
import io.paxos.protocol.Replica;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A start from a snapshot that is newer than what the journal knows chosen. */
class RestoredStartTest {

    private static final DriverOptions OPTIONS =
            DriverOptions.of(TurnedCluster.TIMING, Limits.DEFAULT, 1 << 20, 1 << 20, 30_000);

    /**
     * The floor that the first turn writes was timed from the origin of the clock: a host that was up for a minute, and a
     * disk that seemed not to have forced it for as long.
     */
    @Test
    void whatTheFirstTurnWritesIsTimedFromThatTurnOn() {
        TurnedCluster cluster = new TurnedCluster(3);
        cluster.settle();
        TurnedNode node = cluster.followers().get(0);
        DurableState remembered = node.log.recover(node.self, 2);
        Restored restored = new Restored(remembered.knownChosen() + 10, 5_000, 100);
        Driver again = new Driver(
                replica(remembered), remembered, restored, OPTIONS, new SubmissionWindow(10, 1_000), node, 1);
        node.diskStuck = true;
        node.stops.clear();

        again.beginTurn(1_000_000_000);
        again.endTurn();
        again.beginTurn(1_000_000_010);
        again.endTurn();

        assertEquals(List.of(), node.stops);
        assertEquals(restored.slot(), again.status().floor());
        assertEquals(10, again.status().oldestUnforcedMillis());
    }

    /** Its own log tells no time then. It led from 0 on, and agreed time stood still for as long as the cluster had lived. */
    @Test
    void aLogThatEndsAtItsFloorLeadsFromTheTimeOfTheSnapshotOn() {
        TurnedCluster cluster = new TurnedCluster(1);
        TurnedNode before = cluster.settle();
        cluster.run(1_000);
        long end = before.log.recover(before.self, 2).knownChosen();
        before.log.append(List.of(new DurableRecord.Trimmed(end)));

        TurnedNode again = cluster.restart(1, 2, before.log, new Restored(end, 1_000_000, 100));
        cluster.run(2_000);

        List<Proposal> led = again.log.readChosen(new SlotRange(end + 1, end + 1), 1);
        assertEquals(1, led.size(), "it led, and chose");
        long stamp = Batch.agreedTimeMillisOf(led.get(0).value());
        assertTrue(stamp >= 1_000_000, "agreed time is " + stamp);
    }

    private static Replica replica(DurableState remembered) {
        List<NodeId> voters = List.of(new NodeId(1), new NodeId(2), new NodeId(3));
        FoundingPlan plan = new FoundingPlan(voters, new QuorumSystem.Majority(), 1_024);
        return new Replica(remembered, plan, new FoundingId(7, 1), OPTIONS.timing(), OPTIONS.limits(), 1);
    }
}
