// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The model of a register with compare-and-set: beside {@link Register}'s two operations one that replaces the value if it
 * is the expected one, and tells whether it was. A write is acknowledged without output.
 *
 * @param <V> values, compared by {@code equals}
 */
@SuppressWarnings("NullableOptional") // Empty is a register without a value; null is Model's word for "impossible".
public final class CasRegister<V> implements Model<Optional<V>, CasRegister.Input<V>, CasRegister.Output<V>> {
    private final Optional<V> initial;

    /** A register in which nothing was written yet. */
    public CasRegister() {
        this(Optional.empty());
    }

    /** A register that starts with this, or with nothing. */
    public CasRegister(Optional<V> initial) {
        this.initial = Objects.requireNonNull(initial, "initial");
    }

    /** What a register can be asked. */
    public sealed interface Input<V> {}

    /**
     * Replaces the value.
     *
     * @param value the new one
     */
    public record Write<V>(V value) implements Input<V> {
        public Write {
            Objects.requireNonNull(value, "written value");
        }

        @Override
        public String toString() {
            return "write(" + value + ")";
        }
    }

    /** Gives the value. Its output is a {@link Value}. */
    public record Read<V>() implements Input<V> {
        @Override
        public String toString() {
            return "read()";
        }
    }

    /**
     * Replaces the value if it is the expected one. Its output is a {@link Swapped}.
     *
     * @param expected the value it must be, or empty: that there is none
     * @param update the new one
     */
    public record CompareAndSet<V>(Optional<V> expected, V update) implements Input<V> {
        public CompareAndSet {
            Objects.requireNonNull(expected, "expected value");
            Objects.requireNonNull(update, "updated value");
        }

        @Override
        public String toString() {
            return "cas(" + expected.map(Object::toString).orElse("nothing") + ", " + update + ")";
        }
    }

    /** What a register answers. */
    public sealed interface Output<V> {}

    /**
     * Of a read.
     *
     * @param value the value, if there was one
     */
    public record Value<V>(Optional<V> value) implements Output<V> {
        public Value {
            Objects.requireNonNull(value, "read value");
        }

        @Override
        public String toString() {
            return value.map(Object::toString).orElse("nothing");
        }
    }

    /**
     * Of a compare-and-set.
     *
     * @param done whether the value was the expected one, and so was replaced
     */
    public record Swapped<V>(boolean done) implements Output<V> {
        @Override
        public String toString() {
            return done ? "swapped" : "not swapped";
        }
    }

    @Override
    public Optional<V> initial() {
        return initial;
    }

    /**
     * @throws IllegalArgumentException if the output is not of the kind that the input gives
     */
    @Override
    public @Nullable Optional<V> step(Optional<V> state, Input<V> input, @Nullable Output<V> output) {
        if (input instanceof Write<V> write) {
            if (output != null) {
                throw mismatch(input, output, "a write has none");
            }
            return Optional.of(write.value());
        }
        if (input instanceof CompareAndSet<V> cas) {
            if (output instanceof Value<V>) {
                throw mismatch(input, output, "a compare-and-set answers whether it swapped");
            }
            boolean done = state.equals(cas.expected());
            if (output instanceof Swapped<V> swapped && swapped.done() != done) {
                return null;
            }
            return done ? Optional.of(cas.update()) : state;
        }
        if (output instanceof Swapped<V>) {
            throw mismatch(input, output, "a read answers a value");
        }
        return output instanceof Value<V> value && !value.value().equals(state) ? null : state;
    }

    @Override
    public boolean changesNothing(Input<V> input, @Nullable Output<V> output) {
        return input instanceof Read<V>
                || (input instanceof CompareAndSet<V> && output instanceof Swapped<V> swapped && !swapped.done());
    }

    @Override
    public @Nullable Optional<V> needs(Input<V> input, @Nullable Output<V> output) {
        if (input instanceof CompareAndSet<V> cas) {
            return output instanceof Swapped<V> swapped && swapped.done() ? cas.expected() : null;
        }
        return output instanceof Value<V> value ? value.value() : null;
    }

    @Override
    public @Nullable Optional<V> makes(Input<V> input) {
        if (input instanceof Write<V> write) {
            return Optional.of(write.value());
        }
        return input instanceof CompareAndSet<V> cas ? Optional.of(cas.update()) : null;
    }

    @Override
    public @Nullable Optional<V> asksFor(Input<V> input) {
        return input instanceof CompareAndSet<V> cas ? cas.expected() : null;
    }

    private static IllegalArgumentException mismatch(Object input, Object output, String rule) {
        return new IllegalArgumentException("output of " + input + ": " + output + ", but " + rule);
    }
}
