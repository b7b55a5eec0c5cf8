// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.simulation.trace.TraceEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OneAttemptPerBallotTest {

    private static final MemberId A = new MemberId(new NodeId(1), new Incarnation(11));

    private final OneAttemptPerBallot property = new OneAttemptPerBallot();

    private @Nullable String prepare(long round, long attempt, long from) {
        Message prepare = new Message.Prepare(new Ballot(round, A), attempt, from);
        return property.observe(new TraceEvent.MessageSent(0, 1, A.node(), new NodeId(2), prepare, 100));
    }

    @Test
    void aSecondAttemptAtABallotIsRejected() {
        assertNull(prepare(3, 5, 1));
        assertEquals("n1 prepares ballot 3.n1 in a second attempt, numbered 6 after 5", prepare(3, 6, 1));
    }

    @Test
    void theSameAttemptMayAskForMoreAndAnotherRoundIsAnotherBallot() {
        assertNull(prepare(3, 5, 1));
        assertNull(prepare(3, 5, 20));
        assertNull(prepare(4, 6, 1));
    }
}
