// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

/** What counts as measured, and how a histogram travels. */
class LoadRunTest {

    /** Long beside the moments for which a host takes the processors away: whoever makes the load has to get some of it. */
    private static final long SPAN_MILLIS = 1_000;

    private static final LoadWatcher NOBODY = new LoadWatcher() {
        @Override
        public void begun() {}

        @Override
        public void soFar(long operations, long nanos) {}

        @Override
        public void ended() {}
    };

    /** Answers most writes before the call returns, which must not become a recursion, and some later. */
    private static final class Immediate implements Target, AutoCloseable {

        private static final int IN_A_ROW = 20_000;

        final Set<ByteBuffer> commands = ConcurrentHashMap.newKeySet();
        final ExecutorService later = Executors.newSingleThreadExecutor();
        final AtomicInteger count = new AtomicInteger();

        @Override
        public void write(byte[] command, Completion completion) {
            int number = count.incrementAndGet();
            if (number < 1_000) {
                assertTrue(commands.add(ByteBuffer.wrap(command.clone())), "sent twice");
            }
            if (number % IN_A_ROW == 0) {
                later.execute(() -> completion.done(null));
            } else {
                completion.done(null);
            }
        }

        @Override
        public void close() {
            later.shutdownNow();
        }

        @Override
        public void read(Completion completion) {
            completion.done("no reads here");
        }
    }

    @Test
    void closedLoopCountsWhatIsAnsweredInTheSpan() {
        Tally tally = new Tally(false);
        tally.answered(0, 5);
        tally.measure(1_000, 500);
        tally.answered(900, 999);
        tally.answered(900, 1_000);
        tally.answered(1_400, 1_499);
        tally.answered(1_400, 1_500);
        assertEquals(2, tally.counted());
        Histogram latencies = tally.latencies();
        assertEquals(2, latencies.getTotalCount());
        assertEquals(99, latencies.getMinNonZeroValue());
        assertEquals(100, latencies.getMaxValue());
    }

    @Test
    void openLoopCountsWhatWasDueInTheSpanHoweverLateItsAnswerIs() {
        Tally tally = new Tally(true);
        tally.measure(1_000, 500);
        tally.answered(999, 1_200);
        tally.answered(1_000, 1_200);
        tally.answered(1_499, 3_499);
        tally.answered(1_500, 1_501);
        Histogram latencies = tally.latencies();
        assertEquals(2, latencies.getTotalCount());
        assertEquals(200, latencies.getMinNonZeroValue());
        assertTrue(latencies.valuesAreEquivalent(2_000, latencies.getMaxValue()));
    }

    @Test
    void failuresBeforeTheSpanAreForgotten() {
        Tally tally = new Tally(false);
        tally.failed("before");
        tally.measure(1_000, 500);
        assertEquals(0, tally.failures());
        tally.failed("in the span");
        assertEquals(1, tally.failures());
        assertEquals("in the span", tally.lastFailure());
    }

    @Test
    void dueTimesNeitherDriftNorOverflow() {
        long second = TimeUnit.SECONDS.toNanos(1);
        assertEquals(0, OpenLoop.dueNanos(0, 3));
        assertEquals(333_333_333, OpenLoop.dueNanos(1, 3));
        assertEquals(second, OpenLoop.dueNanos(3, 3));
        assertEquals(100_000 * second, OpenLoop.dueNanos(1_000_000_000_000L, 10_000_000));
    }

    @Test
    void bothLoopsRunAgainstATargetThatAnswersAtOnce() throws Exception {
        try (Immediate target = new Immediate()) {
            LoadResult closed = LoadRun.run(target, LoadSpec.closed(Operation.WRITE, 16, 3, 0, SPAN_MILLIS), NOBODY);
            assertEquals(0, closed.failures());
            assertEquals(TimeUnit.MILLISECONDS.toNanos(SPAN_MILLIS), closed.nanos());
            assertTrue(closed.operations() > 0);
            LoadResult open = LoadRun.run(target, LoadSpec.open(Operation.WRITE, 16, 1_000, 0, SPAN_MILLIS), NOBODY);
            assertEquals(0, open.failures());
            // One is due each millisecond of the span, less those of the time it took to begin it.
            assertTrue(open.operations() > 0 && open.operations() <= SPAN_MILLIS, open.operations() + " operations");
        }
    }

    @Test
    void failedOperationsAreCountedAndSaid() throws Exception {
        try (Immediate target = new Immediate()) {
            LoadResult result = LoadRun.run(target, LoadSpec.closed(Operation.READ, 8, 1, 0, SPAN_MILLIS), NOBODY);
            assertEquals(0, result.operations());
            assertTrue(result.failures() > 0);
            assertEquals("no reads here", result.lastFailure());
            assertTrue(Double.isNaN(result.percentileMicros(50)));
        }
    }

    @Test
    void resultsTravelAsOneLine() {
        Histogram latencies = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);
        latencies.recordValue(100_000);
        latencies.recordValueWithCount(300_000, 3);
        LoadResult result = new LoadResult(2_000_000_000L, 7, "none\nin time", latencies);
        String line = result.encode();
        assertEquals(1, line.lines().count());
        LoadResult read = LoadResult.parse(line);
        assertEquals(2_000_000_000L, read.nanos());
        assertEquals(7, read.failures());
        assertEquals("none in time", read.lastFailure());
        assertEquals(4, read.operations());
        assertEquals(2.0, read.perSecond());
        assertEquals(result.percentileMicros(50), read.percentileMicros(50));
        assertEquals(result.maxMicros(), read.maxMicros());
        assertThrows(IllegalArgumentException.class, () -> LoadResult.parse("1 2 AAAA none"));
        assertThrows(IllegalArgumentException.class, () -> LoadResult.parse("1 2"));
    }

    @Test
    void loadsTravelAsOneWord() {
        LoadSpec closed = LoadSpec.closed(Operation.READ, 8, 64, 100, 2_000);
        assertEquals("read:8:64:0:100:2000", closed.encode());
        assertEquals(closed, LoadSpec.parse(closed.encode()));
        LoadSpec open = LoadSpec.open(Operation.WRITE, 256, 5_000, 0, 2_000);
        assertEquals(open, LoadSpec.parse(open.encode()));
        assertEquals("write 256 B at 5000/s", open.title());
        assertThrows(IllegalArgumentException.class, () -> LoadSpec.parse("write:1:2"));
        assertThrows(IllegalArgumentException.class, () -> LoadSpec.parse("rite:256:1:0:0:1"));
    }

    @Test
    void longestTimeWithoutAnAnswerEndsTheFailOver() {
        Gaps gaps = new Gaps();
        gaps.answered(1);
        long milli = TimeUnit.MILLISECONDS.toNanos(1);
        gaps.watch(1_000 * milli);
        // What was on its way still arrives; then nothing, then the new leader's answers.
        gaps.answered(1_002 * milli);
        gaps.answered(1_020 * milli);
        assertEquals(false, gaps.isOver(1_040 * milli));
        assertEquals(false, gaps.isOver(1_600 * milli));
        gaps.answered(1_420 * milli);
        for (int at = 1_421; at < 1_920; at += 7) {
            gaps.answered(at * milli);
            assertEquals(false, gaps.isOver(at * milli));
        }
        gaps.answered(1_920 * milli);
        assertEquals(true, gaps.isOver(1_921 * milli));
        assertEquals(420 * milli, gaps.untilAnsweredNanos());
    }
}
