// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.STRANGER;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Given.slots;
import static io.paxos.protocol.Stepper.messageIn;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.Slots;
import io.paxos.protocol.Effects.Envelope;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Who is asked for what, and what is answered. Catches: a page of another request taken (P10), values handed out that are
 * not known chosen, a value taken twice, requests that pile up, a lone member asked for ever in one step.
 */
class CatchUpTest {

    private static final Ballot OLD = ballot(1, B);
    private static final Limits PAGES_OF_TWO = new Limits(4, 1_024, 4, 1_024, 1_024, 2, 16);

    private final Stepper a = Stepper.of(memory(A, members(3)), PAGES_OF_TWO);

    private static Proposal x(long slot) {
        return proposal(slot, OLD, "x" + slot);
    }

    /** B says that it knows so much; it leads nobody. */
    private Effects hears(MemberId from, long knownChosen) {
        return a.hear(from, new HeartbeatAck(ballot(1, A), 1, OLD, Ballot.NONE, knownChosen, true));
    }

    private static long nonceIn(Effects effects) {
        return messageIn(effects.sendNow(), CatchUpRequest.class).nonce();
    }

    private static NodeId askedIn(Effects effects) {
        List<NodeId> asked = effects.sendNow().stream()
                .filter(each -> each.message() instanceof CatchUpRequest)
                .map(Envelope::to)
                .toList();
        assertEquals(1, asked.size(), "one request at a time: " + effects);
        return asked.get(0);
    }

    // ---- asking ----------------------------------------------------------------------------------------------

    @Test
    void aNoticeThatCannotBeProvenIsFetchedAtOnceFromWhoeverSentIt() {
        Effects asked = a.hear(C, new ChosenNotice(OLD, slot(1), 1));
        wanted().now(C, new CatchUpRequest(nonceIn(asked), slot(1), 0)).of(asked);
        wanted().of(a.hear(C, new ChosenNotice(OLD, slot(1), 1)));
    }

    @Test
    void whatOthersKnowIsFetchedWhenThePrefixHasStoodStillForTwoHeartbeats() {
        a.at(1_000);
        wanted().of(hears(B, 5));
        wanted().of(a.at(1_099));
        Effects asked = a.at(1_100);
        wanted().now(B, new CatchUpRequest(nonceIn(asked), slots(1, 2), 0)).of(asked);
    }

    @Test
    void aPageIsLearntWrittenAndFollowedByTheNextRequest() {
        hears(B, 3);
        long nonce = nonceIn(a.hear(B, new ChosenNotice(OLD, slot(3), 3)));
        Effects page = a.hear(B, new CatchUpPage(nonce, 1, List.of(x(1), x(2)), 0, 3));
        long next = nonceIn(page);
        assertNotEquals(nonce, next);
        wanted().write(new DurableRecord.Chosen(x(1)), new DurableRecord.Chosen(x(2)), new DurableRecord.KnownChosen(2))
                .now(B, new CatchUpRequest(next, slot(3), 2))
                .chosen(x(1), x(2))
                .of(page);
        wanted().write(new DurableRecord.Chosen(x(3)), new DurableRecord.KnownChosen(3))
                .chosen(x(3))
                .of(a.hear(B, new CatchUpPage(next, 3, List.of(x(3)), 0, 3)));
    }

    @Test
    void aPageOfAnotherRequestOrAStrangerOrTheSameAgainChangesNothing() {
        long nonce = nonceIn(a.hear(B, new ChosenNotice(OLD, slot(1), 1)));
        CatchUpPage page = new CatchUpPage(nonce, 1, List.of(x(1)), 0, 1);
        wanted().of(a.hear(B, new CatchUpPage(nonce + 1, 1, List.of(x(1)), 0, 1)));
        wanted().of(a.hear(B, new CatchUpPage(0, 1, List.of(x(1)), 0, 1)));
        wanted().of(a.hear(STRANGER, page));
        assertEquals(1, a.hear(B, page).chosen().size());
        wanted().of(a.hear(B, page));
    }

    @Test
    void anUnsolicitedPageIsNotBelieved() {
        wanted().of(a.hear(B, new CatchUpPage(0, 1, List.of(x(1)), 0, 0)));
    }

    @Test
    void anAnswerThatIsOverdueIsSoughtFromTheNextMember() {
        a.at(1_000);
        hears(B, 5);
        hears(C, 5);
        assertEquals(B.node(), askedIn(a.hear(B, new ChosenNotice(OLD, slot(5), 5))));
        assertEquals(List.of(), messagesIn(a.at(1_299).sendNow(), CatchUpRequest.class));
        assertEquals(C.node(), askedIn(a.at(1_300)));
        assertEquals(B.node(), askedIn(a.at(1_600)));
    }

    /** On a slow link it would be asked for again and again, each copy would delay the others, and none would ever count. */
    @Test
    void aPageThatComesLateIsLearntAndTheNextIsWaitedForLonger() {
        a.at(1_000);
        hears(B, 9);
        hears(C, 9);
        long first = nonceIn(a.hear(B, new ChosenNotice(OLD, slot(9), 9)));
        long second = nonceIn(a.at(1_300));
        a.at(1_420);
        assertEquals(
                List.of(x(1), x(2)),
                a.hear(B, new CatchUpPage(first, 1, List.of(x(1), x(2)), 0, 9)).chosen());
        wanted().of(a.hear(B, new CatchUpPage(first, 1, List.of(x(1), x(2)), 0, 9)));
        a.at(1_840);
        long third = nonceIn(a.hear(C, new CatchUpPage(second, 1, List.of(x(1), x(2)), 0, 9)));
        assertEquals(
                List.of(),
                messagesIn(a.at(1_840 + 1_079).sendNow(), CatchUpRequest.class),
                "twice as long as that took");
        assertEquals(
                List.of(x(3), x(4)),
                a.hear(C, new CatchUpPage(third, 3, List.of(x(3), x(4)), 0, 9)).chosen());
    }

