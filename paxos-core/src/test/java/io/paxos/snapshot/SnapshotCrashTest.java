// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.paxos.journal.MemoryStorage;
import io.paxos.model.SnapshotId;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/**
 * Slot 30 is written, or received, where 10 and 20 are: whatever call fails, and wherever the process or the power goes,
 * there is 20 or 30 afterwards, whole (fault cases 11 and 43, hazard S16).
 */
final class SnapshotCrashTest {

    private static final long FORCE_EVERY_BYTES = 1000;
    private static final int RECEIVED_AT_ONCE = 900;

    /** What puts slot 30 there. */
    private interface Way {
        void run(SnapshotStore store) throws IOException;
    }

    @BeforeAll
    static void hushTheThousandsOfFailures() {
        ((Logger) LoggerFactory.getLogger(SnapshotStore.class)).setLevel(Level.ERROR);
    }

    @AfterAll
    static void letThemBeLoggedAgain() {
        ((Logger) LoggerFactory.getLogger(SnapshotStore.class)).setLevel(null);
    }

    private static void write(SnapshotStore store) throws IOException {
        SnapshotSamples.write(store, 30);
    }

    private static void receive(SnapshotStore store) throws IOException {
        MemoryStorage peer = SnapshotSamples.source(30, SnapshotSamples.state(30));
        SnapshotStore source = SnapshotStore.open(peer);
        SnapshotId id = source.kept().get(0);
        IncomingSnapshot incoming = store.receive(id);
        SnapshotSamples.send(incoming, SnapshotSamples.file(source, id), RECEIVED_AT_ONCE);
        incoming.finish();
    }

    private static MemoryStorage two() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SnapshotStore store = SnapshotStore.open(storage);
        SnapshotSamples.write(store, 10);
        SnapshotSamples.write(store, 20);
        storage.forgetCalls();
        return storage;
    }

    @Test
    void theFailureOfAnyCallLeavesTheOldOnesOrTheNewOne() throws IOException {
        assertEveryFailureIsSurvived(SnapshotCrashTest::write);
        assertEveryFailureIsSurvived(SnapshotCrashTest::receive);
    }

    private static void assertEveryFailureIsSurvived(Way way) throws IOException {
        int calls = callsOf(way);
        int refused = 0;
        for (int n = 1; n <= calls; n++) {
            MemoryStorage storage = two();
            SnapshotStore store = SnapshotStore.open(storage, FORCE_EVERY_BYTES);
            storage.failCall(n);
            SnapshotException failure = null;
            try {
                way.run(store);
            } catch (SnapshotException failed) {
                failure = failed;
            }
            String what = "call " + n + " of " + calls;
            if (failure != null) {
                refused++;
                assertTrue(failure.getMessage() != null && failure.getMessage().contains("memory"), what);
                assertEquals(List.of(10L, 20L), SnapshotSamples.slots(store), what);
                assertEquals(List.of(SnapshotNames.snap(10), SnapshotNames.snap(20)), storage.list(), what);
            }
            assertEquals(failure == null ? 30 : 20, SnapshotSamples.newestSlot(storage.afterKill()), what);
            assertEquals(
                    failure == null ? 30 : 20,
                    SnapshotSamples.newestSlot(storage.afterPowerLoss(true, sector -> false)),
                    what);
            if (failure != null) {
                way.run(store); // The store goes on; the file is made anew.
                assertEquals(30, SnapshotSamples.newestSlot(storage.afterPowerLoss(false, sector -> false)), what);
            }
        }
        assertEquals(calls - 1, refused, "all but the deletion of the oldest one");
    }

    @Test
    void aFileThatReadsBackOtherwiseThanItWasWrittenIsNoSnapshot() throws IOException {
        MemoryStorage storage = two();
        storage.remove(SnapshotNames.snap(10));
        boolean[] flipped = {false};
        ObservedStorage observed = new ObservedStorage(storage, () -> {
            if (!flipped[0] && storage.list().contains(SnapshotNames.snap(30))) {
                storage.flip(SnapshotNames.snap(30), 4500);
                flipped[0] = true;
            }
        });
        SnapshotStore store = SnapshotStore.open(observed);
        SnapshotException found = assertThrows(SnapshotException.class, () -> write(store));
        assertEquals(SnapshotException.Kind.DAMAGED, found.kind());
        assertEquals(List.of(20L), SnapshotSamples.slots(store));
        assertEquals(20, SnapshotSamples.newestSlot(storage));
    }

    private static int callsOf(Way way) throws IOException {
        MemoryStorage storage = two();
        SnapshotStore store = SnapshotStore.open(storage, FORCE_EVERY_BYTES);
        storage.forgetCalls();
        way.run(store);
        return storage.calls().size();
    }

    @Test
    void aCrashAfterAnyCallLeavesTheOldOnesOrTheNewOne() throws IOException {
        assertEveryCrashIsSurvived(SnapshotCrashTest::write);
        assertEveryCrashIsSurvived(SnapshotCrashTest::receive);
    }

    private static void assertEveryCrashIsSurvived(Way way) throws IOException {
        MemoryStorage storage = two();
        Random random = new Random(5);
        Set<Long> seen = new TreeSet<>();
        long[] crashes = {0};
        ObservedStorage observed = new ObservedStorage(storage, () -> {
            for (int round = 0; round < 12; round++) {
                boolean keepsEntry = round % 2 == 0;
                int odds = round % 4;
                MemoryStorage crashed = round == 0
                        ? storage.afterKill()
                        : storage.afterPowerLoss(keepsEntry, sector -> random.nextInt(4) < odds);
                seen.add(SnapshotSamples.newestSlot(crashed));
                assertGoesOn(crashed, way);
                crashes[0]++;
            }
        });
        way.run(SnapshotStore.open(observed, FORCE_EVERY_BYTES));
        assertEquals(Set.of(20L, 30L), seen);
        assertTrue(crashes[0] >= 12 * 8, () -> crashes[0] + " crashes");
    }

    /** The next start tries again, and ends with 20 and 30 and nothing else. */
    private static void assertGoesOn(MemoryStorage crashed, Way way) throws IOException {
        SnapshotStore store = SnapshotStore.open(crashed, FORCE_EVERY_BYTES);
        SnapshotId newest = store.newest().id();
        assertNotNull(newest);
        if (newest.slot() < 30) {
            way.run(store);
        }
        assertEquals(List.of(20L, 30L), SnapshotSamples.slots(store));
        assertEquals(20, store.floor());
        assertEquals(List.of(SnapshotNames.snap(20), SnapshotNames.snap(30)), crashed.list(), "nothing left over");
    }
}
