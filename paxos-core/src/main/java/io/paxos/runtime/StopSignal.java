// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.ApplyFailedException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Says that a node must end, why, and when it has ended. The first reason holds. Setting it must work with no memory
 * left, so it allocates as little as it can.
 */
final class StopSignal {

    /** Why the node ends. */
    enum Kind {
        CLOSED,
        FAILED
    }

    /**
     * @param kind closed on purpose, or failed
     * @param reason a sentence for the operator
     * @param cause what was thrown, if anything was
     */
    record Stop(Kind kind, String reason, @Nullable Throwable cause) {}

    private static final Stop CLOSED = new Stop(Kind.CLOSED, "the node was closed", null);
    private static final Stop OUT_OF_MEMORY = new Stop(Kind.FAILED, "the JVM is out of memory", null);

    private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
    private final CountDownLatch requested = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);

    void close() {
        request(CLOSED);
    }

    /** The node fails. Any thread; never throws. */
    void fail(String role, Throwable cause) {
        Stop failure;
        try {
            failure = cause instanceof ApplyFailedException thrown
                    ? new Stop(Kind.FAILED, String.valueOf(thrown.getMessage()), thrown.getCause())
                    : new Stop(Kind.FAILED, role + ": " + cause, cause);
        } catch (Throwable noMemory) {
            failure = OUT_OF_MEMORY;
        }
        request(failure);
    }

    /** The node fails for a reason of its own. */
    void fail(String reason) {
        request(new Stop(Kind.FAILED, reason, null));
    }

    private void request(Stop reason) {
        stop.compareAndSet(null, reason);
        requested.countDown();
    }

    boolean isRequested() {
        return stop.get() != null;
    }

    /** Whether the node was closed on purpose: nothing is known to be broken. */
    boolean isOrderly() {
        Stop reason = stop.get();
        return reason != null && reason.kind() == Kind.CLOSED;
    }

    /** Why, or null while the node runs. */
    @Nullable
    Stop reason() {
        return stop.get();
    }

    CountDownLatch requested() {
        return requested;
    }

    CountDownLatch ended() {
        return ended;
    }
}
