// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The model of a register: read gives what was written last, or nothing. The output is that of a read; a write is
 * acknowledged without output.
 *
 * @param <V> values, compared by {@code equals}
 */
@SuppressWarnings(
        "NullableOptional") // Empty is a register without a value; null is Model's word for "impossible" or "not told".
public final class Register<V> implements Model<Optional<V>, Register.Input<V>, Optional<V>> {
    private final Optional<V> initial;

    /** A register in which nothing was written yet. */
    public Register() {
        this(Optional.empty());
    }

    /** A register that starts with this, or with nothing. */
    public Register(Optional<V> initial) {
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

    /** Gives the value. */
    public record Read<V>() implements Input<V> {
        @Override
        public String toString() {
            return "read()";
        }
    }

    @Override
    public Optional<V> initial() {
        return initial;
    }

    /**
     * @throws IllegalArgumentException if a write has an output
     */
    @Override
    public @Nullable Optional<V> step(Optional<V> state, Input<V> input, @Nullable Optional<V> output) {
        if (input instanceof Write<V> write) {
            if (output != null) {
                throw new IllegalArgumentException("output of " + input + ": " + output + ", but a write has none");
            }
            return Optional.of(write.value());
        }
        return output == null || output.equals(state) ? state : null;
    }

    @Override
    public boolean changesNothing(Input<V> input, @Nullable Optional<V> output) {
        return input instanceof Read<V>;
    }

    @Override
    public @Nullable Optional<V> needs(Input<V> input, @Nullable Optional<V> output) {
        return input instanceof Read<V> ? output : null;
    }

    @Override
    public @Nullable Optional<V> makes(Input<V> input) {
        return input instanceof Write<V> write ? Optional.of(write.value()) : null;
    }
}
