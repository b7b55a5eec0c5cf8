// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.List;

/**
 * Something one member may do in one state.
 *
 * @param label for people: what happens, without the member's name
 * @param next the member afterwards
 * @param sent messages that leave
 * @param facts what an outside observer notes, for ever
 * @param cost which of the model's budgets it takes one from, or {@link #FREE}
 * @param <S> state of a member
 * @param <M> message, with its sender; equal messages are one
 * @param <F> fact
 */
public record Move<S, M, F>(String label, S next, List<Sent<M>> sent, List<F> facts, int cost) {

    /** Costs nothing. */
    public static final int FREE = -1;

    public Move {
        sent = List.copyOf(sent);
        facts = List.copyOf(facts);
    }

    /**
     * A message on its way.
     *
     * @param to index of the receiver
     * @param message what it says, and who says it
     * @param <M> message
     */
    public record Sent<M>(int to, M message) {}
}
