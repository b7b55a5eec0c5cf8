// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.explore;

import io.paxos.model.MemberId;
import io.paxos.synod.Vote;

/**
 * What an outside observer of single-decree Paxos notes, and what never becomes untrue: this vote was once on the member's
 * disk, forced.
 *
 * @param member who voted
 * @param vote for what, and at which ballot
 */
public record SynodFact(MemberId member, Vote vote) {}
