// SPDX-License-Identifier: Apache-2.0
/**
 * A run as a picture: one HTML file for people.
 *
 * <pre>
 *   TraceEvent ──▶ Recording ──▶ Chronicle ──▶ SpaceTimeDiagram: MessageArrows, PointMarks, ClientColumns ──▶ RunReport
 *                    │             (what begins and ends)   (where: Page, TimeScale; how: MessageLook)          ▲
 *                    └──▶ FigureTally ──▶ Figures (the four that matter) ──▶ Curves ─────────────────────────────┘
 * </pre>
 *
 * <p>What must never happen here: a page that differs between two runs of one seed; a page that asks a network for anything;
 * text of a run that reaches the page without {@link io.paxos.simulation.report.Markup}; events left out without a word.
 */
@NullMarked
package io.paxos.simulation.report;

import org.jspecify.annotations.NullMarked;
