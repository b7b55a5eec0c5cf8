// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

/**
 * A read of the state machine on its way to its moment.
 *
 * @param kind what it promises
 * @param slot for {@link Kind#AT_LEAST} the slot that must be applied, else 0
 * @param timeoutMillis how long it may wait
 * @param reader reads, and is told
 */
public record Read(Kind kind, long slot, long timeoutMillis, Reader reader) {

    /** What a read promises. */
    public enum Kind {
        /** It sees all that was answered before it was asked for. */
        LINEARIZABLE,
        /** The same, by a lease if there is one. */
        LEASED,
        /** It sees everything up to a slot. */
        AT_LEAST,
        /** It sees what is there. */
        LOCAL
    }

    /** One that reads: {@link #read}, perhaps again, then {@link #answered}; or {@link #failed} at any time. */
    public interface Reader {

        /**
         * Reads the state, and keeps what it saw. On the apply thread, between slots. What it throws stops the node, so an
         * exception of the host's code is kept like an answer.
         */
        void read();

        /** How many reads of the state it does: so much it counts against what may wait. */
        default int weight() {
            return 1;
        }

        /**
         * What it saw last is the answer.
         *
         * @param slot the last slot that was applied
         * @param ageMillis how old the state may be as far as is known; -1 if nothing is, 0 if it is not old
         */
        void answered(long slot, long ageMillis);

        /** There will be no answer. */
        void failed(ReadFailure failure);
    }
}
