// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.D;
import static io.paxos.protocol.Given.E;
import static io.paxos.protocol.Given.MAJORITY;
import static io.paxos.protocol.Given.STRANGER;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.command;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.noOp;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Given.slots;
import static io.paxos.protocol.Given.value;
import static io.paxos.protocol.Stepper.acceptsTo;
import static io.paxos.protocol.Stepper.messageIn;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Stepper.nothing;
import static io.paxos.protocol.Stepper.prepareIn;
import static io.paxos.protocol.Stepper.report;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.Rejected;
import io.paxos.model.Ballot;
import io.paxos.model.Batch;
import io.paxos.model.DurableRecord;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.Slots;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Phase 1 as its proposer sees it, and what becomes of a leader that is refused. Catches, among others: prepares sent at
 * once instead of after the writes (S5); the round taken from the own promise alone (S5, P8); the value rule preferring the
 * own vote (P1); a hole left open, or a no-op over a chosen value (P3); an attempt's nonce not compared (P2, P10); a refusal
 * by somebody without a live leader taken for the end.
 */
class ProposerTest {

    /** Small enough that every queue of the core is full after one or two. */
    private static final Limits TINY = new Limits(1, 1_024, 1, 1_024, 1_024, 1, 1);

    private final Stepper a = Stepper.of(memory(A, members(3)));

    @Test
    void aPrepareWaitsUntilTheOwnPromiseIsDurable() {
        Effects begun = a.stand(B);

        Prepare prepare = prepareIn(begun);
        assertEquals(new Prepare(ballot(1, A), prepare.attempt(), 1), prepare);
        wanted().write(new DurableRecord.Promised(ballot(1, A), prepare.attempt()))
                .afterWrites(A, nothing(prepare))
                .afterWrites(B, prepare)
                .afterWrites(C, prepare)
                .of(begun);
        assertEquals(Role.PREPARING, a.replica.status().role());
    }

    @Test
    void aQuorumOfReportsMakesALeaderThatProposesASlotOfItsOwn() {
        Prepare prepare = prepareIn(a.stand(B));
        wanted().of(a.force());

        Proposal own = new Proposal(1, prepare.ballot(), noOp(0));
        wanted().write(new DurableRecord.Accepted(own))
                .now(B, new Heartbeat(prepare.ballot(), 1, true, 0))
                .now(C, new Heartbeat(prepare.ballot(), 1, true, 0))
                .now(B, new Accept(own))
                .now(C, new Accept(own))
                .afterWrites(A, new Accepted(prepare.ballot(), slot(1), prepare.ballot(), 0))
                .notice(new Notice.LeaderChanged(prepare.ballot(), true))
                .of(a.hear(B, nothing(prepare)));
        assertEquals(Role.RECOVERING, a.replica.status().role());
    }

    @Test
    void itsOwnReportCountsOnlyWhenItComesBackFromTheDisk() {
        Prepare prepare = prepareIn(a.stand(B));

        wanted().of(a.hear(B, nothing(prepare)));
        assertEquals(Role.PREPARING, a.replica.status().role());

        a.force();
        assertEquals(Role.RECOVERING, a.replica.status().role());
    }

    @Test
    void theRoundIsAboveEveryOneSeenWhoeverSpokeOfIt() {
        Ballot seen = ballot(7, C);
        Stepper remembers = Stepper.of(memory(A, members(3)).promised(seen, 5));
        assertEquals(ballot(8, A), prepareIn(remembers.stand(B)).ballot());

        Stepper voted = Stepper.of(memory(A, members(3)));
        voted.hear(C, new Accept(proposal(1, seen, "x")));
        assertEquals(ballot(8, A), prepareIn(voted.stand(B)).ballot());

        Stepper refused = Stepper.of(memory(A, members(3)));
        refused.hear(C, new Rejected(ballot(1, A), 3, 1, seen, Ballot.NONE, 0));
        assertEquals(ballot(8, A), prepareIn(refused.stand(B)).ballot());

        Stepper acknowledged = Stepper.of(memory(A, members(3)));
        acknowledged.hear(C, new HeartbeatAck(ballot(1, A), 3, seen, Ballot.NONE, 0));
        assertEquals(ballot(8, A), prepareIn(acknowledged.stand(B)).ballot());

        Stepper canvassed = Stepper.of(memory(A, members(3)));
        long nonce = canvassed.canvass().nonce();
        Effects begun = canvassed.hear(C, new CanvassReply(nonce, true, seen, Ballot.NONE, 0));
        assertEquals(ballot(8, A), prepareIn(begun).ballot());
    }

