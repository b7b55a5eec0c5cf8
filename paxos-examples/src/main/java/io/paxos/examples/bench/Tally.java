// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;
import org.jspecify.annotations.Nullable;

/**
 * What came of a load's operations: latencies while it is measured, failures, and when the last answer came. Any thread.
 *
 * <p>Which operations are measured differs. A closed loop is asked what it gets done in a time: those that are <em>answered</em>
 * in the span count. An open loop is asked how long who comes has to wait: those that were <em>due</em> in the span count, however
 * late their answer comes.
 */
final class Tally {

    private static final long LATENCY_NANOS_MAX = TimeUnit.MINUTES.toNanos(10);
    private static final int DIGITS = 3;

    private final Recorder recorder = new Recorder(LATENCY_NANOS_MAX, DIGITS);
    private final boolean countsByDue;
    private final LongAdder counted = new LongAdder();
    private final LongAdder failed = new LongAdder();
    private final AtomicLong lastAnswer = new AtomicLong(System.nanoTime());
    private volatile @Nullable Object lastFailure;
    private volatile @Nullable Span span;

    private record Span(long begin, long nanos) {
        boolean holds(long moment) {
            long into = moment - begin;
            return into >= 0 && into < nanos;
        }
    }

    /** @param countsByDue whether operations count by when they were due, as in an open loop, or by their answer */
    Tally(boolean countsByDue) {
        this.countsByDue = countsByDue;
    }

    /** From now on, for so long, operations are measured. */
    void measure(long begin, long nanos) {
        recorder.reset();
        counted.reset();
        failed.reset();
        span = new Span(begin, nanos);
    }

    /** @param due when it was sent, or was to be sent */
    void answered(long due, long now) {
        Span current = span;
        if (current != null && current.holds(countsByDue ? due : now)) {
            recorder.recordValue(Math.min(LATENCY_NANOS_MAX, Math.max(1, now - due)));
            counted.increment();
        }
        // All come from the same few threads; a lost race costs nothing but a moment's precision.
        if (now - lastAnswer.get() > 0) {
            lastAnswer.lazySet(now);
        }
    }

    void failed(Object why) {
        failed.increment();
        lastFailure = why;
    }

    /** Operations measured so far. */
    long counted() {
        return counted.sum();
    }

    long failures() {
        return failed.sum();
    }

    String lastFailure() {
        Object failure = lastFailure;
        return failure == null ? "" : failure.toString();
    }

    long lastAnswerNanos() {
        return lastAnswer.get();
    }

    /** What was measured since {@link #measure}; afterwards it is empty. */
    Histogram latencies() {
        return recorder.getIntervalHistogram();
    }
}
