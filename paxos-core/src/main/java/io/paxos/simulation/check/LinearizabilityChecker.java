// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Decides whether a history is linearizable: whether each operation can be given one moment between its invocation and
 * its response at which it took effect, such that the model, fed in the order of these moments, gives the same outputs
 * (Herlihy and Wing, <i>Linearizability: a correctness condition for concurrent objects</i>, 1990).
 *
 * <pre>{@code
 * History.Builder<Register.Input<String>, Optional<String>> record = History.builder();
 * int write = record.invoke(1, new Register.Write<>("a"), now());
 * ... // the request; if it times out: record.leaveOpen(write)
 * record.acknowledge(write, now());
 * ...
 * LinearizabilityChecker.of(new Register<String>()).assertLinearizable(record.build());
 * }</pre>
 *
 * <p>The problem is NP-complete, so the search has bounds, and a search that meets one ends in
 * {@link Verdict.Undecided}. Nothing else can stop it: there is no clock in here. For a deadline give
 * {@link #cancelledWhen} a supplier that reads one.
 *
 * <p>Immutable, and usable by any number of threads at once if the model is. Without a cancellation the verdict depends on
 * history, model and bounds alone, in every run and JVM.
 *
 * @param <S> states of the model
 * @param <I> inputs of the model
 * @param <O> outputs of the model
 */
public final class LinearizabilityChecker<S, I, O> {
    /** Unless said otherwise; about ten seconds of a simple model. */
    public static final long STEPS_MAX_DEFAULT = 50_000_000;

    /** Unless said otherwise; about a hundred megabytes with small states. */
    public static final int CONFIGURATIONS_MAX_DEFAULT = 500_000;

    private final Model<S, I, O> model;
    private final long stepsMax;
    private final int configurationsMax;
    private final BooleanSupplier cancelled;

    private LinearizabilityChecker(
            Model<S, I, O> model, long stepsMax, int configurationsMax, BooleanSupplier cancelled) {
        this.model = model;
        this.stepsMax = stepsMax;
        this.configurationsMax = configurationsMax;
        this.cancelled = cancelled;
    }

    /** A checker against this model, with the default bounds and no cancellation. */
    public static <S, I, O> LinearizabilityChecker<S, I, O> of(Model<S, I, O> model) {
        return new LinearizabilityChecker<>(
                Objects.requireNonNull(model, "model"), STEPS_MAX_DEFAULT, CONFIGURATIONS_MAX_DEFAULT, () -> false);
    }

    /**
     * The same with another bound of the work.
     *
     * @param stepsMaxPerKey calls of {@link Model#step} for the operations of one key, at least 1
     * @throws IllegalArgumentException if it is less than 1
     */
    public LinearizabilityChecker<S, I, O> stepsMax(long stepsMaxPerKey) {
        if (stepsMaxPerKey < 1) {
            throw new IllegalArgumentException("stepsMax: " + stepsMaxPerKey + " is less than 1");
        }
        return new LinearizabilityChecker<>(model, stepsMaxPerKey, configurationsMax, cancelled);
    }

    /**
     * The same with another bound of the memory.
     *
     * @param configurationsMaxAtOnce configurations remembered at once, at least 1; each costs about 200 bytes and its state
     * @throws IllegalArgumentException if it is less than 1
     */
    public LinearizabilityChecker<S, I, O> configurationsMax(int configurationsMaxAtOnce) {
        if (configurationsMaxAtOnce < 1) {
            throw new IllegalArgumentException("configurationsMax: " + configurationsMaxAtOnce + " is less than 1");
        }
        return new LinearizabilityChecker<>(model, stepsMax, configurationsMaxAtOnce, cancelled);
    }

    /**
     * The same with a way to stop it.
     *
     * @param supplier asked at the start of each key and then once in {@value KeySearch#STEPS_PER_POLL} steps of the model, by
     *     the thread that checks; once it is true, the search ends undecided
     */
    public LinearizabilityChecker<S, I, O> cancelledWhen(BooleanSupplier supplier) {
        return new LinearizabilityChecker<>(
                model, stepsMax, configurationsMax, Objects.requireNonNull(supplier, "cancelledWhen"));
    }

    /**
     * Searches one key after the other. The first that has no order ends it. A key that stays undecided does not: a later
     * one may still be shown to be wrong.
     */
    public Verdict<I, O> check(History<I, O> history) {
        Map<Object, List<Integer>> byKey = new LinkedHashMap<>();
        List<Operation<I, O>> operations = history.operations();
        for (int i = 0; i < operations.size(); i++) {
            byKey.computeIfAbsent(model.key(operations.get(i).input()), key -> new ArrayList<>())
                    .add(i);
        }
        List<Verdict.Order<I, O>> orders = new ArrayList<>(byKey.size());
        List<Verdict<I, O>> undecided = new ArrayList<>();
        for (Map.Entry<Object, List<Integer>> part : byKey.entrySet()) {
            Timetable<I, O> table = new Timetable<>(history, part.getValue());
            Verdict<I, O> verdict = search(part.getKey(), table, true);
            if (verdict instanceof Verdict.NotLinearizable<I, O>) {
                // Seen in advance. Where it goes wrong is plainer to one who does not see so far.
                Verdict<I, O> plain = search(part.getKey(), table, false);
                return plain instanceof Verdict.NotLinearizable<I, O> ? plain : verdict;
            }
            if (verdict instanceof Verdict.Linearizable<I, O> linearizable) {
                orders.addAll(linearizable.orders());
            } else {
                undecided.add(verdict);
            }
        }
        return undecided.isEmpty() ? new Verdict.Linearizable<>(orders) : undecided.get(0);
    }

    private Verdict<I, O> search(Object key, Timetable<I, O> table, boolean foresees) {
        return new KeySearch<>(model, key, table, foresees, stepsMax, configurationsMax, cancelled).run();
    }

    /**
     * For a test: returns only if the history is linearizable.
     *
     * @throws AssertionError if it is not, or if that stayed undecided; the message is the verdict's explanation
     */
    public void assertLinearizable(History<I, O> history) {
        Verdict<I, O> verdict = check(history);
        if (!verdict.isLinearizable()) {
            throw new AssertionError(verdict.explanation());
        }
    }
}
