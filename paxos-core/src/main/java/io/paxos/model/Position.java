// SPDX-License-Identifier: Apache-2.0
package io.paxos.model;

/**
 * A command's place in the log: the slot, and its index within the batch of that slot. Totally ordered, unique.
 *
 * @param slot from 1
 * @param index from 0
 */
public record Position(long slot, int index) implements Comparable<Position> {

    public Position {
        Slots.requireSlot(slot);
        if (index < 0) {
            throw new IllegalArgumentException("position index: " + index + " is negative");
        }
    }

    @Override
    public int compareTo(Position other) {
        int bySlot = Long.compare(slot, other.slot);
        return bySlot != 0 ? bySlot : Integer.compare(index, other.index);
    }

    @Override
    public String toString() {
        return slot + ":" + index;
    }
}
