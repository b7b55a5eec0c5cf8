// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Stepper.messageIn;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.LeadershipOffer;
import io.paxos.message.Message.LeaseSurrender;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.ReadRound;
import io.paxos.message.Message.ReadRoundAnswer;
import io.paxos.model.Ballot;
import io.paxos.protocol.Event.ReadPointWanted;
import io.paxos.protocol.Event.TimeWasLost;
import io.paxos.protocol.Notice.ReadPointReady;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Leases, by the leader that counts on them and by the members that grant them (hazard P19). Catches: one counted from when it
 * was granted; not shrunk by the drift; kept over a pause or a hand-over; a grant that is forgotten, at a start too.
 */
class LeasesTest {

    /** A member keeps its word for 300 ms; a leader counts on 297 less the rounding. */
    private static final LeaseTerms TERMS = LeaseTerms.of(300, 5_000);

    private static final ReadPointWanted BY_LEASE = new ReadPointWanted(8, true);

    @Test
    void theTermsAreShrunkByTheDriftOfBothClocksAndByRounding() {
        assertEquals(new LeaseTerms(300, 298), LeaseTerms.of(300, 0));
        assertEquals(new LeaseTerms(300, 295), TERMS);
        assertEquals(new LeaseTerms(300, 243), LeaseTerms.of(300, 100_000));
        assertThrows(IllegalArgumentException.class, () -> LeaseTerms.of(3, 100_000));
        assertThrows(IllegalArgumentException.class, () -> LeaseTerms.of(300, 100_001));
        assertThrows(IllegalArgumentException.class, () -> LeaseTerms.of(300, -1));
    }

    // ---- the leader ------------------------------------------------------------------------------------------

    /** A leads with slot 1 chosen, and B granted what was asked at the returned time. */
    private static long granted(Stepper a, Ballot[] mine) {
        a.at(0);
        mine[0] = a.lead(B);
        a.force();
        Effects recovered = a.votes(B, mine[0], slot(1));
        ReadRound round = messageIn(recovered.sendNow(), ReadRound.class);
        assertEquals(new ReadRound(mine[0], 1, 300), round);
        long asked = a.nowMillis();
        a.at(asked + 20);
        wanted().of(a.hear(B, new ReadRoundAnswer(mine[0], 1, true)));
        return asked;
    }

    private static Stepper leader() {
        return Stepper.leased(memory(A, members(3)), TERMS);
    }

    @Test
    void aLeaderReadsByItsLeaseCountedFromWhenItAsked() {
        Stepper a = leader();
        Ballot[] mine = new Ballot[1];
        long asked = granted(a, mine);
        wanted().notice(new ReadPointReady(8, 1, asked + 295)).of(a.step(BY_LEASE));
        a.at(asked + 294);
        assertEquals(
                List.of(new ReadPointReady(9, 1, asked + 295)),
                a.step(new ReadPointWanted(9, true)).notices());
        a.at(asked + 295);
        assertEquals(List.of(), a.step(new ReadPointWanted(10, true)).notices());
    }

    @Test
    void withoutAGrantThereIsNoLeaseThoughTheRoundIsConfirmed() {
        Stepper a = leader();
        a.at(0);
        Ballot mine = a.lead(B);
        a.force();
        a.votes(B, mine, slot(1));
        a.hear(B, new ReadRoundAnswer(mine, 1, false));
        wanted().of(a.step(BY_LEASE));
    }

    @Test
    void itIsRenewedWithEachHeartbeat() {
        Stepper a = leader();
        Ballot[] mine = new Ballot[1];
        granted(a, mine);
        ReadRound next = messageIn(a.later(50).sendNow(), ReadRound.class);
        assertEquals(new ReadRound(mine[0], 2, 300), next);
        long asked = a.nowMillis();
        a.hear(C, new ReadRoundAnswer(mine[0], 2, true));
        assertEquals(
                List.of(new ReadPointReady(8, 1, asked + 295)), a.step(BY_LEASE).notices());
    }

    @Test
    void afterAPauseItIsGoneAndWhatIsUnderWayBringsItNotBack() {
        Stepper a = leader();
        Ballot[] mine = new Ballot[1];
        granted(a, mine);
        messageIn(a.later(50).sendNow(), ReadRound.class);
        a.step(new TimeWasLost());
        wanted().of(a.step(BY_LEASE));
        a.hear(B, new ReadRoundAnswer(mine[0], 2, true));
        assertEquals(List.of(), a.step(BY_LEASE).notices());
        messageIn(a.later(50).sendNow(), ReadRound.class);
        a.hear(B, new ReadRoundAnswer(mine[0], 3, true));
        assertEquals(1, a.step(BY_LEASE).notices().size());
    }

    @Test
    void beforeItOffersLeadershipItSurrendersForGood() {
        Stepper a = leader();
        Ballot[] mine = new Ballot[1];
        granted(a, mine);
        Heartbeat beat = messageIn(a.later(50).sendNow(), Heartbeat.class);
        a.hear(B, new HeartbeatAck(mine[0], beat.sequence(), mine[0], mine[0], 1, true));
        Effects offered = a.step(new Event.HandOverAsked(B.node()));
        List<Class<?>> sent = offered.sendNow().stream()
                .<Class<?>>map(each -> each.message().getClass())
                .toList();
        assertEquals(List.of(LeaseSurrender.class, LeaseSurrender.class, LeadershipOffer.class), sent);
        wanted().of(a.step(BY_LEASE));
        a.hear(B, new ReadRoundAnswer(mine[0], 2, true));
        assertEquals(List.of(), a.step(BY_LEASE).notices());
    }

