// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import java.util.concurrent.TimeUnit;

/** The clock of the turns: monotonic, in whole milliseconds, with the start of the node for its origin. Any thread. */
final class NodeClock {

    private final long originNanos = System.nanoTime();

    long nowMillis() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - originNanos);
    }
}
