// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import io.paxos.journal.MemoryStorage;
import io.paxos.model.SnapshotId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Fault case 43 and hazard R5: whatever happens to a file, it is found, and the one before it is used. */
final class SnapshotDamageTest {

    private static final String FIRST = SnapshotNames.snap(10);
    private static final String SECOND = SnapshotNames.snap(20);

    @BeforeAll
    static void hushTheThousandsOfDamagedFiles() {
        ((Logger) LoggerFactory.getLogger(SnapshotStore.class)).setLevel(Level.ERROR);
    }

    @AfterAll
    static void letThemBeLoggedAgain() {
        ((Logger) LoggerFactory.getLogger(SnapshotStore.class)).setLevel(null);
    }

    private static MemoryStorage two() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SnapshotStore store = SnapshotStore.open(storage);
        SnapshotSamples.write(store, 10);
        SnapshotSamples.write(store, 20);
        return storage;
    }

    /** The second of two snapshots has become these bytes: the first one is used, the other set aside. */
    private static DamagedSnapshot assertFallsBack(byte[] damaged, String what) throws IOException {
        MemoryStorage storage = two();
        storage.replace(SECOND, damaged);
        SnapshotStore store = SnapshotStore.open(storage);
        NewestSnapshot newest = store.newest();
        SnapshotId id = newest.id();
        assertTrue(id != null && id.slot() == 10, what);
        assertEquals(1, newest.damaged().size(), what);
        assertEquals(SnapshotNames.damaged(20), newest.damaged().get(0).file(), what);
        assertEquals(List.of(10L), SnapshotSamples.slots(store), what);
        assertEquals(0, store.floor(), what);
        assertEquals(List.of(FIRST, SnapshotNames.damaged(20)), storage.list(), what);
        return newest.damaged().get(0);
    }

    @Test
    void everyFlippedByteIsFound() throws IOException {
        byte[] whole = two().bytes(SECOND);
        for (int at = 0; at < whole.length; at++) {
            assertFallsBack(SnapshotSamples.flipped(whole, at, 1 << at % 8), "bit of byte " + at);
            assertFallsBack(SnapshotSamples.flipped(whole, at, 0xff), "byte " + at);
        }
    }

    @Test
    void everyTruncationIsFound() throws IOException {
        byte[] whole = two().bytes(SECOND);
        for (int length = 0; length < whole.length; length++) {
            assertFallsBack(Arrays.copyOf(whole, length), "cut to " + length);
        }
    }

    @Test
    void bytesBehindTheEndAreFound() throws IOException {
        byte[] whole = two().bytes(SECOND);
        DamagedSnapshot damaged = assertFallsBack(Arrays.copyOf(whole, whole.length + 1), "one zero more");
        assertEquals(whole.length, damaged.offset());
        byte[] endTwice = Arrays.copyOf(whole, whole.length + Layout.END_BYTES);
        System.arraycopy(whole, whole.length - Layout.END_BYTES, endTwice, whole.length, Layout.END_BYTES);
        assertFallsBack(endTwice, "the end twice");
    }

    @Test
    void damageSaysWhere() throws IOException {
        byte[] whole = two().bytes(SECOND);
        int stateChunk = Layout.HEADER_BYTES + Layout.HEAD_BYTES + 50 + Layout.CRC_BYTES;
        DamagedSnapshot damaged = assertFallsBack(SnapshotSamples.flipped(whole, stateChunk + 100, 1), "the state");
        assertEquals(stateChunk, damaged.offset());
        assertEquals(
                "snapshot file memory/" + SECOND + " at offset " + stateChunk
                        + ": the chunk does not match its checksum, or does not belong behind the bytes before it",
                damaged.reason());
    }

    @Test
    void aFileUnderAnotherSlotsNameIsFound() throws IOException {
        MemoryStorage storage = two();
        assertFallsBack(storage.bytes(FIRST), "the first one's bytes");
    }

    @Test
    void chunksThatChangedPlacesOrAreLeftOutAreFound() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        byte[] state = SnapshotSamples.bytes(1, 4 * SnapshotSamples.CHUNK);
        SnapshotSamples.write(SnapshotStore.open(storage), 20, new byte[0], state);
        byte[] whole = storage.bytes(SECOND);
        int chunk = Layout.HEAD_BYTES + SnapshotSamples.CHUNK + Layout.CRC_BYTES;
        int second = Layout.HEADER_BYTES + chunk;
        byte[] swapped = whole.clone();
        System.arraycopy(whole, second, swapped, second + chunk, chunk);
        System.arraycopy(whole, second + chunk, swapped, second, chunk);
        assertFallsBack(swapped, "swapped");
        byte[] leftOut = Arrays.copyOf(whole, whole.length - chunk);
        System.arraycopy(whole, second + chunk, leftOut, second, whole.length - second - chunk);
        assertFallsBack(leftOut, "left out");
    }

    @Test
    void aLaterVersionIsLeftWhereItIs() throws IOException {
        MemoryStorage storage = two();
        byte[] later = storage.bytes(SECOND);
        later[9] = 2;
        int crcOffset = Layout.HEADER_BYTES - Layout.CRC_BYTES;
        ByteBuffer buffer = ByteBuffer.wrap(later);
        buffer.putInt(crcOffset, Crc.of(buffer, 0, crcOffset));
        storage.replace(SECOND, later);
        SnapshotStore store = SnapshotStore.open(storage);
        NewestSnapshot newest = store.newest();
        assertEquals(10, Objects.requireNonNull(newest.id()).slot());
        assertEquals(
                "snapshot file memory/" + SECOND + ": format version 2 with flags 0 is unknown to this version, which"
                        + " knows format version 1",
                newest.damaged().get(0).reason());
        assertEquals(List.of(FIRST, SECOND), storage.list());
    }

    @Test
    void whatCannotBeReadIsNotDamagedAndIsReadAgainLater() throws IOException {
        MemoryStorage storage = two();
        SnapshotStore store = SnapshotStore.open(storage);
        storage.failRead(2);
        NewestSnapshot newest = store.newest();
        assertEquals(10, Objects.requireNonNull(newest.id()).slot());
        assertEquals(SECOND, newest.damaged().get(0).file());
        assertEquals(List.of(10L), SnapshotSamples.slots(store));
        assertEquals(List.of(FIRST, SECOND), storage.list());
        assertEquals(20, Objects.requireNonNull(store.newest().id()).slot());
        assertEquals(List.of(10L, 20L), SnapshotSamples.slots(store));
    }

    @Test
    void ifAllAreDamagedThatIsSaidAtEveryStartAndOneIsKeptToLookAt() throws IOException {
        MemoryStorage storage = two();
        storage.flip(FIRST, 5000 - 300);
        storage.flip(SECOND, 100);
        SnapshotStore store = SnapshotStore.open(storage);
        NewestSnapshot newest = store.newest();
        assertNull(newest.id());
        assertEquals(2, newest.damaged().size());
        assertEquals(List.of(SnapshotNames.damaged(10)), storage.list());
        newest = SnapshotStore.open(storage).newest();
        assertNull(newest.id());
        assertEquals(
                List.of(new DamagedSnapshot(
                        SnapshotNames.damaged(10),
                        -1,
                        "snapshot file memory/" + SnapshotNames.damaged(10)
                                + ": was found damaged and set aside before")),
                newest.damaged());
        SnapshotSamples.write(store, 10);
        assertEquals(10, SnapshotSamples.newestSlot(storage));
    }

    @Test
    void damageWhileReadingGivesNoByteOfTheDamagedChunk() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SnapshotStore store = SnapshotStore.open(storage);
        byte[] state = SnapshotSamples.bytes(1, 3 * SnapshotSamples.CHUNK);
        SnapshotId id = SnapshotSamples.write(store, 20, new byte[0], state);
        storage.flip(SECOND, Layout.HEADER_BYTES + 2 * SnapshotSamples.CHUNK);
        try (SnapshotReader reader = store.read(id)) {
            byte[] first = reader.state().readNBytes(SnapshotSamples.CHUNK);
            assertEquals(0, Arrays.compare(first, Arrays.copyOf(state, SnapshotSamples.CHUNK)));
            SnapshotException found =
                    assertThrows(SnapshotException.class, () -> reader.state().read());
            assertEquals(SnapshotException.Kind.DAMAGED, found.kind());
            assertThrows(SnapshotException.class, reader::readToEnd);
        }
    }
}
