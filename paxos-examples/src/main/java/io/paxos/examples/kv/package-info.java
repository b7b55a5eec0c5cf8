// SPDX-License-Identifier: Apache-2.0
/**
 * A replicated key-value server that speaks a subset of the Redis protocol, and its command line. It is not Redis.
 *
 * <pre>
 *                 one node                                              every node
 *   client ─▶ RespDecoder ─▶ KvConnection ─▶ CommandTable      PaxosNode ─▶ KvStateMachine.apply
 *                                 │ ▲            │ answers itself   ▲            │
 *                                 │ └────────────┘ (PING, INFO, …)  │            │ reply bytes
 *                                 └──── KvCommand.encode ── submit ─┘            │
 *   client ◀── replies in the order of the requests ◀────────────────────────────┘
 * </pre>
 *
 * <p>Every command that touches a key goes through the log, reads too, so all of them are linearizable on any node. What
 * must never happen here: a reply out of order, a connection dropped because of an error that has a reply, a state machine
 * that throws because of what a client sent.
 */
@NullMarked
package io.paxos.examples.kv;

import org.jspecify.annotations.NullMarked;
