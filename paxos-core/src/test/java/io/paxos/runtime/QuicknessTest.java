// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class QuicknessTest {

    private final Quickness quickness = Quickness.unknown(JournalWriter.QUICK_NANOS);

    private void took(int times, long nanos) {
        for (int i = 0; i < times; i++) {
            quickness.took(nanos);
        }
    }

    @Test
    void itTakesManyQuickForcesToEarnIt() {
        took(Quickness.GIVEN - 1, JournalWriter.QUICK_NANOS);
        assertFalse(quickness.isGiven());
        quickness.took(JournalWriter.QUICK_NANOS);
        assertTrue(quickness.isGiven());
    }

    @Test
    void aSlowOneNowAndThenIsForgiven() {
        took(Quickness.MOST, 1);
        for (int i = 0; i < 100; i++) {
            quickness.took(2 * JournalWriter.QUICK_NANOS);
            took(9, 1);
            assertTrue(quickness.isGiven());
        }
    }

    @Test
    void oneThatHangsCostsItAtOnce() {
        took(1_000, 1);
        quickness.took(TimeUnit.MILLISECONDS.toNanos(100));
        assertFalse(quickness.isGiven());
        took(Quickness.GIVEN - 1, 1);
        assertFalse(quickness.isGiven());
    }

    @Test
    void aDiskThatIsJustNotQuickNeverEarnsIt() {
        took(10_000, JournalWriter.QUICK_NANOS + 1);
        assertFalse(quickness.isGiven());
    }
}
