// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.paxos.driver.DiskReport;
import io.paxos.driver.Divergence;
import io.paxos.journal.FileStorage;
import io.paxos.model.Ballot;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import io.paxos.snapshot.SnapshotStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotKeeperTest {

    @TempDir
    Path directory;

    /**
     * A sends half of a snapshot and dies; B has a newer one. The half of A's was still open, and the thread that stores
     * snapshots died of beginning with B's.
     */
    @Test
    void aTransferThatIsGivenUpMakesRoomForTheNext() throws IOException, InterruptedException {
        StopSignal stop = new StopSignal();
        FrameInbox inbox = new FrameInbox(1_000, false, stop);
        Callbacks callbacks = new Callbacks("n1", null, 100, new NodeListenerOfNothing(), stop);
        SnapshotStore store = SnapshotStore.open(new FileStorage(directory));
        SnapshotKeeper keeper = new SnapshotKeeper("n1", store, callbacks, inbox, stop, new DutyCycle(100, stop));
        SnapshotId first = new SnapshotId(10, 5_000, 1);
        SnapshotId second = new SnapshotId(20, 6_000, 2);
        keeper.receive(first);
        keeper.store(first, 0, Value.of(new byte[10]));
        keeper.receive(second);
        keeper.store(first, 10, Value.of(new byte[10])); // late, and of the wrong one
        keeper.receive(first);
        keeper.stopReceiving();
        keeper.store(first, 20, Value.of(new byte[10])); // not answered: its file is closed
        keeper.receive(first);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(() -> {
            try {
                keeper.run();
            } catch (Throwable died) {
                thrown.set(died);
            }
        });
        thread.start();
        int answers = 0;
        while (answers < 5 && thread.isAlive()) {
            inbox.await(10_000_000);
            answers += inbox.poll().size();
        }
        stop.close();
        keeper.close();
        thread.join();
        assertNull(thrown.get());
        assertEquals(5, answers);
        assertEquals(first, store.partial());
    }

    static final class NodeListenerOfNothing implements RuntimeListener {
        @Override
        public void leaderChanged(Ballot leader, boolean leadsHere) {}

        @Override
        public void ready() {}

        @Override
        public void diskChanged(DiskReport disk) {}

        @Override
        public void diverged(Divergence divergence) {}

        @Override
        public void failed(String reason, Throwable cause) {}
    }
}
