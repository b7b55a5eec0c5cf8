// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.List;

/**
 * The shortest way to a violation; there is none with fewer steps in the same model.
 *
 * @param property name of what is broken
 * @param broken what is wrong at its end
 * @param steps one line each, from the initial state on
 */
public record Counterexample(String property, String broken, List<String> steps) {

    public Counterexample {
        steps = List.copyOf(steps);
    }

    /** Numbered lines, and the violation under them. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < steps.size(); i++) {
            text.append(String.format("%3d  %s%n", i + 1, steps.get(i)));
        }
        return text.append("  ⇒  ").append(property).append(": ").append(broken).toString();
    }
}
