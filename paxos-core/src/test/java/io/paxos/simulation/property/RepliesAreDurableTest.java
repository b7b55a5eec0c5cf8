// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import io.paxos.model.Value;
import io.paxos.simulation.trace.TraceEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RepliesAreDurableTest {

    private static final MemberId A = new MemberId(new NodeId(1), new Incarnation(11));
    private static final MemberId B = new MemberId(new NodeId(2), new Incarnation(12));
    private static final Ballot BALLOT = new Ballot(3, A);
    private static final SlotRange SLOT = new SlotRange(7, 7);

    private final RepliesAreDurable property = new RepliesAreDurable();

    private @Nullable String send(MemberId from, Message message) {
        return property.observe(new TraceEvent.MessageSent(0, 1, from.node(), A.node(), message, 100));
    }

    private void force(DurableRecord record) {
        assertNull(property.observe(new TraceEvent.Forced(0, B, List.of(record))));
    }

    private static Message promise() {
        SlotRange all = new SlotRange(1, Slots.MAX);
        return new Message.Promise(BALLOT, 5, all, 0, 0, List.of(), List.of(), List.of());
    }

    @Test
    void aPromiseThatIsNotOnTheDiskIsRejected() {
        assertEquals("n2 tells that it promised 3.n1, but on its disk is none", send(B, promise()));
        force(new DurableRecord.Promised(BALLOT, 5));
        assertNull(send(B, promise()));
    }

    @Test
    void aLearnersWordThatIsNotOnTheDiskIsRejected() {
        Value value = Value.of(new byte[] {1});
        force(new DurableRecord.Chosen(new Proposal(1, BALLOT, value)));
        force(new DurableRecord.Chosen(new Proposal(3, BALLOT, value)));
        assertNull(send(B, new Message.Learned(1)));
        assertEquals(
                "n2 tells that it has every slot up to 3, but on its disk is every one up to 1",
                send(B, new Message.Learned(3)));
        force(new DurableRecord.Chosen(new Proposal(2, BALLOT, value)));
        assertNull(send(B, new Message.Learned(3)));
        force(new DurableRecord.Trimmed(9));
        assertNull(send(B, new Message.Learned(9)));
        property.observe(new TraceEvent.Started(1, DurableState.fresh(B)));
        assertNotNull(send(B, new Message.Learned(1)), "its directory was lost");
    }

    @Test
    void aVoteThatIsNotOnTheDiskIsRejected() {
        force(new DurableRecord.Promised(BALLOT, 5));
        Message accepted = new Message.Accepted(BALLOT, SLOT, BALLOT, 0);
        assertEquals("n2 tells that it voted at 3.n1 in slot 7, but on its disk is none", send(B, accepted));
        force(new DurableRecord.Accepted(new Proposal(7, BALLOT, Value.of(new byte[] {1}))));
        assertNull(send(B, accepted));
    }

    @Test
    void everyAnswerThatRevealsAPromiseIsJudged() {
        assertNotNull(send(B, new Message.Rejected(BALLOT, 5, 7, BALLOT, Ballot.NONE, 0)));
        assertNotNull(send(B, new Message.HeartbeatAck(BALLOT, 1, BALLOT, Ballot.NONE, 0, true)));
        assertNotNull(send(B, new Message.CanvassReply(1, true, BALLOT, Ballot.NONE, 0)));
    }

    @Test
    void aPrepareWhoseRoundIsNotOnTheDiskIsRejected() {
        assertEquals(
                "n1 tells that it promised 3.n1, but on its disk is none", send(A, new Message.Prepare(BALLOT, 5, 1)));
    }

    @Test
    void whatAStartFindsOnTheDiskMayBeTold() {
        DurableState found = new DurableState(B, 2, null, false, BALLOT, 5, 0, 0, 0, List.of(), List.of(), List.of());
        assertNull(property.observe(new TraceEvent.Started(0, found)));
        assertNull(send(B, promise()));
    }
}
