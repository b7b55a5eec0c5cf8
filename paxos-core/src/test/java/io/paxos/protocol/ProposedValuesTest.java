// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.D;
import static io.paxos.protocol.Given.E;
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
import static io.paxos.protocol.Stepper.nothing;
import static io.paxos.protocol.Stepper.prepareIn;
import static io.paxos.protocol.Stepper.report;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.Prepare;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.Proposal;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What phase 1 demands of a new leader, slot by slot, and the stamps. Catches, among others: the value rule preferring the
 * own vote (P1); a hole left open, or a no-op over a chosen value (P3).
 */
class ProposedValuesTest {

    /** Small enough that every queue of the core is full after one or two. */
    private static final Limits TINY = new Limits(1, 1_024, 1, 1_024, 1_024, 1, 1);

    private final Stepper a = Stepper.of(memory(A, members(3)));

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
                .now(B, new CatchUpRequest(request.nonce(), slots(1, 2), 0))
                .notice(new Notice.LeaderChanged(prepare.ballot(), true))
                .of(elected);
        assertEquals(Role.RECOVERING, a.replica.status().role());

        Proposal one = proposal(1, ballot(1, B), "one");
        Proposal two = proposal(2, ballot(1, B), "two");
        Effects page = a.hear(B, new CatchUpPage(request.nonce(), 1, List.of(one), 0, 2));
        CatchUpRequest next = messageIn(page.sendNow(), CatchUpRequest.class);
        wanted().write(new DurableRecord.Chosen(one), new DurableRecord.KnownChosen(1))
                .now(B, new CatchUpRequest(next.nonce(), slot(2), 1))
                .chosen(one)
                .of(page);
        Effects leads = a.hear(B, new CatchUpPage(next.nonce(), 2, List.of(two), 0, 2));
        Ballot mine = prepare.ballot();
        assertEquals(List.of(two), leads.chosen());
        assertEquals(List.of(proposal(3, mine, "three"), new Proposal(4, mine, noOp(0))), acceptsTo(C, leads));
    }

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
}