    @Test
    void alongWithLeadershipItIsGone() {
        Stepper a = leader();
        Ballot[] mine = new Ballot[1];
        granted(a, mine);
        a.hear(C, new Prepare(ballot(99, C), 1, 1));
        wanted().of(a.step(BY_LEASE));
    }

    // ---- members ---------------------------------------------------------------------------------------------

    private static final Ballot LEADER = ballot(7, A);

    /** B runs for a second already, promised A, and granted A a lease at 1,000; the grant counts from 1,010. */
    private static Stepper bound() {
        Stepper b = Stepper.leased(memory(B, members(3)).promised(LEADER, 3), TERMS);
        b.at(0);
        b.at(1_000);
        wanted().now(A, new ReadRoundAnswer(LEADER, 4, true)).of(b.hear(A, new ReadRound(LEADER, 4, 300)));
        b.at(1_010);
        return b;
    }

    private static boolean promises(Stepper b, Ballot ballot) {
        return !messagesIn(b.hear(ballot.owner(), new Prepare(ballot, 3, 1)).sendAfterWrites(), Promise.class)
                .isEmpty();
    }

    @Test
    void whoGrantedPromisesNobodyElseForAWholeLease() {
        Stepper b = bound();
        wanted().of(b.hear(C, new Prepare(ballot(9, C), 3, 1)));
        wanted().of(b.hear(C, new Accept(proposal(1, ballot(9, C), "x"))));
        b.at(1_309);
        assertFalse(promises(b, ballot(9, C)));
        b.at(1_310);
        assertTrue(promises(b, ballot(9, C)));
    }

    @Test
    void aGrantCountsFromTheNextWordOfTheTimeForThisOneMayLieFarBehind() {
        Stepper b = Stepper.leased(memory(B, members(3)).promised(LEADER, 3), TERMS);
        b.at(0);
        b.at(1_000);
        b.hear(A, new ReadRound(LEADER, 4, 300));
        assertFalse(promises(b, ballot(9, C)));
        b.at(1_200);
        b.at(1_499);
        assertFalse(promises(b, ballot(9, C)));
        b.at(1_500);
        assertTrue(promises(b, ballot(9, C)));
    }

    @Test
    void theLeaderItselfMayGoHigherAndItsAcceptsAreHeard() {
        Stepper b = bound();
        assertEquals(
                1,
                messagesIn(b.hear(A, new Accept(proposal(1, LEADER, "x"))).sendAfterWrites(), Accepted.class)
                        .size());
        assertTrue(promises(b, ballot(8, A)));
    }

    @Test
    void aSurrenderOfThatBallotFreesIt() {
        Stepper b = bound();
        b.hear(A, new LeaseSurrender(ballot(6, A)));
        assertFalse(promises(b, ballot(9, C)));
        b.hear(C, new LeaseSurrender(LEADER));
        assertTrue(promises(b, ballot(9, C)));
    }

    @Test
    void whoStartedPromisesNobodyForAWholeLease() {
        Stepper b = Stepper.leased(memory(B, members(3)).promised(LEADER, 3), TERMS);
        assertFalse(promises(b, ballot(9, C)));
        b.at(5_000);
        assertFalse(promises(b, ballot(9, C)));
        assertFalse(promises(b, ballot(8, A)), "it may have granted somebody else");
        b.at(5_299);
        assertFalse(promises(b, ballot(9, C)));
        b.at(5_300);
        assertTrue(promises(b, ballot(9, C)));
    }

    @Test
    void whoIsBoundNeitherStandsNorSaysYesToACanvass() {
        Stepper b = bound();
        CanvassReply reply = messageIn(b.hear(C, new Canvass(5, 0)).sendAfterWrites(), CanvassReply.class);
        assertFalse(reply.granted());
        b.at(1_310);
        assertTrue(messageIn(b.hear(C, new Canvass(5, 0)).sendAfterWrites(), CanvassReply.class)
                .granted());
    }

    @Test
    void aSecondLeaderAndALongerLeaseAreNotGranted() {
        Stepper b = bound();
        wanted().now(C, new ReadRoundAnswer(ballot(9, C), 1, false)).of(b.hear(C, new ReadRound(ballot(9, C), 1, 300)));
        wanted().now(A, new ReadRoundAnswer(LEADER, 5, false)).of(b.hear(A, new ReadRound(LEADER, 5, 301)));
    }

    @Test
    void withoutLeasesNothingIsGrantedAndNobodyBound() {
        Stepper b = Stepper.of(memory(B, members(3)).promised(LEADER, 3));
        wanted().now(A, new ReadRoundAnswer(LEADER, 4, false)).of(b.hear(A, new ReadRound(LEADER, 4, 300)));
        assertTrue(promises(b, ballot(9, C)));
    }

    @Test
    void whoTakesAnOfferTellsTheOthersThatTheyAreFree() {
        Stepper b = bound();
        b.hear(A, new Heartbeat(LEADER, 1, true, 0));
        Effects taken = b.hear(A, new LeadershipOffer(LEADER, 12, 0));
        assertEquals(
                List.of(new LeaseSurrender(LEADER), new LeaseSurrender(LEADER)),
                messagesIn(taken.sendNow(), LeaseSurrender.class));
        assertFalse(taken.writes().isEmpty(), "it stands");
    }
}
