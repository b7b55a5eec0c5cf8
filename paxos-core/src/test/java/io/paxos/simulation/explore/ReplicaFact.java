// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.Value;

/** What an outside observer of the replicated log notes, for ever. */
sealed interface ReplicaFact {

    /** This vote was on the member's disk, forced. */
    record Voted(MemberId member, Proposal vote) implements ReplicaFact {}

    /** Some member handed this out as the chosen value of the slot. */
    record Learnt(long slot, Value value) implements ReplicaFact {}
}
