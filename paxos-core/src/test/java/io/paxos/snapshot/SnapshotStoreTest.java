// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.paxos.journal.FileStorage;
import io.paxos.journal.MemoryStorage;
import io.paxos.model.SnapshotId;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Which snapshots there are, and that they hold what was written. */
final class SnapshotStoreTest {

    private static SnapshotException.Kind kindOf(Executable call) {
        return assertThrows(SnapshotException.class, call).kind();
    }

    @Test
    void anEmptyDirectoryHasNone() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SnapshotStore store = SnapshotStore.open(storage);
        assertEquals(List.of(), store.kept());
        assertEquals(0, store.floor());
        assertEquals(new NewestSnapshot(null, List.of()), store.newest());
        assertNull(store.partial());
        assertEquals(List.of(), storage.calls());
    }

    @Test
    void theTwoNewestAreKeptAndTheOlderOnesSlotIsTheFloor() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SnapshotStore store = SnapshotStore.open(storage);
        SnapshotId first = SnapshotSamples.write(store, 10);
        assertEquals(0, store.floor());
        SnapshotId second = SnapshotSamples.write(store, 20);
        assertEquals(10, store.floor());
        SnapshotId third = SnapshotSamples.write(store, 30);
        assertEquals(List.of(second, third), store.kept());
        assertEquals(20, store.floor());
        assertEquals(List.of(SnapshotNames.snap(20), SnapshotNames.snap(30)), storage.list());
        assertEquals(SnapshotException.Kind.GONE, kindOf(() -> store.read(first)));
        assertEquals(SnapshotException.Kind.GONE, kindOf(() -> store.bytes(first, 0, 1)));
        assertFalse(store.hold(first));
        SnapshotStore reopened = SnapshotStore.open(storage.afterPowerLoss(false, sector -> false));
        assertEquals(List.of(first, second, third), reopened.kept(), "the deletion was not forced, and need not be");
        assertEquals(third, reopened.newest().id());
        assertEquals(List.of(second, third), reopened.kept());
        SnapshotSamples.assertReads(reopened, second);
    }

    @Test
    void theOldestThatIsHeldOutlivesTheNextOnesAndNoOtherDoes() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SnapshotStore store = SnapshotStore.open(storage);
        SnapshotId first = SnapshotSamples.write(store, 10);
        SnapshotId second = SnapshotSamples.write(store, 20);
        assertTrue(store.hold(first));
        assertTrue(store.hold(first));
        assertTrue(store.hold(second));
        for (long slot = 30; slot <= 60; slot += 10) {
            SnapshotSamples.write(store, slot);
        }
        assertEquals(List.of(10L, 50L, 60L), SnapshotSamples.slots(store));
        assertEquals(50, store.floor());
        SnapshotSamples.assertReads(store, first);
        store.release(first);
        assertEquals(List.of(10L, 50L, 60L), SnapshotSamples.slots(store));
        store.release(first);
        assertEquals(List.of(50L, 60L), SnapshotSamples.slots(store));
        assertEquals(List.of(SnapshotNames.snap(50), SnapshotNames.snap(60)), storage.list());
        store.release(first);
        store.release(second);
        assertEquals(List.of(50L, 60L), SnapshotSamples.slots(store));
    }

    @Test
    void ofThreeAfterACrashNoneGoesBeforeTheNewestWasRead() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SnapshotSamples.write(SnapshotStore.open(storage), 10);
        SnapshotSamples.write(SnapshotStore.open(storage), 20);
        storage.replace(
                SnapshotNames.snap(30),
                SnapshotSamples.source(30, SnapshotSamples.state(30)).bytes(SnapshotNames.snap(30)));
        SnapshotStore store = SnapshotStore.open(storage);
        SnapshotId first = store.kept().get(0);
        assertTrue(store.hold(first));
        store.release(first);
        assertEquals(List.of(10L, 20L, 30L), SnapshotSamples.slots(store));
        store.newest();
        assertEquals(List.of(20L, 30L), SnapshotSamples.slots(store));
    }

    @Test
    void anOlderOneOrASecondOfASlotIsRefused() throws IOException {
        SnapshotStore store = SnapshotStore.open(new MemoryStorage());
        SnapshotSamples.write(store, 20);
        assertEquals(SnapshotException.Kind.STALE, kindOf(() -> SnapshotSamples.write(store, 20)));
        assertEquals(SnapshotException.Kind.STALE, kindOf(() -> SnapshotSamples.write(store, 10)));
        assertEquals(List.of(20L), SnapshotSamples.slots(store));
    }

    @Test
    void oneIsWrittenAtATime() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SnapshotStore store = SnapshotStore.open(storage);
        SnapshotWriter writer = store.create(SnapshotSamples.meta(10), new byte[0]);
        assertThrows(IllegalStateException.class, () -> store.create(SnapshotSamples.meta(11), new byte[0]));
        writer.abandon();
        writer.close();
        assertEquals(List.of(), storage.list());
        assertThrows(IllegalStateException.class, writer::finish);
        SnapshotSamples.write(store, 10);
    }

    @Test
    void whatWasBeingWrittenIsDeletedAtTheNextStart() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SnapshotStore store = SnapshotStore.open(storage);
        store.create(SnapshotSamples.meta(10), new byte[0]).state().write(new byte[100_000]);
        MemoryStorage killed = storage.afterKill();
        assertEquals(List.of(SnapshotNames.aside(10)), killed.list());
        assertEquals(List.of(), SnapshotStore.open(killed).kept());
        assertEquals(List.of(), killed.list());
    }

    @Test
    void anApplicationThatSwallowsAFailedWriteGetsNoSnapshot() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        SnapshotStore store = SnapshotStore.open(storage);
        SnapshotWriter writer = store.create(SnapshotSamples.meta(10), new byte[0]);
        storage.failCall(1);
        assertEquals(
                SnapshotException.Kind.FAILED, kindOf(() -> writer.state().write(new byte[SnapshotSamples.CHUNK])));
        assertEquals(List.of(), storage.list());
        assertEquals(SnapshotException.Kind.FAILED, kindOf(() -> writer.state().write(1)));
        assertEquals(SnapshotException.Kind.FAILED, kindOf(writer::finish));
        SnapshotSamples.write(store, 10);
        assertEquals(10, SnapshotSamples.newestSlot(storage));
    }

    @Test
    void stateIsWrittenAndReadAsData() throws IOException {
        SnapshotStore store = SnapshotStore.open(new MemoryStorage());
        SnapshotWriter writer = store.create(SnapshotSamples.meta(10), SnapshotSamples.sessions(10));
        DataOutputStream out = writer.state();
        for (int i = 0; i < 30_000; i++) {
            out.writeInt(i);
            out.writeByte(-1);
        }
        out.writeUTF("end");
        out.close();
        SnapshotId id = writer.finish();
        try (SnapshotReader reader = store.read(id)) {
            DataInputStream in = reader.state();
            for (int i = 0; i < 30_000; i++) {
                assertEquals(i, in.readInt());
                assertEquals(255, in.read());
            }
            assertEquals("end", in.readUTF());
            assertEquals(-1, in.read());
        }
        try (SnapshotReader reader = store.read(id)) {
            assertEquals(0, reader.state().readInt());
            assertEquals(30_000 * 5 + 2 + 3 - 4, reader.readToEnd());
            assertEquals(-1, reader.state().read());
        }
    }

    @Test
    void bytesAreTheFilesOwnAndBounded() throws IOException {
        MemoryStorage storage = new MemoryStorage();
        storage.shortenTransfers(1000);
        SnapshotStore store = SnapshotStore.open(storage);
        SnapshotId id = SnapshotSamples.write(store, 10);
        byte[] file = storage.bytes(SnapshotNames.snap(10));
        assertArrayEquals(Arrays.copyOfRange(file, 100, 4100), store.bytes(id, 100, 4000));
        assertArrayEquals(
                Arrays.copyOfRange(file, file.length - 5, file.length), store.bytes(id, file.length - 5, 4000));
        assertEquals(0, store.bytes(id, file.length, 1).length);
        assertThrows(IllegalArgumentException.class, () -> store.bytes(id, file.length + 1, 1));
        assertThrows(IllegalArgumentException.class, () -> store.bytes(id, -1, 1));
        assertThrows(IllegalArgumentException.class, () -> store.bytes(id, 0, SnapshotStore.READ_BYTES_MAX + 1));
        assertEquals(
                SnapshotException.Kind.GONE,
                kindOf(() -> store.bytes(new SnapshotId(10, id.bytes(), id.checksum() + 1), 0, 1)));
    }

    @Test
    void tooManyBytesOfSessionsAreRefused() throws IOException {
        SnapshotStore store = SnapshotStore.open(new MemoryStorage());
        byte[] sessions = new byte[SnapshotStore.SESSIONS_BYTES_MAX + 1];
        assertThrows(IllegalArgumentException.class, () -> store.create(SnapshotSamples.meta(1), sessions));
    }

    @Property(tries = 40)
    void whatIsWrittenIsRead(
            @ForAll @IntRange(max = 140_000) int sessionsBytes,
            @ForAll @IntRange(max = 300_000) int stateBytes,
            @ForAll @IntRange(min = 3_000, max = 200_000) int step,
            @ForAll @IntRange(min = 5_000, max = 100_000) int transfer)
            throws IOException {
        MemoryStorage storage = new MemoryStorage();
        storage.shortenTransfers(transfer);
        SnapshotStore store = SnapshotStore.open(storage);
        byte[] sessions = SnapshotSamples.bytes(1, sessionsBytes);
        byte[] state = SnapshotSamples.bytes(2, stateBytes);
        SnapshotWriter writer = store.create(SnapshotSamples.meta(7), sessions);
        for (int at = 0; at < stateBytes; at += step) {
            writer.state().write(state, at, Math.min(step, stateBytes - at));
        }
        SnapshotId id = writer.finish();
        SnapshotSamples.assertReads(store, id, sessions, state);
        MemoryStorage otherStorage = new MemoryStorage();
        SnapshotStore other = SnapshotStore.open(otherStorage);
        IncomingSnapshot incoming = other.receive(id);
        SnapshotSamples.send(incoming, SnapshotSamples.file(store, id), step);
        assertEquals(id, incoming.finish());
        SnapshotSamples.assertReads(other, id, sessions, state);
        assertArrayEquals(storage.bytes(SnapshotNames.snap(7)), otherStorage.bytes(SnapshotNames.snap(7)));
    }

    /** On a real file system: what is allocated for 48 MiB more of state is next to nothing. */
    @Test
    void memoryDoesNotGrowWithTheState(@TempDir Path directory) throws IOException {
        long small = allocatedBytes(directory.resolve("small"), 16);
        long large = allocatedBytes(directory.resolve("large"), 64);
        assertTrue(large < (8 << 20), () -> large + " bytes allocated");
        assertTrue(large - small < (2 << 20), () -> large + " bytes against " + small);
    }

    private static long allocatedBytes(Path directory, int mebibytes) throws IOException {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Files.createDirectories(directory.resolve("a"));
        Files.createDirectories(directory.resolve("b"));
        byte[] some = SnapshotSamples.bytes(3, 1 << 20);
        byte[] target = new byte[100_000];
        long before = threads.getCurrentThreadAllocatedBytes();
        SnapshotStore store = SnapshotStore.open(new FileStorage(directory.resolve("a")));
        SnapshotWriter writer = store.create(SnapshotSamples.meta(7), new byte[100]);
        for (int i = 0; i < mebibytes; i++) {
            writer.state().write(some);
        }
        SnapshotId id = writer.finish();
        try (SnapshotReader reader = store.read(id)) {
            long read = 0;
            for (int more = reader.state().read(target);
                    more >= 0;
                    more = reader.state().read(target)) {
                read += more;
            }
            assertEquals((long) mebibytes << 20, read);
        }
        long sent = 0; // What is handed in is the caller's.
        SnapshotStore other = SnapshotStore.open(new FileStorage(directory.resolve("b")));
        IncomingSnapshot incoming = other.receive(id);
        while (incoming.offset() < id.bytes()) {
            long sending = threads.getCurrentThreadAllocatedBytes();
            byte[] bytes = store.bytes(id, incoming.offset(), 256 << 10);
            sent += threads.getCurrentThreadAllocatedBytes() - sending;
            incoming.write(incoming.offset(), ByteBuffer.wrap(bytes));
        }
        incoming.finish();
        return threads.getCurrentThreadAllocatedBytes() - before - sent;
    }
}
