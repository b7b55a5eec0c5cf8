// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.ALPHA;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.D;
import static io.paxos.protocol.Given.E;
import static io.paxos.protocol.Given.MAJORITY;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.command;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Given.slots;
import static io.paxos.protocol.Given.upFrom;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Stepper.prepareIn;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.ChosenValues;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.Learned;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.Rejected;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.Command;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.Proposal;
import io.paxos.protocol.ReplicaStatus.LearnerProgress;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * A, B and C vote, D and E learn; what the voters make of the learners. Catches: a learner that is waited for, sent more than
 * it takes, or counted in a quorum (M5), one that is told later than it could be.
 */
class PushesTest {

    private static final Membership THREE_AND_TWO =
            new Membership(1, List.of(A, B, C), List.of(D.node(), E.node()), MAJORITY, ALPHA);

    /** Of a page's 16 slots and 1,024 bytes. */
    private static final Limits SMALL = new Limits(64, 1_024, 3, 1_024, 1_024, 16, 128);

    private final Stepper a = Stepper.of(memory(A, THREE_AND_TWO), SMALL);

    private static Proposal at(long slot, Ballot ballot, Command... commands) {
        return new Proposal(slot, ballot, new Batch(0, 0, 0, List.of(commands)).encode());
    }

    /** Leads, with the slot of its own ballot chosen: slot 2 is next. */
    private Ballot lead() {
        Ballot mine = a.lead(B);
        a.force();
        a.votes(B, mine, slot(1));
        assertEquals(Role.LEADING, a.replica.status().role());
        return mine;
    }

    private Effects choose(long slot, Ballot mine) {
        a.submit(command(slot, "x"));
        a.force();
        return a.votes(B, mine, slot(slot));
    }

    private static List<Long> pushedIn(Effects effects, MemberId to) {
        return effects.sendNow().stream()
                .filter(each -> each.to().equals(to.node()) && each.message() instanceof ChosenValues)
                .flatMap(each -> ((ChosenValues) each.message()).chosen().stream())
                .map(Proposal::slot)
                .toList();
    }

    @Test
    void aLearnerThatSaidHowFarItIsIsSentTheValueInTheStepInWhichItIsChosen() {
        Ballot mine = lead();
        Proposal two = at(2, mine, command(2, "x"));
        a.submit(command(2, "x"));
        a.force();
        wanted().of(a.hear(D, new Learned(1)));
        wanted().now(D, new ChosenValues(List.of(two), 2)).chosen(two).of(a.votes(C, mine, slot(2)));
    }

    @Test
    void itIsSentNoAcceptAndNoPrepareButEachHeartbeat() {
        Prepare prepare = prepareIn(a.stand(B));
        assertEquals(List.of(), toLearners(a.force()));
        Effects leads = a.hear(B, Stepper.nothing(prepare));
        Heartbeat first = new Heartbeat(prepare.ballot(), 1, true, 0);
        assertEquals(
                List.of(first, first),
                toLearners(leads).stream().map(Effects.Envelope::message).toList());
        assertEquals(List.of(), toLearners(a.submit(command(1, "x"))));
    }

    private static List<Effects.Envelope> toLearners(Effects effects) {
        List<Effects.Envelope> all = new java.util.ArrayList<>(effects.sendNow());
        all.addAll(effects.sendAfterWrites());
        return all.stream()
                .filter(each -> each.to().equals(D.node()) || each.to().equals(E.node()))
                .toList();
    }

    @Test
    void slotsThatAreChosenOutOfOrderAreSentAsTheyAreChosen() {
        Ballot mine = lead();
        a.hear(D, new Learned(1));
        for (long slot = 2; slot <= 5; slot++) {
            a.submit(command(slot, "x"));
        }
        a.force();
        assertEquals(List.of(4L, 5L), pushedIn(a.votes(B, mine, slots(4, 5)), D));
        Effects rest = a.votes(B, mine, slots(2, 5));
        assertEquals(List.of(2L, 3L), pushedIn(rest, D));
        assertEquals(5, messagesIn(rest.sendNow(), ChosenValues.class).get(0).knownChosen());
    }

    @Test
    void aLearnerThatIsSilentIsSentNothingAndNotWaitedFor() {
        Ballot mine = lead();
        for (long slot = 2; slot <= 40; slot++) {
            Effects effects = choose(slot, mine);
            assertEquals(slot, a.replica.status().knownChosen());
            assertEquals(List.of(), pushedIn(effects, D));
        }
        a.hear(D, new Learned(0));
        assertEquals(List.of(41L), pushedIn(choose(41, mine), D));
        for (long waited = 50; waited <= 300; waited += 50) {
            a.later(50);
            a.hear(B, new HeartbeatAck(mine, waited / 50 + 1, mine, mine, 41, true));
        }
        assertEquals(List.of(), pushedIn(choose(42, mine), D), "silent for an election timeout");
    }

