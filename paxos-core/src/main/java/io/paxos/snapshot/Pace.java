// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

/**
 * How fast a snapshot is written. The journal's forces wait for the same disk, and on a small machine the core for the same
 * processor: whoever writes a snapshot in the background stops now and then.
 */
@FunctionalInterface
public interface Pace {

    /** As fast as it goes. */
    Pace NONE = () -> {};

    /**
     * A step was done: about a MiB was written and forced, or read back. Returns when the next one may begin; on the thread
     * that writes.
     */
    void stepDone();
}
