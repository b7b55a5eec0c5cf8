// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

/** Hears how a load goes on, on the thread that runs it or one that reads a node's words. */
interface LoadWatcher {

    /** Measuring begins now. */
    void begun();

    /** A few times a second while it is measured. */
    void soFar(long operations, long nanos);

    /** Measuring ends now; answers may still be awaited. */
    void ended();
}
