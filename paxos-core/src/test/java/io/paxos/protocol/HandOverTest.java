// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.command;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Stepper.prepareIn;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message;
import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.Forward;
import io.paxos.message.Message.ForwardRefused;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.LeadershipOffer;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.RefusalReason;
import io.paxos.message.Message.Rejected;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import io.paxos.model.SessionId;
import io.paxos.protocol.Event.FitnessChanged;
import io.paxos.protocol.Event.HandOverAsked;
import io.paxos.protocol.Notice.HandOverBegan;
import io.paxos.protocol.Notice.HandOverEnded;
import io.paxos.protocol.Notice.HandOverEnded.Result;
import io.paxos.protocol.Notice.LeaderChanged;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Leadership handed over, by its giver and by its taker, and what a sick disk allows. Catches: an offer taken from another
 * ballot, another sender, or twice; one that is unfit and stands (S17, P17); a leader that says "I have a quorum" after its
 * hand-over timed out; one that fights its successor; writes without room for them (S13).
 */
class HandOverTest {

    private static final Event SLOW = new FitnessChanged(false, true, true);
    private static final Event FULL = new FitnessChanged(false, false, true);
    private static final Event WELL = new FitnessChanged(true, true, true);

    // ---- the leader's side -----------------------------------------------------------------------------------

    /** A leads at the returned stepper's ballot, slot 1 is chosen, and B and C were heard in these states. */
    private static Stepper leader(Ballot[] ballot, long knownToB, boolean fitB, long knownToC, boolean fitC) {
        Stepper a = Stepper.of(memory(A, members(3)));
        Ballot mine = a.lead(B);
        a.force();
        a.votes(B, mine, slot(1));
        ballot[0] = mine;
        heard(a, mine, knownToB, fitB, knownToC, fitC);
        return a;
    }

    private static void heard(Stepper a, Ballot mine, long knownToB, boolean fitB, long knownToC, boolean fitC) {
        Heartbeat beat = messagesIn(a.later(50).sendNow(), Heartbeat.class).get(0);
        a.hear(B, ack(mine, beat.sequence(), knownToB, fitB));
        a.hear(C, ack(mine, beat.sequence(), knownToC, fitC));
    }

    private static HeartbeatAck ack(Ballot ballot, long sequence, long knownChosen, boolean fit) {
        return new HeartbeatAck(ballot, sequence, ballot, ballot, knownChosen, fit);
    }

    private static LeadershipOffer offerIn(Effects effects) {
        return Stepper.messageIn(effects.sendNow(), LeadershipOffer.class);
    }

    private static boolean offers(Effects effects) {
        return !messagesIn(effects.sendNow(), LeadershipOffer.class).isEmpty();
    }

    private static NodeId receiverOfOffer(Effects effects) {
        return effects.sendNow().stream()
                .filter(each -> each.message() instanceof LeadershipOffer)
                .findFirst()
                .orElseThrow()
                .to();
    }