    /** It says that only a snapshot helps; who waits for one in time may wait for ever. */
    @Test
    void aFloorThatComesLateIsHeardToo() {
        a.at(1_000);
        hears(B, 9);
        hears(C, 9);
        long first = nonceIn(a.hear(B, new ChosenNotice(OLD, slot(9), 9)));
        a.at(1_300);
        a.at(1_420);
        assertEquals(
                List.of(new Notice.SnapshotNeeded(B.node(), 5)),
                a.hear(B, new CatchUpPage(first, 1, List.of(), 5, 9)).notices());
    }

    @Test
    void anEmptyPageSendsItToAnotherMemberAndALoneOneIsAskedWhenItSpeaksAgain() {
        hears(C, 2);
        long nonce = nonceIn(a.hear(B, new ChosenNotice(OLD, slot(1), 2)));
        Effects other = a.hear(B, new CatchUpPage(nonce, 1, List.of(), 0, 0));
        assertEquals(C.node(), askedIn(other));
        Effects none = a.hear(C, new CatchUpPage(nonceIn(other), 1, List.of(), 0, 0));
        wanted().of(none);
        wanted().of(a.later(50));
        assertEquals(C.node(), askedIn(hears(C, 2)));
    }

    @Test
    void whatArrivedByItselfIsNotAskedForAnyMore() {
        Stepper voted = Stepper.of(memory(A, members(3)).votes(x(1)));
        voted.at(0);
        voted.hear(B, new HeartbeatAck(ballot(1, A), 1, OLD, Ballot.NONE, 1, true));
        assertEquals(
                List.of(x(1)), voted.hear(B, new ChosenNotice(OLD, slot(1), 1)).chosen());
        for (int i = 0; i < 10; i++) {
            assertEquals(List.of(), messagesIn(voted.later(20).sendNow(), CatchUpRequest.class));
        }
    }

    @Test
    void aFetchedValueOverridesTheOldVote() {
        Stepper voted = Stepper.of(memory(A, members(3)).votes(proposal(1, ballot(1, C), "old")));
        Proposal chosen = proposal(1, ballot(2, B), "chosen");
        long nonce = nonceIn(voted.hear(B, new ChosenNotice(ballot(2, B), slot(1), 1)));
        wanted().write(new DurableRecord.Chosen(chosen), new DurableRecord.KnownChosen(1))
                .chosen(chosen)
                .of(voted.hear(B, new CatchUpPage(nonce, 1, List.of(chosen), 0, 1)));
    }

    @Test
    void aPageThatContradictsWhatIsKnownStopsTheReplica() {
        Stepper knows = Stepper.of(memory(A, members(3)).chosen(proposal(2, OLD, "known")));
        long nonce = nonceIn(knows.hear(B, new ChosenNotice(OLD, slot(1), 2)));
        CatchUpPage other = new CatchUpPage(nonce, 2, List.of(proposal(2, ballot(2, C), "other")), 0, 2);
        assertThrows(InvariantViolation.class, () -> knows.hear(B, other));
        assertThrows(IllegalStateException.class, () -> knows.later(1));
    }

    @Test
    void nobodyIsAskedWhileNobodyKnowsMore() {
        Stepper behind = Stepper.of(memory(A, members(3)).known(5, 0));
        behind.at(0);
        behind.hear(B, new Canvass(3, 5));
        behind.hear(B, new Heartbeat(ballot(2, B), 1, true, 4));
        for (int i = 0; i < 5; i++) {
            assertEquals(List.of(), behind.later(50).sendNow());
        }
    }

    // ---- answering -------------------------------------------------------------------------------------------

    /** Known chosen 5, floor 2, pages of two. Slots above the prefix are never served, not even known ones. */
    @Test
    void aRequestBecomesABoundedReadOfKnownChosenSlots() {
        Stepper serves = Stepper.of(memory(A, members(3)).known(5, 0).floor(2).chosen(x(7)), PAGES_OF_TWO);
        wanted().notice(new Notice.CatchUpRead(B.node(), 9, slots(3, 4)))
                .of(serves.hear(B, new CatchUpRequest(9, slots(3, 5), 2)));
        wanted().notice(new Notice.CatchUpRead(B.node(), 9, slot(3)))
                .of(serves.hear(B, new CatchUpRequest(9, slot(3), 2)));
        wanted().notice(new Notice.CatchUpRead(B.node(), 9, slot(5)))
                .of(serves.hear(B, new CatchUpRequest(9, slots(5, Slots.MAX), 2)));
        wanted().now(B, new CatchUpPage(9, 6, List.of(), 2, 5))
                .of(serves.hear(B, new CatchUpRequest(9, slots(6, 7), 2)));
        wanted().now(B, new CatchUpPage(9, 7, List.of(), 2, 5)).of(serves.hear(B, new CatchUpRequest(9, slot(7), 2)));
        wanted().now(B, new CatchUpPage(9, 2, List.of(), 2, 5))
                .of(serves.hear(B, new CatchUpRequest(9, slots(2, 5), 2)));
        wanted().of(serves.hear(STRANGER, new CatchUpRequest(9, slot(3), 2)));
    }
}
