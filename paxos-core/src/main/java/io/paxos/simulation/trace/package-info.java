// SPDX-License-Identifier: Apache-2.0
/**
 * What happened in a simulated run, as a sequence of typed events with their virtual time: the one thing that the
 * properties judge, the report draws and the determinism test compares.
 *
 * <pre>
 *   world ──▶ Trace.record ──▶ fingerprint of everything      two runs of a seed have the same
 *                         ├──▶ each Property that watches     all events, whatever is kept
 *                         └──▶ the first events, up to a cap  for people
 * </pre>
 *
 * <p>What must never happen here: an event that depends on anything but the seed, such as a wall clock or a hash order.
 */
@NullMarked
package io.paxos.simulation.trace;

import org.jspecify.annotations.NullMarked;
