// SPDX-License-Identifier: Apache-2.0
/**
 * Measures the library on the machine it is called on: {@code java -jar paxos-kv.jar bench}.
 *
 * <pre>
 *   BenchCommand ─ BenchFlags ▶ BenchOptions ▶ LoadPlan
 *        │
 *        ├─▶ RawLimits                                  what the machine can do without us
 *        ├─▶ PlanRun, FailOverRun or SoakRun ─▶ Cluster ─▶ NodeProcess ══ lines ══▶ BenchNode (a JVM a node)
 *        │                       └─▶ LoadSource ─▶ LoadRun: ClosedLoop or OpenLoop ─▶ Target, Tally
 *        └─▶ ResultTable, ResultTsv, ResultPage         the same Figures in three forms
 * </pre>
 *
 * <p>A load runs here, against a remote client, or in a node's JVM, which is told so in a line and sends its histogram back.
 *
 * <p>What must never happen here: a process or a directory left behind ({@link io.paxos.examples.bench.Leftovers}); a latency that
 * leaves out the time for which nothing was sent because nothing was answered, where a rate was asked for; a figure whose
 * denominator is another span than its numerator.
 */
@NullMarked
package io.paxos.examples.bench;

import org.jspecify.annotations.NullMarked;
