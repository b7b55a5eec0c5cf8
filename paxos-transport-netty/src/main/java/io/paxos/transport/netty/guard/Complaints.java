// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.guard;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.slf4j.Logger;

/**
 * Warnings that someone outside can provoke, at most one of each kind in {@link #INTERVAL_SECONDS}; the next one says how many
 * were kept back. Any thread.
 */
public final class Complaints {
    public static final int INTERVAL_SECONDS = 10;

    private static final long INTERVAL_NANOS = INTERVAL_SECONDS * 1_000_000_000L;

    public enum Kind {
        /** A connection that began with something else than a hello, or never began. */
        STRANGER,
        /** A member that sent what it must not. */
        MISBEHAVING_PEER,
        /** A hello that was refused, here or there. */
        REFUSED,
        /** A frame that the other side does not take. */
        FRAME_TOO_LARGE
    }

    private static final class Window {
        private long nextNanos;
        private long keptBack;
    }

    private final Logger log;
    private final LongSupplier nanoTime;
    private final Map<Kind, Window> windows = new EnumMap<>(Kind.class);

    public Complaints(Logger log, LongSupplier nanoTime) {
        this.log = log;
        this.nanoTime = nanoTime;
    }

    public void warn(Kind kind, String line) {
        long now = nanoTime.getAsLong();
        long keptBack;
        synchronized (windows) {
            Window window = windows.get(kind);
            if (window == null) {
                window = new Window();
                windows.put(kind, window);
            } else if (now - window.nextNanos < 0) {
                window.keptBack++;
                return;
            }
            window.nextNanos = now + INTERVAL_NANOS;
            keptBack = window.keptBack;
            window.keptBack = 0;
        }
        if (keptBack == 0) {
            log.warn("{}", line);
        } else {
            log.warn("{} (and {} more of this kind before)", line, keptBack);
        }
    }
}
