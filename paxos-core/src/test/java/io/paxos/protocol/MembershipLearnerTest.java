// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.ALPHA;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.D;
import static io.paxos.protocol.Given.E;
import static io.paxos.protocol.Given.FOUNDING;
import static io.paxos.protocol.Given.MAJORITY;
import static io.paxos.protocol.Given.STRANGER;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.command;
import static io.paxos.protocol.Given.fresh;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Given.slots;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message;
import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.ChosenValues;
import io.paxos.message.Message.FollowAnswer;
import io.paxos.message.Message.FollowRequest;
import io.paxos.message.Message.Forward;
import io.paxos.message.Message.FoundingActivation;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.LeadershipOffer;
import io.paxos.message.Message.Learned;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.RefusalReason;
import io.paxos.message.Message.Remembered;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.Membership;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * D is a learner of A, B and C. Catches: one that votes, promises or stands, one that takes part in the founding, values
 * believed of nobody who saw them chosen, a word about values that are not on its disk.
 */
class MembershipLearnerTest {

    private static final Membership THREE_AND_TWO =
            new Membership(1, List.of(A, B, C), List.of(D.node(), E.node()), MAJORITY, ALPHA);
    private static final FoundingPlan PLAN = Given.plan(THREE_AND_TWO);
    private static final Founding OURS = new Founding(FOUNDING, THREE_AND_TWO);
    private static final Ballot SEVEN = ballot(7, A);

    private static Stepper learning() {
        return Stepper.of(memory(D, THREE_AND_TWO));
    }

    private static Stepper ofPlan() {
        return new Stepper(fresh(D).state(), PLAN, Limits.DEFAULT, Stepper.SEED);
    }

    @Test
    void itAsksTheVotersForTheFoundingAndTellsThemHowFarItIsFromThenOn() {
        Stepper d = ofPlan();
        assertEquals(Role.LEARNER, d.replica.status().role());
        wanted().now(A, new FollowRequest(FoundingId.NONE)).of(d.at(0));
        wanted().now(B, new FollowRequest(FoundingId.NONE)).of(d.at(300));
        wanted().write(new DurableRecord.FoundingAdopted(OURS), new DurableRecord.FoundingActivated(FOUNDING))
                .afterWrites(D, new FoundingActivation(FOUNDING))
                .notice(new Notice.LeaderChanged(SEVEN, false))
                .of(d.hear(B, new FollowAnswer(OURS, SEVEN, 0)));
        wanted().notice(new Notice.Learns(FOUNDING)).of(d.force());
        wanted().now(B, new FollowRequest(FOUNDING))
                .afterWrites(A, new Learned(0))
                .afterWrites(B, new Learned(0))
                .afterWrites(C, new Learned(0))
                .of(d.at(350));
    }

    /** A, B and C found without a word of D: nobody greets it, and the founding names it by its node. */
    @Test
    void theFoundingWaitsForNoLearner() {
        Stepper a = new Stepper(fresh(A).state(), PLAN, Limits.DEFAULT, Stepper.SEED);
        wanted().afterWrites(B, new Message.FoundingGreeting(FoundingId.NONE, PLAN.checksum()))
                .afterWrites(C, new Message.FoundingGreeting(FoundingId.NONE, PLAN.checksum()))
                .of(a.at(0));
        a.hear(B, new Message.FoundingGreeting(FoundingId.NONE, PLAN.checksum()));
        wanted().write(new DurableRecord.FoundingAdopted(OURS))
                .afterWrites(B, new Message.FoundingOffer(OURS))
                .afterWrites(C, new Message.FoundingOffer(OURS))
                .afterWrites(A, new Message.FoundingAdopted(FOUNDING))
                .of(a.hear(C, new Message.FoundingGreeting(FoundingId.NONE, PLAN.checksum())));
    }

    @Test
    void thePlanOfAnotherMembershipStopsIt() {
        Founding without = new Founding(FOUNDING, Given.members(3));
        wanted().notice(new Notice.MustStop(A + " was founded with another plan than this node's: " + PLAN))
                .of(ofPlan().hear(A, new FollowAnswer(without, SEVEN, 0)));
    }

    @Test
    void valuesThatTheLeaderSendsAreJournalledHandedOutAndAcknowledgedBehindTheForce() {
        Stepper d = learning();
        Proposal one = proposal(1, SEVEN, "x");
        Proposal two = proposal(2, SEVEN, "y");
        wanted().write(new DurableRecord.Chosen(one), new DurableRecord.Chosen(two), new DurableRecord.KnownChosen(2))
                .afterWrites(A, new Learned(2))
                .chosen(one, two)
                .of(d.hear(A, new ChosenValues(List.of(one, two), 2)));
        wanted().afterWrites(A, new Learned(2)).of(d.hear(A, new ChosenValues(List.of(one, two), 2)));
    }

