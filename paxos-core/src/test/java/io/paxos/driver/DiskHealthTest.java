// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.protocol.Timing;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a disk is sick and when it is well again. Catches: no hysteresis, and one that never ends. */
class DiskHealthTest {

    private final DiskHealth disk = new DiskHealth(new DiskPatience(500, 2_000, 30_000));

    @Test
    void aWriteOlderThanTheBoundMakesItSlowAndOneThatIsAsOldDoesNot() {
        disk.observe(500, 1_000);
        assertTrue(disk.isFitToLead());
        disk.observe(501, 1_001);
        assertFalse(disk.isFitToLead());
        assertTrue(disk.mayVote());
    }

    @Test
    void itIsWellWhenNoWriteWasHalfAsOldForLongEnough() {
        disk.observe(600, 1_000);
        disk.observe(250, 2_999);
        assertFalse(disk.isFitToLead());
        disk.observe(251, 2_999);
        disk.observe(0, 4_998);
        assertFalse(disk.isFitToLead(), "the time began anew at 2,999");
        disk.observe(0, 4_999);
        assertTrue(disk.isFitToLead());
        disk.observe(499, 5_000);
        assertTrue(disk.isFitToLead());
    }

    /** A disk that hangs for a moment every second would else make leadership go to and fro every second. */
    @Test
    void spikesKeepItSlowAsLongAsTheyComeSooner() {
        int changes = 0;
        boolean fit = true;
        for (long now = 0; now < 60_000; now += 10) {
            disk.observe(now % 1_000 < 600 ? now % 1_000 : 0, now);
            changes += disk.isFitToLead() == fit ? 0 : 1;
            fit = disk.isFitToLead();
        }
        assertEquals(1, changes);
    }

    @Test
    void itSaysWhatIsWrong() {
        assertEquals(DiskReport.WELL, disk.report());
        disk.observe(812, 1_000);
        assertEquals(new DiskReport(false, true, List.of("disk slow: oldest write 812 ms")), disk.report());
        disk.observe(0, 1_300);
        assertEquals(
                List.of("disk slow: oldest write was 812 ms, well again for 300 of 2000 ms"),
                disk.report().reasons());
        disk.space(false, "no next segment in data/n1: wanted 67108864 bytes, free 4096");
        assertEquals(
                List.of(
                        "disk full: no next segment in data/n1: wanted 67108864 bytes, free 4096",
                        "disk slow: oldest write was 812 ms, well again for 300 of 2000 ms"),
                disk.report().reasons());
        assertFalse(disk.report().mayVote());
        disk.space(true, "");
        disk.observe(0, 3_000);
        assertEquals(DiskReport.WELL, disk.report());
    }

    @Test
    void patienceSuitsTheTimingUnlessItIsTold() {
        assertEquals(new DiskPatience(500, 1_800, 30_000), DiskPatience.of(Timing.DEFAULT, 30_000));
        assertEquals(
                new DiskPatience(3_000, 12_000, 30_000), DiskPatience.of(new Timing(500, 2_000, 3_000, 100), 30_000));
        assertEquals(new DiskPatience(100, 1_800, 100), DiskPatience.of(Timing.DEFAULT, 100));
        assertEquals(new DiskPatience(500, 1_000, 30_000), DiskPatience.of(new Timing(20, 100, 150, 100), 30_000));
        assertEquals(
                "resignAfterMillis: 31 is outside the allowed range 1..30",
                assertThrows(IllegalArgumentException.class, () -> new DiskPatience(31, 1, 30))
                        .getMessage());
        assertEquals(
                "wellAfterMillis: 0 is outside the allowed range 1..86400000",
                assertThrows(IllegalArgumentException.class, () -> new DiskPatience(1, 0, 30))
                        .getMessage());
    }
}
