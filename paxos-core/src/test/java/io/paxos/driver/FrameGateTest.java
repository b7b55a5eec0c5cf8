// SPDX-License-Identifier: Apache-2.0
package io.paxos.driver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Frame;
import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import io.paxos.model.SnapshotId;
import io.paxos.model.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a learner may say to a voter (M5), and what a learner takes in while its disk is behind. */
class FrameGateTest {

    private static final MemberId A = member(1);
    private static final MemberId LEARNER = member(4);
    private static final MemberId WIPED = new MemberId(A.node(), new Incarnation(77));
    private static final Ballot BALLOT = new Ballot(7, A);
    private static final SlotRange SLOT = new SlotRange(1, 1);
    private static final Founding FOUNDING = new Founding(
            new FoundingId(1, 2),
            new Membership(1, List.of(A, member(2)), List.of(LEARNER.node()), new QuorumSystem.Majority(), 64));

    private final FrameGate gate = new FrameGate(new NodeId(2));

    private static MemberId member(int number) {
        return new MemberId(new NodeId(number), new Incarnation(number));
    }

    private boolean admits(MemberId from, Message message) {
        return admits(from, message, false);
    }

    private boolean admits(MemberId from, Message message, boolean journalBehind) {
        return gate.admits(new Frame(FOUNDING.id(), 0, from, 1, message), FOUNDING, journalBehind, false);
    }

    @Test
    void aLearnerIsHeardOfWhatItHasAndNotOfVotes() {
        Message has = new Message.Learned(3);
        Message page = new Message.CatchUpPage(5, 1, List.of(), 0, 3);
        Message piece = new Message.SnapshotPiece(5, SnapshotId.NONE, 0, Value.of(new byte[0]));
        for (Message each : List.of(has, page, piece, new Message.CatchUpRequest(5, SLOT, 0))) {
            assertTrue(admits(LEARNER, each), each::toString);
            assertTrue(admits(new MemberId(LEARNER.node(), new Incarnation(99)), each), "whatever its incarnation");
        }
        Message digest = new Message.AppliedDigest(256, 7);
        assertTrue(admits(LEARNER, digest), "it is to be told if that is wrong");
        assertTrue(admits(WIPED, digest), "this one too");
        for (Message each : List.of(has, page, piece)) {
            assertFalse(admits(WIPED, each), "in the place of a voter that was lost: " + each);
        }
        List<Message> votes = List.of(
                new Message.Accepted(BALLOT, SLOT, BALLOT, 0),
                new Message.Promise(BALLOT, 5, SLOT, 0, 0, List.of(), List.of(), List.of()),
                new Message.HeartbeatAck(BALLOT, 1, BALLOT, BALLOT, 0, true),
                new Message.CanvassReply(5, true, BALLOT, BALLOT, 0),
                new Message.ChosenNotice(BALLOT, SLOT, 0));
        for (Message each : votes) {
            assertFalse(admits(LEARNER, each), each::toString);
        }
        assertEquals(3 + votes.size(), gate.dropped().get(DropReason.NO_VOTE));
    }

    @Test
    void whatIsChosenWaitsWhileTheDiskIsBehind() {
        Message values = new Message.ChosenValues(List.of(new Proposal(1, BALLOT, Value.of(new byte[] {1}))), 1);
        assertTrue(admits(A, values));
        assertFalse(admits(A, values, true));
        assertEquals(1, gate.dropped().get(DropReason.JOURNAL_BEHIND));
    }
}
