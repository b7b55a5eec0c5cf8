// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.Optional;

/**
 * A client sees its own writes: a read that begins after a write of the same client to the key was answered sees the
 * version that the write made or a later one.
 *
 * <p>Source: Terry and others, <i>Session guarantees for weakly consistent replicated data</i>, 1994, section 3.1.
 */
public final class ReadYourWrites implements ClientRule {
    private final VersionFloors floors = new VersionFloors();

    /** The rule before the first observation. */
    public ReadYourWrites() {}

    @Override
    public String name() {
        return "read your writes";
    }

    @Override
    public Optional<String> observe(Observation observation, Object key) {
        if (observation instanceof Observation.WriteAnswered answer) {
            floors.learn(answer.client(), key, answer.version());
        } else if (observation instanceof Observation.ReadInvoked read) {
            floors.begin(read);
        } else if (observation instanceof Observation.ReadAnswered read) {
            long floor = floors.end(read.client(), read.number());
            if (read.version() < floor) {
                return Optional.of("client " + read.client() + " read version " + read.version() + " of key " + key
                        + ", but its own write had made version " + floor + " before");
            }
        } else if (observation instanceof Observation.ReadAbandoned read) {
            floors.end(read.client(), read.number());
        }
        return Optional.empty();
    }
}
