// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import io.paxos.model.NodeId;

/**
 * A snapshot on its way to a node that fell behind the log of the others.
 *
 * @param from who sends it
 * @param slot everything at or below is in it
 * @param bytes its size
 * @param storedBytes how much of it is stored here
 * @param bytesPerSecond at which rate, since the transfer began or went on
 */
public record SnapshotProgress(NodeId from, long slot, long bytes, long storedBytes, long bytesPerSecond) {}