    @Test
    void everyAttemptHasABallotAndANonceOfItsOwn() {
        Prepare first = prepareIn(a.stand(B));
        a.hear(C, new Rejected(first.ballot(), first.attempt(), 1, ballot(1, C), Ballot.NONE, 0));
        assertEquals(Role.FOLLOWER, a.replica.status().role());
        a.force();

        Prepare second = prepareIn(a.stand(B));
        assertEquals(ballot(2, A), second.ballot());
        assertNotEquals(first.attempt(), second.attempt());
    }

    /** Fault case 19: it crashes between prepare and accept, and hears its old promises again. */
    @Test
    void afterARestartTheOldPromisesOpenNothing() {
        Effects begun = a.stand(B);
        Prepare old = prepareIn(begun);

        Stepper restarted = Stepper.of(memory(A, members(3)).after(begun.writes()));
        wanted().of(restarted.hear(B, nothing(old)));
        Prepare anew = prepareIn(restarted.stand(B));
        assertEquals(ballot(2, A), anew.ballot());
        wanted().of(restarted.hear(B, nothing(old)));
        wanted().of(restarted.hear(C, nothing(old)));
        assertEquals(Role.PREPARING, restarted.replica.status().role());
    }

    /** A promise of the right ballot and the wrong attempt: the nonce, not the ballot, says whose answer it is. */
    @Test
    void reportsOfOtherAttemptsBallotsAndMembersChangeNothing() {
        Prepare prepare = prepareIn(a.stand(B));
        a.force();

        wanted().of(a.hear(B, nothing(new Prepare(prepare.ballot(), prepare.attempt() + 1, 1))));
        wanted().of(a.hear(B, nothing(new Prepare(ballot(1, B), prepare.attempt(), 1))));
        wanted().of(a.hear(B, nothing(new Prepare(ballot(2, A), prepare.attempt(), 1))));
        wanted().of(a.hear(STRANGER, nothing(prepare)));
        wanted().of(a.hear(A, nothing(prepare)));
        assertEquals(Role.PREPARING, a.replica.status().role());
    }

    @Test
    void perSlotTheHighestBallotWinsAndHolesBecomeNoOps() {
        Stepper leader = Stepper.of(memory(A, members(3))
                .promised(ballot(3, C), 9)
                .votes(
                        proposal(1, ballot(1, A), "own and low"),
                        proposal(2, ballot(3, C), "own and high"),
                        proposal(5, ballot(1, A), "own alone")));
        Prepare prepare = prepareIn(leader.stand(B));
        leader.force();
        Ballot mine = prepare.ballot();

        Effects leads = leader.hear(
                B,
                report(
                        prepare,
                        0,
                        proposal(1, ballot(2, B), "theirs and high"),
                        proposal(2, ballot(2, B), "theirs and low"),
                        proposal(7, ballot(1, B), "theirs alone")));

        List<Proposal> proposed = List.of(
                proposal(1, mine, "theirs and high"),
                proposal(2, mine, "own and high"),
                new Proposal(3, mine, noOp(0)),
                new Proposal(4, mine, noOp(0)),
                proposal(5, mine, "own alone"),
                new Proposal(6, mine, noOp(0)),
                proposal(7, mine, "theirs alone"),
                new Proposal(8, mine, noOp(0)));
        assertEquals(proposed, acceptsTo(B, leads));
        assertEquals(proposed, acceptsTo(C, leads));
        assertEquals(
                proposed.stream().map(DurableRecord.Accepted::new).toList(), leads.writes(), "its own votes, in order");
    }

