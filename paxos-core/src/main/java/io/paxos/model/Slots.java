// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/** Slots are {@code long}s from 1; this says how far they go. */
public final class Slots {

    /** The largest slot, also "no upper end" in a range. It is far enough from overflow that sums of it are safe. */
    public static final long MAX = 1L << 62;

    private Slots() {}

    /**
     * Returns the slot if it can hold a value.
     *
     * @throws IllegalArgumentException if it is outside 1..{@link #MAX}
     */
    public static long requireSlot(long slot) {
        if (slot < 1 || slot > MAX) {
            throw new IllegalArgumentException("slot: " + slot + " is outside the allowed range 1.." + MAX);
        }
        return slot;
    }

    /**
     * Returns the prefix if it can be "everything up to here": 0 for nothing, else a slot.
     *
     * @throws IllegalArgumentException if it is outside 0..{@link #MAX}
     */
    public static long requirePrefix(long prefix) {
        if (prefix < 0 || prefix > MAX) {
            throw new IllegalArgumentException("slot prefix: " + prefix + " is outside the allowed range 0.." + MAX);
        }
        return prefix;
    }
}
