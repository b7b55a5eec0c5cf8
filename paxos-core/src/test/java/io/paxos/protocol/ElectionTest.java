// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.D;
import static io.paxos.protocol.Given.STRANGER;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Stepper.prepareIn;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Rejected;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.QuorumSystem;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * When to stand. Catches: a canvass that writes or promises, one that resets the timer of whoever hears it (P16 to P18), a
 * yes counted twice or for another canvass (P17), a quorum of one phase taken for both, a leader without a quorum that keeps
 * others from standing, waits that overflow (P9).
 */
class ElectionTest {

    private static final Ballot LEADER = ballot(5, B);

    private static Heartbeat heartbeat(long sequence, boolean hasQuorum) {
        return new Heartbeat(LEADER, sequence, hasQuorum, 0);
    }

    private static CanvassReply yes(long nonce) {
        return new CanvassReply(nonce, true, Ballot.NONE, Ballot.NONE, 0);
    }

    /** Milliseconds until it canvasses, if nothing else happens. */
    private static long patience(Stepper replica) {
        long start = replica.nowMillis();
        for (long waited = 0; waited <= 20_000; waited++) {
            if (!messagesIn(replica.at(start + waited).sendNow(), Canvass.class).isEmpty()) {
                return waited;
            }
        }
        throw new AssertionError("it never canvassed");
    }

    // ---- the candidate ---------------------------------------------------------------------------------------

    @Test
    void whoHearsNoLeaderCanvassesAndChangesNothingDurable() {
        Stepper a = Stepper.of(memory(A, members(3)).known(7, 0).promised(ballot(3, C), 9));
        wanted().of(a.at(0));
        wanted().of(a.at(299));
        Effects canvassed = a.at(450);
        long nonce = messagesIn(canvassed.sendNow(), Canvass.class).get(0).nonce();
        wanted().now(B, new Canvass(nonce, 7)).now(C, new Canvass(nonce, 7)).of(canvassed);
        assertEquals(ballot(3, C), a.replica.status().promised());
        assertEquals(Role.CANVASSING, a.replica.status().role());
    }

    @Test
    void thePatienceIsRandomWithinItsBounds() {
        long least = Long.MAX_VALUE;
        long most = 0;
        for (long seed = 0; seed < 300; seed++) {
            Stepper a = new Stepper(memory(A, members(3)).state(), Given.plan(members(3)), Limits.DEFAULT, seed);
            long waited = patience(a);
            least = Math.min(least, waited);
            most = Math.max(most, waited);
        }
        assertTrue(least >= 300 && least < 310, "least " + least);
        assertTrue(most > 440 && most < 450, "most " + most);
    }

    @Test
    void yesFromAQuorumBegins() {
        Stepper five = Stepper.of(memory(A, members(5)));
        long nonce = five.canvass().nonce();
        wanted().of(five.hear(B, yes(nonce)));
        wanted().of(five.hear(B, yes(nonce)));
        wanted().of(five.hear(A, yes(nonce)));
        wanted().of(five.hear(STRANGER, yes(nonce)));
        wanted().of(five.hear(C, yes(nonce + 1)));
        wanted().of(five.hear(C, yes(0)));
        assertEquals(Role.CANVASSING, five.replica.status().role());
        Effects begun = five.hear(D, yes(nonce));
        assertEquals(ballot(1, A), prepareIn(begun).ballot());
        wanted().of(five.hear(C, yes(nonce)));
    }

    @Test
    void yesToAnEarlierCanvassIsTooLate() {
        Stepper a = Stepper.of(memory(A, members(3)));
        long first = a.canvass().nonce();
        long second = a.canvass().nonce();
        assertNotEquals(first, second);
        wanted().of(a.hear(B, yes(first)));
        assertEquals(ballot(1, A), prepareIn(a.hear(B, yes(second))).ballot());
    }

    @Test
    void bothQuorumsAreNeeded() {
        for (QuorumSystem quorums :
                List.of(new QuorumSystem.FlexibleSizes(2, 4), new QuorumSystem.FlexibleSizes(4, 2))) {
            Stepper five = Stepper.of(memory(A, members(5, quorums, 64)));
            long nonce = five.canvass().nonce();
            wanted().of(five.hear(B, yes(nonce)));
            wanted().of(five.hear(C, yes(nonce)));
            assertEquals(ballot(1, A), prepareIn(five.hear(D, yes(nonce))).ballot());
        }
    }

