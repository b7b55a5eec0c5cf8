// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.ReadPointAnswer;
import io.paxos.message.Message.ReadPointRequest;
import io.paxos.message.Message.ReadRound;
import io.paxos.message.Message.ReadRoundAnswer;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.QuorumSystem;
import io.paxos.protocol.Event.ReadPointWanted;
import io.paxos.protocol.Notice.ReadPointReady;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Read points, step by step. Catches: a leader that answers before it has recovered (P4), or without a quorum; answers of an
 * earlier round counted, or those of one that promised somebody else (P20); a request that joins a round which began before it.
 */
class ReadRoundsTest {

    private static final ReadPointWanted WANTED = new ReadPointWanted(71, false);

    /** A leads at that ballot, and slot 1, which shows that it can, is chosen. */
    private static Stepper recovered(Ballot[] ballot) {
        Stepper a = Stepper.of(memory(A, members(3)));
        ballot[0] = a.lead(B);
        a.force();
        a.votes(B, ballot[0], slot(1));
        return a;
    }

    private static ReadRoundAnswer yes(Ballot ballot, long round) {
        return new ReadRoundAnswer(ballot, round, false);
    }

    @Test
    void aLeaderAsksAllVotersAndKnowsWhenOneMoreSaysYes() {
        Ballot[] mine = new Ballot[1];
        Stepper a = recovered(mine);
        ReadRound round = new ReadRound(mine[0], 1, 0);
        wanted().now(B, round).now(C, round).of(a.step(WANTED));
        wanted().notice(new ReadPointReady(71, 1, 0)).of(a.hear(C, yes(mine[0], 1)));
        wanted().of(a.hear(B, yes(mine[0], 1)));
    }

    @Test
    void beforeItHasRecoveredNobodyIsAskedAndThenAtOnce() {
        Stepper a = Stepper.of(memory(A, members(3)));
        Ballot mine = a.lead(B);
        a.force();
        assertEquals(List.of(), messagesIn(a.step(WANTED).sendNow(), ReadRound.class));
        Effects effects = a.votes(B, mine, slot(1));
        assertEquals(
                List.of(new ReadRound(mine, 1, 0), new ReadRound(mine, 1, 0)),
                messagesIn(effects.sendNow(), ReadRound.class));
        wanted().notice(new ReadPointReady(71, 1, 0)).of(a.hear(B, yes(mine, 1)));
    }

    @Test
    void whoAsksWhileARoundIsUnderWayWaitsForTheNextAndTheNewestOfEachIsAnswered() {
        Ballot[] mine = new Ballot[1];
        Stepper a = recovered(mine);
        a.step(WANTED);
        wanted().of(a.hear(B, new ReadPointRequest(1, B.node(), 5)));
        wanted().of(a.hear(B, new ReadPointRequest(1, B.node(), 6)));
        ReadRound second = new ReadRound(mine[0], 2, 0);
        wanted().now(B, second)
                .now(C, second)
                .notice(new ReadPointReady(71, 1, 0))
                .of(a.hear(B, yes(mine[0], 1)));
        wanted().now(B, new ReadPointAnswer(B.node(), 6, mine[0], 1)).of(a.hear(B, yes(mine[0], 2)));
    }

    @Test
    void answersOfAnEarlierRoundOfAnotherBallotAndOfStrangersDoNotCount() {
        Ballot[] mine = new Ballot[1];
        Stepper a = recovered(mine);
        a.step(WANTED);
        a.hear(B, yes(mine[0], 1));
        a.step(new ReadPointWanted(72, false));
        wanted().of(a.hear(B, yes(mine[0], 1)));
        wanted().of(a.hear(C, yes(mine[0], 3)));
        wanted().of(a.hear(C, yes(ballot(9, A), 2)));
        wanted().of(a.hear(Given.STRANGER, yes(mine[0], 2)));
        wanted().notice(new ReadPointReady(72, 1, 0)).of(a.hear(C, yes(mine[0], 2)));
    }

