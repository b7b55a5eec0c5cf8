// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import java.util.Iterator;
import java.util.TreeMap;

/**
 * Callers who wait for something that is looked up on the apply side, which may stand still: each is told what was found, or,
 * when its time is over, what can be said without it.
 *
 * <p>Owned by the driver's thread.
 */
final class Lookups {

    /**
     * @param otherwise what the caller is told if nothing is found in time
     */
    private record Waiting(long deadlineMillis, Submission.Completion completion, Outcome otherwise) {}

    private final TreeMap<Long, Waiting> waiting = new TreeMap<>();
    private long lastId;
    private long nextDeadlineMillis = Long.MAX_VALUE;

    /** A caller waits; returns the name under which {@link #found} tells it. */
    long begin(long deadlineMillis, Submission.Completion completion, Outcome otherwise) {
        waiting.put(++lastId, new Waiting(deadlineMillis, completion, otherwise));
        nextDeadlineMillis = Math.min(nextDeadlineMillis, deadlineMillis);
        return lastId;
    }

    /** That was found; no effect if its caller was told already. */
    void found(long id, Outcome outcome) {
        Waiting told = waiting.remove(id);
        if (told != null) {
            told.completion.complete(outcome);
        }
    }

    /** Tells those whose time is over. Costs something only when a deadline may have passed. */
    void expire(long nowMillis) {
        if (nowMillis < nextDeadlineMillis) {
            return;
        }
        nextDeadlineMillis = Long.MAX_VALUE;
        for (Iterator<Waiting> all = waiting.values().iterator(); all.hasNext(); ) {
            Waiting each = all.next();
            if (nowMillis >= each.deadlineMillis) {
                all.remove();
                each.completion.complete(each.otherwise);
            } else {
                nextDeadlineMillis = Math.min(nextDeadlineMillis, each.deadlineMillis);
            }
        }
    }
}
