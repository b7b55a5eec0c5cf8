// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import io.paxos.session.SessionResult;
import java.util.List;

/**
 * What the apply side tells the driver after some slots.
 *
 * @param slot every slot up to here is applied
 * @param bytes size of the values it was done with since the last report
 * @param results results of this boot's own commands, in the order of their sequences, without a gap
 * @param gapExpected if a command of this boot's own session came too early: the sequence that is due; else 0
 * @param superseded whether a later boot of this node opened its session: this process is a copy that must stop
 * @param agreedTimeMillis agreed time at that slot
 * @param nothingExpiresBeforeMillis no session expires before agreed time reaches this
 * @param digests of the state after slots that were due for one, ascending
 */
public record AppliedReport(
        long slot,
        long bytes,
        List<SessionResult> results,
        long gapExpected,
        boolean superseded,
        long agreedTimeMillis,
        long nothingExpiresBeforeMillis,
        List<StateDigest> digests) {

    /** Whether somebody waits for what it says, so that the driver is to hear of it at once. */
    public boolean isWaitedFor() {
        return !results.isEmpty() || gapExpected != 0 || superseded;
    }
}
