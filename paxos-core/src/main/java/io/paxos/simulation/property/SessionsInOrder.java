// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The commands of a session take effect in the order in which its client gave them, and none while one before it has not:
 * else the retry of the one left out would look like a duplicate, answered and lost (hazard C3).
 */
public final class SessionsInOrder implements Property {

    private record Place(SessionId session, long sequence) {}

    private static final long FIRST = 2;

    private final ByNumber<Place> places = new ByNumber<>();
    private final Map<SessionId, TreeMap<Long, Position>> effects = new HashMap<>();

    /** For one run. */
    public SessionsInOrder() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.SESSION_COMMANDED, TraceEvent.Kind.EXECUTED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.SessionCommanded given) {
            places.put(given.operation(), new Place(given.session(), given.sequence()));
        } else if (event instanceof TraceEvent.Executed executed) {
            Place place = places.get(executed.operation());
            return place == null ? null : judge(place, executed);
        }
        return null;
    }

    private @Nullable String judge(Place place, TraceEvent.Executed executed) {
        TreeMap<Long, Position> of = effects.computeIfAbsent(place.session(), session -> new TreeMap<>());
        Position before = of.get(place.sequence() - 1);
        Position after = of.get(place.sequence() + 1);
        of.putIfAbsent(place.sequence(), executed.position());
        String what = executed.node() + " executes command " + place.sequence() + " of session " + place.session()
                + " at " + executed.position();
        if (before == null && place.sequence() > FIRST) {
            return what + ", and command " + (place.sequence() - 1) + " took effect nowhere";
        }
        if (before != null && before.compareTo(executed.position()) >= 0) {
            return what + ", and the one before it took effect at " + before;
        }
        return after != null && after.compareTo(executed.position()) <= 0
                ? what + ", and the one after it took effect at " + after
                : null;
    }
}
