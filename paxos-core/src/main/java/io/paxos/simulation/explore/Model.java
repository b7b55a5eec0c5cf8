// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A system of members that share nothing but messages. Everything must be deterministic, and {@code equals} of the three
 * types must tell all states apart that can ever behave differently.
 *
 * @param <S> state of a member, with its disk; immutable
 * @param <M> message, with its sender; immutable
 * @param <F> what an outside observer notes; immutable
 */
public interface Model<S, M, F> {

    /** How many members there are. */
    int members();

    /** A member's first state. */
    S initial(int member);

    /** What may happen to a member besides messages: timeouts, forced writes, crashes. An exception as below. */
    List<Move<S, M, F>> moves(int member, S state);

    /** A member takes a message. An exception counts as a violation: the member stops. */
    Move<S, M, F> deliver(int member, S state, M message);

    /**
     * One line of a counterexample.
     *
     * @param member who does it
     * @param message what it takes, or null if it moves by itself
     * @param label of the move
     */
    String describe(int member, @Nullable M message, String label);

    /** How often costly moves may happen in one run, all members together; each from 0 to 15, at most 7 of them. */
    List<Integer> budgets();

    /** What must hold in each state. */
    List<Property<S, F>> properties();

    /**
     * Whether a message can change nothing any more, now and in whatever may still become of the member. Such messages are
     * dropped, and states that differ only in them are one. Only ever true by an argument; false is always right.
     */
    default boolean isSpent(int member, S state, M message) {
        return false;
    }

    /**
     * The ways to exchange members that nobody could notice, as permutations: member {@code i} becomes {@code p[i]}. The
     * identity need not be among them; the others must form a group with it.
     */
    default List<int[]> symmetries() {
        return List.of();
    }

    /** The state under other names. */
    default S renameState(S state, int[] permutation) {
        throw new UnsupportedOperationException("this model has no symmetries");
    }

    /** The message under other names. */
    default M renameMessage(M message, int[] permutation) {
        throw new UnsupportedOperationException("this model has no symmetries");
    }

    /** The fact under other names. */
    default F renameFact(F fact, int[] permutation) {
        throw new UnsupportedOperationException("this model has no symmetries");
    }
}
