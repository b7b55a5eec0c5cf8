// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The search and the dumb one agree on small histories: true ones, true ones with a lie or two, and noise. */
class BruteForceComparisonTest {
    private static final int HISTORIES = 5_000;
    private static final int OPERATIONS_MAX = 7;

    @Test
    void theyAgreeOnRegisters() {
        compare(new Load.OfRegister(3));
    }

    @Test
    void theyAgreeOnCasRegisters() {
        compare(new Load.OfCasRegister(3));
    }

    @Test
    void theyAgreeOnCounters() {
        compare(new Load.OfCounter(false));
    }

    @Test
    void theyAgreeOnLists() {
        compare(new Load.OfList(2));
    }

    @Test
    void theyAgreeOnMapsThoughOneLooksAtAllKeysTogether() {
        compare(new Load.OfKeys<>(2, new Load.OfCasRegister(2)));
    }

    private static <S, I, O> void compare(Load<S, I, O> load) {
        int linearizable = 0;
        int withOpen = 0;
        for (int seed = 0; seed < HISTORIES; seed++) {
            History<I, O> history = history(load, seed);
            boolean expected = BruteForce.isLinearizable(load.model(), history);
            Verdict<I, O> verdict = LinearizabilityChecker.of(load.model()).check(history);
            int replay = seed;
            assertEquals(
                    expected,
                    verdict.isLinearizable(),
                    () -> load + ", seed " + replay + "\n" + history + verdict.explanation());
            if (verdict instanceof Verdict.Linearizable<I, O> proof) {
                Judged.ordersAreTrue(load.model(), history, proof);
                linearizable++;
                withOpen += history.operations().stream().anyMatch(Operation::isOpen) ? 1 : 0;
            } else {
                Judged.refused(load.model(), history);
                theStuckResponseIsTheFirstThatCannotBeExplained(load.model(), history, verdict, replay);
            }
        }
        System.out.println(load + ": " + HISTORIES + " histories, " + linearizable + " linearizable, " + withOpen
                + " of these with unknown outcomes");
        assertTrue(linearizable > HISTORIES / 5 && linearizable < HISTORIES * 4 / 5, "a lopsided sample shows little");
        assertTrue(withOpen > HISTORIES / 20, "a sample without unknown outcomes shows little");
    }

    /**
     * What the verdict says of a key: without the responses from the stuck one on there is an order. (The operations that
     * respond later are open then, so this is the weaker half of it.)
     */
    private static <S, I, O> void theStuckResponseIsTheFirstThatCannotBeExplained(
            Model<S, I, O> model, History<I, O> history, Verdict<I, O> verdict, int seed) {
        Verdict.NotLinearizable<I, O> refusal = (Verdict.NotLinearizable<I, O>) verdict;
        List<Operation<I, O>> before = new ArrayList<>();
        for (Operation<I, O> operation : history.operations()) {
            if (model.key(operation.input()).equals(refusal.key())) {
                before.add(
                        operation.respondedAt() < refusal.stuck().respondedAt()
                                ? operation
                                : Operation.open(operation.client(), operation.input(), operation.invokedAt()));
            }
        }
        assertTrue(BruteForce.isLinearizable(model, History.ofTimes(before)), () -> "seed " + seed + "\n" + history);
    }

    private static <S, I, O> History<I, O> history(Load<S, I, O> load, long seed) {
        Random random = new Random(seed);
        int count = 1 + random.nextInt(OPERATIONS_MAX);
        int clients = 1 + random.nextInt(4);
        List<Operation<I, O>> operations =
                new ArrayList<>(AtomicObject.history(load, seed, clients, count, count, 0.25));
        int lies = random.nextInt(4) == 0 ? operations.size() : random.nextInt(4);
        for (int i = 0; i < lies; i++) {
            int at = random.nextInt(operations.size());
            operations.set(at, lie(load, random, operations.get(at)));
        }
        return History.ofTimes(operations);
    }

    /** Another output, or another moment of the response: true or not, nobody knows. */
    private static <S, I, O> Operation<I, O> lie(Load<S, I, O> load, Random random, Operation<I, O> operation) {
        if (operation.isOpen()) {
            return operation;
        }
        Optional<O> output = load.guess(random, operation.input());
        return new Operation<>(
                operation.client(),
                operation.input(),
                output.isPresent() ? output.get() : operation.output(),
                operation.invokedAt(),
                random.nextInt(4) == 0 ? operation.invokedAt() + random.nextInt(6) : operation.respondedAt());
    }
}
