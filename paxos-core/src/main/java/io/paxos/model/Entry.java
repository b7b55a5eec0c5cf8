// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * One command as the state machine sees it.
 *
 * @param position where in the log; unique, totally ordered, usable as a fencing token
 * @param agreedTimeMillis the leader's stamp, the same on every replica; never goes back. Use it where you would read a
 *     clock; a real clock in {@code apply} makes replicas differ
 * @param session whose command it is
 * @param command the submitted bytes; they belong to the state machine from now on
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not compared
public record Entry(Position position, long agreedTimeMillis, SessionId session, byte[] command) {}
