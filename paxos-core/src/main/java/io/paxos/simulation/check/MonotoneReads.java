// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.check;

import java.util.Optional;

/**
 * What a client has read of a key it never sees undone: a read that begins after another ended sees the same version or
 * a later one.
 *
 * <p>Source: Terry and others, <i>Session guarantees for weakly consistent replicated data</i>, 1994, section 3.2.
 */
public final class MonotoneReads implements ClientRule {
    private final VersionFloors floors = new VersionFloors();

    /** The rule before the first observation. */
    public MonotoneReads() {}

    @Override
    public String name() {
        return "monotone reads";
    }

    @Override
    public Optional<String> observe(Observation observation, Object key) {
        if (observation instanceof Observation.ReadInvoked read) {
            floors.begin(read);
        } else if (observation instanceof Observation.ReadAnswered read) {
            long floor = floors.end(read.client(), read.number());
            floors.learn(read.client(), key, read.version());
            if (read.version() < floor) {
                return Optional.of("client " + read.client() + " read version " + read.version() + " of key " + key
                        + ", but had read version " + floor + " before");
            }
        } else if (observation instanceof Observation.ReadAbandoned read) {
            floors.end(read.client(), read.number());
        }
        return Optional.empty();
    }
}
