// SPDX-License-Identifier: Apache-2.0
package io.paxos.message;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.model.Ballot;
import io.paxos.model.FoundingId;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class MessageTest {

    private static final Ballot BALLOT = SampleFrames.LOW;
    private static final SlotRange COVERED = new SlotRange(5, 8);

    @Test
    void nobodyPreparesVotesOrLeadsAtNoBallot() {
        String refusal = "ballot: none, where the ballot of an attempt must stand";
        SlotRange slots = new SlotRange(1, 1);
        Ballot none = Ballot.NONE;
        assertRefused(refusal, () -> new Message.Prepare(none, 1, 1));
        assertRefused(refusal, () -> new Message.Promise(none, 1, COVERED, 0, 0, List.of(), List.of(), List.of()));
        assertRefused(refusal, () -> new Message.Accepted(none, slots, BALLOT, 0));
        assertRefused(refusal, () -> new Message.Rejected(none, 1, 1, BALLOT, BALLOT, 0));
        assertRefused(refusal, () -> new Message.Heartbeat(none, 1, true, 0));
        assertRefused(refusal, () -> new Message.HeartbeatAck(none, 1, BALLOT, BALLOT, 0, true));
        assertRefused(refusal, () -> new Message.LeadershipOffer(none, 1, 0));
        assertRefused(refusal, () -> new Message.ChosenNotice(none, slots, 0));
        assertRefused(refusal, () -> new Message.ReadRound(none, 1, 0));
        assertRefused(refusal, () -> new Message.ReadRoundAnswer(none, 1, true));
        assertRefused(refusal, () -> new Message.ReadPointAnswer(BALLOT.owner().node(), 1, none, 0));
        assertRefused(refusal, () -> new Message.LeaseSurrender(none));
        assertRefused(
                "proposal for slot 1: ballot is none",
                () -> new Proposal(1, none, proposal(1).value()));
    }

    @Test
    void roundsCountFromOneAndRelaysEndAtOne() {
        assertRefused(
                "read round: round 0 or lease of 0 ms is out of range", () -> new Message.ReadRound(BALLOT, 0, 0));
        assertRefused(
                "read round: round 1 or lease of -1 ms is out of range", () -> new Message.ReadRound(BALLOT, 1, -1));
        assertRefused(
                "read point request relays: 2 is outside the allowed range 0..1",
                () -> new Message.ReadPointRequest(2, BALLOT.owner().node(), 1));
    }

    @Test
    void aFoundingThatIsNamedIsNotNone() {
        String refusal = "founding id: none, where a founding must be named";
        assertRefused(refusal, () -> new Message.FoundingAdopted(FoundingId.NONE));
        assertRefused(refusal, () -> new Message.FoundingActivation(FoundingId.NONE));
        assertRefused(refusal, () -> new Message.FoundingRefusal(FoundingId.NONE));
        assertTrue(new Message.FoundingGreeting(FoundingId.NONE, 0).adopted().isNone());
    }

    @Test
    void aPromiseSpeaksOnlyOfCoveredSlotsInAscendingOrder() {
        assertEquals(
                2, promise(List.of(proposal(5), proposal(8)), List.of()).votes().size());
        assertRefused(
                "promise votes: slot 4 after 0 is out of order, or outside the covered 5..8",
                () -> promise(List.of(proposal(4)), List.of()));
        assertRefused(
                "promise votes: slot 9 after 8 is out of order, or outside the covered 5..8",
                () -> promise(List.of(proposal(8), proposal(9)), List.of()));
        assertRefused(
                "promise votes: slot 6 after 6 is out of order, or outside the covered 5..8",
                () -> promise(List.of(proposal(6), proposal(6)), List.of()));
        assertRefused(
                "promise chosen: slot 6 after 7 is out of order, or outside the covered 5..8",
                () -> new Message.Promise(
                        BALLOT, 1, COVERED, 0, 0, List.of(), List.of(proposal(7), proposal(6)), List.of()));
        assertRefused(
                "promise unknown: slots 6..7 after 6 are out of order, or outside the covered 5..8",
                () -> promise(List.of(), List.of(new SlotRange(5, 6), new SlotRange(6, 7))));
        assertRefused(
                "promise unknown: slots 8..9 after 0 are out of order, or outside the covered 5..8",
                () -> promise(List.of(), List.of(new SlotRange(8, 9))));
    }

    @Test
    void thePageThatReachesToTheEndIsTheLast() {
        assertFalse(promise(List.of(), List.of()).isLast());
        assertTrue(new Message.Promise(BALLOT, 1, new SlotRange(5, Slots.MAX), 0, 0, List.of(), List.of(), List.of())
                .isLast());
    }

    @Test
    void aCatchUpPageHasNoGap() {
        assertRefused(
                "catch-up page from slot 5: entry 1 is for slot 7",
                () -> new Message.CatchUpPage(1, 5, List.of(proposal(5), proposal(7)), 0, 7));
    }

    @Test
    void aForwardIsRelayedAtMostOnceAndCarriesSomething() {
        assertRefused(
                "forward relays: 2 is outside the allowed range 0..1",
                () -> new Message.Forward(2, List.of(SampleFrames.command(1, ""))));
        assertRefused("forward: no commands", () -> new Message.Forward(0, List.of()));
    }

    @Test
    void listsAreCopiedSoThatNobodyChangesAMessage() {
        List<Proposal> votes = new ArrayList<>(List.of(proposal(5)));
        Message.Promise promise = promise(votes, List.of());
        votes.clear();
        assertEquals(1, promise.votes().size());
        assertThrows(UnsupportedOperationException.class, () -> promise.votes().clear());
    }

    @Test
    void aFrameNamesItsSender() {
        Message message = new Message.Canvass(1, 0);
        assertThrows(IllegalArgumentException.class, () -> new Frame(FoundingId.NONE, 0, MemberId.NONE, 1, message));
        assertThrows(IllegalArgumentException.class, () -> new Frame(FoundingId.NONE, 0, SampleFrames.N1, 0, message));
        assertThrows(IllegalArgumentException.class, () -> new Frame(FoundingId.NONE, -1, SampleFrames.N1, 1, message));
    }

    private static Message.Promise promise(List<Proposal> votes, List<SlotRange> unknown) {
        return new Message.Promise(BALLOT, 1, COVERED, 0, 0, votes, List.of(), unknown);
    }

    private static Proposal proposal(long slot) {
        return SampleFrames.proposal(slot, BALLOT);
    }

    private static void assertRefused(String message, Executable made) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, made).getMessage());
    }
}
