// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

/**
 * What a snapshot is made of.
 *
 * @param slot every slot up to here is in it, none above
 * @param agreedTimeMillis agreed time at that slot
 * @param chain hash over everything that was applied up to it
 * @param sessions the encoded session table
 * @param state the application's
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not compared
public record Capture(long slot, long agreedTimeMillis, long chain, byte[] sessions, CapturedState state) {}
