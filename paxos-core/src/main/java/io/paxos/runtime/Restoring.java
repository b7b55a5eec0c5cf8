// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.ApplySequence;
import io.paxos.driver.Restored;
import io.paxos.model.DurableState;
import io.paxos.model.Founding;
import io.paxos.model.SnapshotId;
import io.paxos.snapshot.DamagedSnapshot;
import io.paxos.snapshot.NewestSnapshot;
import io.paxos.snapshot.SnapshotReader;
import io.paxos.snapshot.SnapshotStore;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state at a start: the newest snapshot that is whole, if it reaches up to where the log begins. A damaged one falls back
 * to the one before it and the log; if none is left that reaches the log, the state comes from another member. It is never
 * empty where it was not (hazard R5).
 */
final class Restoring {

    private static final Logger LOG = LoggerFactory.getLogger(Restoring.class);

    private final String node;
    private final SnapshotStore store;
    private final DurableState remembered;

    Restoring(String node, SnapshotStore store, DurableState remembered) {
        this.node = node;
        this.store = store;
        this.remembered = remembered;
    }

    Restored into(ApplySequence sequence) throws IOException {
        NewestSnapshot newest = store.newest();
        for (DamagedSnapshot damaged : newest.damaged()) {
            LOG.warn("{}: a snapshot is damaged and not used: {}", node, damaged.reason());
        }
        SnapshotId id = newest.id();
        long slot = id == null ? 0 : id.slot();
        if (slot < remembered.floor()) {
            LOG.warn(
                    "{}: the log begins behind slot {}, and no snapshot here reaches it: the state comes from another member",
                    node,
                    remembered.floor());
            return Restored.NOTHING;
        }
        return id == null ? Restored.NOTHING : from(id, sequence);
    }

    private Restored from(SnapshotId id, ApplySequence sequence) throws IOException {
        long begun = System.nanoTime();
        LOG.info("{}: restores snapshot {}", node, id);
        try (SnapshotReader reader = store.read(id)) {
            Founding founding = remembered.founding();
            if (founding == null || !founding.id().equals(reader.meta().founding())) {
                throw new IOException(
                        "snapshot " + id + " is of founding " + reader.meta().founding() + ", this directory is of "
                                + (founding == null ? "none" : founding.id()));
            }
            Restored restored = sequence.restore(
                            id, reader.meta().agreedTimeMillis(), reader.sessions(), reader.state())
                    .restored();
            requireAllRead(reader);
            LOG.info("{}: restored in {} ms", node, (System.nanoTime() - begun) / 1_000_000);
            return restored;
        }
    }

    /**
     * A state machine that does not read all that it wrote has not restored all of its state.
     *
     * @throws IOException if there was more; or what follows is damaged
     */
    static void requireAllRead(SnapshotReader reader) throws IOException {
        long left = reader.readToEnd();
        if (left > 0) {
            throw new IOException(
                    "the state machine's restore left " + left + " bytes of snapshot " + reader.id() + " unread");
        }
    }
}
