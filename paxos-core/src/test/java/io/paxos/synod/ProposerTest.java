// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import static io.paxos.synod.Given.A;
import static io.paxos.synod.Given.ABC;
import static io.paxos.synod.Given.B;
import static io.paxos.synod.Given.C;
import static io.paxos.synod.Given.X;
import static io.paxos.synod.Given.Y;
import static io.paxos.synod.Given.afterwards;
import static io.paxos.synod.Given.ballot;
import static io.paxos.synod.Given.now;
import static io.paxos.synod.Given.set;
import static io.paxos.synod.Given.toAll;
import static io.paxos.synod.Given.value;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.model.Ballot;
import io.paxos.model.Value;
import io.paxos.model.VoterSet;
import io.paxos.synod.Proposer.Phase;
import io.paxos.synod.SynodMessage.Accept;
import io.paxos.synod.SynodMessage.Prepare;
import io.paxos.synod.SynodMessage.Promise;
import io.paxos.synod.SynodMessage.Rejected;
import org.junit.jupiter.api.Test;

/** Each transition of the proposer of A, exactly. */
class ProposerTest {
    private static final Ballot ONE = ballot(1, A);
    private static final Ballot FOUR = ballot(4, A);

    private static Proposer preparing(Ballot ballot, Value wish, VoterSet promised, Vote highest) {
        return new Proposer(ABC, Phase.PREPARING, ballot, Ballot.NONE, wish, promised, highest);
    }

    private static Proposer ended(Phase phase, Ballot ballot, Ballot seen, Value value) {
        return new Proposer(ABC, phase, ballot, seen, value, VoterSet.EMPTY, null);
    }

    @Test
    void theFirstAttemptIsAtRoundOneAndItsPreparesWaitForTheOwnPromise() {
        Step<Proposer> step = Proposer.idle(ABC).begin(A, Ballot.NONE, X);
        assertEquals(preparing(ONE, X, VoterSet.EMPTY, null), step.next());
        assertEquals(afterwards(toAll(new Prepare(ONE), B, C)), step.effects());
    }

    @Test
    void anAttemptIsAboveTheOwnPromise() {
        assertEquals(
                preparing(FOUR, X, VoterSet.EMPTY, null),
                Proposer.idle(ABC).begin(A, ballot(3, C), X).next());
    }

    @Test
    void anAttemptIsAboveTheLastOne() {
        assertEquals(
                preparing(FOUR, X, VoterSet.EMPTY, null),
                ended(Phase.IDLE, ballot(3, A), Ballot.NONE, null)
                        .begin(A, ballot(1, C), X)
                        .next());
    }

    @Test
    void anAttemptIsAboveTheBallotOfARefusal() {
        Ballot seen = ballot(3, B);
        assertEquals(
                new Proposer(ABC, Phase.PREPARING, FOUR, seen, X, VoterSet.EMPTY, null),
                ended(Phase.IDLE, ONE, seen, null).begin(A, ONE, X).next());
    }

    @Test
    void onePromiseOfThreeIsNoQuorum() {
        Step<Proposer> step = preparing(ONE, X, VoterSet.EMPTY, null).onPromise(A, B, new Promise(ONE, null));
        assertEquals(preparing(ONE, X, set(B), null), step.next());
        assertEquals(Effects.NONE, step.effects());
    }

    @Test
    void onePromiserCountsOnce() {
        Step<Proposer> step = preparing(ONE, X, set(B), null).onPromise(A, B, new Promise(ONE, null));
        assertEquals(preparing(ONE, X, set(B), null), step.next());
        assertEquals(Effects.NONE, step.effects());
    }

    @Test
    void aPromiseForAnotherBallotIsNotCounted() {
        Step<Proposer> step = preparing(FOUR, X, set(B), null).onPromise(A, C, new Promise(ONE, null));
        assertEquals(preparing(FOUR, X, set(B), null), step.next());
        assertEquals(Effects.NONE, step.effects());
    }

