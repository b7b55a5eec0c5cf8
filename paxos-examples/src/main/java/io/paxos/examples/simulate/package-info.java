// SPDX-License-Identifier: Apache-2.0
/**
 * The command line of the simulator: {@code java -jar paxos-kv.jar simulate}.
 *
 * <pre>
 *   SimulateCommand ──▶ RunOptions (flags ⇄ SimulationOptions) ──▶ OneSeed: one run, its figures, its report
 *                                                            └──▶ ManySeeds: until the first failure, which is reduced
 * </pre>
 *
 * <p>What must never happen here: a failure without the line that replays it; a line that replays something else.
 */
@NullMarked
package io.paxos.examples.simulate;

import org.jspecify.annotations.NullMarked;