    /** Of five, the report of the second member completes the quorum's third, and only those three are asked. */
    @Test
    void aVoteReportedByAnybodyInTheQuorumIsEnough() {
        Stepper five = Stepper.of(memory(A, members(5)));
        Prepare prepare = prepareIn(five.stand(B, C));
        five.force();
        wanted().of(five.hear(D, report(prepare, 0, proposal(1, ballot(1, E), "x"))));
        Effects leads = five.hear(E, nothing(prepare));

        assertEquals(
                List.of(proposal(1, prepare.ballot(), "x"), new Proposal(2, prepare.ballot(), noOp(0))),
                acceptsTo(B, leads));
    }

    @Test
    void aValueReportedAsChosenIsLearntAndNotProposedAgain() {
        Stepper leader =
                Stepper.of(memory(A, members(3)).promised(ballot(1, A), 9).votes(proposal(1, ballot(1, A), "old")));
        Prepare prepare = prepareIn(leader.stand(B));
        leader.force();

        Proposal chosen = proposal(1, ballot(1, C), "chosen");
        Proposal own = new Proposal(2, prepare.ballot(), noOp(0));
        wanted().write(
                        new DurableRecord.Chosen(chosen),
                        new DurableRecord.Accepted(own),
                        new DurableRecord.KnownChosen(1))
                .now(B, new Heartbeat(prepare.ballot(), 1, true, 0))
                .now(C, new Heartbeat(prepare.ballot(), 1, true, 0))
                .now(B, new Accept(own))
                .now(C, new Accept(own))
                .afterWrites(A, new Accepted(prepare.ballot(), slot(2), prepare.ballot(), 1))
                .chosen(chosen)
                .notice(new Notice.LeaderChanged(prepare.ballot(), true))
                .of(leader.hear(B, report(prepare, 0, List.of(), List.of(chosen))));
    }

    /**
     * A knows 3 chosen and has room for no more; B reports 5 chosen. B's report names the value instead of a vote, so
     * without it slot 5 would look free, and A would propose a no-op over a chosen value.
     */
    @Test
    void aValueReportedAsChosenThatFindsNoRoomIsProposedAndNotReplaced() {
        Stepper leader = Stepper.of(
                memory(A, members(3)).promised(ballot(1, C), 9).chosen(proposal(3, ballot(1, C), "three")), TINY);
        Prepare prepare = prepareIn(leader.stand(B));
        leader.force();
        // Its own report has one slot a page: 3, and the rest.
        leader.force();
        List<Proposal> proposed = new ArrayList<>();
        Proposal five = proposal(5, ballot(1, C), "five");
        proposed.addAll(acceptsTo(B, leader.hear(B, report(prepare, 0, List.of(), List.of(five)))));
        for (int turn = 0; turn < 10; turn++) {
            long open = leader.replica.status().knownChosen() + 1;
            leader.force();
            proposed.addAll(acceptsTo(B, leader.votes(B, prepare.ballot(), slots(open, open + 2))));
        }

        Ballot mine = prepare.ballot();
        assertEquals(
                List.of(
                        new Proposal(1, mine, noOp(0)),
                        new Proposal(2, mine, noOp(0)),
                        new Proposal(4, mine, noOp(0)),
                        proposal(5, mine, "five"),
                        new Proposal(6, mine, noOp(0))),
                proposed);
    }