    @Test
    void aRefusalNamesTheLeaderToForwardTo() {
        Stepper a = Stepper.of(memory(A, members(3)));
        long nonce = a.canvass().nonce();
        wanted().notice(new Notice.LeaderChanged(LEADER, false))
                .of(a.hear(C, new CanvassReply(nonce, false, LEADER, LEADER, 0)));
        assertEquals(LEADER, a.replica.status().leader());
        assertEquals(Role.CANVASSING, a.replica.status().role());
    }

    // ---- who is asked ----------------------------------------------------------------------------------------

    @Test
    void theAnswerIsYesUnlessALeaderWithAQuorumWasHeardWithinTheMinimumTimeout() {
        Stepper a = Stepper.of(memory(A, members(3)).known(4, 0).promised(ballot(5, B), 9));
        a.at(1_000);
        wanted().afterWrites(C, new CanvassReply(77, true, LEADER, Ballot.NONE, 4))
                .of(a.hear(C, new Canvass(77, 0)));

        a.hear(B, heartbeat(1, false));
        wanted().afterWrites(C, new CanvassReply(78, true, LEADER, Ballot.NONE, 4))
                .of(a.hear(C, new Canvass(78, 0)));

        a.hear(B, heartbeat(2, true));
        wanted().afterWrites(C, new CanvassReply(79, false, LEADER, LEADER, 4)).of(a.hear(C, new Canvass(79, 0)));
        a.at(1_299);
        wanted().afterWrites(C, new CanvassReply(80, false, LEADER, LEADER, 4)).of(a.hear(C, new Canvass(80, 0)));
        a.at(1_300);
        wanted().afterWrites(C, new CanvassReply(81, true, LEADER, Ballot.NONE, 4))
                .of(a.hear(C, new Canvass(81, 0)));
    }

    @Test
    void aLeaderWithAQuorumSaysNoItself() {
        Stepper a = Stepper.of(memory(A, members(3)));
        Ballot mine = a.lead(B);
        wanted().afterWrites(C, new CanvassReply(77, false, mine, mine, 0)).of(a.hear(C, new Canvass(77, 0)));
    }

    /** Hazard P16: a deaf member canvasses for ever, and nobody's timer moves. */
    @Test
    void aCanvassResetsNobodysTimer() {
        Stepper quiet = Stepper.of(memory(A, members(3)));
        long undisturbed = patience(quiet);

        Stepper asked = Stepper.of(memory(A, members(3)));
        asked.at(0);
        for (long now = 1; now < undisturbed; now++) {
            assertEquals(List.of(), asked.at(now).sendNow());
            asked.hear(C, new Canvass(now, 0));
        }
        assertEquals(
                2, messagesIn(asked.at(undisturbed).sendNow(), Canvass.class).size());
    }

    // ---- the timer -------------------------------------------------------------------------------------------

    @Test
    void onlyALeaderWithAQuorumOrAPromiseResetsTheTimer() {
        assertTrue(standsDespite(replica -> replica.hear(B, heartbeat(1, false))), "a leader without a quorum");
        assertTrue(standsDespite(replica -> replica.hear(C, heartbeat(1, true))), "another's ballot");
        assertTrue(standsDespite(replica -> replica.hear(C, new Prepare(ballot(1, C), 7, 1))), "a refused prepare");
        assertTrue(standsDespite(replica -> replica.hear(C, new Accept(proposal(1, ballot(9, C), "x")))), "an accept");
        assertTrue(standsDespite(replica -> replica.hear(STRANGER, heartbeat(1, true))), "a stranger");
        assertEquals(false, standsDespite(replica -> replica.hear(B, heartbeat(1, true))));
        assertEquals(false, standsDespite(replica -> replica.hear(C, new Prepare(ballot(9, C), 7, 1))));
    }

    private interface Disturbance {
        Effects of(Stepper replica);
    }

