// SPDX-License-Identifier: Apache-2.0
/**
 * Every interleaving of a small system, state by state. A {@link io.paxos.simulation.explore.Model} says what each member
 * may do; the {@link io.paxos.simulation.explore.Explorer} tries all of it, breadth first, and looks at each state once.
 *
 * <pre>
 *   Model: real members, their disks ──▶ Explorer ──▶ Exploration: states, depth, whole or cut short,
 *     moves: time out, force, crash        │  ▲          and the shortest Counterexample, if there is one
 *     deliver: any message ever sent,      ▼  │
 *              any number of times,     StateTable: full states, compared in full
 *              or never
 *     properties: judged in each state
 * </pre>
 *
 * <p>A state is what every member is (volatile and on disk), the set of messages ever sent to each, and what an outside
 * observer has noted. Messages stay in the set for ever: one that is not delivered is lost or late, one that is delivered
 * again is a duplicate, and every order is a reordering. So no separate moves for the faults of a network are needed.
 *
 * <p>Member states, messages and sets of messages are numbered as they are first seen, by their {@code equals}; a state
 * is then a few numbers. States are compared number by number, not by a hash of them: two different states are never
 * taken for one, and "every state" has no odds attached. {@link io.paxos.simulation.explore.SynodModel} is single-decree
 * Paxos. What must never happen here: a state skipped without the result saying so; a clock; a result that differs
 * between two runs.
 */
@NullMarked
package io.paxos.simulation.explore;

import org.jspecify.annotations.NullMarked;
