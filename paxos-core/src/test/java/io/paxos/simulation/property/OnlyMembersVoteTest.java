// SPDX-License-Identifier: Apache-2.0
package io.paxos.simulation.property;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import io.paxos.simulation.trace.TraceEvent;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OnlyMembersVoteTest {

    private static final MemberId A = new MemberId(new NodeId(1), new Incarnation(11));
    private static final MemberId B = new MemberId(new NodeId(2), new Incarnation(12));
    private static final MemberId C = new MemberId(new NodeId(3), new Incarnation(13));
    private static final MemberId D = new MemberId(new NodeId(4), new Incarnation(14));
    private static final MemberId NEW_C = new MemberId(C.node(), new Incarnation(99));
    private static final Ballot FOUR = new Ballot(4, A);
    private static final Message CANVASS = new Message.Canvass(7, 0);

    private final OnlyMembersVote property = new OnlyMembersVote();

    OnlyMembersVoteTest() {
        Membership three = new Membership(1, List.of(A, B, C), List.of(D.node()), new QuorumSystem.Majority(), 64);
        property.observe(new TraceEvent.RunBegan(0, three, 300, new TraceEvent.Bounds(1, 1, 1, 1, 1, 1, 1)));
        starts(C);
    }

    private void starts(MemberId member) {
        property.observe(new TraceEvent.Started(1, DurableState.fresh(member)));
    }

    private @Nullable String writes(MemberId member, DurableRecord record) {
        return property.observe(new TraceEvent.Forced(2, member, List.of(record)));
    }

    private @Nullable String sends(Message message) {
        return sends(C, message);
    }

    private @Nullable String sends(MemberId from, Message message) {
        return property.observe(new TraceEvent.MessageSent(2, 1, from.node(), B.node(), message, 100));
    }

    @Test
    void aMemberMayPromiseAndSpeakOfIt() {
        assertNull(writes(C, new DurableRecord.Promised(FOUR, 7)));
        assertNull(sends(CANVASS));
    }

    @Test
    void anotherIncarnationOfItsNodeMayNot() {
        starts(NEW_C);
        assertEquals(
                NEW_C + " is no voter, and writes " + new DurableRecord.Promised(FOUR, 7),
                writes(NEW_C, new DurableRecord.Promised(FOUR, 7)));
        assertEquals("n3 is no voter, and sends " + CANVASS, sends(CANVASS));
    }

    @Test
    void aLearnerMayNotEither() {
        starts(D);
        Message accepted = new Message.Accepted(FOUR, new SlotRange(1, 1), FOUR, 0);
        assertEquals("n4 is no voter, and sends " + accepted, sends(D, accepted));
        DurableRecord promise = new DurableRecord.Promised(FOUR, 7);
        assertEquals(D + " is no voter, and writes " + promise, writes(D, promise));
        assertNull(writes(D, new DurableRecord.KnownChosen(3)));
        assertNull(sends(D, new Message.Learned(3)));
    }

    @Test
    void itMayLearnAndAsk() {
        starts(NEW_C);
        assertNull(writes(NEW_C, new DurableRecord.KnownChosen(3)));
        assertNull(sends(new Message.FollowRequest(FoundingId.NONE)));
        assertNull(sends(new Message.FoundingGreeting(FoundingId.NONE, 1)));
    }
}
