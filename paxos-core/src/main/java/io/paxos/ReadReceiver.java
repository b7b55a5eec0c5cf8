// SPDX-License-Identifier: Apache-2.0
package io.paxos;

/**
 * Hears how a remote client's queries ended: exactly one call for each, in their order, one call after another, on a thread
 * of the node; it must return at once and throw nothing.
 */
public interface ReadReceiver {

    /**
     * The state machine answered.
     *
     * @param query which of the queries, from 0
     * @param result what its query returned; owned by the receiver
     * @param slot the state that was read had this slot applied, and nothing behind it
     * @param ageMillis how old that state may be as far as the node knows; -1 if it does not know, 0 for reads that are not old
     */
    void answered(int query, byte[] result, long slot, long ageMillis);

    /**
     * There is no answer.
     *
     * @param query which of the queries, from 0
     * @param detail a sentence
     */
    void refused(int query, ReadRefusal reason, String detail);
}
