// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import static io.paxos.synod.Given.A;
import static io.paxos.synod.Given.ABC;
import static io.paxos.synod.Given.B;
import static io.paxos.synod.Given.C;
import static io.paxos.synod.Given.X;
import static io.paxos.synod.Given.Y;
import static io.paxos.synod.Given.ballot;
import static io.paxos.synod.Given.now;
import static io.paxos.synod.Given.set;
import static io.paxos.synod.Given.toAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.model.Ballot;
import io.paxos.model.Value;
import io.paxos.model.VoterSet;
import io.paxos.synod.SynodMessage.Accepted;
import io.paxos.synod.SynodMessage.Chosen;
import org.junit.jupiter.api.Test;

/** Each transition of the learner of A, exactly. */
class LearnerTest {
    private static final Ballot ONE = ballot(1, A);
    private static final Ballot TWO = ballot(2, A);

    private static Learner counting(Ballot ballot, VoterSet votes) {
        return new Learner(ABC, ballot, votes, null);
    }

    private static Learner knows(Value value) {
        return new Learner(ABC, Ballot.NONE, VoterSet.EMPTY, value);
    }

    @Test
    void oneVoteOfThreeChoosesNothing() {
        Step<Learner> step = Learner.ignorant(ABC).onAccepted(A, B, new Accepted(ONE, X));
        assertEquals(counting(ONE, set(B)), step.next());
        assertEquals(Effects.NONE, step.effects());
    }

    @Test
    void oneVoterCountsOnce() {
        Step<Learner> step = counting(ONE, set(B)).onAccepted(A, B, new Accepted(ONE, X));
        assertEquals(counting(ONE, set(B)), step.next());
        assertEquals(Effects.NONE, step.effects());
    }

    @Test
    void aQuorumAtOneBallotChoosesAndTheOthersAreTold() {
        Step<Learner> step = counting(ONE, set(B)).onAccepted(A, A, new Accepted(ONE, X));
        assertEquals(knows(X), step.next());
        assertEquals(now(toAll(new Chosen(ONE, X), B, C)), step.effects());
    }

    @Test
    void votesOfTwoBallotsDoNotAddUp() {
        Step<Learner> step = counting(ONE, set(B)).onAccepted(A, C, new Accepted(TWO, Y));
        assertEquals(counting(TWO, set(C)), step.next());
        assertEquals(Effects.NONE, step.effects());
    }

    @Test
    void aVoteOfALowerBallotIsNotCounted() {
        Step<Learner> step = counting(TWO, set(B)).onAccepted(A, C, new Accepted(ONE, X));
        assertEquals(counting(TWO, set(B)), step.next());
        assertEquals(Effects.NONE, step.effects());
    }

    @Test
    void aNoticeIsLearnt() {
        Step<Learner> step = counting(ONE, set(B)).onChosen(new Chosen(TWO, Y));
        assertEquals(knows(Y), step.next());
        assertEquals(Effects.NONE, step.effects());
    }

    @Test
    void whatIsChosenStays() {
        assertEquals(knows(X), knows(X).onAccepted(A, B, new Accepted(TWO, X)).next());
        assertEquals(knows(X), knows(X).onChosen(new Chosen(TWO, X)).next());
        assertEquals(
                "two values are chosen: " + X + " and " + Y,
                assertThrows(IllegalStateException.class, () -> knows(X).onChosen(new Chosen(TWO, Y)))
                        .getMessage());
    }
}
