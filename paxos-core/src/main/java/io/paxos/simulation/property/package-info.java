// SPDX-License-Identifier: Apache-2.0
/**
 * What must hold in every simulated run, one class a property, each with its source. A property sees the events of a
 * run, as an outside observer recorded them, and says what is wrong; none of them asks a node.
 *
 * <pre>
 *   TraceEvent ──▶ Judges ──▶ the properties that watch its kind ──▶ Violation, which ends the run
 * </pre>
 *
 * <p>What must never happen here: a verdict from what a node believes of itself; a property without a test that shows it
 * rejecting something.
 */
@NullMarked
package io.paxos.simulation.property;

import org.jspecify.annotations.NullMarked;
