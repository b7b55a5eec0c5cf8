// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.driver.DiskReport;
import io.paxos.driver.DriverStatus;
import io.paxos.driver.SnapshotReport;
import io.paxos.model.Ballot;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.SnapshotId;
import io.paxos.protocol.ReplicaStatus;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeHealthTest {

    private static final MemberId SELF = new MemberId(new NodeId(1), new Incarnation(7));
    private static final Ballot OTHERS = new Ballot(3, new MemberId(new NodeId(2), new Incarnation(8)));

    private static final SnapshotReport NO_SNAPSHOTS =
            new SnapshotReport(0, 0, false, SnapshotId.NONE, NodeId.NONE, 0, 0, 0);

    private static NodeStatus follower(boolean ready, DiskReport disk) {
        ReplicaStatus replica = new ReplicaStatus(
                ReplicaStatus.Role.FOLLOWER,
                new FoundingId(1, 1),
                List.of(),
                OTHERS,
                OTHERS,
                9,
                9,
                0,
                0,
                0,
                9,
                List.of());
        return new NodeStatus(
                new DriverStatus(
                        replica, SELF, 1, 9, true, ready, 812, disk, 0, 0, null, 0, NO_SNAPSHOTS, null, 0, 0, Map.of()),
                true,
                List.of(),
                List.of());
    }

    @Test
    void aStateThatIsMissingIsNamedWithHowMuchOfItCame() {
        SnapshotReport fetching =
                new SnapshotReport(0, 0, false, new SnapshotId(40, 900, 7), new NodeId(2), 300, 1_000, 0);
        ReplicaStatus replica = new ReplicaStatus(
                ReplicaStatus.Role.FOLLOWER,
                new FoundingId(1, 1),
                List.of(),
                OTHERS,
                OTHERS,
                40,
                40,
                0,
                0,
                0,
                40,
                List.of());
        NodeStatus status = new NodeStatus(
                new DriverStatus(
                        replica,
                        SELF,
                        1,
                        9,
                        true,
                        false,
                        0,
                        DiskReport.WELL,
                        0,
                        0,
                        null,
                        40,
                        fetching,
                        null,
                        0,
                        0,
                        Map.of()),
                true,
                List.of(),
                List.of());
        assertEquals(
                List.of("the log here begins behind slot 40, and the state machine stands at 9: 300 of 900 bytes of a"
                        + " snapshot came from n2"),
                NodeHealth.of(status).reasons());
    }

    @Test
    void aNodeThatIsWellGivesNoReason() {
        assertEquals(
                "live, ready", NodeHealth.of(follower(true, DiskReport.WELL)).toString());
    }

    @Test
    void aSlowDiskIsAReasonAlthoughTheNodeIsReady() {
        NodeStatus slow = follower(true, new DiskReport(false, true, List.of("disk slow: oldest write 812 ms")));
        assertEquals(
                "live, ready: disk slow: oldest write 812 ms",
                NodeHealth.of(slow).toString());
        assertFalse(slow.isFitToLead());
        assertTrue(slow.mayVote());
        assertTrue(slow.toString().contains("disk slow: oldest write 812 ms"), slow::toString);
    }

    @Test
    void aFullDiskIsTheReasonForNotBeingReady() {
        DiskReport full = new DiskReport(false, false, List.of("disk full: data/n1 has 12 of 67108864 bytes"));
        assertEquals(
                "live, not ready: disk full: data/n1 has 12 of 67108864 bytes",
                NodeHealth.of(follower(false, full)).toString());
        assertFalse(follower(false, full).mayVote());
    }
}
