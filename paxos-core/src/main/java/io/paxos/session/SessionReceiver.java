// SPDX-License-Identifier: Apache-2.0
package io.paxos.session;

import java.util.List;

/**
 * Whoever is told what becomes of a client's commands, on the node that the client's session is attached to. Called on
 * threads of the node, one call at a time but for {@link #refused} and {@link #ended}; must return at once and must not throw.
 *
 * <p>{@link #attached} comes first. What was applied before it is in its cached results, what is applied later comes by
 * {@link #results}: so nothing is missed, whichever node a command was sent through. It comes again when a snapshot took the
 * place of the state.
 */
public interface SessionReceiver {

    /**
     * How the session stands.
     *
     * @param due the next sequence it takes; 1 if it is not open
     * @param cached results of lower sequences that are kept, ascending. What is below {@code due} and not in here took effect,
     *     and its result is kept no longer
     */
    void attached(long due, List<SessionResult> cached);

    /** What was applied, or refused by the log, in the order of the log. */
    void results(List<SessionResult> results);

    /** Commands came too early and were skipped: send again, in order, from that sequence on. */
    void gap(long due);

    /** Why commands were not taken by the leader. */
    enum Refusal {
        /** No leader is known. */
        NO_LEADER,
        /** The leader has no room. */
        OVERLOADED
    }

    /**
     * Commands from that sequence on were not taken, as far as is known here: another copy may have been. Send them again
     * after a while.
     */
    void refused(long firstSequence, Refusal reason);

    /** Nothing more is told: the node stops, or the session was attached anew on this node. */
    void ended(String reason);
}
