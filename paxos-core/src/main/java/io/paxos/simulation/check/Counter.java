// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The model of a counter that starts at 0: add tells the sum, get tells it without changing it. Sums wrap as {@code long}
 * does. An add whose sum nobody told is acknowledged without output.
 */
public final class Counter implements Model<Long, Counter.Input, Long> {

    /** A counter at 0. */
    public Counter() {}

    /** What a counter can be asked; the output is the sum after it. */
    public sealed interface Input {}

    /**
     * Adds to the sum.
     *
     * @param amount may be negative
     */
    public record Add(long amount) implements Input {
        @Override
        public String toString() {
            return "add(" + amount + ")";
        }
    }

    /** Gives the sum. */
    public record Get() implements Input {
        @Override
        public String toString() {
            return "get()";
        }
    }

    /** Adds one. */
    public static Input increment() {
        return new Add(1);
    }

    @Override
    public Long initial() {
        return 0L;
    }

    @Override
    public @Nullable Long step(Long state, Input input, @Nullable Long output) {
        Long next = input instanceof Add add ? Long.valueOf(state + add.amount()) : state;
        return output == null || output.equals(next) ? next : null;
    }

    @Override
    public boolean changesNothing(Input input, @Nullable Long output) {
        return input instanceof Get || (input instanceof Add add && add.amount() == 0);
    }

    @Override
    public @Nullable Long needs(Input input, @Nullable Long output) {
        if (output == null) {
            return null;
        }
        return input instanceof Add add ? Long.valueOf(output - add.amount()) : output;
    }

    @Override
    public @Nullable Comparator<? super Long> rises(List<Input> inputs) {
        long most = 0;
        for (Input input : inputs) {
            long amount = input instanceof Add add ? add.amount() : 0;
            if (amount < 0 || most > Long.MAX_VALUE - amount) {
                return null;
            }
            most += amount;
        }
        return Comparator.naturalOrder();
    }
}
