// SPDX-License-Identifier: Apache-2.0
/**
 * A replicated key-value server that speaks a subset of the Redis protocol, and its command line. It is not Redis.
 *
 * <pre>
 *                 one node                                              every node
 *   client ─▶ RespDecoder ─▶ KvConnection ─▶ CommandTable      PaxosNode ─▶ KvStateMachine.apply
 *                                 │ ▲            │ answers itself   ▲ ▲          │       .read
 *                                 │ └────────────┘ (PING, INFO, …)  │ │          │ reply bytes
 *                                 └─▶ RequestLanes ─▶ NodeLog ─ submit, read     │
 *                                                        └─ OnceSessions ─┘ (ONCE)
 *   client ◀── replies in the order of the requests ◀────────────────────────────┘
 * </pre>
 *
 * <p>What writes goes through the log. What reads does not, and is linearizable on any node all the same, unless the connection
 * asked for less with {@code READONLY}. What must never happen here: a reply out of order, a read that misses the write before
 * it on the same connection or sees the one behind it, a connection dropped because of an error that has a reply, a state
 * machine that throws because of what a client sent.
 */
@NullMarked
package io.paxos.examples.kv;

import org.jspecify.annotations.NullMarked;
