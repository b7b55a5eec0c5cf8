// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.model.SnapshotId;
import io.paxos.session.SessionResult;
import java.util.List;

/**
 * What the apply side says of a snapshot that it was to restore from.
 *
 * @param id which
 * @param older whether it was not newer than what is applied, and so was left alone (hazard R3)
 * @param restored what the state machine stands at now; of no meaning if {@code older}
 * @param ownDue the sequence that is due in this boot's own session, by the restored table; 1 if it is not open there
 * @param ownResults the results of this boot's own session that the restored table keeps, ascending
 * @param nothingExpiresBeforeMillis no session expires before agreed time reaches this
 * @param superseded whether a later boot of this node has opened its session
 */
public record InstallReport(
        SnapshotId id,
        boolean older,
        Restored restored,
        long ownDue,
        List<SessionResult> ownResults,
        long nothingExpiresBeforeMillis,
        boolean superseded) {}
