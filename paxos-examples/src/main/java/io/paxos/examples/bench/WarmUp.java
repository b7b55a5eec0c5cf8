// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;

/**
 * Runs a cluster until it gets no faster: in windows, until in five busy ones in a row it was less than 5 % better than the best
 * before them while the JVMs compiled next to nothing, or the time is up. Every third window is as quiet as the quietest load
 * that is to be measured: what was compiled for many operations in flight alone is compiled again, for seconds, when there is one.
 */
final class WarmUp {

    private static final long WINDOW_MILLIS_MAX = 2_000;
    private static final int FLAT_WINDOWS = 5;
    private static final int QUIET_EVERY = 3;
    private static final double FLAT = 1.05;

    /** Of the processors' time. A little of it goes on for minutes: methods that are seldom called. */
    private static final double COMPILING = 0.05;

    private static final int WINDOWS_LEAST = 2 * FLAT_WINDOWS;

    private final LoadSource source;
    private final Progress progress;
    private final int processors = Runtime.getRuntime().availableProcessors();

    WarmUp(LoadSource source, Progress progress) {
        this.source = source;
        this.progress = progress;
    }

    /** What all loads of that plan need: writes, and half as long reads if there are any. */
    void run(LoadPlan plan) throws IOException, InterruptedException {
        run(plan, Operation.WRITE, plan.warmUpMillis());
        if (plan.hasReads()) {
            run(plan, Operation.READ, plan.warmUpMillis() / 2);
        }
    }

    private void run(LoadPlan plan, Operation operation, long millisMax) throws IOException, InterruptedException {
        long window = Math.min(WINDOW_MILLIS_MAX, millisMax / WINDOWS_LEAST);
        double best = 0;
        int flat = 0;
        int windows = 0;
        for (long used = 0; window > 0 && used + window <= millisMax && flat < FLAT_WINDOWS; used += window) {
            windows++;
            boolean isQuiet = windows % QUIET_EVERY == 0;
            long compiledBefore = source.compiledMillis();
            LoadResult result = source.run(
                    isQuiet ? plan.quietWarmUp(operation, window) : LoadPlan.warmUp(operation, window),
                    watcher("warm-up, " + operation.word() + "s", used));
            boolean isCompiling = source.compiledMillis() - compiledBefore > COMPILING * processors * window;
            if (!isQuiet) {
                flat = result.perSecond() <= best * FLAT && !isCompiling ? flat + 1 : 0;
                best = Math.max(best, result.perSecond());
            } else if (isCompiling) {
                flat = 0;
            }
        }
    }

    private LoadWatcher watcher(String title, long millisBefore) {
        return new LoadWatcher() {
            @Override
            public void begun() {}

            @Override
            public void soFar(long operations, long nanos) {
                progress.now(title + ", " + (millisBefore + nanos / 1_000_000) / 1_000 + " s", operations, nanos);
            }

            @Override
            public void ended() {}
        };
    }
}
