// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.paxos.model.SlotRange;
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
}
