// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * What clients ask an object of one of the models, what it answers, and what a bad one might answer.
 *
 * @param <S> states
 * @param <I> inputs
 * @param <O> outputs
 */
interface Load<S, I, O> {
    Model<S, I, O> model();

    /** The next question; {@code number} is different for each. */
    I ask(Random random, int number);

    /** The true answer in this state, empty if the input has none. */
    Optional<O> answer(S state, I input);

    /** Some answer of the right kind, true or not, empty if the input has none. */
    Optional<O> guess(Random random, I input);

    /** Values below {@code values}, or all different ones if that is 0. */
    record OfRegister(int values) implements Load<Optional<Integer>, Register.Input<Integer>, Optional<Integer>> {
        @Override
        public Register<Integer> model() {
            return new Register<>();
        }

        @Override
        public Register.Input<Integer> ask(Random random, int number) {
            return random.nextBoolean()
                    ? new Register.Read<>()
                    : new Register.Write<>(values == 0 ? number : random.nextInt(values));
        }

        @Override
        public Optional<Optional<Integer>> answer(Optional<Integer> state, Register.Input<Integer> input) {
            return input instanceof Register.Read<Integer> ? Optional.of(state) : Optional.empty();
        }

        @Override
        public Optional<Optional<Integer>> guess(Random random, Register.Input<Integer> input) {
            return input instanceof Register.Read<Integer>
                    ? Optional.of(Optional.of(random.nextInt(values + 1)).filter(value -> value < values))
                    : Optional.empty();
        }
    }

    /** Values below {@code values}, or all different ones if that is 0. */
    record OfCasRegister(int values)
            implements Load<Optional<Integer>, CasRegister.Input<Integer>, CasRegister.Output<Integer>> {
        @Override
        public CasRegister<Integer> model() {
            return new CasRegister<>();
        }

        @Override
        public CasRegister.Input<Integer> ask(Random random, int number) {
            int value = values == 0 ? number : random.nextInt(values);
            int kind = random.nextInt(5);
            if (kind < 2) {
                return new CasRegister.Read<>();
            }
            if (kind == 2) {
                return new CasRegister.Write<>(value);
            }
            int expected = values == 0 ? Math.max(0, number - random.nextInt(60)) : random.nextInt(values + 1);
            return new CasRegister.CompareAndSet<>(
                    values != 0 && expected == values ? Optional.empty() : Optional.of(expected), value);
        }

        @Override
        public Optional<CasRegister.Output<Integer>> answer(Optional<Integer> state, CasRegister.Input<Integer> input) {
            if (input instanceof CasRegister.Read<Integer>) {
                return Optional.of(new CasRegister.Value<>(state));
            }
            return input instanceof CasRegister.CompareAndSet<Integer> cas
                    ? Optional.of(new CasRegister.Swapped<>(cas.expected().equals(state)))
                    : Optional.empty();
        }

        @Override
        public Optional<CasRegister.Output<Integer>> guess(Random random, CasRegister.Input<Integer> input) {
            if (input instanceof CasRegister.Read<Integer>) {
                return Optional.of(new CasRegister.Value<>(
                        Optional.of(random.nextInt(values + 1)).filter(value -> value < values)));
            }
            return input instanceof CasRegister.CompareAndSet<Integer>
                    ? Optional.of(new CasRegister.Swapped<>(random.nextBoolean()))
                    : Optional.empty();
        }
    }

    /** Adds one, or anything from -1 to 2. */
    record OfCounter(boolean onlyOnes) implements Load<Long, Counter.Input, Long> {
        @Override
        public Counter model() {
            return new Counter();
        }

        @Override
        public Counter.Input ask(Random random, int number) {
            return random.nextInt(3) == 0
                    ? new Counter.Get()
                    : onlyOnes ? Counter.increment() : new Counter.Add(random.nextInt(4) - 1);
        }

        @Override
        public Optional<Long> answer(Long state, Counter.Input input) {
            return Optional.of(input instanceof Counter.Add add ? state + add.amount() : state);
        }

        @Override
        public Optional<Long> guess(Random random, Counter.Input input) {
            return Optional.of((long) random.nextInt(6) - 1);
        }
    }

    /** Elements below {@code values}, or all different ones if that is 0. */
    record OfList(int values)
            implements Load<AppendList.Contents<Integer>, AppendList.Input<Integer>, AppendList.Output<Integer>> {
        @Override
        public AppendList<Integer> model() {
            return new AppendList<>();
        }

        @Override
        public AppendList.Input<Integer> ask(Random random, int number) {
            return random.nextBoolean()
                    ? new AppendList.Read<>()
                    : new AppendList.Append<>(values == 0 ? number : random.nextInt(values));
        }

        @Override
        public Optional<AppendList.Output<Integer>> answer(
                AppendList.Contents<Integer> state, AppendList.Input<Integer> input) {
            List<Integer> elements = elements(state);
            return Optional.of(
                    input instanceof AppendList.Read<Integer>
                            ? new AppendList.Elements<>(elements)
                            : new AppendList.Length<>(elements.size() + 1));
        }

        private static List<Integer> elements(AppendList.Contents<Integer> state) {
            List<Integer> elements = new ArrayList<>();
            String text = state.toString();
            for (String word : text.substring(1, text.length() - 1).split(", ", -1)) {
                if (!word.isEmpty()) {
                    elements.add(Integer.valueOf(word));
                }
            }
            return elements;
        }

        @Override
        public Optional<AppendList.Output<Integer>> guess(Random random, AppendList.Input<Integer> input) {
            if (input instanceof AppendList.Append<Integer>) {
                return Optional.of(new AppendList.Length<>(1 + random.nextInt(3)));
            }
            List<Integer> elements = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                elements.add(random.nextInt(Math.max(1, values)));
            }
            return Optional.of(new AppendList.Elements<>(elements));
        }
    }

    /** One of these objects at each of the keys 0 to {@code keys - 1}. */
    record OfKeys<S, I, O>(int keys, Load<S, I, O> each) implements Load<S, KeyValue.At<Integer, I>, O> {
        @Override
        public KeyValue<Integer, S, I, O> model() {
            return new KeyValue<>(each.model());
        }

        @Override
        public KeyValue.At<Integer, I> ask(Random random, int number) {
            return new KeyValue.At<>(random.nextInt(keys), each.ask(random, number));
        }

        @Override
        public Optional<O> answer(S state, KeyValue.At<Integer, I> input) {
            return each.answer(state, input.input());
        }

        @Override
        public Optional<O> guess(Random random, KeyValue.At<Integer, I> input) {
            return each.guess(random, input.input());
        }
    }
}
