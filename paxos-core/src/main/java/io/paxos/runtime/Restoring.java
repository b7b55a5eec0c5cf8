// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import io.paxos.driver.ApplySequence;
import io.paxos.driver.Restored;
import io.paxos.driver.SnapshotFiles;
import io.paxos.driver.StartingState;
import io.paxos.model.DurableState;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The state at a start, and what the log says of it: {@link StartingState} decides. */
final class Restoring {

    private static final Logger LOG = LoggerFactory.getLogger(Restoring.class);

    private Restoring() {}

    static Restored into(
            ApplySequence sequence, String node, StartingState found, SnapshotFiles files, DurableState remembered)
            throws IOException {
        found.damaged()
                .forEach(damaged -> LOG.warn("{}: a snapshot is damaged and not used: {}", node, damaged.reason()));
        if (found.isLost()) {
            LOG.warn(
                    "{}: the log begins behind slot {}, and no snapshot here reaches it: the state comes from another member",
                    node,
                    remembered.floor());
        }
        if (found.snapshot().isNone()) {
            return Restored.NOTHING;
        }
        long begun = System.nanoTime();
        LOG.info("{}: restores snapshot {}", node, found.snapshot());
        Restored restored = found.into(sequence, files, remembered);
        LOG.info("{}: restored in {} ms", node, (System.nanoTime() - begun) / 1_000_000);
        return restored;
    }
}
