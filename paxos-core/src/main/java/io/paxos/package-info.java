// SPDX-License-Identifier: Apache-2.0
/**
 * What a host application sees: build a {@link io.paxos.PaxosNode} around a {@link io.paxos.StateMachine}, submit
 * commands to any node, and get each applied once, in one order, on every node.
 *
 * <pre>
 *   host application ── submit ──▶ PaxosNode ──▶ runtime ──▶ driver ──▶ protocol
 *                    ◀─ future ──      │
 *                    ◀─ apply ── StateMachine (slot order, one at a time, every replica)
 * </pre>
 *
 * <p>In: commands, from any thread. Out: entries in slot order, futures on the host's executor, rare events to a
 * listener. What must never happen: an answer for a command whose effect can still be lost, or an error that says
 * "not applied" when it may have been.
 */
@NullMarked
package io.paxos;

import org.jspecify.annotations.NullMarked;
