// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.Comparator;
import java.util.List;
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
     * The one state in which this answer is possible: what a read saw, what a compare-and-set that swapped expected. Where
     * states rise ({@link #rises}), any state that is equal to it in that order will do.
     *
     * <p>This and the next four tell the search what it can foresee. They may all be left as they are: then the search takes
     * longer and finds the same. What they do tell must be true.
     *
     * @param input what is asked
     * @param output what was answered; null if that is not known
     * @return null unless overridden, and whenever there are several such states
     */
    default @Nullable S needs(I input, @Nullable O output) {
        return null;
    }

    /**
     * The one state that this input leaves behind whenever it changes the state: the value that is written.
     *
     * @return null unless overridden, and whenever that depends on the state before
     */
    default @Nullable S makes(I input) {
        return null;
    }

    /**
     * The one state in which this input does something else, or is answered otherwise, than in all others, apart from what
     * {@link #needs} tells: what a compare-and-set expects. Null for an input that treats all states alike.
     *
     * <p>Asked only of a model that tells by {@link #makes} what each of its inputs leaves behind.
     */
    default @Nullable S asksFor(I input) {
        return null;
    }

    /**
     * An order of states in which none of these inputs ever leads down, nor up from one state to another that is equal in the
     * order: of a counter to which nothing negative is added, the sum.
     *
     * @param inputs of all operations of one key
     * @return null unless overridden, and whenever there is none
     */
    default @Nullable Comparator<? super S> rises(List<I> inputs) {
        return null;
    }

    /**
     * Where states rise: whether operations may lead from one state to another that is not lower. Of a list, whether it
     * begins with what is there.
     *
     * @param needed of {@link #needs}
     * @return true unless overridden, and whenever that is not known
     */
    default boolean mayLead(S state, S needed) {
        return true;
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
