// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A snapshot is installed while a page of the journal is on its way to the state machine (hazard R1). */
class InstallWhileReadingTest {

    private final ApplyFeed feed = new ApplyFeed(0, 40, 1_000, 1_000, 10);

    /** The page came when nobody wanted it any more, so the feed waited for it for ever. */
    @Test
    void thePageThatIsNotWantedAnyMoreIsNotWaitedFor() {
        assertNotNull(feed.nextRead(1, 0));
        feed.suspend();
        assertNull(feed.nextRead(2, 0));

        feed.installed(30);
        JournalRead next = feed.nextRead(2, 0);
        assertNotNull(next);
        assertEquals(new SlotRange(31, 40), next.slots());
    }

    @Test
    void nothingIsFedWhileASnapshotIsOnItsWay() {
        feed.suspend();
        assertNull(feed.nextRead(1, 0));
        feed.resume();
        assertNotNull(feed.nextRead(1, 0));
    }

    @Test
    void aPageThatComesAfterTheInstallIsDropped() {
        TurnedCluster cluster = new TurnedCluster(3);
        cluster.settle().submit("x", 5_000);
        cluster.run(1_000);
        TurnedNode again = cluster.restart(1, 2);
        again.driver.beginTurn(cluster.nowMillis);
        again.driver.endTurn();
        JournalRead read = again.reads.get(0);
        List<Proposal> page = again.log.readChosen(read.slots(), read.bytesMax());

        again.driver.beginTurn(cluster.nowMillis + 10);
        Restored restored = new Restored(50, 7, 100);
        again.driver
                .snapshots()
                .installed(new InstallReport(
                        new SnapshotId(50, 100, 1), false, restored, 1, List.of(), Long.MAX_VALUE, false));
        again.driver.chosenRead(read, page);
        again.driver.endTurn();

        assertEquals(1, page.get(0).slot());
        assertEquals(50, again.driver.status().applied());
        assertEquals(0, again.unappliedSlots());
    }
}
