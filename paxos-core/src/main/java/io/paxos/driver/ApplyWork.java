// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.Founding;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SnapshotId;
import io.paxos.session.SessionReceiver;
import java.util.List;
import java.util.function.Consumer;

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

    /**
     * Attach a client's session.
     *
     * @param session whose
     * @param boot of its owner
     * @param receiver told what becomes of its commands
     */
    record Attach(SessionId session, long boot, SessionReceiver receiver) implements ApplyWork {}

    /**
     * Detach it.
     *
     * @param session whose
     * @param receiver the one that is attached
     */
    record Detach(SessionId session, SessionReceiver receiver) implements ApplyWork {}

    /**
     * Look what became of a command.
     *
     * @param session whose
     * @param boot of its owner
     * @param sequence within the session
     * @param answer told at once, on the apply thread
     */
    record Look(SessionId session, long boot, long sequence, Consumer<SessionFate> answer) implements ApplyWork {}
}
