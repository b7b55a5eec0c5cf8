// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every state that a model can reach, breadth first, so that the first violation found has a shortest path.
 *
 * <p>A state is a vector: for each member the number of its state and of the set of messages ever sent to it; the number of
 * the set of facts; the budgets spent. What a member does with a message depends on nothing else, so it is worked out once
 * for each pair of member state and message, by the real code, and looked up afterwards.
 *
 * <p>Threads: one. The same model gives the same result.
 *
 * @param <S> state of a member
 * @param <M> message
 * @param <F> fact
 */
public final class Explorer<S, M, F> {
    private static final int STOP_ASKED_EVERY = 1 << 12;

    private final Model<S, M, F> model;
    private final Symmetry<S, M, F> symmetry;
    private final Transitions<S, M, F> transitions;
    private final List<Property<S, F>> properties;
    private final int members;
    private final int width;
    private final StateTable table;
    private long taken;

    public Explorer(Model<S, M, F> model) {
        this.model = model;
        this.members = model.members();
        this.width = 2 * members + 2;
        this.transitions = new Transitions<>(model);
        this.symmetry = new Symmetry<>(model, transitions);
        this.properties = model.properties();
        this.table = new StateTable(width);
    }

    /** Explores, until everything is seen, a property is broken, or the bounds are reached. */
    public Exploration run(Bounds bounds) {
        int[] state = initial();
        symmetry.canonize(state);
        table.add(state, StateTable.KNOWN);
        @Nullable Verdict verdict = judge(state);
        int depth = 0;
        int levelEnd = 1;
        int next = 0;
        boolean cut = false;
        int[] successor = new int[width];
        while (verdict == null && next < table.size() && !cut) {
            if (next == levelEnd) {
                depth++;
                levelEnd = table.size();
            }
            cut = depth >= bounds.depthMax()
                    || table.size() >= bounds.statesMax()
                    || (next % STOP_ASKED_EVERY == 0 && bounds.stop().getAsBoolean());
            if (!cut) {
                table.read(next, state);
                verdict = expand(next, state, successor);
                next++;
            }
        }
        boolean complete = verdict == null && !cut;
        int reached = table.size() > levelEnd ? depth + 1 : depth;
        return new Exploration(
                table.size(), taken, depth, reached, complete, verdict == null ? null : explain(verdict));
    }

    /** What is wrong, and on which state's way: after the state itself, or after one more step from it. */
    private record Verdict(int state, @Nullable Step lastStep, String property, String broken) {}

    private record Step(int member, int message, int transition) {}

    private int[] initial() {
        int[] state = new int[width];
        for (int member = 0; member < members; member++) {
            state[2 * member] = transitions.state(model.initial(member));
            state[2 * member + 1] = IntSets.EMPTY;
        }
        return state;
    }

    /** Takes every step from a state; returns a verdict if one of them ends badly. */
    private @Nullable Verdict expand(int number, int[] state, int[] successor) {
        for (int member = 0; member < members; member++) {
            int[] steps = transitions.steps(member, state[2 * member], state[2 * member + 1]);
            for (int i = 0; i < steps.length; i += 2) {
                Verdict verdict = expand(number, state, member, steps[i], steps[i + 1], successor);
                if (verdict != null) {
                    return verdict;
                }
            }
        }
        return null;
    }

    private @Nullable Verdict expand(
            int number, int[] state, int member, int message, int transition, int[] successor) {
        String failure = transitions.failure(transition);
        if (failure != null) {
            return new Verdict(number, new Step(member, message, transition), "a member stops", failure);
        }
        if (!take(transition, member, state, successor)) {
            return null;
        }
        taken++;
        symmetry.canonize(successor);
        int added = table.add(successor, number);
        Verdict verdict = added == StateTable.KNOWN ? null : judge(successor);
        return verdict == null ? null : new Verdict(added, null, verdict.property(), verdict.broken());
    }

    private List<Step> stepsFrom(int[] state) {
        List<Step> all = new ArrayList<>();
        for (int member = 0; member < members; member++) {
            int[] steps = transitions.steps(member, state[2 * member], state[2 * member + 1]);
            for (int i = 0; i < steps.length; i += 2) {
                all.add(new Step(member, steps[i], steps[i + 1]));
            }
        }
        return all;
    }

    /** Writes the successor; false if the budget does not allow the step, or if it changes nothing. */
    private boolean take(int transition, int member, int[] state, int[] successor) {
        System.arraycopy(state, 0, successor, 0, width);
        if (!transitions.apply(transition, member, successor)) {
            return false;
        }
        return !Arrays.equals(state, successor);
    }

    private @Nullable Verdict judge(int[] state) {
        List<S> states = new ArrayList<>(members);
        for (int member = 0; member < members; member++) {
            states.add(transitions.state(state[2 * member]));
        }
        Collection<F> facts = transitions.facts(state[2 * members]);
        for (Property<S, F> property : properties) {
            String broken = property.broken(states, facts);
            if (broken != null) {
                return new Verdict(0, null, property.name(), broken);
            }
        }
        return null;
    }

    /**
     * Walks the path again under real names: a state that was kept stands for all its renamings, so at each step the one
     * is taken that leads to a renaming of the next state kept.
     */
    private Counterexample explain(Verdict verdict) {
        Deque<Integer> path = new ArrayDeque<>();
        for (int at = verdict.state(); at != StateTable.KNOWN; at = table.parent(at)) {
            path.push(at);
        }
        path.pop();
        int[] actual = initial();
        int[] wanted = new int[width];
        List<String> lines = new ArrayList<>();
        for (int next : path) {
            table.read(next, wanted);
            actual = advance(actual, wanted, lines);
        }
        String broken = verdict.broken();
        if (verdict.lastStep() != null) {
            for (Step step : stepsFrom(actual)) {
                if (broken.equals(transitions.failure(step.transition()))) {
                    lines.add(describe(step));
                    break;
                }
            }
        } else {
            Verdict here = judge(actual);
            broken = here == null ? broken : here.broken();
        }
        return new Counterexample(verdict.property(), broken, lines);
    }

    private int[] advance(int[] actual, int[] wanted, List<String> lines) {
        int[] successor = new int[width];
        for (Step step : stepsFrom(actual)) {
            boolean good = transitions.failure(step.transition()) == null;
            if (good && take(step.transition(), step.member(), actual, successor)) {
                int[] canonical = successor.clone();
                symmetry.canonize(canonical);
                if (Arrays.equals(canonical, wanted)) {
                    lines.add(describe(step));
                    return successor;
                }
            }
        }
        throw new IllegalStateException("the model is not deterministic, or its symmetries are no symmetries");
    }

    private String describe(Step step) {
        return model.describe(
                step.member(),
                step.message() == Transitions.NO_MESSAGE ? null : transitions.message(step.message()),
                transitions.label(step.transition()));
    }
}
