// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.MemberId;
import io.paxos.protocol.ReplicaStatus;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a driver says of itself and its replica at one moment.
 *
 * @param replica what the core says
 * @param self this member
 * @param boot number of this start
 * @param applied every slot up to here is applied
 * @param sessionOpen whether this node's own session is open, as applied here
 * @param ready leader known, own session open, everything known chosen handed to the state machine
 * @param oldestUnforcedMillis age of the oldest write that is not forced yet; 0 if there is none
 * @param disk what the disk allows
 * @param submittedCommands commands of this node's callers that are not applied or given up yet
 * @param submittedBytes their size
 * @param refusedBy the last member that said that this one is not of its founding, or null
 * @param floor everything at or below is in snapshots, and not in the log
 * @param snapshots how they stand
 * @param heartbeatGapMillis longest time between two heartbeats of the leader within the last ten seconds
 * @param heartbeatsLate how many came more than one interval late, since the start
 * @param dropped frames dropped so far, for every reason; not modifiable
 */
public record DriverStatus(
        ReplicaStatus replica,
        MemberId self,
        long boot,
        long applied,
        boolean sessionOpen,
        boolean ready,
        long oldestUnforcedMillis,
        DiskReport disk,
        int submittedCommands,
        long submittedBytes,
        @Nullable MemberId refusedBy,
        long floor,
        SnapshotReport snapshots,
        @Nullable Divergence divergence,
        long heartbeatGapMillis,
        long heartbeatsLate,
        Map<DropReason, Long> dropped) {}
