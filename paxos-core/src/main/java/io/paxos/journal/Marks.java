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

    /** Adds a record. Nothing ever goes back, whatever the record says (hazard S3). */
    void apply(DurableRecord record) {
        if (record instanceof DurableRecord.Promised promise) {
            if (!promised.isAbove(promise.ballot())) {
                promised = promise.ballot();
                attempt = promise.attempt();
            }
        } else if (record instanceof DurableRecord.Accepted accepted) {
            // A vote raises the promise in the same record (hazard S4).
            if (accepted.proposal().ballot().isAbove(promised)) {
                promised = accepted.proposal().ballot();
                attempt = 0;
            }
        } else if (record instanceof DurableRecord.KnownChosen mark) {
            knownChosen = Math.max(knownChosen, mark.slot());
        } else if (record instanceof DurableRecord.Trimmed trimmed) {
            floor = Math.max(floor, trimmed.floor());
        } else if (record instanceof DurableRecord.Booted booted) {
            boot = Math.max(boot, booted.boot());
        }
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
}