    @Test
    void itLeadsOnlyWhenItHasFetchedWhatOthersKnowChosen() {
        Prepare prepare = prepareIn(a.stand(B));
        a.force();

        Effects elected = a.hear(B, report(prepare, 2, proposal(3, ballot(1, B), "three")));
        CatchUpRequest request = messageIn(elected.sendNow(), CatchUpRequest.class);
        wanted().now(B, new Heartbeat(prepare.ballot(), 1, true, 0))
                .now(C, new Heartbeat(prepare.ballot(), 1, true, 0))
                .now(B, new CatchUpRequest(request.nonce(), slots(1, 2)))
                .notice(new Notice.LeaderChanged(prepare.ballot(), true))
                .of(elected);
        assertEquals(Role.RECOVERING, a.replica.status().role());

        Proposal one = proposal(1, ballot(1, B), "one");
        Proposal two = proposal(2, ballot(1, B), "two");
        Effects page = a.hear(B, new CatchUpPage(request.nonce(), 1, List.of(one), 0, 2));
        CatchUpRequest next = messageIn(page.sendNow(), CatchUpRequest.class);
        wanted().write(new DurableRecord.Chosen(one), new DurableRecord.KnownChosen(1))
                .now(B, new CatchUpRequest(next.nonce(), slot(2)))
                .chosen(one)
                .of(page);
        Effects leads = a.hear(B, new CatchUpPage(next.nonce(), 2, List.of(two), 0, 2));
        Ballot mine = prepare.ballot();
        assertEquals(List.of(two), leads.chosen());
        assertEquals(List.of(proposal(3, mine, "three"), new Proposal(4, mine, noOp(0))), acceptsTo(C, leads));
    }

    @Test
    void aReportInPagesIsAskedForPageByPage() {
        Prepare prepare = prepareIn(a.stand(B));
        a.force();
        Ballot mine = prepare.ballot();

        Promise first = new Promise(
                mine,
                prepare.attempt(),
                slots(1, 4),
                0,
                0,
                List.of(proposal(4, ballot(1, B), "four")),
                List.of(),
                List.of());
        wanted().now(B, new Prepare(mine, prepare.attempt(), 5)).of(a.hear(B, first));
        wanted().of(a.hear(B, first));

        Effects leads = a.hear(B, report(new Prepare(mine, prepare.attempt(), 5), 0));
        assertEquals(
                List.of(
                        new Proposal(1, mine, noOp(0)),
                        new Proposal(2, mine, noOp(0)),
                        new Proposal(3, mine, noOp(0)),
                        proposal(4, mine, "four"),
                        new Proposal(5, mine, noOp(0))),
                acceptsTo(B, leads));
    }

    @Test
    void preparesAreRepeatedOnlyToThoseWhoseReportIsNotWhole() {
        Stepper five = Stepper.of(memory(A, members(5)));
        Prepare prepare = prepareIn(five.stand(B, C));
        five.force();
        five.hear(B, nothing(prepare));
        Promise page = new Promise(
                prepare.ballot(),
                prepare.attempt(),
                slots(1, 4),
                0,
                0,
                List.of(proposal(4, ballot(1, B), "four")),
                List.of(),
                List.of());
        five.hear(C, page);

        wanted().of(five.later(99));
        wanted().afterWrites(C, new Prepare(prepare.ballot(), prepare.attempt(), 5))
                .afterWrites(D, prepare)
                .afterWrites(E, prepare)
                .of(five.later(1));
    }

    @Test
    void anAttemptThatGetsNoAnswerIsGivenUp() {
        a.stand(B);
        a.force();
        a.later(449);
        assertEquals(Role.PREPARING, a.replica.status().role());
        wanted().of(a.later(1));
        assertEquals(Role.FOLLOWER, a.replica.status().role());
    }

    // ---- stamps ----------------------------------------------------------------------------------------------

    @Test
    void noOpsAndBatchesAreStampedNoEarlierThanWhatTheQuorumReported() {
        Stepper leader =
                Stepper.of(memory(A, members(3)).promised(ballot(1, A), 9).known(4, 100));
        Prepare prepare = prepareIn(leader.stand(B));
        leader.force();
        Ballot mine = prepare.ballot();
        Effects leads = leader.hear(B, report(prepare, 0, new Proposal(6, ballot(1, B), value("x", 500))));
        assertEquals(
                List.of(
                        new Proposal(5, mine, noOp(100)),
                        new Proposal(6, mine, value("x", 500)),
                        new Proposal(7, mine, noOp(500))),
                acceptsTo(B, leads));

        leader.later(30);
        Effects batch = leader.submit(command(1, "y"));
        assertEquals(List.of(new Proposal(8, mine, value("y", 530))), acceptsTo(B, batch));
    }

