// SPDX-License-Identifier: Apache-2.0
package io.paxos;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what other threads bring about, up to a deadline. */
public final class Eventually {

    private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(30);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Eventually() {}

    /** Returns once the condition holds; fails after 30 s. */
    public static void eventually(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + DEADLINE_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                fail("not within 30 s: " + what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
