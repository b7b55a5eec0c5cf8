// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.journal.MemoryStorage;
import io.paxos.model.SnapshotId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Snapshots of another member, over lines that break and members that send something else. */
final class IncomingSnapshotTest {

    private static final byte[] STATE = SnapshotSamples.bytes(30, 2 * SnapshotSamples.CHUNK + 1000);
    private static final int SECOND_CHUNK =
            Layout.HEADER_BYTES + 62 + Layout.HEAD_BYTES + SnapshotSamples.CHUNK + Layout.CRC_BYTES;

    private final MemoryStorage storage = new MemoryStorage();
    private SnapshotStore store = SnapshotStore.open(storage);
    private SnapshotId id = new SnapshotId(30, Layout.FILE_BYTES_MIN, 0);
    private byte[] file = new byte[0];

    IncomingSnapshotTest() throws SnapshotException {}

    @BeforeEach
    void aPeerHasSlot30AndWeHave20() throws IOException {
        SnapshotSamples.write(store, 20);
        SnapshotStore source = SnapshotStore.open(SnapshotSamples.source(30, STATE));
        id = source.kept().get(0);
        file = SnapshotSamples.file(source, id);
    }

    private static void assertRefused(SnapshotException.Kind kind, Executable call) {
        assertEquals(kind, assertThrows(SnapshotException.class, call).kind());
    }

    private void assertReceived() throws IOException {
        assertEquals(List.of(20L, 30L), SnapshotSamples.slots(store));
        SnapshotSamples.assertReads(store, id, SnapshotSamples.sessions(30), STATE);
        assertEquals(List.of(SnapshotNames.snap(20), SnapshotNames.snap(30)), storage.list());
    }

    private void assertNothingHappened() throws IOException {
        assertEquals(List.of(SnapshotNames.snap(20)), storage.list());
        assertEquals(20, SnapshotSamples.newestSlot(storage));
    }

    @Test
    void aFileArrivesInPiecesOfAnySize() throws IOException {
        storage.shortenTransfers(777);
        IncomingSnapshot incoming = store.receive(id);
        assertNull(incoming.meta());
        SnapshotSamples.send(incoming, file, 10_007);
        assertEquals(SnapshotSamples.meta(30), incoming.meta());
        assertEquals(id, incoming.finish());
        assertReceived();
    }

    @Test
    void onlyTheNextBytesAreTaken() throws IOException {
        IncomingSnapshot incoming = store.receive(id);
        incoming.write(0, ByteBuffer.wrap(file, 0, 5000));
        assertRefused(SnapshotException.Kind.OUT_OF_ORDER, () -> incoming.write(0, ByteBuffer.wrap(file, 0, 5000)));
        assertRefused(
                SnapshotException.Kind.OUT_OF_ORDER, () -> incoming.write(6000, ByteBuffer.wrap(file, 6000, 1000)));
        assertRefused(
                SnapshotException.Kind.OUT_OF_ORDER, () -> incoming.write(5000, ByteBuffer.allocate(file.length)));
        assertRefused(SnapshotException.Kind.OUT_OF_ORDER, incoming::finish);
        assertEquals(5000, incoming.offset());
        SnapshotSamples.send(incoming, file, 5000);
        incoming.finish();
        assertReceived();
    }

    @Test
    void aBadChunkCostsItselfAndNotTheTransfer() throws IOException {
        IncomingSnapshot incoming = store.receive(id);
        byte[] bad = SnapshotSamples.flipped(file, SECOND_CHUNK + 500, 4);
        assertRefused(SnapshotException.Kind.DAMAGED, () -> SnapshotSamples.send(incoming, bad, 50_000));
        assertEquals(SECOND_CHUNK, incoming.offset());
        SnapshotSamples.send(incoming, file, 50_000);
        incoming.finish();
        assertReceived();
    }

    @Test
    void aBadHeaderIsSentAgain() throws IOException {
        IncomingSnapshot incoming = store.receive(id);
        byte[] bad = SnapshotSamples.flipped(file, 33, 1);
        assertRefused(SnapshotException.Kind.DAMAGED, () -> incoming.write(0, ByteBuffer.wrap(bad)));
        assertEquals(0, incoming.offset());
        SnapshotSamples.send(incoming, file, 50_000);
        incoming.finish();
        assertReceived();
    }

    /** Two members' snapshots of one slot: the same meta, the same length, other bytes. */
    @Test
    void chunksOfTwoSnapshotsOfOneSlotDoNotMix() throws IOException {
        byte[] state = SnapshotSamples.flipped(STATE, 10, 1);
        SnapshotStore other = SnapshotStore.open(SnapshotSamples.source(30, state));
        byte[] otherFile = SnapshotSamples.file(other, other.kept().get(0));
        assertEquals(file.length, otherFile.length);
        IncomingSnapshot incoming = store.receive(id);
        incoming.write(0, ByteBuffer.wrap(file, 0, SECOND_CHUNK));
        assertRefused(SnapshotException.Kind.DAMAGED, () -> SnapshotSamples.send(incoming, otherFile, 70_000));
        assertEquals(SECOND_CHUNK, incoming.offset());
        incoming.abandon();
        assertNothingHappened();
    }

