// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A write takes effect once, however often it is sent: everybody who hears of it hears the same version. And a version
 * is made by one write: everybody who hears of it hears the same write.
 *
 * <p>Source: exactly-once semantics (Ongaro, <i>Consensus: bridging theory and practice</i>, 2014, section 6.3); the bug is an old
 * acquaintance, a retry that outlives the table of duplicates (RATIS-1873). The second half is agreement, as a client
 * can see it.
 */
public final class OneEffectPerIdentity implements ClientRule {
    private final Map<Observation.Identity, Long> versions = new HashMap<>();
    private final Map<Place, Observation.Identity> writes = new HashMap<>();

    /** The rule before the first observation. */
    public OneEffectPerIdentity() {}

    @Override
    public String name() {
        return "one effect per identity";
    }

    @Override
    public Optional<String> observe(Observation observation, Object key) {
        if (observation instanceof Observation.WriteAnswered answer) {
            return judge(answer.write(), new Place(key, answer.version()));
        }
        if (observation instanceof Observation.ReadAnswered answer
                && answer.write().isPresent()) {
            return judge(answer.write().get(), new Place(key, answer.version()));
        }
        return Optional.empty();
    }

    private Optional<String> judge(Observation.Identity write, Place place) {
        Long before = versions.putIfAbsent(write, place.version());
        if (before != null && before != place.version()) {
            return Optional.of("write " + write + " made version " + before + " and version " + place.version()
                    + " of key " + place.key());
        }
        Observation.Identity other = writes.putIfAbsent(place, write);
        if (other != null && !other.equals(write)) {
            return Optional.of("version " + place.version() + " of key " + place.key() + " was made by write " + other
                    + " and by write " + write);
        }
        return Optional.empty();
    }

    private record Place(Object key, long version) {}
}
