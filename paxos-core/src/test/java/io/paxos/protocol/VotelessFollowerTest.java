// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.FOUNDING;
import static io.paxos.protocol.Given.STRANGER;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.command;
import static io.paxos.protocol.Given.fresh;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Given.upFrom;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message;
import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.FollowAnswer;
import io.paxos.message.Message.FollowRequest;
import io.paxos.message.Message.Forward;
import io.paxos.message.Message.ForwardRefused;
import io.paxos.message.Message.FoundingActivation;
import io.paxos.message.Message.FoundingGreeting;
import io.paxos.message.Message.FoundingOffer;
import io.paxos.message.Message.FoundingRefusal;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.LeadershipOffer;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.RefusalReason;
import io.paxos.message.Message.Rejected;
import io.paxos.message.Message.Remembered;
import io.paxos.model.Ballot;
import io.paxos.model.Command;
import io.paxos.model.DurableRecord;
import io.paxos.model.Founding;
import io.paxos.model.FoundingId;
import io.paxos.model.FoundingPlan;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.NodeId;
import io.paxos.model.Proposal;
import io.paxos.model.SessionId;
import io.paxos.model.SlotRange;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * C was wiped and comes back as another incarnation that follows. Catches: a vote, promise or canvass of it, one that is
 * counted, a founding adopted from who is no member, values believed that no member sent (S18).
 */
class VotelessFollowerTest {

    private static final Membership THREE = members(3);
    private static final FoundingPlan PLAN = Given.plan(THREE);
    private static final Founding OURS = new Founding(FOUNDING, THREE);
    private static final MemberId NEW_C = new MemberId(C.node(), new Incarnation(0x33));
    private static final Ballot SEVEN = ballot(7, A);

    private static Stepper start(Given.Memory memory) {
        return new Stepper(memory.voteless().state(), PLAN, Limits.DEFAULT, Stepper.SEED);
    }

    private static Given.Memory following() {
        return memory(NEW_C, THREE);
    }

    private static FollowAnswer answer(Ballot leader, long knownChosen) {
        return new FollowAnswer(OURS, leader, knownChosen);
    }

    // ---- finding the founding ------------------------------------------------------------------------------------

    @Test
    void itAsksOneMemberAfterTheOtherUntilOneAnswers() {
        Stepper c = start(fresh(NEW_C));
        wanted().now(A, new FollowRequest(FoundingId.NONE)).of(c.at(0));
        wanted().of(c.at(299));
        wanted().now(B, new FollowRequest(FoundingId.NONE)).of(c.at(300));
        wanted().now(A, new FollowRequest(FoundingId.NONE)).of(c.at(600));
        assertEquals(Role.FOLLOWER_WITHOUT_VOTE, c.replica.status().role());
        assertEquals(List.of(A.node(), B.node()), c.replica.status().waitingFor(), "nobody has answered yet");
    }

    @Test
    void itAdoptsTheFoundingOfAMemberAndFollowsBehindTheForce() {
        Stepper c = start(fresh(NEW_C));
        c.at(0);
        wanted().write(new DurableRecord.FoundingAdopted(OURS), new DurableRecord.FoundingActivated(FOUNDING))
                .afterWrites(NEW_C, new FoundingActivation(FOUNDING))
                .notice(new Notice.LeaderChanged(SEVEN, false))
                .of(c.hear(A, answer(SEVEN, 2)));
        Effects following = c.force();
        assertEquals(List.of(new Notice.Follows(FOUNDING)), following.notices());
        assertEquals(new SlotRange(1, 2), requestIn(following).slots());
        assertEquals(List.of(), c.replica.status().waitingFor());
        wanted().now(A, new FollowRequest(FOUNDING)).of(c.at(50));
    }

