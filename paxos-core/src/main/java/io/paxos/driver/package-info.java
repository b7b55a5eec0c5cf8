// SPDX-License-Identifier: Apache-2.0
/**
 * The rules of driving, without a thread: what to write, when to release which message, what to apply, which command to
 * send again. The runtime turns this code with threads and clocks; a simulator can turn the same code with neither.
 *
 * <pre>
 *   frames, submissions, "forced", "applied"        records to the journal, frames to the transport
 *              │                                                ▲
 *              ▼                                                │
 *        FrameGate ──▶ Driver ──▶ Replica.step ──▶ Driver ──▶ ReleaseQueue
 *                        │                           │
 *                   OwnSession ◀── applied ── ApplySequence ◀── ApplyFeed
 * </pre>
 *
 * <p>Owned by one thread, except {@link io.paxos.driver.ApplySequence}, which whoever applies owns, and
 * {@link io.paxos.driver.SubmissionWindow}, which any thread may ask. What must never happen here: a clock, a thread, a
 * file, a logger, a wait; a message released before the writes it reveals; a slot applied twice or out of order.
 */
@NullMarked
package io.paxos.driver;

import org.jspecify.annotations.NullMarked;
