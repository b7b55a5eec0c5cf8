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
import static io.paxos.protocol.Given.value;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.ChosenNotice;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.DurableState;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * What is believed, what is written and what is handed out. Catches: a notice believed at another ballot (P5), slots handed
 * out around a hole, the mark written before the value it stands for, a fetched value that a restart would forget, a second
 * value for a slot swallowed.
 */
class LearnerTest {

    private static final Ballot OLD = ballot(1, A);
    private static final Ballot NEW = ballot(2, B);
    private static final long IDLE_MILLIS = 100;

    private static final class Bench {
        final OpenVotes votes;
        final Learner learner;

        Bench(Given.Memory memory, int openSlotsMax) {
            DurableState state = memory.state();
            votes = new OpenVotes(state.votes());
            learner = new Learner(state, votes, openSlotsMax, new Fitness());
        }

        /** What the notice made of it; the slot to be fetched is compared first. */
        Effects notice(long toFetch, Ballot ballot, SlotRange slots) {
            Outbox out = new Outbox(0);
            assertEquals(toFetch, learner.onChosenNotice(new ChosenNotice(ballot, slots, slots.last()), out), "fetch");
            return out.toEffects();
        }

        Effects learn(Proposal proposal) {
            Outbox out = new Outbox(0);
            learner.learn(proposal, out);
            return out.toEffects();
        }

        Effects mark(long nowMillis, DurableRecord... others) {
            Outbox out = new Outbox(nowMillis);
            List.of(others).forEach(out::write);
            learner.mark(out, IDLE_MILLIS);
            return out.toEffects();
        }
    }

    private static Bench bench(Given.Memory memory) {
        return new Bench(memory, 8);
    }

    private static Given.Memory empty() {
        return memory(C, members(3));
    }

    // ---- notices ---------------------------------------------------------------------------------------------

    @Test
    void aNoticeAtTheBallotOfTheVoteIsBelieved() {
        Proposal vote = proposal(1, NEW, "x");
        Bench bench = bench(empty().votes(vote));
        wanted().chosen(vote).of(bench.notice(0, NEW, slot(1)));
        assertEquals(1, bench.learner.knownChosen());
        assertEquals(0, bench.votes.count());
    }

    /** Fault case 22: C voted for w at ballot 1; x was chosen at ballot 2 by others. */
    @Test
    void aNoticeAtAnotherBallotThanTheVotesIsNotBelieved() {
        for (Ballot voted : List.of(OLD, ballot(3, B), ballot(2, A), ballot(2, C))) {
            Bench bench = bench(empty().votes(proposal(1, voted, "w")));
            wanted().of(bench.notice(1, NEW, slot(1)));
            assertEquals(0, bench.learner.knownChosen());
            assertFalse(bench.learner.knows(1));
        }
    }

    @Test
    void aNoticeWithoutAVoteIsToBeFetched() {
        wanted().of(bench(empty()).notice(1, NEW, slot(1)));
    }

    @Test
    void aNoticeOfARangeIsBelievedSlotBySlot() {
        Proposal one = proposal(1, NEW, "one");
        Proposal two = proposal(2, NEW, "two");
        Proposal four = proposal(4, NEW, "four");
        Bench bench = bench(empty().votes(one, two, proposal(3, OLD, "old"), four));
        wanted().chosen(one, two).of(bench.notice(3, NEW, slots(1, 4)));
        assertTrue(bench.learner.knows(4));
        assertFalse(bench.learner.knows(3));
    }

    @Test
    void aNoticeOfWhatIsKnownChangesNothing() {
        Bench bench = bench(empty().known(3, 0).chosen(proposal(5, OLD, "five")));
        wanted().of(bench.notice(0, NEW, slots(1, 3)));
        wanted().of(bench.notice(0, OLD, slot(5)));
        wanted().of(bench.notice(0, NEW, slot(5)));
        assertEquals(3, bench.learner.knownChosen());
    }

