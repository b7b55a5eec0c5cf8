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
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.Rejected;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.QuorumSystem;
import io.paxos.model.Slots;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Phase 1 as its proposer sees it: attempts, reports and their pages, quorums, the ends of the ranges. Catches, among
 * others: prepares sent at once instead of after the writes (S5); the round taken from the own promise alone (S5, P8); an
 * attempt's nonce not compared (P2, P10). What a new leader proposes is in {@link ProposedValuesTest}, what becomes of one
 * that is refused in {@link RefusedLeaderTest}.
 */
class ProposerTest {

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
        acknowledged.hear(C, new HeartbeatAck(ballot(1, A), 3, seen, Ballot.NONE, 0, true));
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

    /** A page of values may be long on its way, and each copy of it delays the next one. */
    @Test
    void eachTimePreparesAreRepeatedLater() {
        Prepare prepare = prepareIn(a.stand(B));
        a.force();
        wanted().afterWrites(B, prepare).afterWrites(C, prepare).of(a.later(100));
        wanted().of(a.later(199));
        wanted().afterWrites(B, prepare).afterWrites(C, prepare).of(a.later(1));
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
            leader.hear(each, new HeartbeatAck(prepare.ballot(), 1, prepare.ballot(), Ballot.NONE, 0, true));
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
