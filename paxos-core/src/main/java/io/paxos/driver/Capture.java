// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

/**
 * What a snapshot is made of.
 *
 * @param slot every slot up to here is in it, none above
 * @param agreedTimeMillis agreed time at that slot
 * @param sessions the encoded session table
 * @param state the application's
 */
@SuppressWarnings("ArrayRecordComponent") // handed over, not compared
public record Capture(long slot, long agreedTimeMillis, byte[] sessions, CapturedState state) {}
