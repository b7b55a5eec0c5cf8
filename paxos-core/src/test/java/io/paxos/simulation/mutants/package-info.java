// SPDX-License-Identifier: Apache-2.0
/**
 * The ledger of planted bugs: each hazard that the code can have, as a change of its source, and the property that finds
 * it. A simulator that lets one live has a hole.
 *
 * <pre>
 *   Ledger: Mutants ──▶ MutantLibrary: compiles the changed classes, loads the whole library anew around them
 *                            │
 *        seeds.txt ──▶ SeedRunner or a named test, in there ──▶ must fail, by the recorded property
 * </pre>
 *
 * <p>What must never happen here: a switch in production code that plants a bug.
 */
@NullMarked
package io.paxos.simulation.mutants;

import org.jspecify.annotations.NullMarked;
