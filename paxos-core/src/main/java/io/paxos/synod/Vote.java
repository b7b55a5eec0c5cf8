// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import io.paxos.model.Ballot;
import io.paxos.model.Value;

/**
 * "I voted for this value at this ballot."
 *
 * @param ballot never {@link Ballot#NONE}
 * @param value voted for
 */
public record Vote(Ballot ballot, Value value) {
    public Vote {
        if (ballot.isNone()) {
            throw new IllegalArgumentException("vote: ballot is none");
        }
    }
}