    @Test
    void whatDidNotReachItIsPulledAtOnce() {
        Stepper d = learning();
        Proposal two = proposal(2, SEVEN, "y");
        Effects gap = d.hear(A, new ChosenValues(List.of(two), 2));
        assertEquals(List.of(), gap.chosen());
        assertEquals(List.of(new DurableRecord.Chosen(two)), gap.writes());
        List<CatchUpRequest> requests = messagesIn(gap.sendNow(), CatchUpRequest.class);
        assertEquals(
                List.of(slots(1, 2)),
                requests.stream().map(CatchUpRequest::slots).toList());
        Proposal one = proposal(1, SEVEN, "x");
        assertEquals(
                List.of(one, two),
                d.hear(A, new Message.CatchUpPage(requests.get(0).nonce(), 1, List.of(one), 0, 2))
                        .chosen());
    }

    @Test
    void itBelievesNobodyWhoDoesNotVote() {
        Stepper d = learning();
        ChosenValues values = new ChosenValues(List.of(proposal(1, SEVEN, "x")), 1);
        wanted().of(d.hear(E, values));
        wanted().of(d.hear(STRANGER, values));
        wanted().of(d.hear(E, new Heartbeat(ballot(9, E), 1, true, 3)));
    }

    @Test
    void itHearsTheLeaderItselfAndForwardsToIt() {
        Stepper d = learning();
        d.at(0);
        wanted().notice(new Notice.CommandsRefused(command(1, "x").session(), 1, RefusalReason.NO_LEADER))
                .of(d.submit(command(1, "x")));
        wanted().notice(new Notice.LeaderChanged(SEVEN, false)).of(d.hear(A, new Heartbeat(SEVEN, 1, true, 0)));
        wanted().of(d.hear(B, new FollowAnswer(OURS, ballot(6, C), 0)));
        wanted().now(A, new Forward(1, List.of(command(1, "x")))).of(d.submit(command(1, "x")));
        // It falls silent, and B knows another one.
        for (long millis = 50; millis <= 400; millis += 50) {
            d.at(millis);
        }
        wanted().notice(new Notice.LeaderChanged(ballot(8, C), false))
                .of(d.hear(B, new FollowAnswer(OURS, ballot(8, C), 0)));
        wanted().now(B, new Forward(1, List.of(command(1, "x")))).of(d.submit(command(1, "x")));
    }

    @Test
    void whileItHearsTheLeaderItAsksEachVoterInTurnNowAndThen() {
        Stepper d = learning();
        StringBuilder asked = new StringBuilder();
        for (long millis = 0; millis <= 1_500; millis += 50) {
            for (Effects.Envelope each : d.at(millis).sendNow()) {
                assertEquals(new FollowRequest(FOUNDING), each.message());
                asked.append(each.to()).append('@').append(millis).append(' ');
                d.hear(Given.member(each.to().number()), new FollowAnswer(OURS, SEVEN, 0));
            }
            d.hear(A, new Heartbeat(SEVEN, 1 + millis / 50, true, 0));
        }
        assertEquals("n1@0 n2@300 n3@600 n1@900 n2@1200 n3@1500 ", asked.toString());
    }

    @Test
    void itServesWhatItHas() {
        Stepper d = Stepper.of(memory(D, THREE_AND_TWO).known(4, 0));
        wanted().notice(new Notice.CatchUpRead(B.node(), 5, new SlotRange(2, 4)))
                .of(d.hear(B, new CatchUpRequest(5, new SlotRange(2, 9), 1)));
    }

    @Test
    void itNeverVotesPromisesOrStands() {
        Stepper d = learning();
        d.at(0);
        Ballot eight = ballot(8, B);
        for (Message each : List.of(
                new Prepare(eight, 5, 1),
                new Accept(proposal(1, eight, "x")),
                new Canvass(5, 0),
                new ChosenNotice(eight, slot(1), 0),
                new LeadershipOffer(eight, 5, 0),
                new Remembered(eight, 3, eight),
                new FollowRequest(FOUNDING),
                new Learned(3),
                new Message.FoundingGreeting(FOUNDING, PLAN.checksum()),
                new Forward(1, List.of(command(1, "x"))))) {
            wanted().of(d.hear(B, each));
        }
        assertEquals(Ballot.NONE, d.replica.status().promised());
        for (long millis = 10; millis < 20_000; millis += 10) {
            Effects effects = d.at(millis);
            assertEquals(List.of(), effects.writes());
            effects.sendNow().forEach(each -> assertEquals(new FollowRequest(FOUNDING), each.message()));
            effects.sendAfterWrites().forEach(each -> assertEquals(new Learned(0), each.message()));
        }
        wanted().notice(new Notice.HandOverEnded(io.paxos.model.NodeId.NONE, Notice.HandOverEnded.Result.NOT_LEADING))
                .of(d.step(new Event.HandOverAsked(null)));
    }

    @Test
    void itsStatusTellsHowFarItIsBehind() {
        Stepper d = Stepper.of(memory(D, THREE_AND_TWO).known(4, 0));
        d.at(0);
        d.hear(A, new Heartbeat(SEVEN, 1, true, 9));
        ReplicaStatus status = d.replica.status();
        assertEquals(Role.LEARNER, status.role());
        assertEquals(SEVEN, status.leader());
        assertEquals(List.of(4L, 9L), List.of(status.knownChosen(), status.highestHeard()));
        assertEquals(List.of(), status.learners());
    }
}
