// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.concurrent.TimeUnit;

/** Runs one load: lets it settle, measures it, and waits for the answers that are still to come. */
final class LoadRun {

    private static final long TICK_MILLIS = 200;
    private static final long DRAIN_SECONDS = 15;

    private LoadRun() {}

    /** Blocks until it is over. */
    static LoadResult run(Target target, LoadSpec spec, LoadWatcher watcher) throws InterruptedException {
        Tally tally = new Tally(spec.isOpen());
        Loop loop = spec.isOpen() ? new OpenLoop(target, spec, tally) : new ClosedLoop(target, spec, tally);
        loop.start();
        try {
            Thread.sleep(spec.settleMillis());
            long span = TimeUnit.MILLISECONDS.toNanos(spec.spanMillis());
            watcher.begun();
            long begin = System.nanoTime();
            tally.measure(begin, span);
            for (long left = span; left > 0; left = begin + span - System.nanoTime()) {
                TimeUnit.NANOSECONDS.sleep(Math.min(left, TimeUnit.MILLISECONDS.toNanos(TICK_MILLIS)));
                watcher.soFar(tally.counted(), System.nanoTime() - begin);
            }
            watcher.ended();
            loop.stop();
            int lost = drain(loop);
            // An open loop that cannot keep up is answered behind its span: the time counts until then.
            long nanos = spec.isOpen() ? Math.max(span, tally.lastAnswerNanos() - begin) : span;
            String failure = lost > 0 ? lost + " operations without an answer" : tally.lastFailure();
            return new LoadResult(nanos, tally.failures() + lost, failure, tally.latencies());
        } finally {
            loop.stop();
        }
    }

    /** How many are without an answer even then. */
    private static int drain(Loop loop) throws InterruptedException {
        int left = loop.unanswered();
        for (long waits = TimeUnit.SECONDS.toMillis(DRAIN_SECONDS); left > 0 && waits > 0; waits--) {
            Thread.sleep(1);
            left = loop.unanswered();
        }
        return left;
    }
}
