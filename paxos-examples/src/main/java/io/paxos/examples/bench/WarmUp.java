// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;

/**
 * Runs a cluster until it gets no faster: in windows, until five in a row are less than 5 % better than the best before them, or
 * the time is up.
 */
final class WarmUp {

    private static final long WINDOW_MILLIS_MAX = 2_000;
    private static final int FLAT_WINDOWS = 5;
    private static final double FLAT = 1.05;
    private static final int WINDOWS_LEAST = FLAT_WINDOWS + 1;

    private final LoadSource source;
    private final Progress progress;

    WarmUp(LoadSource source, Progress progress) {
        this.source = source;
        this.progress = progress;
    }

    /** What all loads of that plan need: writes, and half as long reads if there are any. */
    void run(LoadPlan plan) throws IOException, InterruptedException {
        run(Operation.WRITE, plan.warmUpMillis());
        if (plan.hasReads()) {
            run(Operation.READ, plan.warmUpMillis() / 2);
        }
    }

    private void run(Operation operation, long millisMax) throws IOException, InterruptedException {
        long window = Math.min(WINDOW_MILLIS_MAX, millisMax / WINDOWS_LEAST);
        double best = 0;
        int flat = 0;
        for (long used = 0; window > 0 && used + window <= millisMax && flat < FLAT_WINDOWS; used += window) {
            String title = "warm-up, " + operation.word() + "s";
            long before = used;
            LoadResult result = source.run(LoadPlan.warmUp(operation, window), new LoadWatcher() {
                @Override
                public void begun() {}

                @Override
                public void soFar(long operations, long nanos) {
                    progress.now(title + ", " + (before + nanos / 1_000_000) / 1_000 + " s", operations, nanos);
                }

                @Override
                public void ended() {}
            });
            flat = result.perSecond() <= best * FLAT ? flat + 1 : 0;
            best = Math.max(best, result.perSecond());
        }
    }
}
