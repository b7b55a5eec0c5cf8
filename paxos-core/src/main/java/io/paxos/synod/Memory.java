// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import io.paxos.model.Ballot;
import org.jspecify.annotations.Nullable;

/**
 * All that a member must remember across a crash. A write replaces the one before.
 *
 * @param promised highest ballot promised or voted at, or {@link Ballot#NONE}
 * @param vote the last vote, or null
 */
public record Memory(Ballot promised, @Nullable Vote vote) {

    /** Of a member that never promised. */
    public static final Memory BLANK = new Memory(Ballot.NONE, null);

    Memory promise(Ballot ballot) {
        return new Memory(ballot, vote);
    }

    /** A vote is a promise too: the two are one write, so that no crash falls between them. */
    static Memory voted(Vote vote) {
        return new Memory(vote.ballot(), vote);
    }
}
