// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.session.SessionTable;
import java.util.OptionalLong;
import java.util.zip.CRC32C;

/**
 * A hash over everything that was applied and what came of it: the values, what the session table said of their commands,
 * and the state machine's results. Replicas that applied the same log to equal state have equal chains. What once differed
 * makes every later value differ.
 */
final class AppliedChain {

    private final CRC32C results = new CRC32C();
    private long value;

    /** Goes on from there. */
    AppliedChain(long value) {
        this.value = value;
    }

    void verdict(SessionTable.Verdict verdict) {
        results.update(verdict.code());
    }

    void result(byte[] result) {
        results.update(result, 0, result.length);
    }

    /** The slot is done. */
    void slot(long slot, int checksum) {
        value = mix(mix(value, slot), ((long) checksum << 32) | results.getValue());
        results.reset();
    }

    long value() {
        return value;
    }

    /** With what the state machine says of its state beside it. */
    long digest(OptionalLong state) {
        return state.isPresent() ? mix(value, state.getAsLong()) : value;
    }

    /** Steele, Lea and Flood, Fast Splittable Pseudorandom Number Generators (2014): the finalizer. */
    private static long mix(long hash, long more) {
        long z = (hash ^ more) + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}
