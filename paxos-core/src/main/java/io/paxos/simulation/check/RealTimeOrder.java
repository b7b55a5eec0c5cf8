// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What anybody was told holds for everybody who asks later: a read that begins after a write of its key was answered, or after
 * another client's read of it was, sees that version or a later one; a write that begins then makes a later one. What
 * overlaps may come in any order, and a write of unknown outcome binds nobody before it is seen.
 *
 * <p>Source: Herlihy and Wing, <i>Linearizability</i>, 1990, section 2.3, the order of operations that do not overlap. With versions
 * to go by no search is needed; a register without them has the same rule in zones (Gibbons and Korach, <i>Testing shared
 * memories</i>, 1997).
 */
public final class RealTimeOrder implements ClientRule {
    private record Question(long client, long number) {}

    private final Map<Object, Long> told = new HashMap<>();
    private final Map<Question, Long> readFloors = new HashMap<>();
    private final Map<Observation.Identity, Long> writeFloors = new HashMap<>();

    /** The rule before the first observation. */
    public RealTimeOrder() {}

    @Override
    public String name() {
        return "real-time order";
    }

    @Override
    public Optional<String> observe(Observation observation, Object key) {
        if (observation instanceof Observation.ReadInvoked read) {
            readFloors.put(new Question(read.client(), read.number()), toldOf(key));
        } else if (observation instanceof Observation.ReadAbandoned read) {
            readFloors.remove(new Question(read.client(), read.number()));
        } else if (observation instanceof Observation.ReadAnswered read) {
            return judge(read, key);
        } else if (observation instanceof Observation.WriteInvoked write) {
            writeFloors.put(write.write(), toldOf(key));
        } else if (observation instanceof Observation.WriteRefused write) {
            writeFloors.remove(write.write());
        } else if (observation instanceof Observation.WriteAnswered write) {
            return judge(write, key);
        }
        return Optional.empty();
    }

    private long toldOf(Object key) {
        return told.getOrDefault(key, Observation.NO_VERSION);
    }

    private Optional<String> judge(Observation.ReadAnswered read, Object key) {
        Long floor = readFloors.remove(new Question(read.client(), read.number()));
        told.merge(key, read.version(), Math::max);
        return floor == null || read.version() >= floor
                ? Optional.empty()
                : Optional.of("client " + read.client() + " read version " + read.version() + " of key " + key
                        + ", but version " + floor + " had been told before it asked");
    }

    private Optional<String> judge(Observation.WriteAnswered write, Object key) {
        // Told again, it is an old story: its floor is gone, and the version is judged as one effect.
        Long floor = writeFloors.remove(write.write());
        told.merge(key, write.version(), Math::max);
        return floor == null || write.version() > floor
                ? Optional.empty()
                : Optional.of("write " + write.write() + " made version " + write.version() + " of key " + key
                        + ", but version " + floor + " had been told before it was sent");
    }
}
