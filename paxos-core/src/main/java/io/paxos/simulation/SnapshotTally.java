// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

/** What became of the snapshots of a run, counted. */
final class SnapshotTally {
    long installed;
    long tooLate;
    long goneOnAfterRestart;
    long notStored;
    long damagedSnapshots;
}