    @Test
    void itTakesAPhaseTwoQuorumWhateverAPhaseOneQuorumIs() {
        Stepper a = Stepper.of(memory(A, members(3, new QuorumSystem.FlexibleSizes(1, 3), Given.ALPHA)));
        Ballot mine = a.lead(B, C);
        a.force();
        a.votes(B, mine, slot(1));
        a.votes(C, mine, slot(1));
        a.step(WANTED);
        wanted().of(a.hear(B, yes(mine, 1)));
        wanted().notice(new ReadPointReady(71, 1, 0)).of(a.hear(C, yes(mine, 1)));
    }

    @Test
    void aloneItIsAQuorum() {
        Stepper a = Stepper.of(memory(A, members(1)));
        a.at(0);
        for (int i = 0; i < 20; i++) {
            a.later(50);
            a.force();
        }
        wanted().notice(new ReadPointReady(71, 1, 0)).of(a.step(WANTED));
    }

    @Test
    void whoDidNotAnswerIsAskedAgainInTheSameRound() {
        Ballot[] mine = new Ballot[1];
        Stepper a = Stepper.of(memory(A, members(5)));
        mine[0] = a.lead(B, C);
        a.force();
        a.votes(B, mine[0], slot(1));
        a.votes(C, mine[0], slot(1));
        a.step(WANTED);
        a.hear(B, yes(mine[0], 1));
        Effects again = a.later(Timing.DEFAULT.retransmitMillis());
        assertEquals(
                List.of(C.node(), Given.D.node(), Given.E.node()),
                again.sendNow().stream()
                        .filter(each -> each.message().equals(new ReadRound(mine[0], 1, 0)))
                        .map(Effects.Envelope::to)
                        .toList());
        wanted().notice(new ReadPointReady(71, 1, 0)).of(a.hear(C, yes(mine[0], 1)));
    }

    // ---- members ---------------------------------------------------------------------------------------------

    @Test
    void aMemberSaysYesAtOnceUnlessItPromisedSomebodyAbove() {
        Ballot leader = ballot(7, A);
        for (Ballot promised : List.of(Ballot.NONE, ballot(6, C), leader)) {
            Stepper b = Stepper.of(memory(B, members(3)).promised(promised, 3));
            wanted().now(A, yes(leader, 3)).of(b.hear(A, new ReadRound(leader, 3, 0)));
        }
        Stepper b = Stepper.of(memory(B, members(3)).promised(ballot(7, C), 3));
        wanted().of(b.hear(A, new ReadRound(leader, 3, 0)));
        Stepper forged = Stepper.of(memory(B, members(3)));
        wanted().of(forged.hear(C, new ReadRound(leader, 3, 0)));
    }

    @Test
    void aFollowerAsksItsLeaderAndIsToldByIt() {
        Stepper b = follower(A);
        wanted().now(A, new ReadPointRequest(1, B.node(), 71)).of(b.step(WANTED));
        wanted().notice(new ReadPointReady(71, 40, 0))
                .of(b.hear(A, new ReadPointAnswer(B.node(), 71, ballot(7, A), 40)));
        wanted().of(b.step(new ReadPointWanted(72, true)));
    }

    @Test
    void aMemberRelaysOnceAndBringsTheAnswerBack() {
        Stepper b = follower(A);
        wanted().now(A, new ReadPointRequest(0, C.node(), 5)).of(b.hear(C, new ReadPointRequest(1, C.node(), 5)));
        wanted().of(b.hear(C, new ReadPointRequest(0, C.node(), 5)));
        ReadPointAnswer answer = new ReadPointAnswer(C.node(), 5, ballot(7, A), 40);
        wanted().now(C, answer).of(b.hear(A, answer));
        wanted().of(b.hear(C, answer));
    }

    private static Stepper follower(MemberId leader) {
        Stepper b = Stepper.of(memory(B, members(3)).promised(ballot(7, leader), 3));
        b.at(1_000);
        b.hear(leader, new Heartbeat(ballot(7, leader), 1, true, 0));
        return b;
    }

    @Test
    void withoutALeaderNobodyIsAsked() {
        Stepper b = Stepper.of(memory(B, members(3)));
        b.at(1_000);
        wanted().of(b.step(WANTED));
    }
}
