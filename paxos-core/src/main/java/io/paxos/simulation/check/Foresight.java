// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the answers that are still to come say about the search before them, so that it turns back early. It needs a model
 * that tells ({@link Model#needs}, {@link Model#makes}, {@link Model#asksFor}, {@link Model#rises}); of one that does not it
 * foresees nothing, and the search is what it was.
 *
 * <p>Two things follow from all operations of a key together:
 * <ul>
 *   <li>A state that an answer needs, and that never comes again once it is left, is not left before that answer has its
 *       place. A state never comes again if one operation alone makes it, or if states only rise. (Zones of one value that
 *       must not overlap: Gibbons and Korach, <i>Testing shared memories</i>, 1997, section 4.)
 *   <li>States that no operation can tell from each other are one state, and open operations that can only lead there are
 *       alike.
 * </ul>
 */
final class Foresight<S, I, O> {

    private static final int[] NONE = {};

    private final Model<S, I, O> model;
    private final Timetable<I, O> table;
    private final Map<S, Integer> makers = new HashMap<>();
    private final Map<S, int[]> needers = new HashMap<>();
    private final Set<S> askedFor = new HashSet<>();
    private final @Nullable NavigableMap<S, List<Need<S>>> rising;
    private final boolean knowsMakers;
    private final @Nullable S nameless;

    /** A state that is needed, and the numbers of the answered operations that need it. */
    private static final class Need<S> {
        private final S state;
        private final int[] numbers;

        private Need(S state, int[] numbers) {
            this.state = state;
            this.numbers = numbers;
        }
    }

    private Foresight(Model<S, I, O> model, Timetable<I, O> table, boolean foresees) {
        this.model = model;
        this.table = table;
        this.knowsMakers = foresees && countMakers();
        if (foresees) {
            countNeeders();
        }
        this.nameless = knowsMakers ? someNameless() : null;
        this.rising = foresees ? rising(model.rises(inputs())) : null;
    }

    /** All that the model tells. */
    static <S, I, O> Foresight<S, I, O> of(Model<S, I, O> model, Timetable<I, O> table) {
        return new Foresight<>(model, table, true);
    }

    /** Nothing but which open operations ask for the same. */
    static <S, I, O> Foresight<S, I, O> none(Model<S, I, O> model, Timetable<I, O> table) {
        return new Foresight<>(model, table, false);
    }

    private List<I> inputs() {
        List<I> inputs = new ArrayList<>();
        for (int j = 0; j < table.answeredCount(); j++) {
            inputs.add(table.answered(j).input());
        }
        for (int k = 0; k < table.openCount(); k++) {
            inputs.add(table.open(k).input());
        }
        return inputs;
    }

    private void countNeeders() {
        for (int j = 0; j < table.answeredCount(); j++) {
            S needed = model.needs(table.answered(j).input(), table.answered(j).output());
            if (needed != null) {
                needers.merge(needed, new int[] {j}, Foresight::joined);
            }
        }
    }

    private static int[] joined(int[] some, int[] more) {
        int[] result = Arrays.copyOf(some, some.length + more.length);
        System.arraycopy(more, 0, result, some.length, more.length);
        return result;
    }

    /** Counts by how many operations each state is made; returns false if one does not tell what it makes. */
    private boolean countMakers() {
        makers.put(model.initial(), 1);
        for (int j = 0; j < table.answeredCount(); j++) {
            if (!countMaker(table.answered(j))) {
                return false;
            }
        }
        for (int k = 0; k < table.openCount(); k++) {
            if (!countMaker(table.open(k))) {
                return false;
            }
        }
        return true;
    }

    private boolean countMaker(Operation<I, O> operation) {
        S asked = model.asksFor(operation.input());
        if (asked != null) {
            askedFor.add(asked);
        }
        if (model.changesNothing(operation.input(), operation.output())) {
            return true;
        }
        S made = model.makes(operation.input());
        if (made != null) {
            makers.merge(made, 1, Integer::sum);
        }
        return made != null;
    }

    private @Nullable S someNameless() {
        for (S made : makers.keySet()) {
            if (isNameless(made)) {
                return made;
            }
        }
        return null;
    }

    private boolean isNameless(S state) {
        return !needers.containsKey(state) && !askedFor.contains(state);
    }

    private @Nullable NavigableMap<S, List<Need<S>>> rising(@Nullable Comparator<? super S> order) {
        if (order == null) {
            return null;
        }
        NavigableMap<S, List<Need<S>>> sorted = new TreeMap<>(order);
        needers.forEach((state, numbers) ->
                sorted.computeIfAbsent(state, none -> new ArrayList<>(1)).add(new Need<>(state, numbers)));
        return sorted;
    }

    // ---- what the search asks -------------------------------------------------------------------------------

    /** The state that stands for this one and for all that no operation can tell from it. */
    S plain(S state) {
        return nameless != null && isNameless(state) ? nameless : state;
    }

    /** For each open operation the last one before it that can only do the same, or -1. */
    int[] twins() {
        int[] twins = new int[table.openCount()];
        Map<Object, Integer> last = new HashMap<>();
        for (int k = 0; k < twins.length; k++) {
            Integer before = last.put(effect(table.open(k).input()), k);
            twins[k] = before == null ? -1 : before;
        }
        return twins;
    }

    /**
     * In which order the open operations are tried: where states rise, those that lead furthest first. A gap between two answers is
     * then filled by one operation, if one fits, and not by many that may be needed elsewhere.
     */
    int[] openOrder() {
        List<Integer> order = new ArrayList<>();
        for (int k = 0; k < table.openCount(); k++) {
            order.add(k);
        }
        Comparator<? super S> rises = rising == null ? null : rising.comparator();
        if (rises != null) {
            order.sort((a, b) -> rises.compare(reachedBy(b), reachedBy(a)));
        }
        return order.stream().mapToInt(Integer::intValue).toArray();
    }

    private S reachedBy(int k) {
        S next = model.step(model.initial(), table.open(k).input(), null);
        return next == null ? model.initial() : next;
    }

    private Object effect(I input) {
        S made = model.makes(input);
        boolean leadsNowhere = nameless != null && made != null && model.asksFor(input) == null && isNameless(made);
        return leadsNowhere ? this : input;
    }

    /**
     * Whether no order is left once the object goes from one state to another while some answers have no place yet.
     *
     * @param explained how many responses are explained
     * @param placed by seat, the operations in flight that have their place; with the one that leads there
     */
    boolean isDeadEnd(S from, S to, int explained, long[] placed) {
        if (from.equals(to)) {
            return false;
        }
        if (rising != null) {
            return isDeadEnd(rising, from, to, explained, placed);
        }
        return knowsMakers
                && makers.getOrDefault(from, 0) <= 1
                && oneWaits(needers.getOrDefault(from, NONE), explained, placed);
    }

    private boolean isDeadEnd(NavigableMap<S, List<Need<S>>> needs, S from, S to, int explained, long[] placed) {
        for (List<Need<S>> passed : needs.subMap(from, true, to, false).values()) {
            for (Need<S> need : passed) {
                if (oneWaits(need.numbers, explained, placed)) {
                    return true;
                }
            }
        }
        // Of those ahead the nearest is enough: from there the next is asked for.
        for (List<Need<S>> ahead : needs.tailMap(to, true).values()) {
            boolean isNearest = false;
            for (Need<S> need : ahead) {
                if (oneWaits(need.numbers, explained, placed)) {
                    if (!model.mayLead(to, need.state)) {
                        return true;
                    }
                    isNearest = true;
                }
            }
            if (isNearest) {
                return false;
            }
        }
        return false;
    }

    private boolean oneWaits(int[] numbers, int explained, long[] placed) {
        // The last first: it is the likeliest to wait.
        for (int i = numbers.length - 1; i >= 0; i--) {
            int j = numbers[i];
            if (j >= explained && !(table.isInFlight(j, explained) && Bits.has(placed, table.seat(j)))) {
                return true;
            }
        }
        return false;
    }
}
