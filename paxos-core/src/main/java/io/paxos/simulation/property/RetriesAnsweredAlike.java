// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import io.paxos.model.Position;
import io.paxos.model.SessionId;
import io.paxos.simulation.trace.TraceEvent;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whoever is asked, and however often: a command of a session is answered with one result and one position. Kept results are
 * part of the replicated state, so a client that moves from A to B hears from B what A would have said (hazard C3; Ongaro,
 * dissertation, section 6.3). That a result is not kept any more may be said at any time.
 */
public final class RetriesAnsweredAlike implements Property {

    private record Asked(SessionId session, long sequence) {}

    private static final class Told {
        private @Nullable Position position;
        private @Nullable Integer result;
    }

    private final Map<Asked, Told> answers = new HashMap<>();

    /** For one run. */
    public RetriesAnsweredAlike() {}

    @Override
    public Set<TraceEvent.Kind> watches() {
        return EnumSet.of(TraceEvent.Kind.SESSION_ANSWERED);
    }

    @Override
    public @Nullable String observe(TraceEvent event) {
        if (event instanceof TraceEvent.SessionAnswered answer) {
            Told told = answers.computeIfAbsent(new Asked(answer.session(), answer.sequence()), asked -> new Told());
            String what = answer.node() + " answers command " + answer.sequence() + " of session " + answer.session();
            Position position = answer.position();
            if (position != null && told.position != null && !position.equals(told.position)) {
                return what + " at " + position + ", and " + told.position + " was told before";
            }
            Integer result = answer.resultChecksum();
            if (result != null && told.result != null && !result.equals(told.result)) {
                return what + " with another result than was told before";
            }
            told.position = position == null ? told.position : position;
            told.result = result == null ? told.result : result;
        }
        return null;
    }
}
