// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

/**
 * A hash of everything applied up to a slot, of its results and, if the state machine gives one, of its state.
 *
 * @param slot up to which
 * @param digest equal on every replica that applied the same log to equal state
 */
public record StateDigest(long slot, long digest) {

    /** Members compare digests after every so many slots. */
    public static final long EVERY_SLOTS = 256;
}