    /** Else it would wait for ever: the journal takes no values before the activation. */
    @Test
    void whoDiedBetweenAdoptionAndActivationActivates() {
        Stepper c = start(fresh(NEW_C).after(List.of(new DurableRecord.FoundingAdopted(OURS))));
        c.at(0);
        wanted().write(new DurableRecord.FoundingActivated(FOUNDING))
                .afterWrites(NEW_C, new FoundingActivation(FOUNDING))
                .notice(new Notice.LeaderChanged(SEVEN, false))
                .of(c.hear(A, answer(SEVEN, 0)));
        wanted().of(c.hear(A, answer(SEVEN, 0)));
        wanted().notice(new Notice.Follows(FOUNDING)).of(c.force());
    }

    @Test
    void itBelievesNobodyWhoIsNoVoterOfWhatHeOffers() {
        Stepper c = start(fresh(NEW_C));
        c.at(0);
        wanted().of(c.hear(STRANGER, answer(SEVEN, 2)));
        wanted().of(c.hear(
                C,
                new FollowAnswer(
                        new Founding(
                                FOUNDING, new Membership(1, List.of(A, B), List.of(), THREE.quorums(), Given.ALPHA)),
                        SEVEN,
                        2)));
        wanted().of(c.hear(A, new FoundingOffer(OURS)));
        wanted().of(c.hear(A, new FoundingActivation(FOUNDING)));
        wanted().of(c.hear(B, new FoundingRefusal(FOUNDING)));
        assertEquals(FoundingId.NONE, c.replica.status().founding());
    }

    @Test
    void anotherFoundingOrAnotherPlanStopsIt() {
        Stepper c = start(following());
        FoundingId other = new FoundingId(9, 9);
        Effects conflict = c.hear(A, new FollowAnswer(new Founding(other, THREE), SEVEN, 2));
        wanted().notice(new Notice.MustStop(A + " is of founding " + other + " but this node follows " + FOUNDING
                        + ": the cluster was founded anew; format this node's directory anew"))
                .of(conflict);
        Founding otherAlpha = new Founding(FOUNDING, members(3, Given.MAJORITY, 7));
        wanted().notice(new Notice.MustStop(A + " was founded with another plan than this node's: " + PLAN))
                .of(start(fresh(NEW_C)).hear(A, new FollowAnswer(otherAlpha, SEVEN, 2)));
    }

    // ---- following ----------------------------------------------------------------------------------------------

    @Test
    void itPullsWhatWasChosenJournalsItAndHandsItOutInOrder() {
        Stepper c = start(following());
        c.at(0);
        CatchUpRequest request = requestIn(c.hear(A, answer(SEVEN, 2)));
        Proposal first = proposal(1, SEVEN, "x");
        Proposal second = proposal(2, SEVEN, "y");
        wanted().of(c.hear(STRANGER, new CatchUpPage(request.nonce(), 1, List.of(first), 0, 2)));
        wanted().of(c.hear(NEW_C, new CatchUpPage(request.nonce(), 1, List.of(first), 0, 2)));
        wanted().write(
                        new DurableRecord.Chosen(first),
                        new DurableRecord.Chosen(second),
                        new DurableRecord.KnownChosen(2))
                .chosen(first, second)
                .of(c.hear(A, new CatchUpPage(request.nonce(), 1, List.of(first, second), 0, 2)));
        assertEquals(2, c.replica.status().knownChosen());
    }

    @Test
    void whatMembersSayOfTheirPrefixMakesItPullAtOnce() {
        for (Message news : List.of(new Heartbeat(SEVEN, 1, true, 2), new ChosenNotice(SEVEN, slot(2), 2))) {
            Stepper c = start(following());
            c.at(0);
            wanted().of(c.hear(STRANGER, news));
            assertEquals(new SlotRange(1, 2), requestIn(c.hear(A, news)).slots());
            assertEquals(0, c.replica.status().knownChosen(), "nothing is believed");
        }
    }

    @Test
    void onePageIsUnderWayAtATime() {
        Stepper c = start(following());
        c.at(0);
        requestIn(c.hear(A, answer(SEVEN, 2_000)));
        wanted().of(c.hear(A, answer(SEVEN, 3_000)));
        wanted().of(c.hear(B, answer(SEVEN, 3_000)));
    }

