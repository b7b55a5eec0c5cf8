// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.NodeId;
import io.paxos.model.SnapshotId;

/**
 * How snapshots stand, for status pages.
 *
 * @param slot of the newest snapshot of this member; 0 for none
 * @param bytes its size
 * @param taking whether one is being taken
 * @param fetching what is being fetched, or {@link SnapshotId#NONE}
 * @param from from whom; {@link NodeId#NONE} if nothing is
 * @param fetchedBytes how much of it is stored
 * @param fetchedBytesPerSecond at which rate, since the fetch began
 * @param bufferedBytes of pieces that came and are not stored yet
 */
public record SnapshotReport(
        long slot,
        long bytes,
        boolean taking,
        SnapshotId fetching,
        NodeId from,
        long fetchedBytes,
        long fetchedBytesPerSecond,
        long bufferedBytes) {}
