// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.io.IOException;

/** Writes commands until the log holds so many. What it held already counts. */
final class Prefill {

    private static final int OUTSTANDING = 1_024;

    /** A node bears that much whatever it was told. */
    private static final int IN_FLIGHT_BYTES = 8 << 20;

    private static final long FIRST_MILLIS = 200;
    private static final long SPAN_MILLIS_MAX = 5_000;
    private static final double MILLIS_PER_SECOND = 1e3;

    private final Cluster cluster;
    private final LoadSource source;
    private final Progress progress;

    Prefill(Cluster cluster, LoadSource source, Progress progress) {
        this.cluster = cluster;
        this.source = source;
        this.progress = progress;
    }

    void run(long commands, int sizeBytes) throws IOException, InterruptedException {
        int outstanding = Math.min(OUTSTANDING, IN_FLIGHT_BYTES / sizeBytes);
        progress.begin("prefill: " + commands + " commands of " + sizeBytes + " B");
        long span = FIRST_MILLIS;
        for (long left = commands - cluster.applied(); left > 0; left = commands - cluster.applied()) {
            LoadSpec spec = LoadSpec.closed(Operation.WRITE, sizeBytes, outstanding, 0, span);
            long before = commands - left;
            LoadResult result = source.run(spec, new LoadWatcher() {
                @Override
                public void begun() {}

                @Override
                public void soFar(long operations, long nanos) {
                    progress.now("prefill: " + (before + operations) + " of " + commands, operations, nanos);
                }

                @Override
                public void ended() {}
            });
            double rest = (left - result.operations()) / Math.max(1, result.perSecond()) * MILLIS_PER_SECOND;
            span = Math.round(Math.max(1, Math.min(SPAN_MILLIS_MAX, rest)));
        }
    }
}