    /** The chosen value above a hole has a stamp too, though nobody reports a vote for it. */
    @Test
    void aChosenValueAboveAHoleHoldsTheStampUpToo() {
        Prepare prepare = prepareIn(a.stand(B));
        a.force();
        Ballot mine = prepare.ballot();
        Effects leads =
                a.hear(B, report(prepare, 0, List.of(), List.of(new Proposal(2, ballot(1, B), value("two", 1_000)))));
        assertEquals(List.of(new Proposal(1, mine, noOp(0)), new Proposal(3, mine, noOp(1_000))), acceptsTo(B, leads));
    }

    // ---- refusals --------------------------------------------------------------------------------------------

    @Test
    void aRefusalOfAnotherAttemptDoesNotEndThisOne() {
        Prepare prepare = prepareIn(a.stand(B));
        a.hear(C, new Rejected(prepare.ballot(), prepare.attempt() + 1, 1, ballot(9, C), Ballot.NONE, 0));
        a.hear(C, new Rejected(ballot(1, B), prepare.attempt(), 1, ballot(9, C), Ballot.NONE, 0));
        assertEquals(Role.PREPARING, a.replica.status().role());
        a.hear(C, new Rejected(prepare.ballot(), prepare.attempt(), 1, ballot(9, C), Ballot.NONE, 0));
        assertEquals(Role.FOLLOWER, a.replica.status().role());
    }

    @Test
    void aLeaderWhoseAcceptorPromisesAnotherStopsInTheSameStep() {
        Ballot mine = a.lead(B);
        a.submit(command(1, "x"));
        Effects promised = a.hear(C, new Prepare(ballot(2, C), 77, 1));
        assertEquals(List.of(), promised.sendNow());
        assertEquals(List.of(new Notice.LeaderChanged(Ballot.NONE, false)), promised.notices());
        assertEquals(Role.FOLLOWER, a.replica.status().role());

        wanted().of(a.votes(B, mine, slots(1, 2)));
        wanted().of(a.votes(C, mine, slots(1, 2)));
    }

    /** B promised 9.C to a candidate that vanished, and follows A: A must come back above it by itself. */
    @Test
    void aLeaderStandsAgainAboveAStrandedPromiseWithoutACanvass() {
        Ballot mine = a.lead(B);
        wanted().of(a.hear(B, new HeartbeatAck(mine, 1, ballot(9, C), mine, 0)));

        Effects again = a.later(50);
        Prepare prepare = prepareIn(again);
        assertEquals(new Prepare(ballot(10, A), prepare.attempt(), 1), prepare);
        assertEquals(List.of(), again.sendNow());
        assertEquals(List.of(new Notice.LeaderChanged(Ballot.NONE, false)), again.notices());
    }

    @Test
    void aRefusedAcceptBringsALeaderBackJustAsWell() {
        Ballot mine = a.lead(B);
        wanted().of(a.hear(B, new Rejected(mine, 0, 1, ballot(9, C), Ballot.NONE, 0)));
        assertEquals(ballot(10, A), prepareIn(a.later(50)).ballot());
    }

    /** Its window is full of slots that nobody will choose, and commands wait behind it: they wait on. */
    @Test
    void commandsThatWaitForPlacesWaitWhileTheLeaderStandsAgain() {
        Stepper leader =
                Stepper.of(memory(A, members(3)), new Limits(1, 1 << 20, 4_096, 32L << 20, 2 << 20, 1_024, 8_192));
        Ballot mine = leader.lead(B);
        wanted().of(leader.submit(command(1, "waits")));
        leader.hear(B, new HeartbeatAck(mine, 1, ballot(9, C), mine, 0));

        Effects again = leader.later(50);
        assertEquals(ballot(10, A), prepareIn(again).ballot());
        assertEquals(List.of(new Notice.LeaderChanged(Ballot.NONE, false)), again.notices());
        assertEquals(
                command(1, "waits").encodedLength(), leader.replica.status().pendingBytes());

        Ballot anew = prepareIn(again).ballot();
        leader.force();
        leader.hear(B, nothing(prepareIn(again)));
        List<Proposal> proposed = new ArrayList<>();
        for (long open = 1; open <= 3; open++) {
            leader.force();
            proposed.addAll(acceptsTo(C, leader.votes(B, anew, slot(open))));
        }
        assertEquals(List.of(new Proposal(2, anew, noOp(0)), proposal(3, anew, "waits")), unstamped(proposed));
    }