    @Test
    void withoutAVoteTheWishIsProposedAtOnce() {
        Step<Proposer> step = preparing(ONE, X, set(A), null).onPromise(A, C, new Promise(ONE, null));
        assertEquals(ended(Phase.PROPOSING, ONE, Ballot.NONE, X), step.next());
        assertEquals(now(toAll(new Accept(ONE, X), B, C)), step.effects());
    }

    @Test
    void aReportedVoteTakesThePlaceOfTheWish() {
        Vote vote = new Vote(ballot(2, C), Y);
        Step<Proposer> step = preparing(FOUR, X, set(A), null).onPromise(A, C, new Promise(FOUR, vote));
        assertEquals(ended(Phase.PROPOSING, FOUR, Ballot.NONE, Y), step.next());
        assertEquals(now(toAll(new Accept(FOUR, Y), B, C)), step.effects());
    }

    @Test
    void ofTwoReportedVotesTheHigherBallotCountsWhicheverComesFirst() {
        Vote low = new Vote(ballot(2, B), value("low"));
        Vote high = new Vote(ballot(2, C), value("high"));
        Proposer expected = ended(Phase.PROPOSING, FOUR, Ballot.NONE, value("high"));
        assertEquals(
                expected,
                preparing(FOUR, X, set(A), low)
                        .onPromise(A, C, new Promise(FOUR, high))
                        .next());
        assertEquals(
                expected,
                preparing(FOUR, X, set(A), high)
                        .onPromise(A, C, new Promise(FOUR, low))
                        .next());
    }

    @Test
    void aVoteThatAMinorityReportedIsRememberedUntilTheQuorum() {
        Vote vote = new Vote(ballot(2, C), Y);
        assertEquals(
                preparing(FOUR, X, set(C), vote),
                preparing(FOUR, X, VoterSet.EMPTY, null)
                        .onPromise(A, C, new Promise(FOUR, vote))
                        .next());
    }

    @Test
    void aReadThatFindsNoVoteFindsTheRegisterEmpty() {
        Step<Proposer> step = preparing(ONE, null, set(A), null).onPromise(A, B, new Promise(ONE, null));
        assertEquals(ended(Phase.FOUND_EMPTY, ONE, Ballot.NONE, null), step.next());
        assertEquals(Effects.NONE, step.effects());
    }

    @Test
    void aReadThatFindsAVoteFinishesIt() {
        Vote vote = new Vote(ballot(2, C), Y);
        Step<Proposer> step = preparing(FOUR, null, set(A), vote).onPromise(A, B, new Promise(FOUR, null));
        assertEquals(ended(Phase.PROPOSING, FOUR, Ballot.NONE, Y), step.next());
        assertEquals(now(toAll(new Accept(FOUR, Y), B, C)), step.effects());
    }

    @Test
    void aLatePromiseChangesNothing() {
        Proposer proposing = ended(Phase.PROPOSING, FOUR, Ballot.NONE, X);
        Step<Proposer> step = proposing.onPromise(A, C, new Promise(FOUR, new Vote(ballot(2, C), Y)));
        assertEquals(proposing, step.next());
        assertEquals(Effects.NONE, step.effects());
    }

    @Test
    void aRefusalOfItsBallotEndsTheAttempt() {
        Ballot promised = ballot(5, C);
        Step<Proposer> step = preparing(FOUR, X, set(A), null).onRejected(new Rejected(FOUR, promised));
        assertEquals(ended(Phase.IDLE, FOUR, promised, null), step.next());
        assertEquals(Effects.NONE, step.effects());
    }

    @Test
    void aRefusalOfAnotherBallotOnlyInforms() {
        Ballot promised = ballot(3, C);
        Step<Proposer> step = preparing(FOUR, X, set(A), null).onRejected(new Rejected(ONE, promised));
        assertEquals(new Proposer(ABC, Phase.PREPARING, FOUR, promised, X, set(A), null), step.next());
        assertEquals(Effects.NONE, step.effects());
    }
}
