// SPDX-License-Identifier: Apache-2.0
package io.paxos.examples.bench;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** Results that nobody measured, with round figures. */
final class Samples {

    private Samples() {}

    /** Round trips of 20 us, forces of 100 us, and 150 us by three files at once. */
    static RawLimits limits() {
        return new RawLimits(all(20_000, 50_000), all(100_000, 10_000), all(150_000, 18_000), 3, 1_000, 20e9);
    }

    private static Histogram all(long nanos, long count) {
        Histogram histogram = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);
        histogram.recordValueWithCount(nanos, count);
        return histogram;
    }

    /** So many operations in a second, all of that latency, of a client; CPU of 10, 5 and 2 us. */
    static Measurement measurement(int round, int number, LoadSpec spec, long perSecond, long micros) {
        Costs costs = new Costs(10, 5, 2, 22, 3, 1.25, 2.5, 100 * Figure.MIB);
        return new Measurement(
                round,
                number,
                spec,
                LoadPlace.CLIENT,
                0,
                1_000,
                new LoadResult(
                        TimeUnit.SECONDS.toNanos(1), 0, "", all(TimeUnit.MICROSECONDS.toNanos(micros), perSecond)),
                costs,
                false,
                PathLimit.of(spec.operation(), LoadPlace.CLIENT, 3).micros(limits()),
                limits().forcesTogetherPerSecond());
    }
}
