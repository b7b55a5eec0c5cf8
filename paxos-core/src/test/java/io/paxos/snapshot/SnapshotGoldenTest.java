// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.journal.GoldenFile;
import io.paxos.journal.MemoryStorage;
import io.paxos.model.SnapshotId;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * The format is frozen: today's code writes these very bytes, and every later version must read them. A golden file is
 * added when a format version is, and never changed.
 */
final class SnapshotGoldenTest {

    private static final byte[] SESSIONS = {1, 2, 3};
    private static final byte[] STATE = {10, 11, 12, 13, 14};

    @Test
    void aSnapshotIsWrittenAsEver() throws IOException {
        assertWritten("snapshot-v1.hex", 0x42, SESSIONS, STATE);
        assertWritten("snapshot-empty-v1.hex", 1, new byte[0], new byte[0]);
    }

    private static void assertWritten(String golden, long slot, byte[] sessions, byte[] state) throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SnapshotSamples.write(SnapshotStore.open(storage), slot, sessions, state);
        assertEquals(
                GoldenFile.print(GoldenFile.read("snapshot", golden)),
                GoldenFile.print(storage.bytes(SnapshotNames.snap(slot))),
                golden);
    }

    @Test
    void aSnapshotOfTheFirstVersionIsRead() throws IOException {
        assertRead("snapshot-v1.hex", 0x42, SESSIONS, STATE);
        assertRead("snapshot-empty-v1.hex", 1, new byte[0], new byte[0]);
    }

    private static void assertRead(String golden, long slot, byte[] sessions, byte[] state) throws IOException {
        MemoryStorage storage = new MemoryStorage();
        storage.replace(SnapshotNames.snap(slot), GoldenFile.read("snapshot", golden));
        SnapshotStore store = SnapshotStore.open(storage);
        SnapshotId id = store.newest().id();
        assertEquals(store.kept().get(0), id);
        SnapshotSamples.assertReads(store, store.kept().get(0), sessions, state);
    }

    @Test
    void theNamesOfTheFilesAreWhatTheyAre() {
        SnapshotId id = new SnapshotId(0x42, 0x1234, 0x89abcdef);
        assertEquals("snapshot-0000000000000042.snap", SnapshotNames.snap(0x42));
        assertEquals("snapshot-0000000000000042.snap.new", SnapshotNames.aside(0x42));
        assertEquals("snapshot-0000000000000042.snap.damaged", SnapshotNames.damaged(0x42));
        assertEquals("snapshot-0000000000000042-0000000000001234-89abcdef.part", SnapshotNames.part(id));
        assertEquals(0x42, SnapshotNames.slotOf("snapshot-0000000000000042.snap"));
        assertEquals(-1, SnapshotNames.slotOf("snapshot-0000000000000042.snap.new"));
        assertEquals(-1, SnapshotNames.slotOf("snapshot-00000000000000XY.snap"));
        assertEquals(-1, SnapshotNames.slotOf("segment-0000000000000001.log"));
        assertEquals(id, SnapshotNames.partOf(SnapshotNames.part(id)));
        assertEquals(null, SnapshotNames.partOf("snapshot-0000000000000042-0000000000000001-89abcdef.part"));
        assertEquals(null, SnapshotNames.partOf("snapshot-.part"));
    }
}
