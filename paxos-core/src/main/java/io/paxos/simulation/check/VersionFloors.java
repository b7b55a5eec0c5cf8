// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.HashMap;
import java.util.Map;

/**
 * The lowest version that a read may see: the highest its client knew of when the read began. What the client learns while
 * the read is on its way is no floor for it, since the two overlap.
 */
final class VersionFloors {
    private final Map<Holder, Long> known = new HashMap<>();
    private final Map<Question, Long> floors = new HashMap<>();

    /** The client knows now that the key has at least this version. */
    void learn(long client, Object key, long version) {
        known.merge(new Holder(client, key), version, Math::max);
    }

    /** A read begins. */
    void begin(Observation.ReadInvoked read) {
        long floor = known.getOrDefault(new Holder(read.client(), read.key()), Observation.NO_VERSION);
        if (floor > Observation.NO_VERSION) {
            floors.put(new Question(read.client(), read.number()), floor);
        }
    }

    /** A read is over; the floor it had. */
    long end(long client, long number) {
        Long floor = floors.remove(new Question(client, number));
        return floor == null ? Observation.NO_VERSION : floor;
    }

    private record Holder(long client, Object key) {}

    private record Question(long client, long number) {}
}
