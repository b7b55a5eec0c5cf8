// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import org.jspecify.annotations.Nullable;

/**
 * What an exploration came to.
 *
 * @param states different states reached, each judged
 * @param transitions steps between them that changed something, those to known states included
 * @param wholeDepth every state that can be reached in so many steps was reached
 * @param depth length of the shortest path to the last state reached
 * @param complete whether every reachable state was looked at; false if a bound, a wish to stop or a violation ended it
 * @param counterexample the shortest way to a violation, or null
 */
public record Exploration(
        long states,
        long transitions,
        int wholeDepth,
        int depth,
        boolean complete,
        @Nullable Counterexample counterexample) {

    /** One line. */
    @Override
    public String toString() {
        String end = counterexample != null ? "violated" : complete ? "exhausted" : "cut short";
        String whole = complete || counterexample != null ? "" : ", all to depth " + wholeDepth;
        return states + " states, " + transitions + " transitions, depth " + depth + whole + ", " + end;
    }
}
