// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.lock;

/**
 * A lock that was granted.
 *
 * @param name of the lock
 * @param token to be sent along with everything that is done under it
 * @param endNanos when to stop, by {@link System#nanoTime} of this process: the lease, counted from before it was asked for.
 *     Good manners and no more: who is paused between looking at it and writing writes late all the same. The token is what
 *     protects
 */
public record Lease(String name, FencingToken token, long endNanos) {

    /** Whether the lease runs on, by this process's own clock. */
    public boolean seemsInForce() {
        return System.nanoTime() - endNanos < 0;
    }
}
