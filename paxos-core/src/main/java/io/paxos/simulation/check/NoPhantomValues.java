// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A read sees only what somebody wrote to that key: not a value never sent, not one sent to another key, not one of a
 * write that was refused for certain.
 *
 * <p>Source: validity, "only a value that has been proposed may be chosen" (Lamport, <i>Paxos Made Simple</i>, section 2.1); for
 * refused writes, aborted read, G1a (Adya, <i>Weak consistency</i>, 1999, section 4.2.2).
 */
public final class NoPhantomValues implements ClientRule {
    private final Map<Observation.Identity, Object> written = new HashMap<>();
    private final Set<Observation.Identity> refused = new HashSet<>();
    private final Set<Observation.Identity> seen = new HashSet<>();

    /** The rule before the first observation. */
    public NoPhantomValues() {}

    @Override
    public String name() {
        return "no phantom values";
    }

    @Override
    public Optional<String> observe(Observation observation, Object key) {
        if (observation instanceof Observation.WriteInvoked invoked) {
            written.put(invoked.write(), key);
        } else if (observation instanceof Observation.WriteRefused refusal) {
            refused.add(refusal.write());
            if (seen.contains(refusal.write())) {
                return Optional.of("write " + refusal.write() + " to key " + key + " is refused, but was read before");
            }
        } else if (observation instanceof Observation.ReadAnswered answer
                && answer.write().isPresent()) {
            return judge(answer, answer.write().get(), key);
        }
        return Optional.empty();
    }

    private Optional<String> judge(Observation.ReadAnswered answer, Observation.Identity write, Object key) {
        String what = "client " + answer.client() + " read write " + write + " from key " + key;
        Object target = written.get(write);
        if (target == null) {
            return Optional.of(what + ", but nobody had sent it");
        }
        if (!target.equals(key)) {
            return Optional.of(what + ", but it was sent to key " + target);
        }
        if (refused.contains(write)) {
            return Optional.of(what + ", but it had been refused");
        }
        seen.add(write);
        return Optional.empty();
    }
}
