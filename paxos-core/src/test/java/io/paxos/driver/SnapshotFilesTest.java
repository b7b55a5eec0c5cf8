// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.journal.MemoryStorage;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.DurableState;
import io.paxos.model.Entry;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SessionId;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import io.paxos.snapshot.SnapshotReader;
import io.paxos.snapshot.SnapshotStore;
import java.io.DataInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Restoring from a file, at a start and while the node runs, and which one a start takes. */
class SnapshotFilesTest {

    private static final MemberId SELF = new MemberId(new NodeId(1), new Incarnation(11));
    private static final Membership MEMBERSHIP =
            new Membership(1, List.of(SELF), List.of(), new QuorumSystem.Majority(), 8);
    private static final Founding FOUNDING = new Founding(new FoundingId(7, 8), MEMBERSHIP);
    private static final Founding OTHER_FOUNDING = new Founding(new FoundingId(7, 9), MEMBERSHIP);
    private static final int STATE_BYTES = 100;

    private final MemoryStorage storage = new MemoryStorage();
    private final Machine machine = new Machine();
    private final ApplySequence sequence = new ApplySequence(machine, SessionId.ofNode(SELF), 1);

    /** Its state is a hundred bytes of which it reads as many as it is told to. */
    private static final class Machine implements Application {
        private int reads = STATE_BYTES;
        private int restores;

        @Override
        public byte[] apply(Entry entry) {
            return new byte[0];
        }

        @Override
        public CapturedState capture() {
            return out -> out.write(new byte[STATE_BYTES]);
        }

        @Override
        public void restore(DataInput in) throws IOException {
            in.readFully(new byte[reads]);
            restores++;
        }
    }

    private static List<Proposal> slots(long first, long last) {
        return java.util.stream.LongStream.rangeClosed(first, last)
                .mapToObj(slot ->
                        new Proposal(slot, new Ballot(1, SELF), new Batch(0, 0, 0, List.of(Command.noOp())).encode()))
                .toList();
    }

    private long chain;

    private SnapshotFiles files() throws IOException {
        return new SnapshotFiles(SnapshotStore.open(storage));
    }

    /** Snapshots of these slots, of a machine that is thrown away. */
    private SnapshotFiles with(Founding founding, long... slots) throws IOException {
        ApplySequence writing = new ApplySequence(new Machine(), SessionId.ofNode(SELF), 1);
        SnapshotFiles files = files();
        for (long slot : slots) {
            writing.apply(slots(writing.applied() + 1, slot));
            files.write(founding, writing.capture());
            chain = writing.capture().chain();
        }
        return files;
    }

    private static DurableState remembered(long floor) {
        return new DurableState(
                SELF, 1, FOUNDING, true, Ballot.NONE, 0, floor, floor, 0, List.of(), List.of(), List.of(), false);
    }

    /**
     * The state machine got to the slot by itself while the last pieces came. Its unread bytes were taken for a restore that
     * forgot some, and the node stopped.
     */
    @Test
    void aSnapshotThatIsNotNewerIsLeftAloneAndEndsNothing() throws IOException {
        SnapshotFiles files = with(FOUNDING, 10);
        sequence.apply(slots(1, 12));
        InstallReport replaced = files.restore(files.newest(), null, sequence);
        assertTrue(replaced.older());
        assertEquals(0, machine.restores);
        assertEquals(12, sequence.applied());
        sequence.apply(slots(13, 13));
    }

    @Test
    void aNewerOneTakesThePlaceOfTheStateAndTheHashGoesOnFromThere() throws IOException {
        SnapshotFiles files = with(FOUNDING, 10);
        sequence.apply(slots(1, 9));
        InstallReport replaced = files.restore(files.newest(), FOUNDING.id(), sequence);
        assertFalse(replaced.older());
        assertEquals(chain, sequence.capture().chain());
        assertEquals(10, sequence.applied());
    }

