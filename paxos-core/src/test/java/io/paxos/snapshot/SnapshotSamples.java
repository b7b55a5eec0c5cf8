// SPDX-License-Identifier: Apache-2.0
package io.paxos.snapshot;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.journal.MemoryStorage;
import io.paxos.journal.Storage;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SnapshotId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Snapshots whose content follows from their slot, so that a reader can tell one from garbage. */
final class SnapshotSamples {

    static final int CHUNK = Layout.PAYLOAD_BYTES_MAX;
    private static final Membership MEMBERSHIP = new Membership(
            3,
            List.of(member(1), member(2), member(3)),
            List.of(new NodeId(9)),
            new QuorumSystem.FlexibleSizes(3, 1),
            128);

    private SnapshotSamples() {}

    private static MemberId member(int node) {
        return new MemberId(new NodeId(node), new Incarnation(0x0101010101010101L * node));
    }

    static SnapshotMeta meta(long slot) {
        return new SnapshotMeta(
                new FoundingId(0x0102030405060708L, 0x090a0b0c0d0e0f10L), MEMBERSHIP, slot, 1_000_000 + slot, 0);
    }

    static byte[] bytes(long seed, int length) {
        byte[] bytes = new byte[length];
        int first = (int) seed * 31;
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (first + i * 7 + (i >> 8));
        }
        return bytes;
    }

    static byte[] sessions(long slot) {
        return bytes(-slot, 50);
    }

    /** The state of the snapshots in most tests: small, for tests that go through every byte. */
    static byte[] state(long slot) {
        return bytes(slot, 700);
    }

    static SnapshotId write(SnapshotStore store, long slot) throws IOException {
        return write(store, slot, sessions(slot), state(slot));
    }

    static SnapshotId write(SnapshotStore store, long slot, byte[] sessions, byte[] state) throws IOException {
        try (SnapshotWriter writer = store.create(meta(slot), sessions)) {
            writer.state().write(state);
            return writer.finish();
        }
    }

    /** All of a file, as another member would send it. */
    static byte[] file(SnapshotStore store, SnapshotId id) throws IOException {
        byte[] file = new byte[(int) id.bytes()];
        for (int at = 0; at < file.length; ) {
            byte[] some = store.bytes(id, at, SnapshotStore.READ_BYTES_MAX);
            System.arraycopy(some, 0, file, at, some.length);
            at += some.length;
        }
        return file;
    }

    /** Another member's store with one snapshot. */
    static MemoryStorage source(long slot, byte[] state) throws IOException {
        MemoryStorage storage = new MemoryStorage();
        write(SnapshotStore.open(storage), slot, sessions(slot), state);
        return storage;
    }

    /** Hands in the rest of a file, so many bytes at a time. */
    static void send(IncomingSnapshot incoming, byte[] file, int step) throws IOException {
        while (incoming.offset() < file.length) {
            int at = (int) incoming.offset();
            incoming.write(at, ByteBuffer.wrap(file, at, Math.min(step, file.length - at)));
        }
    }

    /** That it holds what {@link #write} of its slot wrote. */
    static void assertReads(SnapshotStore store, SnapshotId id) throws IOException {
        assertReads(store, id, sessions(id.slot()), state(id.slot()));
    }

    static void assertReads(SnapshotStore store, SnapshotId id, byte[] sessions, byte[] state) throws IOException {
        try (SnapshotReader reader = store.read(id)) {
            assertEquals(id, reader.id());
            assertEquals(meta(id.slot()), reader.meta());
            assertArrayEquals(sessions, reader.sessions());
            assertArrayEquals(state, reader.state().readAllBytes());
            assertEquals(0, reader.readToEnd());
        }
    }

    /** Opens the directory as a start does and reads what is the newest; 0 if there is nothing. Nothing may be damaged. */
    static long newestSlot(Storage storage) throws IOException {
        SnapshotStore store = SnapshotStore.open(storage);
        NewestSnapshot newest = store.newest();
        assertEquals(List.of(), newest.damaged());
        SnapshotId id = newest.id();
        if (id == null) {
            return 0;
        }
        assertReads(store, id);
        return id.slot();
    }

    static List<Long> slots(SnapshotStore store) {
        return store.kept().stream().map(SnapshotId::slot).toList();
    }

    static byte[] flipped(byte[] bytes, int at, int mask) {
        byte[] copy = Arrays.copyOf(bytes, bytes.length);
        copy[at] ^= (byte) mask;
        return copy;
    }
}
