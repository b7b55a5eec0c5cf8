// SPDX-License-Identifier: Apache-2.0
/**
 * The pure core: {@code Effects step(Event)}. Same state, same events, same seed, same effects, byte for byte.
 *
 * <pre>
 *              Event                                       Effects
 *   message arrived ──┐                              ┌── writes           to the journal, in this order
 *   time is now t   ──┤    ┌──────────────────┐      ├── sendNow          depends on no unforced write
 *   commands        ──┼──▶ │     Replica      │ ───▶ ├── sendAfterWrites  reveals a promise or a vote
 *                     │    │ Acceptor Proposer│      ├── chosen           contiguous, in order, to be applied
 *                     │    │ Learner Election │      └── notices          leadership, refusals, page reads
 *                     ┘    │ CatchUp Founding │
 *                          └──────────────────┘
 * </pre>
 *
 * <p>What must never happen here: reading a clock, starting a thread, touching a file or socket, logging, drawing from
 * global randomness, iterating in hash order, or calling oneself back. One role, one file.
 */
@NullMarked
package io.paxos.protocol;

import org.jspecify.annotations.NullMarked;