    @Test
    void aNoticeFarAheadIsLeftToCatchUp() {
        Proposal far = proposal(9, NEW, "far");
        Bench bench = bench(empty().votes(far));
        wanted().of(bench.notice(9, NEW, slot(9)));
        assertFalse(bench.learner.knows(9), "more than eight above the prefix");
        wanted().of(bench.notice(Long.MAX_VALUE / 4, NEW, slots(10, Long.MAX_VALUE / 4)));
    }

    // ---- order -----------------------------------------------------------------------------------------------

    @Test
    void slotsAreChosenInAnyOrderAndHandedOutInTheirs() {
        Proposal one = proposal(1, NEW, "one");
        Proposal two = proposal(2, NEW, "two");
        Proposal three = proposal(3, NEW, "three");
        Bench bench = bench(empty().votes(one, two, three));
        wanted().of(bench.learn(three));
        wanted().of(bench.learn(two));
        assertEquals(0, bench.learner.knownChosen());
        wanted().chosen(one, two, three).of(bench.learn(one));
        assertEquals(3, bench.learner.knownChosen());
    }

    @Test
    void whatTheJournalRememberedAboveThePrefixIsHandedOutAtTheFirstStep() {
        Proposal five = proposal(5, NEW, "five");
        Proposal seven = proposal(7, NEW, "seven");
        Bench bench = bench(empty().known(4, 0).chosen(five, seven));
        Outbox out = new Outbox(0);
        bench.learner.advance(out);
        wanted().chosen(five).of(out.toEffects());
        Outbox again = new Outbox(0);
        bench.learner.advance(again);
        wanted().of(again.toEffects());
        assertTrue(bench.learner.knows(7));
    }

    @Test
    void learningTwiceChangesNothing() {
        Proposal one = proposal(1, NEW, "one");
        Proposal three = proposal(3, NEW, "three");
        Bench bench = bench(empty().votes(one, three));
        bench.learn(one);
        wanted().of(bench.learn(one));
        wanted().of(bench.learn(proposal(1, OLD, "what came before does not matter")));
        bench.learn(three);
        wanted().of(bench.learn(three));
    }

    @Test
    void thereIsRoomForSoManyAboveAHoleAndTheHoleItselfAlwaysFits() {
        Bench bench = new Bench(empty(), 2);
        Proposal one = proposal(1, NEW, "one");
        wanted().write(new DurableRecord.Chosen(proposal(3, NEW, "three"))).of(bench.learn(proposal(3, NEW, "three")));
        wanted().write(new DurableRecord.Chosen(proposal(4, NEW, "four"))).of(bench.learn(proposal(4, NEW, "four")));
        wanted().of(bench.learn(proposal(5, NEW, "five")));
        assertFalse(bench.learner.knows(5));
        wanted().write(new DurableRecord.Chosen(one)).chosen(one).of(bench.learn(one));
    }

    @Test
    void stampsOfThePrefixNeverGoBack() {
        Bench bench = bench(empty().known(1, 700));
        assertEquals(700, bench.learner.lastTimeMillis());
        bench.learn(new Proposal(2, NEW, value("x", 900)));
        assertEquals(900, bench.learner.lastTimeMillis());
        bench.learn(new Proposal(3, NEW, value("x", 800)));
        assertEquals(900, bench.learner.lastTimeMillis());
    }

    // ---- what is written -------------------------------------------------------------------------------------

    @Test
    void aFetchedValueIsWrittenBecauseARestartWouldTakeTheOldVote() {
        Proposal vote = proposal(1, OLD, "old");
        Proposal chosen = proposal(1, NEW, "chosen");
        Bench bench = bench(empty().votes(vote));
        wanted().write(new DurableRecord.Chosen(chosen)).chosen(chosen).of(bench.learn(chosen));

        Bench restarted = bench(empty().votes(vote).after(List.of(new DurableRecord.Chosen(chosen))));
        Outbox first = new Outbox(0);
        restarted.learner.advance(first);
        wanted().chosen(chosen).of(first.toEffects());
    }

    @Test
    void anOwnVoteAtTheChosenBallotIsNotWrittenAgain() {
        Proposal vote = proposal(1, NEW, "x");
        wanted().chosen(vote).of(bench(empty().votes(vote)).learn(vote));
    }

