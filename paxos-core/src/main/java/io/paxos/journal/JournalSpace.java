// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

/**
 * Whether the journal has the space that it will need next.
 *
 * @param isShort the next segment could not be obtained. The current one has room for a while, and a reserve for promises
 *     and trims beyond that; it is tried again whenever {@link Journal#prepare} is called
 * @param detail where, how many bytes and why, for an operator; empty if nothing is short
 */
public record JournalSpace(boolean isShort, String detail) {

    /** Nothing is short. */
    public static final JournalSpace ENOUGH = new JournalSpace(false, "");
}
