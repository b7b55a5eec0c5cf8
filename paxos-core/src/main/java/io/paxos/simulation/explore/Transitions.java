// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Numbers for states, messages and facts, and what the model does with them, worked out once each. */
final class Transitions<S, M, F> {
    /** A delivery that changes nothing. */
    static final int NOTHING = 0;

    /** In the place of a message, where a member moves by itself. */
    static final int NO_MESSAGE = -1;

    private static final int BUDGET_BITS = 4;
    private static final int BUDGET_MAX = (1 << BUDGET_BITS) - 1;
    private static final int BUDGETS_MAX = 7;

    private final Model<S, M, F> model;
    private final Numbers<S> states = new Numbers<>();
    private final Numbers<M> messages = new Numbers<>();
    private final Numbers<F> facts = new Numbers<>();
    private final IntSets inboxes = new IntSets();
    private final IntSets factSets = new IntSets();
    private final Map<Integer, Collection<F>> factLists = new HashMap<>();
    private final LongIntMap deliveries = new LongIntMap();
    private final LongIntMap live = new LongIntMap();
    private final LongIntMap moveLists = new LongIntMap();
    private final List<int[]> moves = new ArrayList<>();
    private final LongIntMap stepLists = new LongIntMap();
    private final List<int[]> steps = new ArrayList<>();
    private final List<Transition> all = new ArrayList<>();
    private final int[] budgets;

    @SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
    private record Transition(
            String label,
            int next,
            int[] receivers,
            int[] sent,
            int[] noted,
            int cost,
            @Nullable String failure) {}

    Transitions(Model<S, M, F> model) {
        this.model = model;
        this.budgets = model.budgets().stream().mapToInt(Integer::intValue).toArray();
        if (budgets.length > BUDGETS_MAX || Arrays.stream(budgets).anyMatch(each -> each < 0 || each > BUDGET_MAX)) {
            throw new IllegalArgumentException(
                    "budgets: " + model.budgets() + " must be at most " + BUDGETS_MAX + ", each in 0.." + BUDGET_MAX);
        }
        all.add(new Transition("nothing", 0, new int[0], new int[0], new int[0], Move.FREE, null));
    }

    int state(S state) {
        return states.of(state);
    }

    S state(int number) {
        return states.thing(number);
    }

    M message(int number) {
        return messages.thing(number);
    }

    String label(int transition) {
        return all.get(transition).label();
    }

    /** Why the member stops in this transition, or null. */
    @Nullable
    String failure(int transition) {
        return all.get(transition).failure();
    }

    Collection<F> facts(int set) {
        Collection<F> known = factLists.get(set);
        if (known == null) {
            List<F> list = new ArrayList<>();
            for (int fact : factSets.members(set)) {
                list.add(facts.thing(fact));
            }
            known = List.copyOf(list);
            factLists.put(set, known);
        }
        return known;
    }

    /**
     * What a member with these messages may do: by turns a message, or {@link #NO_MESSAGE}, and a transition. A member's states
     * are its own, so that the key need not name it.
     */
    int[] steps(int member, int local, int inbox) {
        long key = LongIntMap.pair(local, inbox);
        int list = stepLists.get(key);
        if (list == LongIntMap.ABSENT) {
            list = steps.size();
            steps.add(findSteps(member, local, inbox));
            stepLists.put(key, list);
        }
        return steps.get(list);
    }

    private int[] findSteps(int member, int local, int inbox) {
        IntStream.Builder found = IntStream.builder();
        for (int transition : moves(member, local)) {
            found.add(NO_MESSAGE).add(transition);
        }
        for (int message : inboxes.members(inbox)) {
            int transition = delivery(member, local, message);
            if (transition != NOTHING) {
                found.add(message).add(transition);
            }
        }
        return found.build().toArray();
    }

    private int[] moves(int member, int local) {
        long key = LongIntMap.pair(member, local);
        int list = moveLists.get(key);
        if (list == LongIntMap.ABSENT) {
            list = moves.size();
            moves.add(findMoves(member, local));
            moveLists.put(key, list);
        }
        return moves.get(list);
    }

