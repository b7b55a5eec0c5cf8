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
import static io.paxos.protocol.Given.slots;
import static io.paxos.protocol.Given.upFrom;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.Rejected;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Slots;
import io.paxos.model.Value;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every relation of a ballot to the promise and of a slot to what is known of it. No answer of an acceptor is ever in
 * {@code sendNow}: {@link Wanted} would show it. Catches: an answer sent at once (S1), {@code >} for {@code >=} or the other
 * way round in either phase, an accept that does not raise the promise (S4), a promise taken back by a lower ballot (S3), a
 * promise answered twice to two attempts at one ballot (S5), a page that says "nothing" beyond what it looked at, a vote
 * reported where the chosen value is known, a damaged slot reported as empty (S9).
 */
class AcceptorTest {

    /** Pages of two slots or 1,024 bytes; two open votes. */
    private static final Limits SMALL = new Limits(2, 1_024, 16, 1_024, 1_024, 2, 2);

    private static final long ATTEMPT = 41;
    private static final Ballot PROMISED = ballot(5, B);

    /** An acceptor with what it looks at, without the rest of a replica. */
    private static final class Bench {
        final Acceptor acceptor;
        final Learner learner;
        final FollowedLeader followed = new FollowedLeader(Timing.DEFAULT);

        Bench(Given.Memory memory, Limits limits) {
            DurableState state = memory.state();
            OpenVotes votes = new OpenVotes(state.votes());
            learner = new Learner(state, votes, limits.openVotesMax(), new Fitness());
            acceptor = new Acceptor(state, limits, votes, learner, followed, new Fitness(), new Holes());
        }

        Effects prepare(MemberId from, Prepare prepare) {
            Outbox out = new Outbox(0);
            acceptor.onPrepare(from, prepare, out);
            return out.toEffects();
        }

        Effects accept(MemberId from, Proposal proposal) {
            Outbox out = new Outbox(0);
            acceptor.onAccept(from, new Accept(proposal), out);
            return out.toEffects();
        }
    }

    private static Given.Memory promisedFive() {
        return memory(A, members(3)).promised(PROMISED, ATTEMPT);
    }

    private static Bench bench(Given.Memory memory) {
        return new Bench(memory, Limits.DEFAULT);
    }

    private static Promise empty(Ballot ballot, long attempt, long from) {
        return new Promise(ballot, attempt, upFrom(from), 0, 0, List.of(), List.of(), List.of());
    }

    // ---- prepare ---------------------------------------------------------------------------------------------

    @Test
    void aFreshAcceptorPromises() {
        Ballot first = ballot(1, B);
        wanted().write(new DurableRecord.Promised(first, 7))
                .afterWrites(B, empty(first, 7, 1))
                .of(bench(memory(A, members(3))).prepare(B, new Prepare(first, 7, 1)));
    }

    @Test
    void aHigherBallotIsPromisedWhetherByRoundOrByOwner() {
        for (Ballot higher : List.of(ballot(6, B), ballot(5, C), ballot(5 + Acceptor.ROUND_JUMP_MAX, C))) {
            MemberId owner = higher.owner();
            Bench bench = bench(promisedFive());
            wanted().write(new DurableRecord.Promised(higher, 7))
                    .afterWrites(owner, empty(higher, 7, 3))
                    .of(bench.prepare(owner, new Prepare(higher, 7, 3)));
            assertEquals(higher, bench.acceptor.promised());
        }
    }

    /** One such promise would bring every later ballot to the end of the rounds (hazard P9). */
    @Test
    void aBallotFarAboveEverythingPromisedIsRefusedInBothPhases() {
        Ballot poison = ballot(6 + Acceptor.ROUND_JUMP_MAX, C);
        Bench bench = bench(promisedFive());
        wanted().afterWrites(C, new Rejected(poison, 7, 1, PROMISED, Ballot.NONE, 0))
                .of(bench.prepare(C, new Prepare(poison, 7, 1)));
        wanted().afterWrites(C, new Rejected(poison, 0, 2, PROMISED, Ballot.NONE, 0))
                .of(bench.accept(C, proposal(2, poison, "two")));
        assertEquals(PROMISED, bench.acceptor.promised());
    }