    private static List<Proposal> unstamped(List<Proposal> proposals) {
        return proposals.stream()
                .map(each -> new Proposal(
                        each.slot(),
                        each.ballot(),
                        new Batch(0, 0, 0, Batch.decode(each.value()).commands()).encode()))
                .toList();
    }

    @Test
    void aLeaderResignsForALiveLeaderAboveIt() {
        Ballot mine = a.lead(B);
        wanted().notice(new Notice.LeaderChanged(Ballot.NONE, false))
                .of(a.hear(B, new HeartbeatAck(mine, 1, ballot(9, C), ballot(9, C), 0)));
        assertEquals(Role.FOLLOWER, a.replica.status().role());
        assertEquals(List.of(), messagesIn(a.later(50).sendAfterWrites(), Prepare.class));
    }

    @Test
    void aSlotThatSomebodyKnowsChosenIsFetchedAndTheLeaderStays() {
        Ballot mine = a.lead(B);
        Effects refused = a.hear(B, new Rejected(mine, 0, 1, mine, Ballot.NONE, 1));
        CatchUpRequest request = messageIn(refused.sendNow(), CatchUpRequest.class);
        wanted().now(B, new CatchUpRequest(request.nonce(), slot(1))).of(refused);

        Proposal own = new Proposal(1, mine, noOp(0));
        wanted().chosen(own).of(a.hear(B, new CatchUpPage(request.nonce(), 1, List.of(own), 0, 1)));
        assertEquals(Role.LEADING, a.replica.status().role());
    }

    /** It slept through phase 1: its acknowledgement counts only when it has promised. */
    @Test
    void aMemberBelowTheLeadersBallotIsAskedForItsPromise() {
        Prepare prepare = prepareIn(a.stand(B));
        a.force();
        a.hear(B, nothing(prepare));
        wanted().now(C, new Prepare(prepare.ballot(), prepare.attempt(), 1))
                .of(a.hear(C, new HeartbeatAck(prepare.ballot(), 1, Ballot.NONE, prepare.ballot(), 0)));
    }

    // ---- quorums ---------------------------------------------------------------------------------------------

    @Test
    void evenSizesNeedMoreThanHalf() {
        Stepper two = Stepper.of(memory(A, members(2)));
        Prepare ofTwo = prepareIn(two.stand(B));
        two.force();
        assertEquals(Role.PREPARING, two.replica.status().role());
        two.hear(B, nothing(ofTwo));
        assertEquals(Role.RECOVERING, two.replica.status().role());

        Stepper four = Stepper.of(memory(A, members(4)));
        Prepare ofFour = prepareIn(four.stand(B, C));
        four.force();
        four.hear(B, nothing(ofFour));
        assertEquals(Role.PREPARING, four.replica.status().role());
        four.hear(B, nothing(ofFour));
        assertEquals(Role.PREPARING, four.replica.status().role(), "the same member twice");
        four.hear(D, nothing(ofFour));
        assertEquals(Role.RECOVERING, four.replica.status().role());
    }