    /** Hazard R7: a transfer that takes longer than the next two snapshots would begin anew for ever. */
    @Test
    void theOneThatIsHeldIsReadToItsEndWhileNewerOnesAreWritten() throws IOException {
        ApplySequence writing = new ApplySequence(new Machine(), SessionId.ofNode(SELF), 1);
        SnapshotFiles files = files();
        List<SnapshotId> written = new ArrayList<>();
        for (long slot = 10; slot <= 50; slot += 10) {
            writing.apply(slots(writing.applied() + 1, slot));
            written.add(files.write(FOUNDING, writing.capture()));
            if (slot == 20) {
                files.hold(written.get(0));
            }
        }
        SnapshotId held = written.get(0);
        SnapshotRead last = new SnapshotRead(1, held, held.bytes() - 8, 8);
        assertEquals(8, files.read(last).bytes().length());
        assertEquals(written.subList(3, 5), files.store().kept().subList(1, 3));

        files.hold(written.get(4));
        assertEquals(SnapshotFiles.Piece.NONE, files.read(last));
        files.hold(written.get(1)); // gone long since
        files.hold(SnapshotId.NONE);
        assertEquals(written.subList(3, 5), files.store().kept());
    }

    @Test
    void aStateMachineThatLeavesBytesHasNotRestoredAll() throws IOException {
        SnapshotFiles files = with(FOUNDING, 10);
        machine.reads = STATE_BYTES - 1;
        IOException refused = assertThrows(IOException.class, () -> files.restore(files.newest(), null, sequence));
        assertTrue(refused.getMessage() != null && refused.getMessage().contains("left 1 bytes"), refused.toString());
    }

    /** Who restores it elsewhere goes on with the members that are in force at its slot, not with older ones (hazard R8). */
    @Test
    void aSnapshotHoldsTheMembershipInForceAndItsFounding() throws IOException {
        Membership three = new Membership(
                3,
                List.of(
                        SELF,
                        new MemberId(new NodeId(2), new Incarnation(12)),
                        new MemberId(new NodeId(3), new Incarnation(13))),
                List.of(),
                new QuorumSystem.Majority(),
                8);
        SnapshotFiles files = with(new Founding(FOUNDING.id(), three), 10);
        try (SnapshotReader reader = files.store().read(files.newest())) {
            assertEquals(three, reader.meta().membership());
            assertEquals(FOUNDING.id(), reader.meta().founding());
        }
    }

    @Test
    void aStartTakesNoSnapshotOfAnotherFounding() throws IOException {
        SnapshotFiles files = with(OTHER_FOUNDING, 10);
        StartingState found = StartingState.find(files.store(), remembered(0));
        assertEquals(10, found.snapshot().slot());
        assertThrows(IOException.class, () -> found.into(sequence, files, remembered(0)));
        assertEquals(0, machine.restores);
    }

    @Test
    void aStartFallsBackToTheOlderOneAndThenToAnotherMember() throws IOException {
        with(FOUNDING, 10, 20);
        String newest = storage.list().get(1);
        storage.flip(newest, storage.bytes(newest).length / 2);
        SnapshotFiles files = files();
        StartingState older = StartingState.find(files.store(), remembered(10));
        assertEquals(10, older.snapshot().slot());
        assertEquals(1, older.damaged().size());
        assertFalse(older.isLost());
        assertEquals(10, older.into(sequence, files, remembered(10)).slot());

        storage.remove(storage.list().get(0));
        StartingState none = StartingState.find(files().store(), remembered(10));
        assertTrue(none.isLost(), "the log begins behind slot 10");
        assertTrue(none.snapshot().isNone());
        assertEquals(1, none.damaged().size(), "what was set aside is told as long as there is nothing good");
        assertFalse(StartingState.find(files().store(), remembered(0)).isLost(), "the whole log is there");
    }

    /** Below the floor even a whole snapshot is of no use: what is between it and the log is in neither. */
    @Test
    void aSnapshotThatDoesNotReachTheLogIsNotTaken() throws IOException {
        SnapshotFiles files = with(FOUNDING, 10);
        StartingState found = StartingState.find(files.store(), remembered(11));
        assertTrue(found.isLost());
        assertTrue(found.snapshot().isNone());
        assertEquals(Restored.NOTHING, found.into(sequence, files, remembered(11)));
    }

    @Test
    void aStartNamesWhatWasReceivedInPart() throws IOException {
        SnapshotFiles source = with(FOUNDING, 10, 20);
        SnapshotId id = source.newest();
        Value piece = Value.of(source.store().bytes(id, 0, 64));
        MemoryStorage here = new MemoryStorage();
        SnapshotFiles receiving = new SnapshotFiles(SnapshotStore.open(here));
        assertEquals(
                SnapshotId.NONE,
                StartingState.find(receiving.store(), remembered(0)).partly());
        receiving.receive(id);
        receiving.store(id, 0, piece);
        assertEquals(
                id,
                StartingState.find(SnapshotStore.open(here.afterKill()), remembered(0))
                        .partly());
    }
}
