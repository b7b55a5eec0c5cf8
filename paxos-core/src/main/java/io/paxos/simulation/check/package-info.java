// SPDX-License-Identifier: Apache-2.0
/**
 * Judges of what clients saw. They know nothing of Paxos, of threads or of clocks: a history goes in, a verdict comes out.
 *
 * <pre>
 *   simulated clients, or threads of a test
 *        │ invoke, respond, acknowledge, leave open                      │ writes and reads, as they happen
 *        ▼                                                               ▼
 *   History ──▶ LinearizabilityChecker ◀── Model                    ClientOracle ──▶ one ClientRule each:
 *                 │ one key at a time        Register, CasRegister,                  NoPhantomValues
 *                 ▼                          Counter, AppendList,                    OneEffectPerIdentity
 *               KeySearch                    KeyValue of any of them                 MonotoneReads
 *                 │                                                                  ReadYourWrites
 *                 ▼                                                                     │
 *   Verdict: Linearizable (an order), NotLinearizable (where it breaks),                ▼
 *            Undecided (why)                                                         Violation
 * </pre>
 *
 * <p>The checker searches, and may give up; the oracle needs no search, and so keeps up with runs of any length, but sees
 * less. What must never happen here: "linearizable" said of a history that was not searched to the end; a verdict that
 * differs between two runs; a thread, a clock, or memory without a bound in the search.
 */
@NullMarked
package io.paxos.simulation.check;

import org.jspecify.annotations.NullMarked;
