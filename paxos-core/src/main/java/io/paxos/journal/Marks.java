// SPDX-License-Identifier: Apache-2.0
package io.paxos.journal;

import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;

/** What a sequence of records adds up to, but for the values: the promise in force, the marks, the boot. */
final class Marks {

    private Ballot promised = Ballot.NONE;
    private long attempt;
    private long floor;
    private long knownChosen;
    private long boot;
    private long highestSlot;

    /** Adds a record. Nothing ever goes back, whatever the record says (hazard S3). */
    void apply(DurableRecord record) {
        if (record instanceof DurableRecord.Promised promise) {
            if (!promised.isAbove(promise.ballot())) {
                promised = promise.ballot();
                attempt = promise.attempt();
            }
        } else if (record instanceof DurableRecord.Accepted accepted) {
            // A vote raises the promise in the same record (hazard S4).
            raiseTo(accepted.proposal().ballot(), accepted.proposal().slot());
        } else if (record instanceof DurableRecord.Chosen chosen) {
            highestSlot = Math.max(highestSlot, chosen.proposal().slot());
        } else if (record instanceof DurableRecord.KnownChosen mark) {
            knownChosen = Math.max(knownChosen, mark.slot());
        } else if (record instanceof DurableRecord.Trimmed trimmed) {
            raiseFloorTo(trimmed.floor());
        } else if (record instanceof DurableRecord.Booted booted) {
            boot = Math.max(boot, booted.boot());
        }
    }

    /** What is in a snapshot is known chosen, though the mark that says so may not have been written, or is lost. */
    private void raiseFloorTo(long slot) {
        floor = Math.max(floor, slot);
        knownChosen = Math.max(knownChosen, floor);
    }

    /** Takes over what is known of records that are not there: nobody knows then which attempt was promised to. */
    void raiseTo(Ballot ballot, long slot) {
        if (ballot.isAbove(promised)) {
            promised = ballot;
            attempt = 0;
        }
        highestSlot = Math.max(highestSlot, slot);
    }

    /** Takes over the sum of earlier records. */
    void raiseTo(Checkpoint before) {
        if (before.promised().isAbove(promised)) {
            promised = before.promised();
            attempt = before.attempt();
        }
        knownChosen = Math.max(knownChosen, before.knownChosen());
        raiseFloorTo(before.floor());
        highestSlot = Math.max(highestSlot, before.highestSlot());
    }

    Checkpoint checkpoint() {
        return new Checkpoint(promised, attempt, floor, knownChosen, highestSlot);
    }

    /** All of it, as of that record. */
    Forced forcedUpTo(long record) {
        return new Forced(record, promised, highestSlot);
    }

    Ballot promised() {
        return promised;
    }

    long attempt() {
        return attempt;
    }

    long floor() {
        return floor;
    }

    long knownChosen() {
        return knownChosen;
    }

    long boot() {
        return boot;
    }

    long highestSlot() {
        return highestSlot;
    }
}