    private int[] findMoves(int member, int local) {
        try {
            List<Move<S, M, F>> found = model.moves(member, states.thing(local));
            return found.stream().mapToInt(this::number).toArray();
        } catch (IllegalStateException e) {
            return new int[] {stop(local, e)};
        }
    }

    private int stop(int local, IllegalStateException failure) {
        all.add(new Transition(
                "stops", local, new int[0], new int[0], new int[0], Move.FREE, String.valueOf(failure.getMessage())));
        return all.size() - 1;
    }

    /** A message has one receiver, so the pair of state and message is enough of a key. */
    private int delivery(int member, int local, int message) {
        long key = LongIntMap.pair(local, message);
        int known = deliveries.get(key);
        if (known == LongIntMap.ABSENT) {
            known = deliver(member, local, message);
            deliveries.put(key, known);
        }
        return known;
    }

    private int deliver(int member, int local, int message) {
        Move<S, M, F> move;
        try {
            move = model.deliver(member, states.thing(local), messages.thing(message));
        } catch (IllegalStateException e) {
            return stop(local, e);
        }
        boolean nothing = move.sent().isEmpty()
                && move.facts().isEmpty()
                && move.cost() == Move.FREE
                && states.of(move.next()) == local;
        return nothing ? NOTHING : number(move);
    }

    private int number(Move<S, M, F> move) {
        int[] receivers = move.sent().stream().mapToInt(Move.Sent::to).toArray();
        int[] sent = move.sent().stream()
                .mapToInt(each -> messages.of(each.message()))
                .toArray();
        int[] noted = move.facts().stream().mapToInt(facts::of).toArray();
        all.add(new Transition(move.label(), states.of(move.next()), receivers, sent, noted, move.cost(), null));
        return all.size() - 1;
    }

    /** Changes the vector as the transition says; false if its budget is spent. */
    boolean apply(int transition, int member, int[] vector) {
        Transition step = all.get(transition);
        int budgetAt = vector.length - 1;
        if (step.cost() != Move.FREE) {
            int shift = step.cost() * BUDGET_BITS;
            if ((vector[budgetAt] >>> shift & BUDGET_MAX) >= budgets[step.cost()]) {
                return false;
            }
            vector[budgetAt] += 1 << shift;
        }
        vector[2 * member] = step.next();
        for (int i = 0; i < step.sent().length; i++) {
            int inbox = 2 * step.receivers()[i] + 1;
            vector[inbox] = inboxes.with(vector[inbox], step.sent()[i]);
        }
        for (int fact : step.noted()) {
            vector[budgetAt - 1] = factSets.with(vector[budgetAt - 1], fact);
        }
        dropSpent(member, vector);
        for (int receiver : step.receivers()) {
            dropSpent(receiver, vector);
        }
        return true;
    }

    private void dropSpent(int member, int[] vector) {
        int at = 2 * member;
        long key = LongIntMap.pair(vector[at], vector[at + 1]);
        int kept = live.get(key);
        if (kept == LongIntMap.ABSENT) {
            kept = withoutSpent(member, states.thing(vector[at]), vector[at + 1]);
            live.put(key, kept);
        }
        vector[at + 1] = kept;
    }

    private int withoutSpent(int member, S state, int inbox) {
        int[] kept = Arrays.stream(inboxes.members(inbox))
                .filter(message -> !model.isSpent(member, state, messages.thing(message)))
                .toArray();
        return inboxes.of(kept);
    }

    int renamedState(int number, int[] permutation) {
        return states.of(model.renameState(states.thing(number), permutation));
    }

    int renamedInbox(int set, int[] permutation) {
        int[] renamed = inboxes.members(set).clone();
        for (int i = 0; i < renamed.length; i++) {
            renamed[i] = messages.of(model.renameMessage(messages.thing(renamed[i]), permutation));
        }
        return inboxes.of(renamed);
    }

    int renamedFacts(int set, int[] permutation) {
        int[] renamed = factSets.members(set).clone();
        for (int i = 0; i < renamed.length; i++) {
            renamed[i] = facts.of(model.renameFact(facts.thing(renamed[i]), permutation));
        }
        return factSets.of(renamed);
    }
}
