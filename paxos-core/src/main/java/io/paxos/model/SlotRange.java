// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * A closed interval of slots.
 *
 * @param first from 1
 * @param last at least {@code first}; {@link Slots#MAX} means "and all above"
 */
public record SlotRange(long first, long last) {

    public SlotRange {
        if (first < 1 || last < first || last > Slots.MAX) {
            throw new IllegalArgumentException(
                    "slot range: " + first + ".." + last + " is not within 1.." + Slots.MAX + ", in order");
        }
    }

    public boolean contains(long slot) {
        return first <= slot && slot <= last;
    }

    @Override
    public String toString() {
        if (first == last) {
            return Long.toString(first);
        }
        return first + ".." + (last == Slots.MAX ? "" : Long.toString(last));
    }
}
