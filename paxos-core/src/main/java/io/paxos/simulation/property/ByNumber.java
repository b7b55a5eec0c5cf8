// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import java.util.Arrays;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Values by a number from 1 that a run counts up: slots, operations. Little more than an array. */
final class ByNumber<V> {

    private @Nullable Object[] values = new @Nullable Object[256];

    /** The value at that number, or null. */
    @SuppressWarnings("unchecked") // only values of type V are put in
    @Nullable
    V get(long number) {
        return number < values.length ? (V) values[Math.toIntExact(number)] : null;
    }

    void put(long number, V value) {
        int place = Math.toIntExact(number);
        if (place >= values.length) {
            values = Arrays.copyOf(values, Math.max(place + 1, 2 * values.length));
        }
        values[place] = value;
    }

    /** The value at that number; a new one if none was there. */
    V getOrMake(long number, Supplier<V> made) {
        V value = get(number);
        if (value == null) {
            value = made.get();
            put(number, value);
        }
        return value;
    }

    /** Puts the value unless one is there; returns the one that was there before, or null. */
    @Nullable
    V putIfAbsent(long number, V value) {
        V before = get(number);
        if (before == null) {
            put(number, value);
        }
        return before;
    }
}
