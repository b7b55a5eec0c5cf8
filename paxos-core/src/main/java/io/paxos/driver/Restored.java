// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

/**
 * What a state machine was restored from.
 *
 * @param slot everything at or below is in it; 0 if it was not restored from anything
 * @param agreedTimeMillis agreed time at that slot
 * @param bytes size of the snapshot
 */
public record Restored(long slot, long agreedTimeMillis, long bytes) {

    /** A fresh state machine. */
    public static final Restored NOTHING = new Restored(0, 0, 0);
}