    /** With small phase-1 quorums a leader has its promises before a phase-2 quorum spoke: it must have time to ask. */
    @Test
    void aLeaderByASmallPhase1QuorumHasATimeoutToHearItsPhase2Quorum() {
        Stepper leader = Stepper.of(memory(A, members(5, new QuorumSystem.FlexibleSizes(2, 4), 64)));
        Prepare prepare = prepareIn(leader.stand(B, C, D));
        leader.force();
        Effects elected = leader.hear(B, nothing(prepare));
        assertEquals(new Heartbeat(prepare.ballot(), 1, false, 0), messageIn(elected.sendNow(), Heartbeat.class));

        leader.later(1);
        assertEquals(Role.RECOVERING, leader.replica.status().role());
        for (MemberId each : List.of(C, D)) {
            leader.hear(each, new HeartbeatAck(prepare.ballot(), 1, prepare.ballot(), Ballot.NONE, 0));
        }
        Effects next = leader.later(49);
        assertEquals(new Heartbeat(prepare.ballot(), 2, true, 0), messageIn(next.sendNow(), Heartbeat.class));

        Stepper lonely = Stepper.of(memory(A, members(5, new QuorumSystem.FlexibleSizes(2, 4), 64)));
        Prepare unheard = prepareIn(lonely.stand(B, C, D));
        lonely.force();
        lonely.hear(B, nothing(unheard));
        lonely.later(449);
        assertEquals(Role.RECOVERING, lonely.replica.status().role());
        lonely.later(1);
        assertEquals(Role.FOLLOWER, lonely.replica.status().role());
    }

    @Test
    void aSingleNodeTakesTheSameWay() {
        Stepper alone = Stepper.of(memory(A, members(1, MAJORITY, 64)));
        alone.at(0);
        Effects begun = alone.at(450);
        Ballot mine = ballot(1, A);
        assertEquals(List.of(), begun.sendNow());
        alone.force();
        assertEquals(Role.LEADING, alone.replica.status().role());
        Effects submitted = alone.submit(command(1, "x"));
        assertEquals(List.of(), submitted.chosen(), "not before its own vote is forced (hazard S6)");
        Effects forced = alone.force();
        assertEquals(List.of(new Proposal(2, mine, value("x"))), forced.chosen());
    }

    /** C says it promised a ballot that no acceptor promises: the next attempt stays where attempts are. */
    @Test
    void aPoisonousBallotInARefusalDoesNotRaiseTheNextRound() {
        Stepper a = Stepper.of(memory(A, members(3)).promised(ballot(5, C), 5));
        a.hear(C, new CanvassReply(1, false, ballot(Ballot.ROUND_MAX, C), Ballot.NONE, 0));
        assertEquals(ballot(6, A), prepareIn(a.stand(B)).ballot());
    }

    // ---- ends of the ranges ----------------------------------------------------------------------------------

    @Test
    void theLastRoundIsUsableAndAfterItTheReplicaStops() {
        Stepper last = Stepper.of(memory(A, members(3)).promised(ballot(Ballot.ROUND_MAX - 1, C), 5));
        assertEquals(ballot(Ballot.ROUND_MAX, A), prepareIn(last.stand(B)).ballot());

        Stepper none = Stepper.of(memory(A, members(3)).promised(ballot(Ballot.ROUND_MAX, C), 5));
        long nonce = none.canvass().nonce();
        InvariantViolation stopped = assertThrows(
                InvariantViolation.class,
                () -> none.hear(B, new CanvassReply(nonce, true, Ballot.NONE, Ballot.NONE, 0)));
        assertEquals("ballot rounds are used up: " + Ballot.ROUND_MAX, stopped.getMessage());
        assertThrows(IllegalStateException.class, () -> none.later(1));
    }

    @Test
    void slotsEndWithoutWrapping() {
        Stepper near = Stepper.of(memory(A, members(3)).known(Slots.MAX - 2, 0));
        Prepare prepare = prepareIn(near.stand(B));
        assertEquals(Slots.MAX - 1, prepare.from());
        near.force();
        Effects leads = near.hear(B, nothing(prepare));
        assertEquals(List.of(new Proposal(Slots.MAX - 1, prepare.ballot(), noOp(0))), acceptsTo(B, leads));
        near.submit(command(1, "the last"));
        assertThrows(IllegalArgumentException.class, () -> near.submit(command(2, "one too many")));
        assertThrows(IllegalStateException.class, () -> near.later(1));
    }
}
