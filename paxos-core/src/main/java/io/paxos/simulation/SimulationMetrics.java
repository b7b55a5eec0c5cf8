// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

/**
 * Figures of one run, all in virtual time.
 *
 * @param virtualMillis how long it lasted
 * @param operations asked for
 * @param answered of them, with a result
 * @param refused of them, for certain without effect
 * @param unknown of them, with an outcome that nobody could tell
 * @param latencyMicrosP50 of the answered ones
 * @param latencyMicrosP99 of the answered ones
 * @param slots applied at the end
 * @param elections how often a node began to lead
 * @param recoveryMillis from the end of the faults to the first answer of something asked for after it; -1 for none
 * @param snapshotsInstalled that came from another member and took the place of a state
 * @param transfersGoneOnWith that an earlier process of the node had begun
 * @param transfersTooLate of snapshots that were refused because the node had as much already (hazard R3)
 */
public record SimulationMetrics(
        long virtualMillis,
        long operations,
        long answered,
        long refused,
        long unknown,
        long latencyMicrosP50,
        long latencyMicrosP99,
        long slots,
        long elections,
        long recoveryMillis,
        long snapshotsInstalled,
        long transfersGoneOnWith,
        long transfersTooLate) {}
