// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.SnapshotId;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** When snapshots are taken and how far the log goes. Catches: two at once, all members at once, a trim that outruns a fetch (R7). */
class SnapshotScheduleTest {

    private static SnapshotSchedule every(long bytes, long slots, long seed) {
        return new SnapshotSchedule(new SnapshotOptions(bytes, slots, 5_000, 100, 4, 0), seed);
    }

    /** After how many bytes, a hundred a slot, the first one is due. */
    private static long firstDue(long seed) {
        SnapshotSchedule schedule = every(10_000, 0, seed);
        long bytes = 0;
        while (!schedule.begin()) {
            schedule.applied(1, 100);
            bytes += 100;
        }
        return bytes;
    }

    @Test
    void membersDoNotTakeThemAtTheSameTime() {
        TreeSet<Long> due = new TreeSet<>();
        for (long seed = 0; seed < 50; seed++) {
            due.add(firstDue(seed));
        }
        assertTrue(due.first() >= 7_500 && due.last() <= 12_600, due.toString());
        assertTrue(due.size() > 20, due.toString());
    }

    @Test
    void oneAtATimeAndTheNextIsCountedFromWhereTheLastBegan() {
        SnapshotSchedule schedule = every(0, 10, 1);
        schedule.applied(13, 0);
        assertTrue(schedule.begin());
        schedule.applied(13, 0);
        assertFalse(schedule.begin(), "one is being taken");
        schedule.taken(13, 500);
        assertTrue(schedule.begin());
        schedule.notTaken(true);
        assertFalse(schedule.begin());
        schedule.applied(13, 0);
        assertTrue(schedule.begin());
    }

    @Test
    void neverMeansNeverAndAskingStillWorks() {
        SnapshotSchedule schedule = every(0, 0, 1);
        schedule.applied(1L << 40, 1L << 40);
        assertFalse(schedule.begin());
        assertTrue(schedule.beginNow());
        schedule.notTaken(false);
        assertFalse(schedule.beginNow(), "the application takes none");
    }

    @Test
    void theFloorWaitsForWhoeverFetchesWithinBounds() {
        SnapshotSchedule schedule = every(0, 10, 1);
        assertEquals(40, schedule.floorWithin(40, 0));
        schedule.serves(of(30), 1_000);
        assertEquals(30, schedule.floorWithin(40, 2_000));
        assertEquals(of(30), schedule.held(2_000));
        assertEquals(20, schedule.floorWithin(20, 2_000));
        assertEquals(40, schedule.floorWithin(40, 6_001), "it asks no more");
        assertEquals(SnapshotId.NONE, schedule.held(6_001));
        schedule.serves(of(30), 7_000);
        schedule.applied(1, 5_001);
        assertEquals(40, schedule.floorWithin(40, 7_000), "too much is kept for it");
        assertEquals(SnapshotId.NONE, schedule.held(7_000));
    }

    /** It has installed the snapshot and asks for what comes behind it: a newer snapshot's floor would send it back to the start. */
    @Test
    void whoGoesOnBehindTheSnapshotItFetchedKeepsItsLog() {
        SnapshotSchedule schedule = every(0, 10, 1);
        schedule.taken(60, 1_000);
        schedule.serves(of(30), 1_000);
        schedule.catchesUp(31, 5_000);
        assertEquals(30, schedule.floorWithin(40, 9_000));
        schedule.catchesUp(60, 9_500);
        assertEquals(30, schedule.floorWithin(40, 14_000));
        schedule.catchesUp(61, 14_400); // past the newest, which keeps what it needs
        schedule.catchesUp(30, 14_400); // not of those who have it
        assertEquals(40, schedule.floorWithin(40, 14_501));
        schedule.catchesUp(31, 14_600);
        assertEquals(40, schedule.floorWithin(40, 14_601), "nothing is held any more");
    }

    /** The newer one, which lets go of the log behind it, may be taken the moment after. */
    @Test
    void whoGoesOnBehindTheNewestSnapshotKeepsItsLogToo() {
        SnapshotSchedule schedule = every(0, 10, 1);
        schedule.taken(30, 1_000);
        schedule.serves(of(30), 1_000);
        schedule.catchesUp(31, 5_000);
        schedule.catchesUp(45, 9_500);
        schedule.taken(60, 10_000);
        assertEquals(30, schedule.floorWithin(40, 14_000));
    }

    @Test
    void ofTwoThatAreFetchedTheOlderIsKept() {
        SnapshotSchedule schedule = every(0, 10, 1);
        schedule.serves(of(30), 1_000);
        schedule.serves(of(60), 2_000);
        assertEquals(of(30), schedule.held(3_000));
        schedule.serves(of(60), 6_001); // the first is asked for no more
        assertEquals(of(60), schedule.held(6_001));
        schedule.serves(of(45), 6_002);
        assertEquals(of(45), schedule.held(6_002));
    }

    private static SnapshotId of(long slot) {
        return new SnapshotId(slot, 1_000, 7);
    }
}
