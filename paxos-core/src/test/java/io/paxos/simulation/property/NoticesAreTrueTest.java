// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.simulation.trace.TraceEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class NoticesAreTrueTest {

    private static final MemberId A = new MemberId(new NodeId(1), new Incarnation(11));
    private static final Ballot THREE = new Ballot(3, A);
    private static final Ballot FOUR = new Ballot(4, A);

    private final NoticesAreTrue property = new NoticesAreTrue();

    private void choose(long slot, Ballot ballot) {
        Proposal chosen = new Proposal(slot, ballot, Value.of(new byte[] {1}));
        assertNull(property.observe(new TraceEvent.Chosen(0, chosen)));
    }

    private @Nullable String announce(long first, long last, Ballot ballot) {
        Message notice = new Message.ChosenNotice(ballot, new SlotRange(first, last), 0);
        return property.observe(new TraceEvent.MessageSent(0, 1, A.node(), new NodeId(2), notice, 100));
    }

    @Test
    void aNoticeOfASlotThatIsNotChosenIsRejected() {
        choose(7, THREE);
        assertNull(announce(7, 7, THREE));
        assertEquals("n1 announces slot 8 as chosen at 3.n1, where no quorum has voted for it", announce(7, 8, THREE));
    }

    @Test
    void aValueThatIsNotChosenIsRejected() {
        choose(7, THREE);
        assertNull(push(new Proposal(7, THREE, Value.of(new byte[] {1}))));
        assertEquals(
                "n1 sends a value for slot 8 as chosen at 3.n1, where no quorum has voted for it",
                push(new Proposal(8, THREE, Value.of(new byte[] {1}))));
        assertEquals(
                "n1 sends a value for slot 7 as chosen at 4.n1, where no quorum has voted for it",
                push(new Proposal(7, FOUR, Value.of(new byte[] {1}))));
    }

    private @Nullable String push(Proposal value) {
        Message values = new Message.ChosenValues(List.of(value), 0);
        return property.observe(new TraceEvent.MessageSent(0, 1, A.node(), new NodeId(2), values, 100));
    }

    @Test
    void aNoticeAtAnotherBallotIsRejected() {
        choose(7, THREE);
        assertEquals("n1 announces slot 7 as chosen at 4.n1, where no quorum has voted for it", announce(7, 7, FOUR));
        choose(7, FOUR);
        assertNull(announce(7, 7, FOUR));
    }
}