    private static boolean standsDespite(Disturbance disturbance) {
        Stepper a = Stepper.of(memory(A, members(3)).promised(ballot(4, B), 9));
        a.at(0);
        a.at(250);
        disturbance.of(a);
        for (long now = 251; now < 550; now++) {
            if (!messagesIn(a.at(now).sendNow(), Canvass.class).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /**
     * C asks for a report of many pages, one each 200 ms. Were A to stand meanwhile, and then B against A, none would ever
     * read to the end (the simulator saw them take turns for 40 timeouts).
     */
    @Test
    void aCandidateThatReadsOnIsGivenTimeAndOneThatRepeatsItselfIsNot() {
        Stepper a = Stepper.of(memory(A, members(3)));
        a.at(0);
        for (int page = 1; page <= 10; page++) {
            a.hear(C, new Prepare(ballot(7, C), 9, page));
            for (int i = 1; i <= 20; i++) {
                assertEquals(List.of(), messagesIn(a.later(10).sendNow(), Canvass.class), "page " + page);
            }
        }
        boolean canvassed = false;
        for (int i = 1; i <= 30; i++) {
            a.hear(C, new Prepare(ballot(7, C), 9, 10));
            canvassed |= !messagesIn(a.later(10).sendNow(), Canvass.class).isEmpty();
        }
        assertTrue(canvassed);
    }

    @Test
    void heartbeatsAreAnsweredWithTheOwnPromise() {
        Stepper a = Stepper.of(memory(A, members(3)).known(4, 0).promised(ballot(9, C), 9));
        wanted().afterWrites(B, new HeartbeatAck(LEADER, 3, ballot(9, C), LEADER, 4, true))
                .notice(new Notice.LeaderChanged(LEADER, false))
                .of(a.hear(B, heartbeat(3, true)));
        wanted().of(a.hear(C, heartbeat(4, true)));
    }

    @Test
    void aLowerLeaderIsNotFollowedWhileAHigherOneLives() {
        Stepper a = Stepper.of(memory(A, members(3)));
        a.at(0);
        a.hear(B, heartbeat(1, true));
        Ballot lower = ballot(4, C);
        wanted().afterWrites(C, new HeartbeatAck(lower, 1, Ballot.NONE, LEADER, 0, true))
                .of(a.hear(C, new Heartbeat(lower, 1, true, 0)));
        a.at(300);
        wanted().afterWrites(C, new HeartbeatAck(lower, 2, Ballot.NONE, lower, 0, true))
                .notice(new Notice.LeaderChanged(lower, false))
                .of(a.hear(C, new Heartbeat(lower, 2, true, 0)));
    }

    @Test
    void aSilentLeaderIsForgottenAfterTwoElectionTimeouts() {
        Stepper a = Stepper.of(memory(A, members(3)));
        a.at(0);
        a.hear(B, heartbeat(1, false));
        a.at(899);
        assertEquals(LEADER, a.replica.status().leader());
        assertEquals(
                List.of(new Notice.LeaderChanged(Ballot.NONE, false)), a.at(900).notices());
    }

    // ---- backing off -----------------------------------------------------------------------------------------

    @Test
    void failedAttemptsMakeItWaitLongerUpToACap() {
        Stepper a = Stepper.of(memory(A, members(3)));
        long longest = 0;
        for (int i = 0; i < 60; i++) {
            Prepare prepare = prepareIn(a.stand(B));
            a.force();
            a.hear(C, new Rejected(prepare.ballot(), prepare.attempt(), 1, prepare.ballot(), Ballot.NONE, 0));
            a.force();
            long waited = patience(a);
            assertTrue(waited <= 300 + (150 << 4), "waited " + waited);
            longest = Math.max(longest, waited);
        }
        assertTrue(longest > 1_500, "longest " + longest);
    }

    /** Fault case 26. */
    @Test
    void afterAMillionFailuresTheWaitIsStillWithinItsBounds() {
        Backoff backoff = new Backoff(new SplittableRandom(Stepper.SEED));
        for (int i = 0; i < 1_000_000; i++) {
            backoff.failed();
            long wait = backoff.drawMillis(300, 150);
            assertTrue(wait >= 300 && wait < 300 + 16 * 150, "wait " + wait);
        }
        backoff.succeeded();
        for (int i = 0; i < 1_000; i++) {
            long wait = backoff.drawMillis(300, 150);
            assertTrue(wait >= 300 && wait < 450, "wait " + wait);
        }
    }

    @Test
    void theLongestTimeoutsThatCanBeConfiguredDoNotOverflow() {
        Backoff backoff = new Backoff(new SplittableRandom(Stepper.SEED));
        for (int i = 0; i < 100; i++) {
            backoff.failed();
            assertTrue(backoff.drawMillis(3_600_000, 3_600_000) >= 3_600_000);
        }
    }

    /** No rule about the log: who has nothing may stand, and learns the rest in phase 1. */
    @Test
    void whoeverAsksGetsAYesWhateverItsLogHolds() {
        for (MemberId candidate : List.of(B, C)) {
            Stepper a = Stepper.of(memory(A, members(3)).known(1_000, 0));
            wanted().afterWrites(candidate, new CanvassReply(5, true, Ballot.NONE, Ballot.NONE, 1_000))
                    .of(a.hear(candidate, new Canvass(5, 0)));
        }
    }
}
