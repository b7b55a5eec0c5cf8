// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DutyCycleTest {

    private static final long MILLI = 1_000_000;

    @Test
    void theRestIsInProportionToTheWork() {
        assertEquals(30 * MILLI, DutyCycle.restNanos(25, 10 * MILLI));
        assertEquals(10 * MILLI, DutyCycle.restNanos(50, 10 * MILLI));
        assertEquals(990 * MILLI, DutyCycle.restNanos(1, 10 * MILLI));
        assertEquals(0, DutyCycle.restNanos(100, 10 * MILLI));
    }

    @Test
    void aStepThatHungIsNotMadeUpFor() {
        assertEquals(750 * MILLI, DutyCycle.restNanos(25, 60_000 * MILLI));
        assertEquals(0, DutyCycle.restNanos(25, -1));
    }

    /** At 1 % a step of 250 ms would be followed by 25 s of rest. */
    @Test
    void aNodeThatStopsIsNotKeptWaiting() {
        StopSignal stop = new StopSignal();
        DutyCycle pace = new DutyCycle(1, stop);
        stop.close();
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
            for (int step = 0; step < 1_000; step++) {
                pace.stepDone();
            }
        });
    }
}
