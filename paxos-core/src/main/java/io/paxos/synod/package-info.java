// SPDX-License-Identifier: Apache-2.0
/**
 * Paxos for one value, small enough to read in one sitting: the rules of {@code protocol} without a log, a leader or a
 * clock. Everything here is an immutable record; a step returns the next record and what it asks of the world.
 *
 * <pre>
 *   propose, read, a message                          Step(next, effects)
 *        │                                                   ▲
 *        ▼                                                   │            Effects
 *   WriteOnceRegister ──▶ Member ┬── Proposer   which value? │            ├── writes           forced in this order
 *     (the one object            ├── Acceptor   promise, vote│            ├── sendNow          depends on no unforced write
 *      with a field              └── Learner    chosen yet?  │            └── sendAfterWrites  reveals a promise or a vote
 *      that changes)                  │                      │
 *                                     └──────────────────────┘
 * </pre>
 *
 * <p>Read in this order: {@link io.paxos.synod.SynodMessage}, {@link io.paxos.synod.Acceptor}, {@link
 * io.paxos.synod.Proposer}, {@link io.paxos.synod.Learner}, {@link io.paxos.synod.Member}; {@code docs/single-decree.md}
 * tells the story. {@code simulation.explore} tries every interleaving of it. What must never happen here: what never
 * happens in {@code protocol}, and anything that takes a second reading.
 */
@NullMarked
package io.paxos.synod;

import org.jspecify.annotations.NullMarked;
