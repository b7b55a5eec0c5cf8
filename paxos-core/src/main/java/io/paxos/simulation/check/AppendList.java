// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The model of a list that only grows: append adds one element at the end, read gives all of them in order. Nothing
 * shows a lost, doubled or reordered effect as plainly, since every read tells the whole past. An append is acknowledged
 * without output, or answered with the new length.
 *
 * @param <E> elements, compared by {@code equals}
 */
public final class AppendList<E> implements Model<AppendList.Contents<E>, AppendList.Input<E>, AppendList.Output<E>> {

    /** A list without elements. */
    public AppendList() {}

    /** What a list can be asked. */
    public sealed interface Input<E> {}

    /**
     * Adds one element at the end. Its output is a {@link Length}.
     *
     * @param element the element
     */
    public record Append<E>(E element) implements Input<E> {
        public Append {
            Objects.requireNonNull(element, "appended element");
        }

        @Override
        public String toString() {
            return "append(" + element + ")";
        }
    }

    /** Gives all elements. Its output is an {@link Elements}. */
    public record Read<E>() implements Input<E> {
        @Override
        public String toString() {
            return "read()";
        }
    }

    /** What a list answers. */
    public sealed interface Output<E> {}

    /**
     * Of a read.
     *
     * @param elements all of them, oldest first
     */
    public record Elements<E>(List<E> elements) implements Output<E> {
        public Elements {
            elements = List.copyOf(elements);
        }

        @Override
        public String toString() {
            return elements.toString();
        }
    }

    /**
     * Of an append.
     *
     * @param length elements after it
     */
    public record Length<E>(int length) implements Output<E> {
        @Override
        public String toString() {
            return "length " + length;
        }
    }

    /**
     * The state: a list that shares all but its last element with the one it grew from, so that a step costs the same for
     * a long list as for a short one, and knows its hash.
     *
     * @param <E> elements
     */
    public static final class Contents<E> {
        private final @Nullable Contents<E> front;
        private final @Nullable E last;
        private final int length;
        private final int hash;

        private Contents(@Nullable Contents<E> front, @Nullable E last, int length, int hash) {
            this.front = front;
            this.last = last;
            this.length = length;
            this.hash = hash;
        }

        /** Stands for all lists of that length: no list that began empty has it for its hash and no front. */
        private boolean isLengthOnly() {
            return front == null && hash == 0;
        }

        private Contents<E> with(E element) {
            return new Contents<>(this, element, length + 1, 31 * hash + element.hashCode());
        }

        /** Whether these elements are its elements, in this order. */
        private boolean holds(List<E> elements) {
            if (elements.size() != length) {
                return false;
            }
            Contents<E> here = this;
            for (int i = length - 1; i >= 0; i--) {
                if (!elements.get(i).equals(here.last)) {
                    return false;
                }
                here = Objects.requireNonNull(here.front);
            }
            return true;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            if (!(other instanceof Contents<?> that) || length != that.length || hash != that.hash) {
                return false;
            }
            Contents<?> mine = this;
            Contents<?> its = that;
            // Two lists that grew from one are the same from there on.
            while (mine != its) {
                if (mine == null || its == null || !Objects.equals(mine.last, its.last)) {
                    return false;
                }
                mine = mine.front;
                its = its.front;
            }
            return true;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public String toString() {
            Deque<String> words = new ArrayDeque<>();
            for (Contents<E> here = this; here.front != null; here = here.front) {
                words.addFirst(String.valueOf(here.last));
            }
            return words.toString();
        }
    }

    @Override
    public Contents<E> initial() {
        return new Contents<>(null, null, 0, 1);
    }

    /**
     * @throws IllegalArgumentException if the output is not of the kind that the input gives
     */
    @Override
    public @Nullable Contents<E> step(Contents<E> state, Input<E> input, @Nullable Output<E> output) {
        if (input instanceof Append<E> append) {
            if (output instanceof Elements<E>) {
                throw mismatch(input, output, "an append answers a length");
            }
            return output instanceof Length<E> length && length.length() != state.length + 1
                    ? null
                    : state.with(append.element());
        }
        if (output instanceof Length<E>) {
            throw mismatch(input, output, "a read answers the elements");
        }
        return output instanceof Elements<E> elements && !state.holds(elements.elements()) ? null : state;
    }

    @Override
    public boolean changesNothing(Input<E> input, @Nullable Output<E> output) {
        return input instanceof Read<E>;
    }

    @Override
    public @Nullable Contents<E> needs(Input<E> input, @Nullable Output<E> output) {
        if (output instanceof Length<E> length) {
            return new Contents<>(null, null, length.length() - 1, 0);
        }
        if (output instanceof Elements<E> elements) {
            Contents<E> contents = initial();
            for (E element : elements.elements()) {
                contents = contents.with(element);
            }
            return contents;
        }
        return null;
    }

    @Override
    public Comparator<? super Contents<E>> rises(List<Input<E>> inputs) {
        return Comparator.comparingInt(contents -> contents.length);
    }

    @Override
    public boolean mayLead(Contents<E> state, Contents<E> needed) {
        Contents<E> here = needed;
        while (here.length > state.length && here.front != null) {
            here = here.front;
        }
        // Of a list that an append was answered about only the length is known.
        return here.isLengthOnly() || here.equals(state);
    }

    private static IllegalArgumentException mismatch(Object input, Object output, String rule) {
        return new IllegalArgumentException("output of " + input + ": " + output + ", but " + rule);
    }
}