    @Test
    void noMoreThanAPageIsUnderWayAndWhatItSaysToHaveMakesRoom() {
        Ballot mine = lead();
        a.hear(D, new Learned(1));
        a.hear(E, new Learned(1));
        long pushed = 0;
        for (long slot = 2; slot <= 40; slot++) {
            Effects effects = choose(slot, mine);
            a.hear(E, new Learned(slot));
            pushed += pushedIn(effects, D).size();
            assertEquals(List.of(slot), pushedIn(effects, E), "who keeps up is sent everything");
        }
        int length = at(2, mine, command(2, "x")).value().length();
        assertEquals(Math.min(16, 1_024 / length), pushed);
        a.hear(D, new Learned(1 + pushed));
        assertEquals(List.of(41L), pushedIn(choose(41, mine), D));
    }

    @Test
    void whatALearnerHasIsNotSentToItAgain() {
        Ballot mine = lead();
        a.hear(D, new Learned(2));
        assertEquals(List.of(), pushedIn(choose(2, mine), D));
        assertEquals(List.of(3L), pushedIn(choose(3, mine), D));
    }

    @Test
    void everyVoterShowsHowFarEachLearnerSaidItIs() {
        Stepper b = Stepper.of(memory(B, THREE_AND_TWO).known(9, 0));
        b.at(1_000);
        assertEquals(
                List.of(new LearnerProgress(D.node(), 0, -1), new LearnerProgress(E.node(), 0, -1)),
                b.replica.status().learners());
        b.hear(E, new Learned(7));
        MemberId newE = new MemberId(E.node(), new Incarnation(0x55));
        b.at(1_120);
        assertEquals(
                List.of(new LearnerProgress(D.node(), 0, -1), new LearnerProgress(E.node(), 7, 120)),
                b.replica.status().learners());
        b.hear(newE, new Learned(0));
        assertEquals(
                new LearnerProgress(E.node(), 0, 0),
                b.replica.status().learners().get(1),
                "its directory was lost; it is the same learner");
    }

    /** B stands and needs one more promise, then leads and needs one more vote; D says all that would help. */
    @Test
    void nothingThatALearnerSaysCountsInAQuorum() {
        Stepper b = Stepper.of(memory(B, THREE_AND_TWO));
        Message.Canvass canvass = b.canvass();
        wanted().of(b.hear(D, new CanvassReply(canvass.nonce(), true, Ballot.NONE, Ballot.NONE, 0)));
        Effects begun = b.hear(A, new CanvassReply(canvass.nonce(), true, Ballot.NONE, Ballot.NONE, 0));
        Prepare prepare = prepareIn(begun);
        Ballot mine = prepare.ballot();
        b.force();
        wanted().of(b.hear(D, new Promise(mine, prepare.attempt(), upFrom(1), 0, 0, List.of(), List.of(), List.of())));
        assertEquals(Role.PREPARING, b.replica.status().role());
        b.hear(A, Stepper.nothing(prepare));
        b.force();
        wanted().of(b.hear(D, new Accepted(mine, slot(1), mine, 0)));
        wanted().of(b.hear(D, new Rejected(mine, prepare.attempt(), 1, ballot(99, D), Ballot.NONE, 0)));
        wanted().of(b.hear(D, new ChosenNotice(mine, slot(1), 0)));
        b.hear(D, new Learned(0));
        b.hear(E, new Learned(0));
        assertEquals(0, b.replica.status().knownChosen());
        // The learners acknowledge every heartbeat, and nobody else does: it resigns.
        for (long sequence = 1; b.replica.status().role() != Role.FOLLOWER && sequence < 40; sequence++) {
            b.later(50);
            b.hear(D, new HeartbeatAck(mine, sequence, mine, mine, 0, true));
            b.hear(E, new Learned(0));
        }
        assertEquals(Role.FOLLOWER, b.replica.status().role());
    }

    @Test
    void aVoterPullsFromALearnerThatHasMoreThanIt() {
        Stepper b = Stepper.of(memory(B, THREE_AND_TWO));
        b.at(0);
        b.hear(D, new Learned(2));
        Effects asks = b.at(100);
        List<CatchUpRequest> requests = messagesIn(asks.sendNow(), CatchUpRequest.class);
        assertEquals(
                List.of(slots(1, 2)),
                requests.stream().map(CatchUpRequest::slots).toList());
        Proposal one = proposal(1, ballot(7, A), "x");
        Effects learns = b.hear(D, new Message.CatchUpPage(requests.get(0).nonce(), 1, List.of(one), 0, 2));
        assertEquals(List.of(one), learns.chosen());
    }

    @Test
    void aValueIsBelievedOfNobodyButWhoSawItChosen() {
        Stepper b = Stepper.of(memory(B, THREE_AND_TWO));
        Proposal one = proposal(1, ballot(7, A), "x");
        for (MemberId from : List.of(A, D, Given.STRANGER)) {
            wanted().of(b.hear(from, new ChosenValues(List.of(one), 1)));
        }
        assertEquals(
                LongStream.of(0, 0).boxed().toList(),
                List.of(b.replica.status().knownChosen(), b.replica.status().highestVote()));
    }
}