    @Test
    void aSickLeaderWithNothingInFlightOffersAtOnceToTheMemberThatKnowsMost() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 0, true, 1, true);
        Effects effects = a.step(SLOW);
        wanted().now(C, new LeadershipOffer(mine[0], offerIn(effects).nonce(), 1))
                .notice(new HandOverBegan(mine[0]))
                .notice(new LeaderChanged(mine[0], false))
                .of(effects);
        assertEquals(Role.HANDING_OVER, a.replica.status().role());
    }

    @Test
    void amongEqualsTheFirstIsAskedAndNeverOneThatIsNotFit() {
        assertEquals(
                B.node(),
                receiverOfOffer(leader(new Ballot[1], 1, true, 1, true).step(SLOW)));
        assertEquals(
                C.node(),
                receiverOfOffer(leader(new Ballot[1], 1, false, 0, true).step(SLOW)));
    }

    @Test
    void whoWasHeardLongAgoOrHasOnlyPromisedIsNotAsked() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, true, 0, true);
        for (int i = 0; i < 5; i++) {
            Heartbeat beat = messagesIn(a.later(50).sendNow(), Heartbeat.class).get(0);
            a.hear(C, ack(mine[0], beat.sequence(), 0, true));
        }
        assertEquals(C.node(), receiverOfOffer(a.step(SLOW)));

        Stepper fresh = Stepper.of(memory(A, members(3)));
        Ballot ballot = fresh.lead(B);
        fresh.force();
        fresh.votes(B, ballot, slot(1));
        wanted().of(fresh.step(SLOW));
        assertEquals(Role.LEADING, fresh.replica.status().role());
    }

    @Test
    void aLateWordOfFitnessDoesNotReplaceANewerOne() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, true, 0, false);
        long first = messagesIn(a.later(50).sendNow(), Heartbeat.class).get(0).sequence();
        long second = messagesIn(a.later(50).sendNow(), Heartbeat.class).get(0).sequence();
        a.hear(B, ack(mine[0], second, 1, false));
        a.hear(B, ack(mine[0], first, 1, true));
        wanted().of(a.step(SLOW));
    }

    @Test
    void whatIsInFlightIsChosenFirstAndNothingNewIsTaken() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, true, 0, true);
        a.submit(command(1, "x"));
        a.force();
        wanted().notice(new HandOverBegan(mine[0]))
                .notice(new LeaderChanged(mine[0], false))
                .of(a.step(SLOW));
        wanted().notice(new Notice.CommandsRefused(SessionId.ofNode(A), 2, RefusalReason.NO_LEADER))
                .of(a.submit(command(2, "y")));
        wanted().now(B, new ForwardRefused(RefusalReason.NO_LEADER, 3, A, mine[0], 1))
                .of(a.hear(B, new Forward(1, List.of(command(3, "z")))));
        Effects chosen = a.votes(B, mine[0], slot(2));
        wanted().chosen(chosen.chosen().get(0))
                .now(B, new ChosenNotice(mine[0], slot(2), 2))
                .now(C, new ChosenNotice(mine[0], slot(2), 2))
                .now(B, new LeadershipOffer(mine[0], offerIn(chosen).nonce(), 2))
                .of(chosen);
    }

    @Test
    void afterHalfATimeoutItOffersWithSlotsInFlight() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, true, 1, true);
        a.submit(command(1, "x"));
        a.step(SLOW);
        long began = a.nowMillis();
        assertFalse(offers(a.at(began + 224)));
        assertTrue(offers(a.at(began + 225)));
    }

    @Test
    void theOfferIsRepeatedWithEachHeartbeatAndIsOneOffer() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, true, 1, true);
        LeadershipOffer first = offerIn(a.step(SLOW));
        assertFalse(offers(a.later(49)));
        Effects again = a.later(1);
        assertEquals(first, offerIn(again));
        assertEquals(B.node(), receiverOfOffer(again));
        assertFalse(offers(a.later(49)));
    }

    /** B closed a moment after it said that it is well. */
    @Test
    void ifTheOneItAskedFallsSilentItAsksAnother() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, true, 1, true);
        LeadershipOffer offer = offerIn(a.step(SLOW));
        heardFrom(a, mine[0], C, true);
        Effects next = a.later(50);
        assertEquals(C.node(), receiverOfOffer(next));
        assertEquals(offer, offerIn(next));
    }

    @Test
    void theOneThatTheHostWantsIsAskedUntilTheEnd() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, true, 1, true);
        a.step(new HandOverAsked(B.node()));
        for (int i = 0; i < 7; i++) {
            Effects effects = a.later(50);
            assertEquals(B.node(), receiverOfOffer(effects));
            Heartbeat beat = messagesIn(effects.sendNow(), Heartbeat.class).get(0);
            a.hear(C, ack(mine[0], beat.sequence(), 1, true));
        }
    }

    /** The flag, and the ballot with it, fall at the latest one maximum election timeout after the begin. */
    @Test
    void anOfferThatNobodyTakesEndsLeadershipWithinATimeout() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, true, 1, true);
        a.step(SLOW);
        long began = a.nowMillis();
        for (long now = began + 50; now < began + 450; now += 50) {
            Heartbeat beat = messagesIn(a.at(now).sendNow(), Heartbeat.class).get(0);
            assertTrue(beat.hasQuorum());
            a.hear(C, ack(mine[0], beat.sequence(), 1, false));
        }
        wanted().notice(new HandOverEnded(B.node(), Result.NOT_TAKEN))
                .notice(new LeaderChanged(Ballot.NONE, false))
                .of(a.at(began + 450));
        assertEquals(Role.FOLLOWER, a.replica.status().role());
        wanted().of(a.later(50));
    }

    @Test
    void aHigherPromiseOfItsOwnEndsIt() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, true, 1, true);
        a.step(SLOW);
        Ballot theirs = ballot(mine[0].round() + 1, B);
        Prepare prepare = new Prepare(theirs, 7, 2);
        wanted().write(new DurableRecord.Promised(theirs, 7), new DurableRecord.KnownChosen(1))
                .afterWrites(B, Stepper.report(prepare, 1))
                .notice(new HandOverEnded(B.node(), Result.TAKEN))
                .notice(new LeaderChanged(Ballot.NONE, false))
                .of(a.hear(B, prepare));
    }

    /** C promised B above A, and follows nobody: any other leader begins again above that, and would fight its successor. */
    @Test
    void aHigherPromiseOfAnotherEndsItToo() {
        for (boolean byAck : new boolean[] {true, false}) {
            Ballot[] mine = new Ballot[1];
            Stepper a = leader(mine, 1, true, 1, true);
            a.step(SLOW);
            Ballot theirs = ballot(mine[0].round() + 1, B);
            Message refusal = byAck
                    ? new HeartbeatAck(mine[0], 2, theirs, Ballot.NONE, 1, true)
                    : new Rejected(mine[0], 0, 2, theirs, Ballot.NONE, 1);
            wanted().notice(new HandOverEnded(B.node(), Result.TAKEN))
                    .notice(new LeaderChanged(Ballot.NONE, false))
                    .of(a.hear(C, refusal));
            for (int i = 0; i < 5; i++) {
                Effects later = a.later(50);
                assertEquals(List.of(), later.sendNow());
                assertEquals(List.of(), later.sendAfterWrites());
            }
        }
    }

    @Test
    void withNobodyFitASlowLeaderLeadsOnUntilThereIsSomebody() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, false, 1, false);
        wanted().of(a.step(SLOW));
        assertEquals(1, Stepper.acceptsTo(B, a.submit(command(1, "x"))).size());
        a.force();
        a.votes(B, mine[0], slot(2));
        Heartbeat beat = messagesIn(a.later(50).sendNow(), Heartbeat.class).get(0);
        a.hear(C, ack(mine[0], beat.sequence(), 1, true));
        assertEquals(C.node(), receiverOfOffer(a.later(10)));
    }

    @Test
    void ifTheOnlyFitMemberFallsSilentWhileItDrainsItLeadsOn() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, true, 1, false);
        for (int i = 0; i < 2; i++) {
            heardFrom(a, mine[0], C, false);
        }
        a.submit(command(1, "x"), command(2, "y"));
        a.step(SLOW);
        long began = a.nowMillis();
        for (int i = 0; i < 4; i++) {
            heardFrom(a, mine[0], C, false);
        }
        Effects over = a.at(began + 225);
        assertEquals(
                List.of(new HandOverEnded(NodeId.NONE, Result.NOBODY_FIT), new LeaderChanged(mine[0], true)),
                over.notices());
        assertTrue(Stepper.acceptsTo(B, a.votes(C, mine[0], slot(2))).isEmpty());
        assertEquals(1, Stepper.acceptsTo(B, a.submit(command(3, "z"))).size());
    }

    private static void heardFrom(Stepper a, Ballot mine, MemberId member, boolean fit) {
        Heartbeat beat = messagesIn(a.later(50).sendNow(), Heartbeat.class).get(0);
        a.hear(member, ack(mine, beat.sequence(), 1, fit));
    }

    /** It can hear nothing from its own acceptor, and can take no value in. */
    @Test
    void aLeaderWithoutRoomResignsEvenIfNobodyIsFit() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, false, 1, false);
        wanted().notice(new HandOverBegan(mine[0]))
                .notice(new LeaderChanged(mine[0], false))
                .of(a.step(FULL));
        Effects resigned = a.later(225);
        assertEquals(
                List.of(new HandOverEnded(NodeId.NONE, Result.NOBODY_FIT), new LeaderChanged(Ballot.NONE, false)),
                resigned.notices());
        assertEquals(Role.FOLLOWER, a.replica.status().role());
    }

    @Test
    void theHostMayAskForAMemberOrForTheBest() {
        assertEquals(
                C.node(),
                receiverOfOffer(leader(new Ballot[1], 1, true, 0, true).step(new HandOverAsked(C.node()))));
        assertEquals(
                B.node(),
                receiverOfOffer(leader(new Ballot[1], 1, true, 0, true).step(new HandOverAsked(null))));
    }

    @Test
    void whatCannotBeGivenIsSaidAtOnce() {
        wanted().notice(new HandOverEnded(C.node(), Result.NOBODY_FIT))
                .of(leader(new Ballot[1], 1, true, 0, false).step(new HandOverAsked(C.node())));
        wanted().notice(new HandOverEnded(NodeId.NONE, Result.NOBODY_FIT))
                .of(leader(new Ballot[1], 1, false, 0, false).step(new HandOverAsked(null)));
        wanted().notice(new HandOverEnded(A.node(), Result.NOBODY_FIT))
                .of(leader(new Ballot[1], 1, true, 0, true).step(new HandOverAsked(A.node())));
        wanted().notice(new HandOverEnded(NodeId.NONE, Result.NOT_LEADING))
                .of(Stepper.of(memory(A, members(3))).step(new HandOverAsked(null)));
    }

    @Test
    void whoHandedOverLeadsAgainLikeAnyOther() {
        Ballot[] mine = new Ballot[1];
        Stepper a = leader(mine, 1, true, 1, true);
        a.step(new HandOverAsked(null));
        a.later(450);
        Ballot again = a.lead(C);
        assertTrue(again.isAbove(mine[0]));
        a.force();
        a.votes(C, again, slot(2));
        assertEquals(1, Stepper.acceptsTo(B, a.submit(command(1, "x"))).size());
    }

    // ---- the successor's side --------------------------------------------------------------------------------

    private static final Ballot LEADER = ballot(3, B);

    /** A follows B at {@link #LEADER}, promised it, and knows slot 1. */
    private static Stepper follower() {
        Stepper a = Stepper.of(memory(A, members(3)).promised(LEADER, 5).known(1, 0));
        a.at(0);
        a.hear(B, new Heartbeat(LEADER, 1, true, 1));
        return a;
    }

    @Test
    void aFollowerStandsWhenItsLeaderAsksForIt() {
        Effects effects = follower().hear(B, new LeadershipOffer(LEADER, 9, 1));
        Prepare prepare = prepareIn(effects);
        assertEquals(ballot(4, A), prepare.ballot());
        wanted().write(new DurableRecord.Promised(prepare.ballot(), prepare.attempt()))
                .afterWrites(A, Stepper.report(prepare, 1))
                .afterWrites(B, prepare)
                .afterWrites(C, prepare)
                .notice(new LeaderChanged(Ballot.NONE, false))
                .of(effects);
    }

    @Test
    void anOfferOfAnotherBallotOrAnotherSenderMovesNobody() {
        wanted().of(follower().hear(B, new LeadershipOffer(ballot(2, B), 9, 1)));
        wanted().of(follower().hear(B, new LeadershipOffer(ballot(4, B), 9, 1)));
        wanted().of(follower().hear(C, new LeadershipOffer(LEADER, 9, 1)));
        wanted().of(follower().hear(C, new LeadershipOffer(ballot(3, C), 9, 1)));
        Stepper alone = Stepper.of(memory(A, members(3)).promised(LEADER, 5).known(1, 0));
        alone.at(0);
        wanted().of(alone.hear(B, new LeadershipOffer(LEADER, 9, 1)));
    }

    /** C told A whom it follows; A itself does not hear B. */
    @Test
    void anOfferOfALeaderHeardThroughARelayMovesNobody() {
        Stepper a = Stepper.of(memory(A, members(3)).promised(LEADER, 5).known(1, 0));
        Canvass canvass = a.canvass();
        a.hear(C, new CanvassReply(canvass.nonce(), false, LEADER, LEADER, 1));
        assertEquals(LEADER, a.replica.status().leader());
        wanted().of(a.hear(B, new LeadershipOffer(LEADER, 9, 1)));
    }

    @Test
    void whoKnowsLessFetchesFirst() {
        Stepper a = follower();
        Effects behind = a.hear(B, new LeadershipOffer(LEADER, 9, 2));
        CatchUpRequest request = Stepper.messageIn(behind.sendNow(), CatchUpRequest.class);
        wanted().now(B, new CatchUpRequest(request.nonce(), slot(2), 1)).of(behind);
        a.hear(B, new CatchUpPage(request.nonce(), 2, List.of(proposal(2, LEADER, "two")), 0, 2));
        assertEquals(
                ballot(4, A),
                prepareIn(a.hear(B, new LeadershipOffer(LEADER, 9, 2))).ballot());
    }

    @Test
    void anOfferIsTakenOnce() {
        Stepper a = follower();
        LeadershipOffer offer = new LeadershipOffer(LEADER, 9, 1);
        Prepare prepare = prepareIn(a.hear(B, offer));
        wanted().of(a.hear(B, offer));
        // Its attempt fails, and B is heard again: a repetition of the offer is old news, another offer is not.
        a.hear(C, new Rejected(prepare.ballot(), prepare.attempt(), 2, ballot(4, C), Ballot.NONE, 1));
        a.hear(B, new Heartbeat(LEADER, 2, true, 1));
        assertEquals(LEADER, a.replica.status().leader());
        wanted().of(a.hear(B, offer));
        assertEquals(
                ballot(5, A),
                prepareIn(a.hear(B, new LeadershipOffer(LEADER, 10, 1))).ballot());
    }

    // ---- what a sick disk allows -----------------------------------------------------------------------------

    @Test
    void whoIsNotFitTakesNoOfferAndSaysSo() {
        Stepper a = follower();
        wanted().of(a.step(SLOW));
        wanted().of(a.hear(B, new LeadershipOffer(LEADER, 9, 1)));
        wanted().afterWrites(B, new HeartbeatAck(LEADER, 2, LEADER, LEADER, 1, false))
                .of(a.hear(B, new Heartbeat(LEADER, 2, true, 1)));
        a.step(WELL);
        wanted().afterWrites(B, new HeartbeatAck(LEADER, 3, LEADER, LEADER, 1, true))
                .of(a.hear(B, new Heartbeat(LEADER, 3, true, 1)));
        prepareIn(a.hear(B, new LeadershipOffer(LEADER, 9, 1)));
    }

    @Test
    void whoIsNotFitDoesNotCanvassHoweverLongNobodyLeads() {
        Stepper a = Stepper.of(memory(A, members(3)));
        a.at(0);
        a.step(SLOW);
        for (int i = 0; i < 200; i++) {
            wanted().of(a.later(50));
        }
        a.step(WELL);
        long well = a.nowMillis();
        a.canvass();
        assertTrue(a.nowMillis() - well <= 500, "it waits one timeout: " + (a.nowMillis() - well));
    }

    @Test
    void aCanvassIsOverWhenItsDiskBecomesSlow() {
        Stepper a = Stepper.of(memory(A, members(3)));
        Canvass canvass = a.canvass();
        a.step(SLOW);
        wanted().of(a.hear(B, new CanvassReply(canvass.nonce(), true, Ballot.NONE, Ballot.NONE, 0)));
    }

    @Test
    void aCandidateWhoseDiskBecomesSlowGivesUp() {
        Stepper a = Stepper.of(memory(A, members(3)));
        Prepare prepare = prepareIn(a.stand(B));
        a.step(SLOW);
        assertEquals(Role.FOLLOWER, a.replica.status().role());
        a.force();
        wanted().of(a.hear(B, Stepper.nothing(prepare)));
    }

    @Test
    void aSlowMemberPromisesAndVotes() {
        Stepper a = follower();
        a.step(SLOW);
        assertEquals(
                List.of(new DurableRecord.Accepted(proposal(2, LEADER, "two"))),
                a.hear(B, new Accept(proposal(2, LEADER, "two"))).writes());
        Ballot above = ballot(9, C);
        assertEquals(
                new DurableRecord.Promised(above, 1),
                a.hear(C, new Prepare(above, 1, 2)).writes().get(0));
    }

    @Test
    void withoutRoomItPromisesNothingVotesForNothingAndCarriesNobody() {
        Stepper a = follower();
        a.hear(B, new Accept(proposal(2, LEADER, "two")));
        a.step(FULL);
        wanted().of(a.hear(B, new Accept(proposal(3, LEADER, "three"))));
        wanted().of(a.hear(C, new Prepare(ballot(9, C), 1, 2)));
        wanted().of(a.hear(B, new Prepare(LEADER, 5, 2)));
        wanted().of(a.hear(B, new Heartbeat(LEADER, 2, true, 1)));
        a.later(1_000);
        wanted().afterWrites(C, new CanvassReply(4, false, LEADER, Ballot.NONE, 1))
                .of(a.hear(C, new Canvass(4, 1)));
        assertEquals(LEADER, a.replica.status().promised());
    }

    /** Its own vote is on the disk already: that slot costs nothing. Even the mark has to wait. */
    @Test
    void withoutRoomItLearnsOnlyWhatItVotedFor() {
        Stepper a = follower();
        a.hear(B, new Accept(proposal(2, LEADER, "two")));
        a.step(FULL);
        wanted().chosen(proposal(2, LEADER, "two")).of(a.hear(B, new ChosenNotice(LEADER, slot(2), 2)));
        wanted().of(a.hear(B, new ChosenNotice(LEADER, slot(3), 3)));
        assertEquals(List.of(), a.later(5_000).writes());
        a.step(WELL);
        Effects roomAgain = a.later(100);
        assertEquals(List.of(new DurableRecord.KnownChosen(2)), roomAgain.writes());
        assertEquals(1, messagesIn(roomAgain.sendNow(), CatchUpRequest.class).size());
    }

    @Test
    void fitnessIsKnownBeforeTheFoundingIsActive() {
        Stepper a = new Stepper(Given.fresh(A).state(), Given.plan(members(1)), Limits.DEFAULT, 1);
        a.at(0);
        wanted().of(a.step(SLOW));
        wanted().notice(new HandOverEnded(NodeId.NONE, Result.NOT_LEADING)).of(a.step(new HandOverAsked(null)));
    }
}
