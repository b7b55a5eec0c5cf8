// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The model of a map whose values are objects of another model, one for each key: a key-value store is a
 * {@code KeyValue} of {@link Register} or {@link CasRegister}. Each operation touches one key, so each key is searched alone.
 *
 * @param <K> keys, with {@code equals} and {@code hashCode} by content
 * @param <S> states of the values' model
 * @param <I> inputs of the values' model
 * @param <O> outputs of the values' model
 */
public final class KeyValue<K, S, I, O> implements Model<S, KeyValue.At<K, I>, O> {
    private final Model<S, I, O> values;

    /** A map of objects of this model. */
    public KeyValue(Model<S, I, O> values) {
        this.values = Objects.requireNonNull(values, "values");
    }

    /**
     * An operation on the object at one key.
     *
     * @param key which object
     * @param input what it is asked
     */
    public record At<K, I>(K key, I input) {
        public At {
            Objects.requireNonNull(key, "key");
            Objects.requireNonNull(input, "input");
        }

        @Override
        public String toString() {
            return key + "." + input;
        }
    }

    @Override
    public S initial() {
        return values.initial();
    }

    @Override
    public @Nullable S step(S state, At<K, I> input, @Nullable O output) {
        return values.step(state, input.input(), output);
    }

    @Override
    public boolean changesNothing(At<K, I> input, @Nullable O output) {
        return values.changesNothing(input.input(), output);
    }

    @Override
    public @Nullable S needs(At<K, I> input, @Nullable O output) {
        return values.needs(input.input(), output);
    }

    @Override
    public @Nullable S makes(At<K, I> input) {
        return values.makes(input.input());
    }

    @Override
    public @Nullable S asksFor(At<K, I> input) {
        return values.asksFor(input.input());
    }

    @Override
    public @Nullable Comparator<? super S> rises(List<At<K, I>> inputs) {
        List<I> inner = new ArrayList<>(inputs.size());
        inputs.forEach(each -> inner.add(each.input()));
        return values.rises(inner);
    }

    @Override
    public boolean mayLead(S state, S needed) {
        return values.mayLead(state, needed);
    }

    @Override
    public Object key(At<K, I> input) {
        return input.key();
    }
}
