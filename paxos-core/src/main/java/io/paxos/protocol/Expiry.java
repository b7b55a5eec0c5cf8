// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

/**
 * When sessions expire next, and whether a batch that makes them expire is on its way. Sessions expire by the stamps of
 * batches alone, so a leader without commands has to propose an empty one: else the sessions of an idle cluster would stay
 * for ever.
 */
final class Expiry {

    /** As the log was last applied here, in agreed time. */
    private long nextMillis = Long.MAX_VALUE;

    /** The same, or never while a batch with a stamp that late is on its way. */
    private long dueMillis = Long.MAX_VALUE;

    void next(long agreedMillis) {
        nextMillis = agreedMillis;
        dueMillis = agreedMillis;
    }

    /** A leader begins: what the one before it had proposed may be lost. */
    void leads() {
        dueMillis = nextMillis;
    }

    boolean isDue(long stampMillis) {
        return stampMillis >= dueMillis;
    }

    /** A batch with that stamp is on its way. */
    void proposed(long stampMillis) {
        if (stampMillis >= dueMillis) {
            dueMillis = Long.MAX_VALUE;
        }
    }
}
