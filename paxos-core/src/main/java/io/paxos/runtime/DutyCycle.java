// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.snapshot.Pace;
import java.util.concurrent.TimeUnit;

/**
 * Lets the disk and the processor rest after each step of a snapshot, for a time in proportion to what the step took: so a
 * slow disk rests longer, and the journal's forces, which are short, find it free most of the time. A node that stops is not
 * kept waiting.
 *
 * <p>Used by one thread.
 */
final class DutyCycle implements Pace {

    /** A step that took longer was held up by something else; to rest as long as that would serve nobody. */
    private static final long STEP_NANOS_MAX = TimeUnit.MILLISECONDS.toNanos(250);

    private final int percent;
    private final StopSignal stop;
    private long steppedNanos = System.nanoTime();

    /** @param percent of the time that is worked at most, 1..100; at 100 there is no rest */
    DutyCycle(int percent, StopSignal stop) {
        this.percent = percent;
        this.stop = stop;
    }

    /** A step begins now. */
    void begin() {
        steppedNanos = System.nanoTime();
    }

    @Override
    public void stepDone() {
        long rest = restNanos(percent, System.nanoTime() - steppedNanos);
        if (rest > 0) {
            try {
                boolean unused = stop.requested().await(rest, TimeUnit.NANOSECONDS);
            } catch (InterruptedException nobodyMayInterrupt) {
                // The flag is cleared by this: the next write in a thread that carries it would close the file.
            }
        }
        begin();
    }

    /** How long to rest after having worked for so long. */
    static long restNanos(int percent, long workedNanos) {
        long worked = Math.max(0, Math.min(workedNanos, STEP_NANOS_MAX));
        return worked * (100 - percent) / percent;
    }
}