    @Test
    void theSameAttemptIsAnsweredAgainWithoutAWrite() {
        Bench bench = bench(promisedFive());
        wanted().afterWrites(B, empty(PROMISED, ATTEMPT, 1)).of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
        wanted().afterWrites(B, empty(PROMISED, ATTEMPT, 9)).of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 9)));
    }

    @Test
    void anotherAttemptAtTheSameBallotIsRefused() {
        Bench bench = bench(promisedFive());
        wanted().afterWrites(B, new Rejected(PROMISED, 42, 1, PROMISED, Ballot.NONE, 0))
                .of(bench.prepare(B, new Prepare(PROMISED, 42, 1)));
        wanted().afterWrites(B, empty(PROMISED, ATTEMPT, 1)).of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
    }

    @Test
    void aLowerBallotIsRefusedWhetherByRoundOrByOwner() {
        for (Ballot lower : List.of(ballot(4, C), ballot(5, A), ballot(1, B))) {
            Bench bench = bench(promisedFive().known(3, 0));
            wanted().afterWrites(lower.owner(), new Rejected(lower, 7, 2, PROMISED, Ballot.NONE, 3))
                    .of(bench.prepare(lower.owner(), new Prepare(lower, 7, 2)));
            assertEquals(PROMISED, bench.acceptor.promised());
        }
    }

    @Test
    void aRefusalNamesALiveLeaderAndNoOther() {
        Bench bench = bench(promisedFive());
        bench.followed.heard(ballot(5, B), false, 0);
        wanted().afterWrites(C, new Rejected(ballot(2, C), 7, 1, PROMISED, Ballot.NONE, 0))
                .of(bench.prepare(C, new Prepare(ballot(2, C), 7, 1)));
        bench.followed.heard(ballot(5, B), true, 0);
        wanted().afterWrites(C, new Rejected(ballot(2, C), 7, 1, PROMISED, ballot(5, B), 0))
                .of(bench.prepare(C, new Prepare(ballot(2, C), 7, 1)));
        wanted().afterWrites(C, new Rejected(ballot(2, C), 0, 1, PROMISED, ballot(5, B), 0))
                .of(bench.accept(C, proposal(1, ballot(2, C), "x")));
    }

    @Test
    void nobodyPreparesOrProposesAtAnothersBallot() {
        Bench bench = bench(promisedFive());
        for (Ballot any : List.of(ballot(4, B), PROMISED, ballot(6, B))) {
            wanted().of(bench.prepare(C, new Prepare(any, ATTEMPT, 1)));
            wanted().of(bench.accept(C, proposal(1, any, "x")));
        }
        assertEquals(PROMISED, bench.acceptor.promised());
    }

    /** An accept raised the promise; the attempt behind it becomes known only now, and is kept from here on. */
    @Test
    void afterAnAcceptRaisedThePromiseOneAttemptAtThatBallotIsTakenAndNoOther() {
        Bench bench = bench(memory(A, members(3)).promised(PROMISED, 0));
        wanted().write(new DurableRecord.Promised(PROMISED, ATTEMPT))
                .afterWrites(B, empty(PROMISED, ATTEMPT, 1))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
        wanted().afterWrites(B, new Rejected(PROMISED, 42, 1, PROMISED, Ballot.NONE, 0))
                .of(bench.prepare(B, new Prepare(PROMISED, 42, 1)));
    }

    // ---- pages -----------------------------------------------------------------------------------------------

    @Test
    void aPageReportsVotesFromTheSlotAskedForAndCoversAllAbove() {
        Proposal four = proposal(4, ballot(1, A), "four");
        Proposal nine = proposal(9, ballot(5, B), "nine");
        Bench bench = bench(promisedFive().known(2, 0).floor(1).votes(proposal(3, ballot(1, A), "three"), four, nine));
        wanted().afterWrites(
                        B, new Promise(PROMISED, ATTEMPT, upFrom(4), 1, 2, List.of(four, nine), List.of(), List.of()))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 4)));
    }

    @Test
    void aPageForSlotsBelowThePrefixStatesThePrefixInTheirStead() {
        Proposal six = proposal(6, ballot(1, A), "six");
        Bench bench = bench(promisedFive().known(5, 0).votes(six));
        wanted().afterWrites(B, new Promise(PROMISED, ATTEMPT, upFrom(2), 0, 5, List.of(six), List.of(), List.of()))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 2)));
    }

    @Test
    void aPageEndsAtItsBoundOfSlotsAndTheNextGoesOnBehindIt() {
        Proposal two = proposal(2, ballot(1, A), "two");
        Proposal five = proposal(5, ballot(1, A), "five");
        Proposal seven = proposal(7, ballot(1, A), "seven");
        Bench bench = new Bench(promisedFive().votes(two, seven).chosen(five), SMALL);
        wanted().afterWrites(
                        B, new Promise(PROMISED, ATTEMPT, slots(1, 5), 0, 0, List.of(two), List.of(five), List.of()))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
        wanted().afterWrites(B, new Promise(PROMISED, ATTEMPT, upFrom(6), 0, 0, List.of(seven), List.of(), List.of()))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 6)));
    }

    @Test
    void aPageEndsAtItsBoundOfBytesButHasOneSlotAtLeast() {
        Value big = Value.of(new byte[1_000]);
        Value bigger = Value.of(new byte[5_000]);
        Proposal one = new Proposal(1, ballot(1, A), big);
        Proposal two = new Proposal(2, ballot(1, A), Value.of(new byte[24]));
        Proposal three = new Proposal(3, ballot(1, A), bigger);
        Bench bench = new Bench(promisedFive().votes(one, two, three), new Limits(2, 1_024, 16, 1_024, 1_024, 9, 9));
        wanted().afterWrites(
                        B, new Promise(PROMISED, ATTEMPT, slots(1, 2), 0, 0, List.of(one, two), List.of(), List.of()))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
        wanted().afterWrites(B, new Promise(PROMISED, ATTEMPT, upFrom(3), 0, 0, List.of(three), List.of(), List.of()))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 3)));
        wanted().afterWrites(B, new Promise(PROMISED, ATTEMPT, slot(2), 0, 0, List.of(two), List.of(), List.of()))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 2)));
    }

    @Test
    void theChosenValueIsReportedAndNotTheVote() {
        Proposal vote = proposal(3, ballot(1, A), "old vote");
        Proposal chosen = proposal(3, ballot(4, C), "chosen");
        Bench bench = bench(promisedFive().votes(vote).chosen(chosen));
        wanted().afterWrites(B, new Promise(PROMISED, ATTEMPT, upFrom(1), 0, 0, List.of(), List.of(chosen), List.of()))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
    }

    @Test
    void damagedSlotsAreReportedUnknownWithinWhatThePageCovers() {
        Proposal six = proposal(6, ballot(1, A), "six");
        Bench bench = bench(promisedFive().votes(six).unknown(slots(2, 4), slots(8, 9)));
        wanted().afterWrites(
                        B,
                        new Promise(
                                PROMISED,
                                ATTEMPT,
                                upFrom(3),
                                0,
                                0,
                                List.of(six),
                                List.of(),
                                List.of(slots(3, 4), slots(8, 9))))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 3)));

        Bench small = new Bench(
                promisedFive()
                        .votes(proposal(1, ballot(1, A), "one"), proposal(6, ballot(1, A), "six"))
                        .votes(proposal(12, ballot(1, A), "twelve"))
                        .unknown(slots(2, 9)),
                SMALL);
        wanted().afterWrites(
                        B,
                        new Promise(
                                PROMISED,
                                ATTEMPT,
                                slots(1, 6),
                                0,
                                0,
                                List.of(proposal(1, ballot(1, A), "one"), six),
                                List.of(),
                                List.of(slots(2, 6))))
                .of(small.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
    }

    @Test
    void aFreshVoteEndsASlotsBeingUnknown() {
        for (long slot : new long[] {4, 5, 6}) {
            Bench bench = bench(promisedFive().unknown(slots(4, 6)));
            Proposal vote = proposal(slot, PROMISED, "x");
            bench.accept(B, vote);
            List<SlotRange> left = new ArrayList<>();
            if (slot > 4) {
                left.add(slots(4, slot - 1));
            }
            if (slot < 6) {
                left.add(slots(slot + 1, 6));
            }
            wanted().afterWrites(B, new Promise(PROMISED, ATTEMPT, upFrom(1), 0, 0, List.of(vote), List.of(), left))
                    .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
        }
    }

    /** DESIGN 3.2: "a fresh accept at b ≥ promised, or the chosen value, ends it". */
    @Test
    void theChosenValueEndsASlotsBeingUnknown() {
        Bench bench = bench(promisedFive().unknown(slots(1, 5)));
        Proposal one = proposal(1, ballot(1, C), "one");
        Proposal three = proposal(3, ballot(1, C), "three");
        bench.learner.learn(one, new Outbox(0));
        bench.learner.learn(three, new Outbox(0));
        wanted().afterWrites(
                        B,
                        new Promise(
                                PROMISED,
                                ATTEMPT,
                                upFrom(1),
                                0,
                                1,
                                List.of(),
                                List.of(three),
                                List.of(slot(2), slots(4, 5))))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
    }

    @Test
    void theLastSlotCanBeAskedForAndReported() {
        Proposal last = proposal(Slots.MAX, ballot(1, A), "last");
        Bench bench = bench(promisedFive().votes(last).unknown(slots(Slots.MAX - 1, Slots.MAX)));
        wanted().afterWrites(
                        B,
                        new Promise(
                                PROMISED,
                                ATTEMPT,
                                upFrom(Slots.MAX),
                                0,
                                0,
                                List.of(last),
                                List.of(),
                                List.of(slot(Slots.MAX))))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, Slots.MAX)));
    }

    // ---- accept ----------------------------------------------------------------------------------------------

    @Test
    void anAcceptAtThePromiseIsAVote() {
        Proposal vote = proposal(3, PROMISED, "x");
        wanted().write(new DurableRecord.Accepted(vote))
                .afterWrites(B, new Accepted(PROMISED, slot(3), PROMISED, 0))
                .of(bench(promisedFive()).accept(B, vote));
    }

    @Test
    void anAcceptAboveThePromiseIsAVoteAndAPromiseInOneRecord() {
        Ballot higher = ballot(6, C);
        Bench bench = bench(promisedFive());
        Proposal vote = proposal(3, higher, "x");
        wanted().write(new DurableRecord.Accepted(vote))
                .afterWrites(C, new Accepted(higher, slot(3), higher, 0))
                .of(bench.accept(C, vote));
        assertEquals(higher, bench.acceptor.promised());
        wanted().afterWrites(B, new Rejected(PROMISED, 0, 4, higher, Ballot.NONE, 0))
                .of(bench.accept(B, proposal(4, PROMISED, "y")));
        wanted().afterWrites(B, new Rejected(PROMISED, ATTEMPT, 1, higher, Ballot.NONE, 0))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
    }

    @Test
    void anAcceptBelowThePromiseIsRefusedWhateverTheSlotHolds() {
        for (Ballot lower : List.of(ballot(4, C), ballot(5, A))) {
            Bench bench = bench(promisedFive()
                    .known(2, 0)
                    .votes(proposal(3, PROMISED, "voted"), proposal(4, ballot(4, C), "x"))
                    .chosen(proposal(5, ballot(1, A), "known")));
            for (long slot = 1; slot <= 6; slot++) {
                wanted().afterWrites(lower.owner(), new Rejected(lower, 0, slot, PROMISED, Ballot.NONE, 2))
                        .of(bench.accept(lower.owner(), proposal(slot, lower, "x")));
            }
        }
    }

    @Test
    void aVoteAtALowerBallotIsReplaced() {
        Bench bench = bench(promisedFive().votes(proposal(3, ballot(1, A), "old")));
        Proposal vote = proposal(3, PROMISED, "new");
        wanted().write(new DurableRecord.Accepted(vote))
                .afterWrites(B, new Accepted(PROMISED, slot(3), PROMISED, 0))
                .of(bench.accept(B, vote));
        wanted().afterWrites(B, new Promise(PROMISED, ATTEMPT, upFrom(1), 0, 0, List.of(vote), List.of(), List.of()))
                .of(bench.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
    }

    @Test
    void theSameAcceptAgainIsAnsweredWithoutAWrite() {
        Proposal vote = proposal(3, PROMISED, "x");
        wanted().afterWrites(B, new Accepted(PROMISED, slot(3), PROMISED, 0))
                .of(bench(promisedFive().votes(vote)).accept(B, vote));
    }

    /** At the known slot it voted at this very ballot: the answer is the truth, and the leader may need it. */
    @Test
    void theSameAcceptForASlotKnownChosenAboveThePrefixIsAnsweredToo() {
        Proposal vote = proposal(3, PROMISED, "x");
        wanted().afterWrites(B, new Accepted(PROMISED, slot(3), PROMISED, 0))
                .of(bench(promisedFive().votes(vote).chosen(vote)).accept(B, vote));
    }

    @Test
    void anotherValueAtTheBallotOfTheVoteStopsTheReplica() {
        Bench bench = bench(promisedFive().votes(proposal(3, PROMISED, "x")));
        InvariantViolation stopped =
                assertThrows(InvariantViolation.class, () -> bench.accept(B, proposal(3, PROMISED, "y")));
        assertEquals("two values at one ballot", stopped.getMessage().split(":", 2)[0]);
    }

    @Test
    void aSlotKnownChosenIsNotVotedInAndThePromiseStays() {
        Bench bench = bench(promisedFive().known(2, 0).chosen(proposal(4, ballot(1, A), "known")));
        Ballot higher = ballot(7, C);
        for (long slot : new long[] {1, 2, 4}) {
            wanted().afterWrites(C, new Rejected(higher, 0, slot, PROMISED, Ballot.NONE, 2))
                    .of(bench.accept(C, proposal(slot, higher, "x")));
        }
        assertEquals(PROMISED, bench.acceptor.promised());
    }

    @Test
    void aFullTableTakesNoVoteInAnotherSlotButReplacesWhatItHas() {
        Bench bench = new Bench(
                promisedFive().votes(proposal(3, ballot(1, A), "three"), proposal(4, ballot(1, A), "four")), SMALL);
        wanted().of(bench.accept(B, proposal(5, PROMISED, "five")));
        wanted().of(bench.accept(C, proposal(5, ballot(9, C), "five")));
        assertEquals(PROMISED, bench.acceptor.promised(), "what is dropped leaves no trace");
        Proposal again = proposal(4, PROMISED, "four anew");
        wanted().write(new DurableRecord.Accepted(again))
                .afterWrites(B, new Accepted(PROMISED, slot(4), PROMISED, 0))
                .of(bench.accept(B, again));
    }

    /** Its prefix stands still while it fetches a snapshot, and it goes on voting: large values would fill its heap. */
    @Test
    void aTableFullOfBytesTakesNoVoteInAnotherSlot() {
        Limits limits = new Limits(1_000, 1_024, 16, 1_024, 1_024, 2, 1_000);
        Bench bench = new Bench(promisedFive(), limits);
        String value = "v".repeat(1_000);
        long votes = 0;
        while (!bench.accept(B, proposal(2 + votes, PROMISED, value)).writes().isEmpty()) {
            votes++;
        }
        assertTrue(votes >= 100 && votes <= 132, "votes of 1 KB, for 128 KiB: " + votes);
        assertEquals(
                1, bench.accept(B, proposal(2, ballot(6, B), value)).writes().size(), "instead of the one there");
        assertEquals(
                1, bench.accept(B, proposal(1, ballot(6, B), value)).writes().size(), "behind the prefix");
        bench.learner.learn(proposal(1, ballot(6, B), value), new Outbox(0));
        bench.learner.learn(proposal(2, ballot(6, B), value), new Outbox(0));
        assertEquals(
                1,
                bench.accept(B, proposal(2 + votes, ballot(6, B), value))
                        .writes()
                        .size(),
                "there is room again");
    }

    /** Else A's vote, which moves the prefix on, would wait for room that only the prefix can make. */
    @Test
    void theSlotBehindThePrefixFindsRoomInAFullTable() {
        Bench bench = new Bench(
                promisedFive().votes(proposal(3, ballot(1, A), "three"), proposal(4, ballot(1, A), "four")), SMALL);
        Proposal next = proposal(1, PROMISED, "one");
        wanted().write(new DurableRecord.Accepted(next))
                .afterWrites(B, new Accepted(PROMISED, slot(1), PROMISED, 0))
                .of(bench.accept(B, next));
    }

    // ---- restart ---------------------------------------------------------------------------------------------

    /** Fault case 1 in small: whatever was forced implies every answer it ever gave. */
    @Test
    void promiseAndVotesSurviveARestart() {
        Bench before = bench(memory(A, members(3)));
        List<DurableRecord> written = new ArrayList<>();
        written.addAll(before.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)).writes());
        Proposal vote = proposal(2, PROMISED, "two");
        written.addAll(before.accept(B, vote).writes());

        Bench after = bench(memory(A, members(3)).after(written));
        wanted().afterWrites(C, new Rejected(ballot(4, C), 7, 1, PROMISED, Ballot.NONE, 0))
                .of(after.prepare(C, new Prepare(ballot(4, C), 7, 1)));
        wanted().afterWrites(B, new Promise(PROMISED, ATTEMPT, upFrom(1), 0, 0, List.of(vote), List.of(), List.of()))
                .of(after.prepare(B, new Prepare(PROMISED, ATTEMPT, 1)));
        wanted().afterWrites(B, new Rejected(PROMISED, 42, 1, PROMISED, Ballot.NONE, 0))
                .of(after.prepare(B, new Prepare(PROMISED, 42, 1)));
    }

    @Test
    void aPromiseRaisedByAVoteSurvivesARestartToo() {
        Ballot higher = ballot(8, C);
        List<DurableRecord> written =
                bench(promisedFive()).accept(C, proposal(2, higher, "x")).writes();
        Bench after = bench(promisedFive().after(written));
        assertEquals(higher, after.acceptor.promised());
        wanted().afterWrites(B, new Rejected(ballot(7, B), 7, 1, higher, Ballot.NONE, 0))
                .of(after.prepare(B, new Prepare(ballot(7, B), 7, 1)));
    }

    /** Hazard S3: whatever comes, in whatever order, the promise never goes back. */
    @Test
    void thePromiseNeverGoesBack() {
        Bench bench = bench(memory(A, members(3)));
        Ballot highest = Ballot.NONE;
        int attempt = 1;
        for (long round : new long[] {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9}) {
            for (MemberId owner : List.of(C, A, B)) {
                Ballot next = ballot(round, owner);
                if (attempt % 2 == 0) {
                    bench.prepare(owner, new Prepare(next, attempt, 1));
                } else {
                    bench.accept(owner, new Proposal(attempt, next, Given.value("x")));
                }
                attempt++;
                highest = Ballot.max(highest, next);
                assertEquals(highest, bench.acceptor.promised());
            }
        }
    }
}
