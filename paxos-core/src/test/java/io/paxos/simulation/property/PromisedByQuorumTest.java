// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.DurableRecord;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.simulation.trace.TraceEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PromisedByQuorumTest {

    private static final MemberId A = new MemberId(new NodeId(1), new Incarnation(11));
    private static final MemberId B = new MemberId(new NodeId(2), new Incarnation(12));
    private static final MemberId C = new MemberId(new NodeId(3), new Incarnation(13));
    private static final Ballot FOUR = new Ballot(4, A);

    private final PromisedByQuorum property = new PromisedByQuorum();

    PromisedByQuorumTest() {
        Membership three = new Membership(1, List.of(A, B, C), List.of(), new QuorumSystem.Majority(), 64);
        property.observe(new TraceEvent.RunBegan(0, three, 300, new TraceEvent.Bounds(1, 1, 1, 1, 1, 1, 1)));
    }

    private void promises(MemberId member, Ballot ballot) {
        property.observe(new TraceEvent.Forced(1, member, List.of(new DurableRecord.Promised(ballot, 7))));
    }

    private @Nullable String proposes(Ballot ballot) {
        Message accept =
                new Message.Accept(new Proposal(1, ballot, Batch.noOp(0).encode()));
        return property.observe(new TraceEvent.MessageSent(2, 1, A.node(), B.node(), accept, 100));
    }

    @Test
    void aProposalThatOneOfThreeHasPromisedIsRejected() {
        promises(A, FOUR);
        assertEquals("n1 proposes at 4.n1, which no phase-1 quorum has promised", proposes(FOUR));
    }

    @Test
    void promisesOfAnotherBallotAndOfAStrangerAreNone() {
        promises(A, FOUR);
        promises(B, new Ballot(3, A));
        promises(new MemberId(B.node(), new Incarnation(99)), FOUR);
        assertEquals("n1 proposes at 4.n1, which no phase-1 quorum has promised", proposes(FOUR));
    }

    @Test
    void aProposalThatAQuorumHasPromisedIsGood() {
        promises(A, FOUR);
        promises(C, FOUR);
        assertNull(proposes(FOUR));
    }
}
