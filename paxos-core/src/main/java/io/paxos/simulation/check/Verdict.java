// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.List;

/**
 * What the checker found. Only {@link Linearizable} means that all is well; a search that did not end is
 * {@link Undecided} and never that.
 *
 * @param <I> inputs of the model
 * @param <O> outputs of the model
 */
public sealed interface Verdict<I, O> {
    /** Operations shown of a long order. */
    int SHOWN_MAX = 20;

    /** Whether the whole history was shown to be linearizable. */
    default boolean isLinearizable() {
        return this instanceof Linearizable<I, O>;
    }

    /** The finding as a text of one or more lines, for a person. */
    String explanation();

    /**
     * There is an order; here it is, for each key.
     *
     * @param orders one for each key, in the order in which the history first names the keys
     */
    record Linearizable<I, O>(List<Order<I, O>> orders) implements Verdict<I, O> {
        public Linearizable {
            orders = List.copyOf(orders);
        }

        @Override
        public String explanation() {
            return "linearizable: " + orders.size() + " keys";
        }
    }

    /**
     * There is no order. The operations of one key, up to the response of {@code stuck}, cannot be put into any order that
     * keeps real time and the model; up to the response before it they can.
     *
     * @param order the key, and an order of operations that explains every earlier response
     * @param state what the model's state is after it, as text
     * @param stuck the operation whose response cannot be explained
     * @param overlapping the other operations that were answered later than {@code stuck} or never, were invoked before its
     *     response, and have no place in {@code order}: they could have come before {@code stuck}, and no choice of them helps
     * @param configurations how many ways to go on were tried
     */
    record NotLinearizable<I, O>(
            Order<I, O> order,
            String state,
            Operation<I, O> stuck,
            List<Operation<I, O>> overlapping,
            long configurations)
            implements Verdict<I, O> {
        public NotLinearizable {
            overlapping = List.copyOf(overlapping);
        }

        /** The key whose operations have no order. */
        public Object key() {
            return order.key();
        }

        @Override
        public String explanation() {
            StringBuilder text = new StringBuilder("not linearizable: key ").append(key());
            text.append("\n  every response before it is explained by this order");
            List<Operation<I, O>> shown = order.operations();
            if (shown.size() > SHOWN_MAX) {
                text.append(" (the last ")
                        .append(SHOWN_MAX)
                        .append(" of ")
                        .append(shown.size())
                        .append(')');
                shown = shown.subList(shown.size() - SHOWN_MAX, shown.size());
            }
            shown.forEach(operation -> text.append("\n    ").append(operation));
            text.append("\n  which leaves the state ").append(state);
            text.append("\n  no place is left for\n    ").append(stuck);
            if (!overlapping.isEmpty()) {
                text.append("\n  nor does it help to place any of these before it");
                overlapping.stream().limit(SHOWN_MAX).forEach(operation -> text.append("\n    ")
                        .append(operation));
                if (overlapping.size() > SHOWN_MAX) {
                    text.append("\n    and ")
                            .append(overlapping.size() - SHOWN_MAX)
                            .append(" more");
                }
            }
            return text.append("\n  after ")
                    .append(configurations)
                    .append(" configurations")
                    .toString();
        }
    }

    /**
     * The search was stopped before it knew, and no other key was found to be wrong. This is no pass.
     *
     * @param key where it was stopped first
     * @param reason which bound was reached, and how far the search had come
     */
    record Undecided<I, O>(Object key, String reason) implements Verdict<I, O> {
        @Override
        public String explanation() {
            return "undecided: key " + key + ": " + reason;
        }
    }

    /**
     * Operations of one key, one after the other.
     *
     * @param key the model's key of all of them
     * @param operations an order that the model allows and that keeps real time. Open operations are in it only where they
     *     are taken to have had an effect.
     */
    record Order<I, O>(Object key, List<Operation<I, O>> operations) {
        public Order {
            operations = List.copyOf(operations);
        }
    }
}