    @Test
    void anotherSnapshotThanTheAnnouncedOneIsRefusedAtItsEnd() throws IOException {
        byte[] state = SnapshotSamples.flipped(STATE, 10, 1);
        SnapshotStore other = SnapshotStore.open(SnapshotSamples.source(30, state));
        byte[] otherFile = SnapshotSamples.file(other, other.kept().get(0));
        IncomingSnapshot incoming = store.receive(id);
        assertRefused(SnapshotException.Kind.MISMATCH, () -> SnapshotSamples.send(incoming, otherFile, 70_000));
        assertNothingHappened();
        assertThrows(IllegalStateException.class, incoming::finish);
    }

    @Test
    void aSnapshotOfAnotherSlotIsRefusedAtItsHeader() throws IOException {
        SnapshotStore other = SnapshotStore.open(SnapshotSamples.source(31, STATE));
        byte[] otherFile = SnapshotSamples.file(other, other.kept().get(0));
        IncomingSnapshot incoming = store.receive(id);
        assertRefused(SnapshotException.Kind.MISMATCH, () -> SnapshotSamples.send(incoming, otherFile, 70_000));
        assertNothingHappened();
    }

    @Test
    void aLongerSnapshotThanTheAnnouncedOneIsRefused() throws IOException {
        SnapshotId shorter = new SnapshotId(30, id.bytes() - 1, id.checksum());
        IncomingSnapshot incoming = store.receive(shorter);
        incoming.write(0, ByteBuffer.wrap(file, 0, file.length - 1));
        assertRefused(SnapshotException.Kind.MISMATCH, incoming::finish);
        assertNothingHappened();
    }

    @Test
    void aTransferGoesOnBehindTheLastWholeChunkAfterAnotherStart() throws IOException {
        IncomingSnapshot incoming = store.receive(id);
        incoming.write(0, ByteBuffer.wrap(file, 0, SECOND_CHUNK + 1234));
        incoming.close();
        store = SnapshotStore.open(storage);
        assertEquals(id, store.partial());
        IncomingSnapshot again = store.receive(id);
        assertEquals(SECOND_CHUNK, again.offset());
        assertEquals(SnapshotSamples.meta(30), again.meta());
        SnapshotSamples.send(again, file, 50_000);
        again.finish();
        assertReceived();
    }

    @Test
    void aWholePartIsFinishedWithoutAnotherByte() throws IOException {
        IncomingSnapshot incoming = store.receive(id);
        SnapshotSamples.send(incoming, file, 50_000);
        incoming.close();
        store = SnapshotStore.open(storage);
        IncomingSnapshot again = store.receive(id);
        assertEquals(id.bytes(), again.offset());
        again.finish();
        assertReceived();
    }

    @Test
    void aPartOfAnotherSnapshotOfTheSlotIsNotGoneOnWith() throws IOException {
        IncomingSnapshot incoming = store.receive(id);
        incoming.write(0, ByteBuffer.wrap(file, 0, SECOND_CHUNK));
        incoming.close();
        SnapshotId other = new SnapshotId(30, id.bytes(), id.checksum() + 1);
        IncomingSnapshot again = store.receive(other);
        assertEquals(0, again.offset());
        assertEquals(List.of(SnapshotNames.snap(20), SnapshotNames.part(other)), storage.list());
    }

    @Test
    void onlyTheNewestPartOutlivesAStart() throws IOException {
        storage.replace(SnapshotNames.part(new SnapshotId(25, 10_000, 1)), new byte[10]);
        storage.replace(SnapshotNames.part(new SnapshotId(26, 10_000, 1)), new byte[10]);
        storage.replace(SnapshotNames.part(new SnapshotId(15, 10_000, 1)), new byte[10]);
        storage.replace("snapshot-garbage.part", new byte[10]);
        store = SnapshotStore.open(storage);
        assertEquals(new SnapshotId(26, 10_000, 1), store.partial());
        assertEquals(2, storage.list().size());
        IncomingSnapshot incoming = store.receive(new SnapshotId(26, 10_000, 1));
        assertEquals(0, incoming.offset());
        incoming.abandon();
        assertNothingHappened();
    }

    /** Hazard S12: what was received reads as whole, and a force that only forces what is dirty would keep none of it. */
    @Test
    void aPartOfAProcessWhoseForceFailedIsWrittenAgain() throws IOException {
        IncomingSnapshot incoming = store.receive(id);
        incoming.write(0, ByteBuffer.wrap(file, 0, SECOND_CHUNK));
        MemoryStorage killed = storage.afterFailedForceAndKill();
        store = SnapshotStore.open(killed);
        IncomingSnapshot again = store.receive(id);
        assertEquals(SECOND_CHUNK, again.offset());
        SnapshotSamples.send(again, file, 50_000);
        again.finish();
        MemoryStorage after = killed.afterPowerLoss(true, sector -> false);
        SnapshotStore reopened = SnapshotStore.open(after);
        assertEquals(id, reopened.newest().id());
        SnapshotSamples.assertReads(reopened, id, SnapshotSamples.sessions(30), STATE);
    }

    @Test
    void whatIsNotNewerIsNotReceived() throws IOException {
        assertRefused(SnapshotException.Kind.STALE, () -> store.receive(new SnapshotId(20, Layout.FILE_BYTES_MIN, 0)));
        IncomingSnapshot incoming = store.receive(id);
        assertThrows(IllegalStateException.class, () -> store.receive(id));
        SnapshotSamples.send(incoming, file, 50_000);
        SnapshotSamples.write(store, 40);
        assertRefused(SnapshotException.Kind.STALE, incoming::finish);
        assertEquals(List.of(SnapshotNames.snap(20), SnapshotNames.snap(40)), storage.list());
    }
}
