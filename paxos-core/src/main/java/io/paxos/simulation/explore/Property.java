// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Something that holds in every state, or the system is broken.
 *
 * @param <S> state of a member
 * @param <F> what the observer notes
 */
public interface Property<S, F> {

    /** A short name, for people. */
    String name();

    /** What is wrong in this state, for people; null if nothing is. */
    @Nullable
    String broken(List<S> members, Collection<F> facts);
}
