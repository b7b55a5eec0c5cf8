// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol.transcript;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** An observer that nothing can upset sees nothing: each of its rules is broken here once. */
class ObserverTest {

    private static final MemberId A = new MemberId(new NodeId(1), new Incarnation(1));
    private static final MemberId B = new MemberId(new NodeId(2), new Incarnation(2));
    private static final MemberId C = new MemberId(new NodeId(3), new Incarnation(3));
    private static final Ballot FIRST = new Ballot(1, A);
    private static final Ballot SECOND = new Ballot(2, B);
    private static final Founding FOUNDING = new Founding(
            new FoundingId(1, 1), new Membership(1, List.of(A, B, C), List.of(), new QuorumSystem.Majority(), 64));

    private final Observer observer = new Observer();

    private static Proposal proposal(Ballot ballot, long stamp) {
        return new Proposal(1, ballot, Batch.noOp(stamp).encode());
    }

    private static Recollection active() {
        Recollection durable = new Recollection();
        durable.add(new DurableRecord.FoundingAdopted(FOUNDING));
        durable.add(new DurableRecord.FoundingActivated(FOUNDING.id()));
        return durable;
    }

    private Recollection force(MemberId member, Recollection durable, DurableRecord... records) {
        for (DurableRecord each : records) {
            durable.add(each);
            observer.forced(member, durable, each);
        }
        return durable;
    }

    private Recollection activated(MemberId member) {
        return force(member, active(), new DurableRecord.FoundingActivated(FOUNDING.id()));
    }

    private static void refused(String why, Executable executable) {
        assertEquals(why, assertThrows(Violation.class, executable).getMessage());
    }

    @Test
    void aValueThatOneOfThreeVotedForIsNotChosen() {
        Proposal vote = proposal(FIRST, 1);
        force(A, activated(A), new DurableRecord.Accepted(vote));
        refused("n1/0000 hands out slot 1, which is not chosen", () -> observer.handedOut(A, vote));
    }

    @Test
    void votesOfTwoBallotsAreNotAddedUp() {
        force(A, activated(A), new DurableRecord.Accepted(proposal(FIRST, 1)));
        force(B, activated(B), new DurableRecord.Accepted(proposal(SECOND, 1)));
        refused("n1/0000 hands out slot 1, which is not chosen", () -> observer.handedOut(A, proposal(SECOND, 1)));
    }

    @Test
    void whatIsHandedOutIsTheChosenValue() {
        force(A, activated(A), new DurableRecord.Accepted(proposal(FIRST, 1)));
        force(B, activated(B), new DurableRecord.Accepted(proposal(FIRST, 1)));
        assertDoesNotThrow(() -> observer.handedOut(C, proposal(FIRST, 1)));
        refused(
                "n3/0000 hands out another value for slot 1 than the chosen one",
                () -> observer.handedOut(C, proposal(FIRST, 2)));
    }

    @Test
    void twoValuesAreNotChosenInOneSlot() {
        force(A, activated(A), new DurableRecord.Accepted(proposal(FIRST, 1)));
        force(B, activated(B), new DurableRecord.Accepted(proposal(FIRST, 1)));
        force(C, activated(C), new DurableRecord.Accepted(proposal(SECOND, 2)));
        refused(
                "two values chosen in slot 1",
                () -> force(B, active(), new DurableRecord.Accepted(proposal(SECOND, 2))));
    }

    @Test
    void aLaterBallotRepeatsTheChosenValue() {
        force(A, activated(A), new DurableRecord.Accepted(proposal(FIRST, 1)));
        force(C, activated(C), new DurableRecord.Accepted(proposal(FIRST, 1)));
        Recollection leader = force(B, activated(B), new DurableRecord.Promised(SECOND, 7));
        assertDoesNotThrow(() -> observer.leaves(B, leader, new Message.Accept(proposal(SECOND, 1))));
        Message other = new Message.Accept(proposal(SECOND, 2));
        refused(
                "n2/0000 proposes another value than the chosen one: " + other,
                () -> observer.leaves(B, leader, other));
    }

    @Test
    void aPromiseIsDurableBeforeItIsRevealed() {
        Message reply = new Message.CanvassReply(1, true, FIRST, Ballot.NONE, 0);
        Recollection durable = activated(B);
        refused("n2/0000 reveals a promise that is not durable: " + reply, () -> observer.leaves(B, durable, reply));
        force(B, durable, new DurableRecord.Promised(FIRST, 7));
        assertDoesNotThrow(() -> observer.leaves(B, durable, reply));
    }

    @Test
    void aVoteIsDurableBeforeItIsRevealed() {
        Message reply = new Message.Accepted(FIRST, new SlotRange(1, 1), FIRST, 0);
        Recollection durable = force(B, activated(B), new DurableRecord.Promised(FIRST, 7));
        refused("n2/0000 reveals a vote that is not durable: " + reply, () -> observer.leaves(B, durable, reply));
        force(B, durable, new DurableRecord.Accepted(proposal(FIRST, 1)));
        assertDoesNotThrow(() -> observer.leaves(B, durable, reply));
    }

    @Test
    void aPromiseReportsEveryOlderVote() {
        Recollection durable = force(
                B, activated(B), new DurableRecord.Accepted(proposal(FIRST, 1)), new DurableRecord.Promised(SECOND, 7));
        SlotRange all = new SlotRange(1, Slots.MAX);
        Message whole = new Message.Promise(SECOND, 7, all, 0, 0, List.of(proposal(FIRST, 1)), List.of(), List.of());
        Message silent = new Message.Promise(SECOND, 7, all, 0, 0, List.of(), List.of(), List.of());
        assertDoesNotThrow(() -> observer.leaves(B, durable, whole));
        refused(
                "n2/0000 promises without reporting its vote " + proposal(FIRST, 1),
                () -> observer.leaves(B, durable, silent));
    }

    @Test
    void nobodyVotesBeforeTheFoundingIsActive() {
        refused(
                "n1/0000 votes before the founding is active",
                () -> force(A, new Recollection(), new DurableRecord.Accepted(proposal(FIRST, 1))));
    }
}
