// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The search for an order of the operations of one key.
 *
 * <p>Wing and Gong's search (<i>Testing and verifying concurrent objects</i>, 1993) with what Lowe added (<i>Testing for
 * linearizability</i>, 2017): it goes from response to response and places an operation only when a response needs it
 * (just in time), and it remembers configurations, so that none is searched twice. A configuration is: how many
 * responses are explained, which operations in flight are placed already, which open ones are used up, and the state.
 *
 * <p>Four rules keep it small; none loses an order:
 * <ol>
 *   <li>An operation in flight that fits the state and can change none ({@link Model#changesNothing}: a read that saw it) is
 *       placed at once. If an order places it later, moving it here changes nothing for the others. (Not so a write that
 *       happens to write what is there: placed later it may undo another write.)
 *   <li>A configuration is not searched if one was that differs only in having used up fewer open operations: whatever
 *       follows here could follow there, since an open operation need never be placed.
 *   <li>Of open operations that ask for the same, the one invoked first is used first.
 *   <li>An open operation that would not change the state is not placed.
 * </ol>
 * That rule 2 may point to a configuration still being searched is no harm: were an order missed, take, among the
 * configurations visited from which one exists, that with the fewest operations still to place. Its next configuration was not
 * visited (it would have fewer), so another stood for it, visited, with as few: a contradiction.
 *
 * <p>The path is kept in frames, not on the Java stack: histories are long.
 */
final class KeySearch<S, I, O> {
    /** How often the cancellation is asked for. */
    static final int STEPS_PER_POLL = 1024;

    private static final int[] NONE = {};

    private final Model<S, I, O> model;
    private final Object key;
    private final Timetable<I, O> table;
    private final long stepsMax;
    private final int configurationsMax;
    private final BooleanSupplier cancelled;
    /** By number of the answered operation. */
    private final boolean[] idle;

    private final Foresight<S, I, O> foresight;
    private final int[] twins;
    private final int[] openOrder;

    private final Map<Configuration<S>, List<long[]>> visited = new HashMap<>();
    private int remembered;
    private long configurations;
    private long steps;
    private @Nullable String stopped;

    KeySearch(
            Model<S, I, O> model,
            Object key,
            Timetable<I, O> table,
            boolean foresees,
            long stepsMax,
            int configurationsMax,
            BooleanSupplier cancelled) {
        this.model = model;
        this.key = key;
        this.table = table;
        this.stepsMax = stepsMax;
        this.configurationsMax = configurationsMax;
        this.cancelled = cancelled;
        this.idle = new boolean[table.answeredCount()];
        for (int j = 0; j < idle.length; j++) {
            Operation<I, O> operation = table.answered(j);
            idle[j] = model.changesNothing(operation.input(), operation.output());
        }
        this.foresight = foresees ? Foresight.of(model, table) : Foresight.none(model, table);
        this.twins = foresight.twins();
        this.openOrder = foresight.openOrder();
    }

    /** Runs the search to its end or to a bound; once. */
    Verdict<I, O> run() {
        if (cancelled.getAsBoolean()) {
            return new Verdict.Undecided<>(key, "cancelled before the search began");
        }
        Frame<S> start = new Frame<>(
                null,
                NONE,
                0,
                Bits.none(table.seatCount()),
                Bits.none(table.openCount()),
                foresight.plain(model.initial()));
        Frame<S> top = settle(start);
        Frame<S> deepest = top;
        visit(top);
        while (stopped == null) {
            if (top.explained == table.answeredCount()) {
                return new Verdict.Linearizable<>(List.of(new Verdict.Order<>(key, orderOf(top))));
            }
            Frame<S> child = nextChild(top);
            if (child != null) {
                top = child;
                if (top.explained > deepest.explained) {
                    deepest = top;
                }
            } else if (top.parent != null) {
                top = top.parent;
            } else if (stopped == null) {
                return notLinearizable(deepest);
            }
        }
        return new Verdict.Undecided<>(
                key,
                stopped + "; at most " + deepest.explained + " of " + table.answeredCount()
                        + " responses were explained, after " + configurations + " configurations and " + steps
                        + " steps");
    }

    /** The next configuration that one more operation leads to and that was not searched yet, or null if there is none. */
    private @Nullable Frame<S> nextChild(Frame<S> frame) {
        int[] inFlight = table.inFlight(frame.explained);
        int openBefore = table.openBefore(frame.explained);
        int candidates = inFlight.length + openOrder.length;
        while (frame.tried < candidates && stopped == null) {
            int candidate = frame.tried++;
            Frame<S> child = candidate < inFlight.length
                    ? placeAnswered(frame, inFlight[candidate])
                    : placeOpen(frame, openOrder[candidate - inFlight.length], openBefore);
            if (child != null && visit(child)) {
                return child;
            }
        }
        return null;
    }

    private @Nullable Frame<S> placeAnswered(Frame<S> frame, int j) {
        int seat = table.seat(j);
        // What is idle and in flight was placed when the configuration was settled, if it fits.
        if (idle[j] || Bits.has(frame.placed, seat)) {
            return null;
        }
        S next = step(frame.state, table.answered(j));
        if (next == null) {
            return null;
        }
        S plain = foresight.plain(next);
        long[] placed = Bits.with(frame.placed, seat);
        return foresight.isDeadEnd(frame.state, plain, frame.explained, placed)
                ? null
                : settle(new Frame<>(frame, new int[] {j}, frame.explained, placed, frame.used, plain));
    }

    private @Nullable Frame<S> placeOpen(Frame<S> frame, int k, int openBefore) {
        int twin = twins[k];
        if (k >= openBefore || Bits.has(frame.used, k) || (twin >= 0 && !Bits.has(frame.used, twin))) {
            return null;
        }
        S next = step(frame.state, table.open(k));
        if (next == null) {
            return null;
        }
        S plain = foresight.plain(next);
        return plain.equals(frame.state) || foresight.isDeadEnd(frame.state, plain, frame.explained, frame.placed)
                ? null
                : settle(new Frame<>(
                        frame, new int[] {~k}, frame.explained, frame.placed, Bits.with(frame.used, k), plain));
    }

    /**
     * Places all that fits and changes nothing, and goes past the responses that are explained by what is placed, as
     * far as that leads.
     */
    private Frame<S> settle(Frame<S> frame) {
        long[] placed = frame.placed;
        int explained = frame.explained;
        int[] order = frame.order;
        int length = order.length;
        while (explained < table.answeredCount() && stopped == null) {
            for (int j : table.inFlight(explained)) {
                int seat = table.seat(j);
                if (idle[j] && !Bits.has(placed, seat) && fits(frame.state, table.answered(j))) {
                    placed = Bits.with(placed, seat);
                    order = append(order, length++, j);
                }
            }
            int seat = table.seat(explained);
            if (!Bits.has(placed, seat)) {
                break;
            }
            placed = Bits.without(placed, seat);
            explained++;
        }
        if (explained == frame.explained && length == frame.order.length) {
            return frame;
        }
        return new Frame<>(frame.parent, Arrays.copyOf(order, length), explained, placed, frame.used, frame.state);
    }

    private static int[] append(int[] numbers, int length, int number) {
        int[] result = length < numbers.length ? numbers : Arrays.copyOf(numbers, 2 * length + 2);
        result[length] = number;
        return result;
    }

    private boolean fits(S state, Operation<I, O> operation) {
        S next = step(state, operation);
        if (next != null && !next.equals(state)) {
            throw new IllegalStateException(
                    "the model says that " + operation + " changes nothing, but it changes " + state + " to " + next);
        }
        return next != null;
    }

    /** Null also once the search is stopped: nothing is concluded any more. */
    private @Nullable S step(S state, Operation<I, O> operation) {
        if (stopped == null && steps == stepsMax) {
            stopped = "would take more than " + stepsMax + " steps of the model, the most allowed (stepsMax)";
        } else if (stopped == null && steps > 0 && steps % STEPS_PER_POLL == 0 && cancelled.getAsBoolean()) {
            stopped = "cancelled";
        }
        if (stopped != null) {
            return null;
        }
        steps++;
        return model.step(state, operation.input(), operation.output());
    }

    /** Whether it is worth searching from here; remembers it if so. */
    private boolean visit(Frame<S> frame) {
        Configuration<S> configuration = new Configuration<>(frame.explained, frame.placed, frame.state);
        List<long[]> sets = visited.computeIfAbsent(configuration, none -> new ArrayList<>(1));
        for (long[] used : sets) {
            if (Bits.isSubset(used, frame.used)) {
                return false;
            }
        }
        int before = sets.size();
        sets.removeIf(used -> Bits.isSubset(frame.used, used));
        sets.add(frame.used);
        remembered += sets.size() - before;
        configurations++;
        if (remembered > configurationsMax) {
            stopped = "would have to remember more than " + configurationsMax
                    + " configurations, the most allowed (configurationsMax)";
        }
        return true;
    }

    private List<Operation<I, O>> orderOf(Frame<S> last) {
        Deque<Frame<S>> frames = new ArrayDeque<>();
        for (Frame<S> frame = last; frame != null; frame = frame.parent) {
            frames.addFirst(frame);
        }
        List<Operation<I, O>> order = new ArrayList<>();
        for (Frame<S> frame : frames) {
            for (int number : frame.order) {
                order.add(number >= 0 ? table.answered(number) : table.open(~number));
            }
        }
        return order;
    }

    private Verdict<I, O> notLinearizable(Frame<S> deepest) {
        List<Operation<I, O>> overlapping = new ArrayList<>();
        for (int j : table.inFlight(deepest.explained)) {
            if (j != deepest.explained && !Bits.has(deepest.placed, table.seat(j))) {
                overlapping.add(table.answered(j));
            }
        }
        for (int k = 0; k < table.openBefore(deepest.explained); k++) {
            if (!Bits.has(deepest.used, k)) {
                overlapping.add(table.open(k));
            }
        }
        List<Operation<I, O>> order = orderOf(deepest);
        return new Verdict.NotLinearizable<>(
                new Verdict.Order<>(key, order),
                String.valueOf(stateAfter(order)),
                table.answered(deepest.explained),
                overlapping,
                configurations);
    }

    /** The state itself, and not the one that stands for all that are like it. */
    private S stateAfter(List<Operation<I, O>> order) {
        S state = model.initial();
        for (Operation<I, O> operation : order) {
            S next = model.step(state, operation.input(), operation.output());
            state = next == null ? state : next;
        }
        return state;
    }

    /**
     * A configuration on the path, and what was placed to come to it from the one before: answered operations by their
     * number, open ones by its complement.
     */
    private static final class Frame<S> {
        private final @Nullable Frame<S> parent;
        private final int[] order;
        private final int explained;
        private final long[] placed;
        private final long[] used;
        private final S state;
        private int tried;

        private Frame(@Nullable Frame<S> parent, int[] order, int explained, long[] placed, long[] used, S state) {
            this.parent = parent;
            this.order = order;
            this.explained = explained;
            this.placed = placed;
            this.used = used;
            this.state = state;
        }
    }

    /** A configuration but for the open operations used up, as a key to look up. */
    private static final class Configuration<S> {
        private final int explained;
        private final long[] placed;
        private final S state;
        private final int hash;

        private Configuration(int explained, long[] placed, S state) {
            this.explained = explained;
            this.placed = placed;
            this.state = state;
            this.hash = 31 * (31 * explained + Arrays.hashCode(placed)) + state.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Configuration<?> that
                    && hash == that.hash
                    && explained == that.explained
                    && Arrays.equals(placed, that.placed)
                    && state.equals(that.state);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }
}
