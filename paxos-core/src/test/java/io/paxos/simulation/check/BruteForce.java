// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The second implementation, as dumb as can be: every order that keeps real time, all keys together, nothing remembered.
 * For about seven operations.
 */
final class BruteForce<S, I, O> {
    private final Model<S, I, O> model;
    private final History<I, O> history;
    private final boolean[] placed;

    private BruteForce(Model<S, I, O> model, History<I, O> history) {
        this.model = model;
        this.history = history;
        this.placed = new boolean[history.operations().size()];
    }

    static <S, I, O> boolean isLinearizable(Model<S, I, O> model, History<I, O> history) {
        return new BruteForce<>(model, history).canFinish(new LinkedHashMap<>());
    }

    private boolean canFinish(Map<Object, S> states) {
        List<Operation<I, O>> operations = history.operations();
        boolean done = true;
        for (int i = 0; i < placed.length; i++) {
            done &= placed[i] || operations.get(i).isOpen();
        }
        if (done) {
            return true;
        }
        for (int i = 0; i < placed.length; i++) {
            if (placed[i] || somethingMustComeBefore(i)) {
                continue;
            }
            Operation<I, O> operation = operations.get(i);
            Object key = model.key(operation.input());
            S next = model.step(states.getOrDefault(key, model.initial()), operation.input(), operation.output());
            if (next != null) {
                Map<Object, S> after = new LinkedHashMap<>(states);
                after.put(key, next);
                placed[i] = true;
                boolean found = canFinish(after);
                placed[i] = false;
                if (found) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean somethingMustComeBefore(int operation) {
        for (int other = 0; other < placed.length; other++) {
            if (!placed[other] && history.precedes(other, operation)) {
                return true;
            }
        }
        return false;
    }
}
