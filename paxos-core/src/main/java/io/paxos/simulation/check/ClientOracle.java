// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Judges what clients see without a search, each observation as it comes, and so keeps up with runs of any length. It
 * never accuses a history that the {@link LinearizabilityChecker} finds linearizable, but sees less: one may please every rule
 * here and still have no order (two unanswered writes, seen in one order by one client and in another by the next). It needs a store that tells versions; see {@link Observation}.
 *
 * <p>Not safe for use by several threads. Time and memory for an observation are constant; a write costs some hundred
 * bytes that stay, a read costs nothing once it is answered or abandoned.
 */
public final class ClientOracle {
    private final List<ClientRule> rules;
    private final Map<Observation.Identity, Object> writes = new HashMap<>();
    private final Set<Observation.Identity> answered = new HashSet<>();
    private final Set<Observation.Identity> refused = new HashSet<>();
    private final Map<Question, Object> reads = new HashMap<>();

    /** An oracle with all five rules. */
    public ClientOracle() {
        this(List.of(
                new NoPhantomValues(),
                new OneEffectPerIdentity(),
                new MonotoneReads(),
                new ReadYourWrites(),
                new RealTimeOrder()));
    }

    /** An oracle with these rules, asked in this order; each belongs to this oracle from now on. */
    public ClientOracle(List<ClientRule> rules) {
        this.rules = List.copyOf(rules);
    }

    /**
     * What happened next. All rules hear of it, also after a violation.
     *
     * @return the violation of the first rule that it breaks, or empty
     * @throws IllegalArgumentException if no client can observe this: a write or read invoked twice or answered without
     *     having been invoked, a write both answered and refused. That is a mistake of the caller, not of the store.
     */
    public Optional<Violation> observe(Observation observation) {
        Object key = keyOf(observation);
        Optional<Violation> first = Optional.empty();
        for (ClientRule rule : rules) {
            Optional<String> wrong = rule.observe(observation, key);
            if (first.isEmpty()) {
                first = wrong.map(explanation -> new Violation(rule.name(), explanation));
            }
        }
        return first;
    }

    private Object keyOf(Observation observation) {
        if (observation instanceof Observation.WriteInvoked invoked) {
            refuseUnless(writes.putIfAbsent(invoked.write(), invoked.key()) == null, observation, "was invoked before");
            return invoked.key();
        }
        if (observation instanceof Observation.WriteAnswered answer) {
            Object key = keyOfWrite(answer.write(), observation);
            refuseUnless(!refused.contains(answer.write()), observation, "was refused before");
            answered.add(answer.write());
            return key;
        }
        if (observation instanceof Observation.WriteRefused refusal) {
            Object key = keyOfWrite(refusal.write(), observation);
            refuseUnless(!answered.contains(refusal.write()), observation, "was answered before");
            refused.add(refusal.write());
            return key;
        }
        if (observation instanceof Observation.ReadInvoked invoked) {
            Question question = new Question(invoked.client(), invoked.number());
            refuseUnless(reads.putIfAbsent(question, invoked.key()) == null, observation, "is on its way");
            return invoked.key();
        }
        // Left are the two ways in which a read ends.
        long number = observation instanceof Observation.ReadAnswered answer
                ? answer.number()
                : ((Observation.ReadAbandoned) observation).number();
        Object key = reads.remove(new Question(observation.client(), number));
        if (key == null) {
            throw impossible(observation, "is not on its way");
        }
        return key;
    }

    private Object keyOfWrite(Observation.Identity write, Observation observation) {
        Object key = writes.get(write);
        if (key == null) {
            throw impossible(observation, "was not invoked");
        }
        return key;
    }

    private static void refuseUnless(boolean good, Observation observation, String why) {
        if (!good) {
            throw impossible(observation, why);
        }
    }

    private static IllegalArgumentException impossible(Observation observation, String why) {
        return new IllegalArgumentException("observation " + observation + ": it " + why);
    }

    private record Question(long client, long number) {}
}
