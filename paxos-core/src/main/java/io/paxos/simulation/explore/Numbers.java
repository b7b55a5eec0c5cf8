// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Gives things that are equal the same number, from 0, in the order in which they are first seen. */
final class Numbers<T> {
    private final Map<T, Integer> numbers = new HashMap<>();
    private final List<T> things = new ArrayList<>();

    int of(T thing) {
        Integer known = numbers.get(thing);
        if (known != null) {
            return known;
        }
        int number = things.size();
        numbers.put(thing, number);
        things.add(thing);
        return number;
    }

    T thing(int number) {
        return things.get(number);
    }

    int size() {
        return things.size();
    }
}
