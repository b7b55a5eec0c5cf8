// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.kv;

import java.util.concurrent.atomic.AtomicLong;

/**
 * Room for the replies of one connection that are made and have not left: without a bound, a pipeline of a few hundred reads of
 * a few megabytes each fills the heap.
 *
 * <p>How long a reply is shows where the store is read, on the node's thread, when it is too late to wait. So the first read
 * that finds no room shuts it, and from then on all reads are put off; the connection begins those again, in their order, when
 * replies have left. Shut it stays until then, so that nothing overtakes a read that was put off.
 */
final class ReplyRoom {

    private final long bytesMax;
    private final AtomicLong bytes = new AtomicLong();
    private volatile boolean shut;

    ReplyRoom(long bytesMax) {
        this.bytesMax = bytesMax;
    }

    /** Whether one more reply may be made; shuts it if not. Any thread. */
    boolean admits() {
        if (!shut && bytes.get() >= bytesMax) {
            shut = true;
        }
        return !shut;
    }

    /** So much more is made, or less than was taken before. Any thread. */
    void take(long more) {
        bytes.addAndGet(more);
    }

    /** That much has left. Any thread. */
    void give(long left) {
        bytes.addAndGet(-left);
    }

    long bytes() {
        return bytes.get();
    }

    boolean isShut() {
        return shut;
    }

    boolean isOpen() {
        return !shut;
    }

    /** To be called while no read is open. */
    void open() {
        shut = false;
    }
}
