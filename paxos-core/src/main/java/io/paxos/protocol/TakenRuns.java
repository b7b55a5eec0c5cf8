// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import io.paxos.model.Command;
import io.paxos.model.SessionId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which commands this leader has taken and will propose, or has proposed, in the order of its log: of each session the last
 * run of neighbouring sequences.
 *
 * <p>A command of that run has its place; another copy would take a slot and be skipped when it is applied. Slow clusters
 * would be buried under such copies, since the slower the answer, the more often a session asks (hazard V4).
 *
 * <p>What was skipped must be taken again, and is. Suppose 4, 5 and 6 arrive and 1, 2 and 3 were lost. All members skip 4, 5
 * and 6 as they apply them, and the session sends from 1 on: a run that begins anew, so 4 is taken again after 3. A
 * command inside a run can only have been skipped if the first of its run was, and then the session sends from before it.
 *
 * <p>The opening of a client's session is always taken, and begins the run anew: the same bytes are sent again to keep an open
 * session alive, and to open one again that expired, whose commands are counted from the beginning then.
 */
final class TakenRuns {

    /** Sessions to remember; of one that was idle for longest, and is forgotten, copies are taken. */
    private static final int SESSIONS_MAX = 8_192;

    private record Session(SessionId id, long boot) {}

    private static final class Run {
        private long first;
        private long last;
    }

    private final Map<Session, Run> runs = new LinkedHashMap<>(16, 0.75f, true);

    private @Nullable Session lastNamed;

    boolean holds(Command command) {
        if (command.session().isNone() || isOpeningOfClient(command)) {
            return false;
        }
        Run run = runs.get(sessionOf(command));
        return run != null && run.first <= command.sequence() && command.sequence() <= run.last;
    }

    /** Neighbours are mostly of one session, and each is asked for before it is taken. */
    private Session sessionOf(Command command) {
        Session last = lastNamed;
        if (last == null || last.boot != command.boot() || !last.id.equals(command.session())) {
            last = new Session(command.session(), command.boot());
            lastNamed = last;
        }
        return last;
    }

    private static boolean isOpeningOfClient(Command command) {
        return command.kind() == Command.Kind.SESSION_OPEN && command.session().owner() == 0;
    }

    /** It is taken, behind all that were taken before. */
    void add(Command command) {
        if (command.session().isNone()) {
            return;
        }
        Run run = runs.computeIfAbsent(sessionOf(command), none -> new Run());
        if (command.sequence() != run.last + 1) {
            run.first = command.sequence();
        }
        run.last = command.sequence();
        if (runs.size() > SESSIONS_MAX) {
            Iterator<Run> eldest = runs.values().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    void clear() {
        runs.clear();
    }
}
