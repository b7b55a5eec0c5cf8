// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.leaks;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * Netty's reports of lost buffers, taken from where Netty puts them: its log. A report is an ERROR of
 * {@link ResourceLeakDetector} that starts with {@code LEAK:}, and it comes only when the collector has found the lost buffer
 * <em>and</em> another one is allocated afterwards; {@link #assertNothingLost} sees to both.
 */
final class LeakLog {
    /** Each round frees what only the objects freed in the round before still held. */
    private static final int ROUNDS = 2;

    private static final long COLLECTION_MILLIS_MAX = 10_000;

    private static final LeakLog INSTANCE = new LeakLog();

    private final List<String> reports = new ArrayList<>();

    private LeakLog() {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        Logger detector = context.getLogger(ResourceLeakDetector.class);
        // Whatever the module's logback-test.xml says: a report that is not made cannot be counted.
        detector.setLevel(Level.ERROR);
        // The failure shows the report; shown twice, it would read as two leaks.
        detector.setAdditive(false);
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                record(event.getFormattedMessage());
            }
        };
        appender.setContext(context);
        appender.setName("netty-leaks");
        appender.start();
        detector.addAppender(appender);
    }

    static LeakLog instance() {
        return INSTANCE;
    }

    private synchronized void record(String message) {
        if (message.startsWith("LEAK:")) {
            reports.add(message);
        }
    }

    /**
     * Asks whether anything was lost since the last call. Takes about a tenth of a second.
     *
     * @throws AssertionError with Netty's reports, if so
     */
    void assertNothingLost(Class<?> testClass) {
        List<String> lost = drain();
        if (!lost.isEmpty()) {
            throw new AssertionError(lost.size() + " Netty buffer(s) lost by the end of " + testClass.getSimpleName()
                    + "; whoever has a buffer last must release it:\n" + String.join("\n", lost));
        }
    }

    /** Has the collector find what is lost by now, and returns the reports since the last call. */
    private List<String> drain() {
        for (int round = 0; round < ROUNDS; round++) {
            collect();
            provokeReport(PooledByteBufAllocator.DEFAULT);
            provokeReport(UnpooledByteBufAllocator.DEFAULT);
            provokeReport(ByteBufAllocator.DEFAULT);
        }
        synchronized (this) {
            List<String> drained = List.copyOf(reports);
            reports.clear();
            return drained;
        }
    }

    /** Returns once the collector has cleared an object that was lost just now, hence also those that were lost before. */
    private static void collect() {
        ReferenceQueue<Object> cleared = new ReferenceQueue<>();
        WeakReference<Object> witness = new WeakReference<>(new Object(), cleared);
        long deadline = System.nanoTime() + COLLECTION_MILLIS_MAX * 1_000_000;
        try {
            do {
                System.gc();
                if (System.nanoTime() - deadline > 0) {
                    throw new IllegalStateException("System.gc() collected nothing in " + COLLECTION_MILLIS_MAX
                            + " ms, so that lost buffers cannot be found; is -XX:+DisableExplicitGC set?");
                }
            } while (cleared.remove(20) != witness);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while looking for lost buffers", interrupted);
        }
    }

    private static void provokeReport(ByteBufAllocator allocator) {
        allocator.heapBuffer(1).release();
        allocator.directBuffer(1).release();
    }
}
