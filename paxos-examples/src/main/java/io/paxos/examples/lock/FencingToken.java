// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

/**
 * Proof of having been granted a lock, and of when among all grants: the position of the command that got it, for a slot holds
 * many commands. Later grants have higher tokens.
 *
 * @param slot of the log
 * @param index within the slot
 */
public record FencingToken(long slot, int index) implements Comparable<FencingToken> {

    /** Below every token there is. */
    public static final FencingToken NONE = new FencingToken(0, 0);

    public FencingToken {
        if (slot < 0 || index < 0) {
            throw new IllegalArgumentException("token: " + slot + ":" + index + " is negative");
        }
    }

    /**
     * Reads what {@link #toString} writes.
     *
     * @throws IllegalArgumentException with a message that quotes what is wrong
     */
    public static FencingToken parse(String text) {
        if (!text.matches("\\d{1,18}:\\d{1,9}")) {
            throw new IllegalArgumentException("token: '" + text + "' is not of the form 17:0");
        }
        int colon = text.indexOf(':');
        return new FencingToken(Long.parseLong(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
    }

    @Override
    public int compareTo(FencingToken other) {
        int bySlot = Long.compare(slot, other.slot);
        return bySlot != 0 ? bySlot : Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return slot + ":" + index;
    }
}