    @Test
    void aMemberThatIsSilentOrKnowsNoLeaderIsLeftForTheNext() {
        Stepper c = start(following());
        wanted().now(A, new FollowRequest(FOUNDING)).of(c.at(0));
        wanted().now(B, new FollowRequest(FOUNDING)).of(c.at(300));
        wanted().of(c.hear(B, answer(Ballot.NONE, 0)));
        wanted().now(A, new FollowRequest(FOUNDING)).of(c.at(350));
        wanted().notice(new Notice.LeaderChanged(SEVEN, false)).of(c.hear(A, answer(SEVEN, 0)));
        wanted().now(A, new FollowRequest(FOUNDING)).of(c.at(400));
        wanted().now(B, new FollowRequest(FOUNDING)).of(c.at(700));
        wanted().now(A, new FollowRequest(FOUNDING)).of(c.at(1_000));
        wanted().notice(new Notice.LeaderChanged(Ballot.NONE, false)).of(c.at(1_250));
    }

    @Test
    void itsCommandsGoToTheMemberThatKnowsTheLeader() {
        Stepper c = start(following());
        c.at(0);
        Command x = command(1, "x");
        wanted().notice(new Notice.CommandsRefused(SessionId.ofNode(A), 1, RefusalReason.NO_LEADER))
                .of(c.submit(x));
        c.hear(A, answer(ballot(7, B), 0));
        wanted().now(A, new Forward(1, List.of(x))).of(c.submit(x));
        wanted().notice(new Notice.CommandsRefused(SessionId.ofNode(NEW_C), 1, RefusalReason.OVERLOADED))
                .of(c.hear(A, new ForwardRefused(RefusalReason.OVERLOADED, 1, NEW_C, ballot(7, B), 0)));
        wanted().of(c.hear(A, new ForwardRefused(RefusalReason.OVERLOADED, 1, C, ballot(7, B), 0)));
        wanted().notice(new Notice.HandOverEnded(NodeId.NONE, Notice.HandOverEnded.Result.NOT_LEADING))
                .of(c.step(new Event.HandOverAsked(null)));
    }

    /** The others send to C, whatever its incarnation. The lost one might have answered; this one must not. */
    @Test
    void itAnswersNothingThatWasMeantForTheLostOne() {
        Stepper c = start(following());
        c.at(0);
        c.hear(A, answer(SEVEN, 0));
        Ballot eight = ballot(8, B);
        for (Message each : List.of(
                new Prepare(eight, 5, 1),
                new Accept(proposal(1, eight, "x")),
                new Canvass(5, 0),
                new Heartbeat(eight, 1, true, 0),
                new ChosenNotice(eight, slot(1), 0),
                new LeadershipOffer(eight, 5, 0),
                new Remembered(eight, 3, eight),
                new CatchUpRequest(5, slot(1), 0),
                new FollowRequest(FOUNDING),
                new FoundingGreeting(FOUNDING, PLAN.checksum()),
                new Forward(1, List.of(command(1, "x"))))) {
            wanted().of(c.hear(B, each));
        }
        assertEquals(Ballot.NONE, c.replica.status().promised());
        for (long millis = 10; millis < 20_000; millis += 10) {
            Effects effects = c.at(millis);
            assertEquals(List.of(), effects.writes());
            effects.sendNow().forEach(each -> assertEquals(new FollowRequest(FOUNDING), each.message()));
            assertEquals(List.of(), effects.sendAfterWrites());
        }
    }

    @Test
    void holesOfItsJournalAreFilledAgain() {
        Proposal lost = proposal(3, SEVEN, "z");
        Stepper c = start(following().known(4, 0).unknown(slot(3)));
        c.at(0);
        c.hear(A, answer(SEVEN, 4));
        CatchUpRequest request = requestIn(c.at(50));
        assertEquals(slot(3), request.slots());
        wanted().write(new DurableRecord.Chosen(lost))
                .notice(new Notice.Refilled(3, A))
                .of(c.hear(A, new CatchUpPage(request.nonce(), 3, List.of(lost), 0, 4)));
    }

