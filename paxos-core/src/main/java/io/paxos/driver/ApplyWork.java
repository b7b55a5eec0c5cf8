// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Founding;
import io.paxos.model.Proposal;
import io.paxos.model.SnapshotId;
import java.util.List;

/** What the apply thread does, one after another: so a snapshot falls between slots, and an install is one step. */
public sealed interface ApplyWork {

    /**
     * Apply.
     *
     * @param chosen neighbouring slots
     */
    record Slots(List<Proposal> chosen) implements ApplyWork {}

    /**
     * Capture the state for a snapshot.
     *
     * @param founding whose log it is of
     */
    record Take(Founding founding) implements ApplyWork {}

    /**
     * Replace the state.
     *
     * @param id by what; durable and verified
     */
    record Install(SnapshotId id) implements ApplyWork {}
}
