// SPDX-License-Identifier: Apache-2.0
package io.paxos.synod;

import static io.paxos.synod.Given.A;
import static io.paxos.synod.Given.ABC;
import static io.paxos.synod.Given.B;
import static io.paxos.synod.Given.X;
import static io.paxos.synod.Given.Y;
import static io.paxos.synod.Given.afterwards;
import static io.paxos.synod.Given.ballot;
import static io.paxos.synod.Given.to;
import static io.paxos.synod.Given.writes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.model.Ballot;
import io.paxos.synod.SynodMessage.Accept;
import io.paxos.synod.SynodMessage.Accepted;
import io.paxos.synod.SynodMessage.Prepare;
import io.paxos.synod.SynodMessage.Promise;
import io.paxos.synod.SynodMessage.Rejected;
import org.junit.jupiter.api.Test;

/** Each transition of the acceptor, exactly. */
class AcceptorTest {
    private static final Ballot ONE_A = ballot(1, A);
    private static final Ballot ONE_B = ballot(1, B);
    private static final Ballot TWO_A = ballot(2, A);

    private static Acceptor promised(Ballot ballot) {
        return new Acceptor(new Memory(ballot, null));
    }

    private static Acceptor voted(Ballot promised, Vote vote) {
        return new Acceptor(new Memory(promised, vote));
    }

    @Test
    void aHigherPrepareIsPromisedOnDiskBeforeItIsAnswered() {
        Step<Acceptor> step = promised(ONE_A).onPrepare(B, new Prepare(ONE_B));
        assertEquals(promised(ONE_B), step.next());
        assertEquals(writes(new Memory(ONE_B, null), to(B, new Promise(ONE_B, null))), step.effects());
    }

    @Test
    void aRepeatedPrepareWritesNothingAndItsAnswerWaitsAllTheSame() {
        Step<Acceptor> step = promised(ONE_A).onPrepare(A, new Prepare(ONE_A));
        assertEquals(promised(ONE_A), step.next());
        assertEquals(afterwards(to(A, new Promise(ONE_A, null))), step.effects());
    }

    @Test
    void aPromiseReportsTheLastVoteAndKeepsIt() {
        Vote vote = new Vote(ONE_A, X);
        Step<Acceptor> step = voted(ONE_A, vote).onPrepare(B, new Prepare(ONE_B));
        assertEquals(voted(ONE_B, vote), step.next());
        assertEquals(writes(new Memory(ONE_B, vote), to(B, new Promise(ONE_B, vote))), step.effects());
    }

    @Test
    void aLowerPrepareIsRejectedWithThePromise() {
        Step<Acceptor> step = promised(ONE_B).onPrepare(A, new Prepare(ONE_A));
        assertEquals(promised(ONE_B), step.next());
        assertEquals(afterwards(to(A, new Rejected(ONE_A, ONE_B))), step.effects());
    }

    @Test
    void anAcceptAtThePromisedBallotIsAVote() {
        Vote vote = new Vote(ONE_A, X);
        Step<Acceptor> step = promised(ONE_A).onAccept(A, new Accept(ONE_A, X));
        assertEquals(voted(ONE_A, vote), step.next());
        assertEquals(writes(new Memory(ONE_A, vote), to(A, new Accepted(ONE_A, X))), step.effects());
    }

    @Test
    void anAcceptAboveThePromiseRaisesItInTheSameWrite() {
        Vote vote = new Vote(TWO_A, Y);
        Step<Acceptor> step = voted(ONE_B, new Vote(ONE_B, X)).onAccept(A, new Accept(TWO_A, Y));
        assertEquals(voted(TWO_A, vote), step.next());
        assertEquals(writes(new Memory(TWO_A, vote), to(A, new Accepted(TWO_A, Y))), step.effects());
    }

    @Test
    void aRepeatedAcceptWritesNothingAndItsAnswerWaitsAllTheSame() {
        Acceptor acceptor = voted(ONE_A, new Vote(ONE_A, X));
        Step<Acceptor> step = acceptor.onAccept(A, new Accept(ONE_A, X));
        assertEquals(acceptor, step.next());
        assertEquals(afterwards(to(A, new Accepted(ONE_A, X))), step.effects());
    }

    @Test
    void anAcceptBelowThePromiseIsRejectedAndTheVoteStays() {
        Acceptor acceptor = voted(ONE_B, new Vote(ONE_A, X));
        Step<Acceptor> step = acceptor.onAccept(A, new Accept(ONE_A, X));
        assertEquals(acceptor, step.next());
        assertEquals(afterwards(to(A, new Rejected(ONE_A, ONE_B))), step.effects());
    }

    @Test
    void noMemoryHoldsAVoteAboveItsPromiseAndNoVoteIsAtNoBallot() {
        Memory impossible = new Memory(ONE_A, new Vote(TWO_A, X));
        assertEquals(
                "memory: the vote's ballot 2.n1 is outside the allowed range up to the promise 1.n1",
                assertThrows(IllegalArgumentException.class, () -> Member.start(A, ABC, impossible))
                        .getMessage());
        assertEquals(
                "vote: ballot is none",
                assertThrows(IllegalArgumentException.class, () -> new Vote(Ballot.NONE, X))
                        .getMessage());
    }
}
