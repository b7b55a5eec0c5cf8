// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/** What tests expect of a verdict: not only which, but that what it shows is true. */
final class Judged {
    /** Up to this many operations every verdict is compared with brute force. */
    private static final int BRUTE_FORCE_MAX = 8;

    private Judged() {}

    @SafeVarargs
    @SuppressWarnings("varargs")
    static <S, I, O> void accepted(Model<S, I, O> model, Operation<I, O>... operations) {
        accepted(model, History.ofTimes(List.of(operations)));
    }

    static <S, I, O> void accepted(Model<S, I, O> model, History<I, O> history) {
        Verdict<I, O> verdict = LinearizabilityChecker.of(model).check(history);
        if (verdict instanceof Verdict.Linearizable<I, O> linearizable) {
            ordersAreTrue(model, history, linearizable);
        } else {
            fail(verdict.explanation());
        }
        if (history.operations().size() <= BRUTE_FORCE_MAX) {
            assertTrue(BruteForce.isLinearizable(model, history), "brute force says otherwise");
        }
    }

    @SafeVarargs
    @SuppressWarnings("varargs")
    static <S, I, O> Verdict.NotLinearizable<I, O> refused(Model<S, I, O> model, Operation<I, O>... operations) {
        return refused(model, History.ofTimes(List.of(operations)));
    }

    static <S, I, O> Verdict.NotLinearizable<I, O> refused(Model<S, I, O> model, History<I, O> history) {
        Verdict<I, O> verdict = LinearizabilityChecker.of(model).check(history);
        @SuppressWarnings("unchecked")
        Verdict.NotLinearizable<I, O> refusal =
                assertInstanceOf(Verdict.NotLinearizable.class, verdict, verdict::explanation);
        orderIsTrue(model, history, refusal.order());
        assertTrue(!refusal.order().operations().contains(refusal.stuck())
                || refusal.stuck().isOpen());
        if (history.operations().size() <= BRUTE_FORCE_MAX) {
            assertTrue(!BruteForce.isLinearizable(model, history), "brute force says otherwise");
        }
        return refusal;
    }

    /** Every answered operation is in an order, once, and each order is one that the model and real time allow. */
    static <S, I, O> void ordersAreTrue(
            Model<S, I, O> model, History<I, O> history, Verdict.Linearizable<I, O> verdict) {
        List<Operation<I, O>> placed = new ArrayList<>();
        for (Verdict.Order<I, O> order : verdict.orders()) {
            orderIsTrue(model, history, order);
            placed.addAll(order.operations());
        }
        IdentityHashMap<Operation<I, O>, Integer> unplaced = numbers(history);
        placed.forEach(unplaced::remove);
        unplaced.keySet().forEach(operation -> assertTrue(operation.isOpen(), () -> operation + " is in no order"));
    }

    private static <S, I, O> void orderIsTrue(Model<S, I, O> model, History<I, O> history, Verdict.Order<I, O> order) {
        IdentityHashMap<Operation<I, O>, Integer> unplaced = numbers(history);
        S state = model.initial();
        int latestInvocation = -1;
        for (Operation<I, O> operation : order.operations()) {
            Integer number = unplaced.remove(operation);
            assertNotNull(number, () -> operation + " is twice in the order, or is not of the history");
            assertEquals(order.key(), model.key(operation.input()));
            assertTrue(
                    history.response(number) > latestInvocation,
                    () -> operation + " had ended before one ahead of it in the order began");
            latestInvocation = Math.max(latestInvocation, history.invocation(number));
            state = model.step(state, operation.input(), operation.output());
            assertNotNull(state, () -> operation + " is impossible at its place in the order");
        }
    }

    private static <I, O> IdentityHashMap<Operation<I, O>, Integer> numbers(History<I, O> history) {
        IdentityHashMap<Operation<I, O>, Integer> numbers = new IdentityHashMap<>();
        for (Operation<I, O> operation : history.operations()) {
            numbers.put(operation, numbers.size());
        }
        return numbers;
    }
}
