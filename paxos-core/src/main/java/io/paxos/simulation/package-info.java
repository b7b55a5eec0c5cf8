// SPDX-License-Identifier: Apache-2.0
/**
 * Whole clusters in virtual time, from one seed: the production driver, protocol, journal and apply over a simulated
 * network, simulated disks and clocks, with the host application's own state machine on top.
 *
 * <pre>
 *   seed ──▶ RunConfig (what is drawn before the run)      Faults ──▶ cuts, crashes, pauses, sick disks, bad weather
 *                                                             │
 *   World: one queue by (time, sequence)                      ▼
 *     SimulatedClients ──▶ SimulatedNode ─ SimulatedProcess ─────▶ Driver ──▶ Replica     the code of production
 *            │                  │                 ├─ SimulatedJournaling ──▶ SegmentedJournal ──▶ SimulatedDisk
 *            │                  │                 └─ SimulatedApplying ──▶ ApplySequence ──▶ the state machine
 *            │                  └── SimulatedNetwork ──▶ the other nodes
 *            ▼
 *   History ──▶ LinearizabilityChecker            Recorder ──▶ Trace, QuorumObserver, each Property
 * </pre>
 *
 * <p>{@link io.paxos.simulation.Simulation} is the way in. What must never happen here: a thread, a wall clock, chance that
 * does not come from the seed, an order that comes from a hash; a node that is asked what the properties should believe.
 */
@NullMarked
package io.paxos.simulation;

import org.jspecify.annotations.NullMarked;
