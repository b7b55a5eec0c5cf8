// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import io.paxos.model.Ballot;
import io.paxos.model.Value;
import org.jspecify.annotations.Nullable;

/** All that members say to each other. Every answer repeats the ballot of its question, so that late ones change nothing. */
public sealed interface SynodMessage {

    /** The ballot it speaks about. */
    Ballot ballot();

    /** Phase 1a: "take part in nothing below this ballot, and tell me how you voted". */
    record Prepare(Ballot ballot) implements SynodMessage {}

    /**
     * Phase 1b: "I shall, and this was my last vote".
     *
     * @param ballot of the prepare
     * @param vote the sender's last vote, or null if it never voted
     */
    record Promise(Ballot ballot, @Nullable Vote vote) implements SynodMessage {}

    /** Phase 2a: "vote for this value at this ballot". */
    record Accept(Ballot ballot, Value value) implements SynodMessage {}

    /** Phase 2b: "I voted for it". */
    record Accepted(Ballot ballot, Value value) implements SynodMessage {}

    /**
     * "I promised a higher ballot."
     *
     * @param ballot of the refused prepare or accept
     * @param promised the sender's promise
     */
    record Rejected(Ballot ballot, Ballot promised) implements SynodMessage {}

    /** "A phase-2 quorum voted for this value at this ballot." It carries the value, so that nobody applies an old vote. */
    record Chosen(Ballot ballot, Value value) implements SynodMessage {}
}
