// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import org.jspecify.annotations.Nullable;

/**
 * What an object does when operations come one after another: its sequential specification. The checker asks whether a
 * concurrent history could have come from it.
 *
 * <p>Implementations are pure: the same arguments give the same result, nothing is changed, no clock or chance is asked.
 * States are immutable and equal exactly if no operation can tell them apart ({@code equals} and {@code hashCode} by
 * content): the search is as fast as it is because it meets equal states again. Inputs need {@code equals} too.
 *
 * <p>The object is deterministic: a state and an input leave one state. (An object that may choose is modelled by a state
 * that is the set of what it may be.)
 *
 * @param <S> states
 * @param <I> inputs
 * @param <O> outputs
 */
public interface Model<S, I, O> {
    /** The key of every input of a model that has none of its own. */
    String WHOLE = "(all)";

    /** The state before the first operation, of each key. */
    S initial();

    /**
     * One operation in one state.
     *
     * @param state before it
     * @param input what is asked
     * @param output what was answered; null if that is not known, and then every answer is possible
     * @return the state after it, the same or an equal one if it changes nothing; null if the answer is impossible here
     */
    @Nullable
    S step(S state, I input, @Nullable O output);

    /**
     * Whether this input, when it is answered so, leaves every state as it is in which that answer is possible: a read, or
     * a compare-and-set that did not swap. A write of a value is none, though it may meet the same value: it would undo
     * another write in between. Saying false where true is right makes the search slower, not wrong.
     *
     * @param input what is asked
     * @param output what was answered; null if that is not known
     * @return false unless overridden
     */
    default boolean changesNothing(I input, @Nullable O output) {
        return false;
    }

    /**
     * The part of the object that an input touches. Parts with different keys have nothing to do with each other: each starts
     * from {@link #initial()} and only sees inputs with its key. A history is linearizable exactly if that of each key is
     * (Herlihy and Wing 1990, theorem 1, locality; Horn and Kroening 2015 for its use in a checker), and many small searches are much
     * faster than one large. Keys need {@code equals} and {@code hashCode} by content.
     *
     * @return {@link #WHOLE} unless overridden: one object, one search
     */
    default Object key(I input) {
        return WHOLE;
    }
}