    @Test
    void theSameValueVotedForAtAnotherBallotIsWrittenAtTheChosenOne() {
        Proposal chosen = proposal(1, NEW, "x");
        wanted().write(new DurableRecord.Chosen(chosen))
                .chosen(chosen)
                .of(bench(empty().votes(proposal(1, OLD, "x"))).learn(chosen));
        wanted().write(new DurableRecord.Chosen(chosen))
                .chosen(chosen)
                .of(bench(empty().votes(proposal(1, ballot(3, C), "x"))).learn(chosen));
    }

    /** The mark says that the journal holds every chosen value up to there; the records that make it so come first. */
    @Test
    void theMarkComesBehindTheValuesOfTheSameStep() {
        Bench bench = bench(empty());
        Proposal one = proposal(1, NEW, "one");
        Proposal two = proposal(2, NEW, "two");
        Outbox out = new Outbox(0);
        bench.learner.learn(two, out);
        bench.learner.learn(one, out);
        bench.learner.mark(out, IDLE_MILLIS);
        wanted().write(new DurableRecord.Chosen(two), new DurableRecord.Chosen(one), new DurableRecord.KnownChosen(2))
                .chosen(one, two)
                .of(out.toEffects());
    }

    /** B knows slots 4 and 5, and 1 to 3 are in nobody's log. Nothing else is ever proposed: nobody would call 4 again. */
    @Test
    void whatWasKnownAboveTheGapIsHandedOutWhenASnapshotClosesIt() {
        Proposal four = proposal(4, NEW, "four");
        Proposal five = proposal(5, NEW, "five");
        Bench bench = bench(empty());
        bench.learn(proposal(2, NEW, "two"));
        bench.learn(four);
        bench.learn(five);

        Outbox out = new Outbox(0);
        bench.learner.install(3, 30, out);
        assertEquals(5, bench.learner.knownChosen());
        wanted().write(new DurableRecord.Trimmed(3)).chosen(four, five).of(out.toEffects());
    }

    @Test
    void theMarkRidesAlongWithOtherWrites() {
        Proposal one = proposal(1, NEW, "one");
        Bench bench = bench(empty().votes(one));
        bench.mark(0);
        bench.learn(one);
        DurableRecord other = new DurableRecord.Accepted(proposal(2, NEW, "two"));
        wanted().write(other, new DurableRecord.KnownChosen(1)).of(bench.mark(1, other));
        wanted().write(other).of(bench.mark(2, other));
    }

    @Test
    void aloneTheMarkGoesOnlyAfterAnIdleWhile() {
        Proposal one = proposal(1, NEW, "one");
        Bench bench = bench(empty().votes(one));
        wanted().of(bench.mark(40));
        bench.learn(one);
        wanted().of(bench.mark(139));
        wanted().write(new DurableRecord.KnownChosen(1)).of(bench.mark(140));
        wanted().of(bench.mark(1_000));
    }

    // ---- what must never be ----------------------------------------------------------------------------------

    @Test
    void twoValuesForOneSlotStopTheReplica() {
        List<List<Proposal>> conflicts = new ArrayList<>();
        // known and told again; own vote at the same ballot; own vote above the chosen ballot
        conflicts.add(List.of(proposal(3, OLD, "x"), proposal(3, NEW, "y")));
        conflicts.add(List.of(proposal(3, NEW, "x"), proposal(3, OLD, "y")));
        for (List<Proposal> conflict : conflicts) {
            Bench bench = bench(empty());
            bench.learn(conflict.get(0));
            assertThrows(InvariantViolation.class, () -> bench.learn(conflict.get(1)));
        }
        Bench same = bench(empty().votes(proposal(3, NEW, "x")));
        assertThrows(InvariantViolation.class, () -> same.learn(proposal(3, NEW, "y")));
        Bench above = bench(empty().votes(proposal(3, NEW, "x")));
        assertThrows(InvariantViolation.class, () -> above.learn(proposal(3, OLD, "y")));
        Bench below = bench(empty().votes(proposal(3, OLD, "x")));
        wanted().write(new DurableRecord.Chosen(proposal(3, NEW, "y"))).of(below.learn(proposal(3, NEW, "y")));
    }
}
