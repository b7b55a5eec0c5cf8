// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LinearizabilityCheckerTest {
    private static final LinearizabilityChecker<Long, Counter.Input, Long> CHECKER =
            LinearizabilityChecker.of(new Counter());

    @Test
    void theOrderIsShown() {
        Operation<Counter.Input, Long> first = Operation.answered(1, Counter.increment(), 1L, 1, 8);
        Operation<Counter.Input, Long> second = Operation.answered(2, Counter.increment(), 2L, 0, 9);
        assertEquals(
                new Verdict.Linearizable<>(List.of(new Verdict.Order<>(Model.WHOLE, List.of(first, second)))),
                CHECKER.check(History.ofTimes(List.of(first, second))));
    }

    @Test
    void aRefusalTellsWhatWasTriedAndWhatIsLeft() {
        History<Counter.Input, Long> history = History.ofTimes(List.of(
                Operation.answered(1, Counter.increment(), 1L, 0, 1),
                Operation.open(2, new Counter.Add(10), 2),
                Operation.answered(3, new Counter.Get(), 5L, 3, 6),
                Operation.answered(4, new Counter.Add(3), 4L, 4, 9)));
        String text = """
                not linearizable: key (all)
                  every response before it is explained by this order
                    client 1: add(1) -> 1 [0, 1]
                  which leaves the state 1
                  no place is left for
                    client 3: get() -> 5 [3, 6]
                  nor does it help to place any of these before it
                    client 4: add(3) -> 4 [4, 9]
                    client 2: add(10) -> unknown [2, open]
                  after 5 configurations""";
        assertEquals(text, CHECKER.check(history).explanation());
        assertEquals(
                text,
                assertThrows(AssertionError.class, () -> CHECKER.assertLinearizable(history))
                        .getMessage());
    }

    @Test
    void aLongOrderIsCutInTheText() {
        List<Operation<Counter.Input, Long>> operations = new ArrayList<>();
        for (long i = 1; i <= 100; i++) {
            operations.add(Operation.answered(1, Counter.increment(), i, 2 * i, 2 * i + 1));
        }
        CHECKER.assertLinearizable(History.ofTimes(operations));
        operations.add(Operation.answered(1, new Counter.Get(), 99L, 300, 301));
        String text = CHECKER.check(History.ofTimes(operations)).explanation();
        assertTrue(text.contains("(the last 20 of 100)\n    client 1: add(1) -> 81 "), text);
    }

    @Test
    void tooManyStepsAreUndecidedAndNoPass() {
        Verdict<Counter.Input, Long> verdict = CHECKER.stepsMax(1_000).check(hard());
        assertEquals(
                "would take more than 1000 steps of the model, the most allowed (stepsMax)",
                undecided(verdict)
                        .reason()
                        .substring(0, undecided(verdict).reason().indexOf(';')));
        assertThrows(AssertionError.class, () -> CHECKER.stepsMax(1_000).assertLinearizable(hard()));
    }

    @Test
    void tooManyConfigurationsAreUndecided() {
        Verdict<Counter.Input, Long> verdict = CHECKER.configurationsMax(1_000).check(hard());
        assertTrue(
                undecided(verdict)
                        .reason()
                        .startsWith(
                                "would have to remember more than 1000 configurations, the most allowed"
                                        + " (configurationsMax); at most 0 of 1 responses were explained, after 1001 configurations"),
                verdict::explanation);
    }

    @Test
    void theDefaultBoundsEndAHardSearch() {
        assertTrue(
                undecided(CHECKER.check(hard())).reason().contains("configurationsMax"),
                "the search is over 2 to the 25th configurations");
    }

    @Test
    void aCancelledSearchIsUndecided() {
        AtomicInteger asked = new AtomicInteger();
        Verdict<Counter.Input, Long> verdict =
                CHECKER.cancelledWhen(() -> asked.incrementAndGet() > 3).check(hard());
        assertTrue(undecided(verdict).reason().startsWith("cancelled; "), verdict::explanation);
        assertTrue(undecided(verdict).reason().endsWith(" and 3072 steps"), verdict::explanation);
        assertEquals(4, asked.get());
    }

    @Test
    void aSearchCancelledBeforeItBeganIsUndecidedHoweverEasy() {
        History<Counter.Input, Long> easy = History.ofTimes(List.of(Operation.open(1, Counter.increment(), 0)));
        assertEquals(
                new Verdict.Undecided<>(Model.WHOLE, "cancelled before the search began"),
                CHECKER.cancelledWhen(() -> true).check(easy));
    }

    @Test
    void aKeyLeftUndecidedDoesNotHideAWrongOne() {
        LinearizabilityChecker<Long, KeyValue.At<String, Counter.Input>, Long> checker = LinearizabilityChecker.of(
                        new KeyValue<String, Long, Counter.Input, Long>(new Counter()))
                .stepsMax(1_000);
        List<Operation<KeyValue.At<String, Counter.Input>, Long>> operations = new ArrayList<>(at("hard", hard()));
        Operation<KeyValue.At<String, Counter.Input>, Long> good =
                Operation.answered(1, new KeyValue.At<>("easy", new Counter.Get()), 0L, 200, 201);
        operations.add(good);
        assertEquals(
                "hard", undecided(checker.check(History.ofTimes(operations))).key());
        operations.add(Operation.answered(1, new KeyValue.At<>("easy", new Counter.Get()), 1L, 202, 203));
        Verdict<?, ?> verdict = checker.check(History.ofTimes(operations));
        assertEquals(
                "easy", assertInstanceOf(Verdict.NotLinearizable.class, verdict).key());
    }

    @Test
    void theSameHistoryGetsTheSameVerdictWordForWord() {
        Load<Optional<Integer>, Register.Input<Integer>, Optional<Integer>> load = new Load.OfRegister(2);
        for (int seed = 0; seed < 200; seed++) {
            List<Operation<Register.Input<Integer>, Optional<Integer>>> operations =
                    new ArrayList<>(AtomicObject.history(load, seed, 5, 40, 4, 0.1));
            operations.add(Operation.answered(9, new Register.Read<>(), Optional.of(seed % 3), 9_000, 9_001));
            Verdict<?, ?> verdict = LinearizabilityChecker.of(load.model()).check(History.ofTimes(operations));
            assertEquals(verdict, LinearizabilityChecker.of(load.model()).check(History.ofTimes(operations)));
        }
    }

    @Test
    void aLongHistoryOfOneKeyNeedsNoDeepStack() {
        Load<Long, Counter.Input, Long> load = new Load.OfCounter(true);
        Judged.accepted(load.model(), History.ofTimes(AtomicObject.history(load, 3, 4, 30_000, 2, 0.001)));
    }

    @Test
    void aModelThatChangesAStateItSaidItWouldNotIsRefused() {
        Model<Long, String, Long> broken = new Model<>() {
            @Override
            public Long initial() {
                return 0L;
            }

            @Override
            public Long step(Long state, String input, @Nullable Long output) {
                return state + 1;
            }

            @Override
            public boolean changesNothing(String input, @Nullable Long output) {
                return true;
            }
        };
        assertEquals(
                "the model says that client 1: poke -> ok [0, 1] changes nothing, but it changes 0 to 1",
                assertThrows(IllegalStateException.class, () -> LinearizabilityChecker.of(broken)
                                .check(History.ofTimes(List.of(Operation.acknowledged(1, "poke", 0, 1)))))
                        .getMessage());
    }

    @Test
    @SuppressWarnings("NullableOptional") // As Register itself.
    void aModelThatDoesNotSayWhatChangesNothingIsOnlySlower() {
        Register<Integer> register = new Register<>();
        Model<Optional<Integer>, Register.Input<Integer>, Optional<Integer>> terse = new Model<>() {
            @Override
            public Optional<Integer> initial() {
                return register.initial();
            }

            @Override
            public @Nullable Optional<Integer> step(
                    Optional<Integer> state, Register.Input<Integer> input, @Nullable Optional<Integer> output) {
                return register.step(state, input, output);
            }
        };
        for (int seed = 0; seed < 300; seed++) {
            List<Operation<Register.Input<Integer>, Optional<Integer>>> operations =
                    new ArrayList<>(AtomicObject.history(new Load.OfRegister(2), seed, 4, 12, 3, 0.2));
            operations.add(Operation.answered(9, new Register.Read<>(), Optional.of(seed % 3), 9_000, 9_001));
            History<Register.Input<Integer>, Optional<Integer>> history = History.ofTimes(operations);
            assertEquals(
                    LinearizabilityChecker.of(register).check(history).isLinearizable(),
                    LinearizabilityChecker.of(terse).check(history).isLinearizable());
        }
    }

    @Test
    void boundsBelowOneAreRefused() {
        assertEquals(
                "stepsMax: 0 is less than 1",
                assertThrows(IllegalArgumentException.class, () -> CHECKER.stepsMax(0))
                        .getMessage());
        assertEquals(
                "configurationsMax: 0 is less than 1",
                assertThrows(IllegalArgumentException.class, () -> CHECKER.configurationsMax(0))
                        .getMessage());
    }

    /** Each of 25 unknown additions, of different powers of two, may have happened or not; no sum of them is the one read. */
    private static History<Counter.Input, Long> hard() {
        List<Operation<Counter.Input, Long>> operations = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            operations.add(Operation.open(i, new Counter.Add(1L << i), i));
        }
        operations.add(Operation.answered(99, new Counter.Get(), -1L, 100, 101));
        return History.ofTimes(operations);
    }

    private static List<Operation<KeyValue.At<String, Counter.Input>, Long>> at(
            String key, History<Counter.Input, Long> history) {
        return history.operations().stream()
                .map(operation -> new Operation<>(
                        operation.client(),
                        new KeyValue.At<>(key, operation.input()),
                        operation.output(),
                        operation.invokedAt(),
                        operation.respondedAt()))
                .toList();
    }

    private static <I, O> Verdict.Undecided<I, O> undecided(Verdict<I, O> verdict) {
        @SuppressWarnings("unchecked")
        Verdict.Undecided<I, O> undecided = assertInstanceOf(Verdict.Undecided.class, verdict, verdict::explanation);
        return undecided;
    }
}