    private static CatchUpRequest requestIn(Effects effects) {
        List<CatchUpRequest> requests = effects.sendNow().stream()
                .map(Effects.Envelope::message)
                .filter(CatchUpRequest.class::isInstance)
                .map(CatchUpRequest.class::cast)
                .toList();
        assertEquals(1, requests.size(), effects::toString);
        return requests.get(0);
    }

    // ---- what the members make of it ------------------------------------------------------------------------------

    @Test
    void aMemberTellsItTheFoundingTheLeaderAndHowFarItIs() {
        Stepper b = Stepper.of(memory(B, THREE).known(4, 0));
        wanted().now(NEW_C, answer(Ballot.NONE, 4)).of(b.hear(NEW_C, new FollowRequest(FoundingId.NONE)));
        b.at(0);
        b.hear(A, new Heartbeat(SEVEN, 1, true, 4));
        wanted().now(NEW_C, answer(SEVEN, 4)).of(b.hear(NEW_C, new FollowRequest(FOUNDING)));
        wanted().of(b.hear(STRANGER, new FollowRequest(FOUNDING)));
        wanted().of(b.hear(C, new FollowRequest(FOUNDING)));
        wanted().of(new Stepper(fresh(B).state(), PLAN, Limits.DEFAULT, Stepper.SEED)
                .hear(NEW_C, new FollowRequest(FoundingId.NONE)));
    }

    @Test
    void aMemberReadsForItAndRelaysItsCommandsAndTheirRefusal() {
        Stepper b = Stepper.of(memory(B, THREE).known(4, 0));
        b.at(0);
        wanted().notice(new Notice.CatchUpRead(C.node(), 5, new SlotRange(2, 4)))
                .of(b.hear(NEW_C, new CatchUpRequest(5, new SlotRange(2, 9), 1)));
        Command x = new Command(Command.Kind.COMMAND, SessionId.ofNode(NEW_C), 1, 1, 1, new byte[0]);
        wanted().now(NEW_C, new ForwardRefused(RefusalReason.NO_LEADER, 1, NEW_C, Ballot.NONE, 4))
                .of(b.hear(NEW_C, new Forward(1, List.of(x))));
        b.hear(A, new Heartbeat(SEVEN, 1, true, 4));
        wanted().now(A, new Forward(0, List.of(x))).of(b.hear(NEW_C, new Forward(1, List.of(x))));
        ForwardRefused refused = new ForwardRefused(RefusalReason.OVERLOADED, 1, NEW_C, SEVEN, 4);
        wanted().now(NEW_C, refused).of(b.hear(A, refused));
    }

    /** B stands and needs one more promise; the new C says all that would help, and then that it voted. */
    @Test
    void nothingElseThatItSaysMovesAMember() {
        Stepper b = Stepper.of(memory(B, THREE));
        Prepare prepare = Stepper.prepareIn(b.stand(A));
        b.force();
        Ballot ballot = prepare.ballot();
        for (Message each : List.of(
                new Promise(ballot, prepare.attempt(), upFrom(1), 0, 0, List.of(), List.of(), List.of()),
                new Accepted(ballot, slot(1), ballot, 0),
                new Rejected(ballot, prepare.attempt(), 1, ballot(99, NEW_C), Ballot.NONE, 0),
                new HeartbeatAck(ballot, 1, ballot(99, NEW_C), Ballot.NONE, 77, true),
                new Prepare(ballot(99, NEW_C), 5, 1),
                new Accept(proposal(1, ballot(99, NEW_C), "x")),
                new Heartbeat(ballot(99, NEW_C), 1, true, 77),
                new Canvass(5, 77),
                new ChosenNotice(ballot, slot(1), 77),
                new CatchUpPage(5, 1, List.of(proposal(1, ballot, "x")), 0, 77),
                new Remembered(ballot(99, NEW_C), 77, ballot(99, NEW_C)),
                new FollowAnswer(OURS, ballot(99, NEW_C), 77))) {
            wanted().of(b.hear(NEW_C, each));
        }
        assertEquals(Role.PREPARING, b.replica.status().role());
    }
}
