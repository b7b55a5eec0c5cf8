// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation;

import io.paxos.StateMachine;
import io.paxos.simulation.check.Model;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What simulated clients do, and to what: the host application's own state machine, commands for it, and a model that says
 * what a correct one answers. Supplied are {@link KeyValueWorkload}, {@link RegisterWorkload} and {@link CounterWorkload}.
 *
 * <p>One object may serve many runs, so it keeps nothing between calls; all chance comes from the argument.
 *
 * @param <S> states of the model
 * @param <I> inputs of the model
 * @param <O> outputs of the model
 */
public interface Workload<S, I, O> {

    /** A fresh state machine, as at the start of a process. Called once a start of each node. */
    StateMachine newStateMachine();

    /**
     * What a client asks next.
     *
     * @param random the only source of chance
     * @param operation a number that no other operation of the run has, from 1: a good value to write
     */
    I nextInput(SplittableRandom random, long operation);

    /** The command that asks it; the state machine sees exactly these bytes. */
    byte[] encode(I input);

    /**
     * Whether that input only reads. Then it may be asked of {@link StateMachine#query} too, with the same bytes and the same
     * answer, so that nothing of it is in the log. By default nothing is.
     */
    default boolean isRead(I input) {
        return false;
    }

    /**
     * What the state machine's answer means.
     *
     * @param result as {@link StateMachine#apply} returned it
     * @return null if the answer says nothing beyond "done"
     */
    @Nullable
    O decode(I input, byte[] result);

    /** What linearizable answers are. */
    Model<S, I, O> model();
}
