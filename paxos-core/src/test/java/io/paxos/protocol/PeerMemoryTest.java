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
import static io.paxos.protocol.Given.upFrom;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.Remembered;
import io.paxos.model.Ballot;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Event.PeerStarted;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A directory put back from an older copy (S20): the others remember. Catches: memory that is not told at a start, a vote
 * that is asked for although the slot is chosen since, a promise counted that leaves out what was seen.
 */
class PeerMemoryTest {

    private static final Ballot FOUR = ballot(4, B);
    private static final Ballot SEVEN = ballot(7, A);

    private final Stepper a = Stepper.of(memory(A, members(3)).promised(SEVEN, 1));

    private static Accepted vote(SlotRange slots, Ballot ballot) {
        return new Accepted(ballot, slots, ballot, 0);
    }

    private static HeartbeatAck promiseOf(Ballot promised) {
        return new HeartbeatAck(ballot(1, A), 1, promised, Ballot.NONE, 0, true);
    }

    // ---- remembering and telling -----------------------------------------------------------------------------

    @Test
    void aMemberThatStartsIsToldTheHighestPromiseAndTheHighestVoteThatWereSeenOfIt() {
        a.hear(C, vote(slots(3, 5), SEVEN));
        a.hear(C, vote(slot(4), SEVEN));
        a.hear(C, promiseOf(ballot(9, B)));
        wanted().now(C, new Remembered(ballot(9, B), 5, SEVEN)).of(a.step(new PeerStarted(C)));
    }

    @Test
    void aMemberNobodyHeardIsToldNothing() {
        wanted().of(a.step(new PeerStarted(C)));
        wanted().of(a.step(new PeerStarted(STRANGER)));
    }

    @Test
    void aVoteInAPromiseIsRememberedToo() {
        a.hear(C, new Promise(FOUR, 1, upFrom(1), 0, 0, List.of(proposal(6, ballot(2, B), "x")), List.of(), List.of()));
        wanted().now(C, new Remembered(FOUR, 6, ballot(2, B))).of(a.step(new PeerStarted(C)));
    }

    @Test
    void whoAnswersBelowItsPromiseIsToldOnceAHeartbeat() {
        a.at(1_000);
        a.hear(C, promiseOf(ballot(9, B)));
        Remembered told = new Remembered(ballot(9, B), 0, Ballot.NONE);
        wanted().now(C, told).of(a.hear(C, promiseOf(FOUR)));
        wanted().of(a.hear(C, promiseOf(FOUR)));
        a.at(1_000 + Timing.DEFAULT.heartbeatMillis());
        wanted().now(C, told).of(a.hear(C, promiseOf(FOUR)));
    }

    // ---- a promise that leaves out what was seen ---------------------------------------------------------------

    /** A stands; it remembers C's vote in slot 5. Returns whether C's page brings it to lead. */
    private static boolean leadsAfter(PageOf page) {
        Stepper a = Stepper.of(memory(A, members(3)));
        a.hear(C, vote(slot(5), FOUR));
        Prepare prepare = Stepper.prepareIn(a.stand(B));
        a.force();
        a.hear(C, page.of(prepare.ballot(), prepare.attempt()));
        return a.replica.status().role() != ReplicaStatus.Role.PREPARING;
    }

    private interface PageOf {
        Promise of(Ballot ballot, long attempt);
    }

    @Test
    void aPromiseWithoutAVoteThatWasSeenDoesNotCount() {
        assertFalse(leadsAfter(
                (ballot, attempt) -> new Promise(ballot, attempt, upFrom(1), 0, 0, List.of(), List.of(), List.of())));
        Proposal older = proposal(5, ballot(3, B), "older");
        assertFalse(leadsAfter((ballot, attempt) ->
                new Promise(ballot, attempt, upFrom(1), 0, 0, List.of(older), List.of(), List.of())));
    }

    @Test
    void aPromiseThatAnswersForTheSlotCounts() {
        Proposal seen = proposal(5, FOUR, "x");
        assertTrue(leadsAfter((ballot, attempt) ->
                new Promise(ballot, attempt, upFrom(1), 0, 0, List.of(seen), List.of(), List.of())));
        assertTrue(leadsAfter((ballot, attempt) ->
                new Promise(ballot, attempt, upFrom(1), 0, 0, List.of(), List.of(seen), List.of())));
        assertTrue(
                leadsAfter((ballot, attempt) ->
                        new Promise(ballot, attempt, upFrom(1), 0, 5, List.of(), List.of(), List.of())),
                "it is known chosen since");
    }

    @Test
    void aPromiseThatLeavesAVoteOutIsAnsweredWithWhatWasSeen() {
        a.hear(C, vote(slot(5), SEVEN));
        Promise page = new Promise(ballot(9, A), 1, upFrom(1), 0, 0, List.of(), List.of(), List.of());
        wanted().now(C, new Remembered(SEVEN, 5, SEVEN)).of(a.hear(C, page));
    }

    // ---- being told -----------------------------------------------------------------------------------------

    private static List<Notice> toldTo(Given.Memory remembered, Remembered seen) {
        return Stepper.of(remembered).hear(B, seen).notices();
    }

    @Test
    void whoPromisedLessThanWasSeenMustStop() {
        List<Notice> said = toldTo(memory(C, members(3)).promised(FOUR, 1), new Remembered(SEVEN, 0, Ballot.NONE));
        assertEquals(1, said.size());
        assertTrue(said.get(0) instanceof Notice.MustStop stop && stop.reason().contains("older copy"), said::toString);
    }

    @Test
    void whoLostAVoteThatWasSeenMustStop() {
        Given.Memory lost = memory(C, members(3)).promised(SEVEN, 1).votes(proposal(4, SEVEN, "x"));
        assertEquals(1, toldTo(lost, new Remembered(SEVEN, 5, FOUR)).size());
        Given.Memory older = memory(C, members(3)).promised(SEVEN, 1).votes(proposal(5, ballot(3, B), "x"));
        assertEquals(1, toldTo(older, new Remembered(SEVEN, 5, FOUR)).size());
    }

    @Test
    void whoRemembersAsMuchOrMoreGoesOn() {
        Given.Memory same = memory(C, members(3)).promised(SEVEN, 1).votes(proposal(5, FOUR, "x"));
        assertEquals(List.of(), toldTo(same, new Remembered(SEVEN, 5, FOUR)));
        assertEquals(List.of(), toldTo(same, new Remembered(FOUR, 0, Ballot.NONE)));
        Given.Memory unknown = memory(C, members(3)).promised(SEVEN, 1).unknown(slots(5, 6));
        assertEquals(List.of(), toldTo(unknown, new Remembered(SEVEN, 5, FOUR)), "it says that it does not know");
    }

    @Test
    void aSlotThatIsKnownChosenSinceNeedsNoVote() {
        Given.Memory since = memory(C, members(3)).promised(SEVEN, 1).chosen(proposal(5, FOUR, "x"));
        assertEquals(List.of(), toldTo(since, new Remembered(SEVEN, 5, FOUR)));
    }

    @Test
    void aStrangerIsNotBelieved() {
        wanted().of(Stepper.of(memory(C, members(3))).hear(STRANGER, new Remembered(SEVEN, 5, SEVEN)));
    }
}
