// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.SnapshotId;

/**
 * A piece of a snapshot to be read for another member.
 *
 * @param id which of the reads that are under way
 * @param wanted which snapshot; {@link SnapshotId#NONE} for the newest
 * @param offset where the piece begins
 * @param length at most so many bytes
 */
public record SnapshotRead(long id, SnapshotId wanted, long offset, int length) {}
