// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.STRANGER;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.QuorumSystem;
import io.paxos.protocol.ReplicaStatus.Role;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * "I have a quorum": who may say it, and for how long. Catches: acknowledgements timed at their arrival, counted at another
 * promise, ballot or sequence, a leader that stays without a quorum (P12, P15), one that resigns for a single lost heartbeat.
 */
class HeartbeatsTest {

    private static final Timing TIMING = Timing.DEFAULT;
    private static final Ballot MINE = ballot(4, A);

    private static Heartbeats started(Membership membership, long nowMillis, MemberId... promisers) {
        Heartbeats heartbeats = new Heartbeats(TIMING, new Memberships(A, membership));
        heartbeats.start(MINE, List.of(promisers), nowMillis);
        return heartbeats;
    }

    private static Effects beat(Heartbeats heartbeats, long nowMillis) {
        Outbox out = new Outbox(nowMillis);
        heartbeats.beatIfDue(8, 7, out);
        return out.toEffects();
    }

    private static HeartbeatAck ack(Ballot ballot, long sequence, Ballot promised) {
        return new HeartbeatAck(ballot, sequence, promised, Ballot.NONE, 0, true);
    }

    @Test
    void heartbeatsAreNumberedAndComeAtTheirInterval() {
        Heartbeats heartbeats = started(members(3), 1_000, A, B);
        wanted().now(B, new Heartbeat(MINE, 1, true, 7))
                .now(C, new Heartbeat(MINE, 1, true, 7))
                .of(beat(heartbeats, 1_000));
        wanted().of(beat(heartbeats, 1_049));
        wanted().now(B, new Heartbeat(MINE, 2, true, 7))
                .now(C, new Heartbeat(MINE, 2, true, 7))
                .of(beat(heartbeats, 1_050));
    }

    @Test
    void theFlagFallsWhenTheQuorumIsAMinimumTimeoutOld() {
        Heartbeats heartbeats = started(members(3), 0, A, B);
        assertTrue(heartbeats.hasQuorum(8, 300, 299));
        assertFalse(heartbeats.hasQuorum(8, 300, 300));
        wanted().now(B, new Heartbeat(MINE, 1, false, 7))
                .now(C, new Heartbeat(MINE, 1, false, 7))
                .of(beat(heartbeats, 300));
    }

    @Test
    void anAcknowledgementCountsFromTheSendingOfItsHeartbeat() {
        Heartbeats heartbeats = started(members(3), 0, A, B);
        beat(heartbeats, 0);
        beat(heartbeats, 100);
        heartbeats.confirm(C, ack(MINE, 1, MINE));
        assertFalse(heartbeats.hasQuorum(8, 300, 300), "the first was sent at 0");
        heartbeats.confirm(C, ack(MINE, 2, MINE));
        assertTrue(heartbeats.hasQuorum(8, 300, 399));
        heartbeats.confirm(C, ack(MINE, 1, MINE));
        assertTrue(heartbeats.hasQuorum(8, 300, 399), "an older answer takes nothing away");
        assertFalse(heartbeats.hasQuorum(8, 300, 400));
    }

    @Test
    void otherBallotsPromisesSequencesAndStrangersDoNotCount() {
        Heartbeats heartbeats = started(members(3), 0, A);
        beat(heartbeats, 0);
        heartbeats.confirm(B, ack(ballot(3, A), 1, MINE));
        heartbeats.confirm(B, ack(ballot(5, A), 1, MINE));
        heartbeats.confirm(B, ack(MINE, 1, ballot(3, A)));
        heartbeats.confirm(B, ack(MINE, 1, ballot(5, C)));
        heartbeats.confirm(B, ack(MINE, 0, MINE));
        heartbeats.confirm(B, ack(MINE, 2, MINE));
        heartbeats.confirm(STRANGER, ack(MINE, 1, MINE));
        heartbeats.confirm(A, ack(MINE, 1, MINE));
        assertFalse(heartbeats.hasQuorum(8, 300, 0));
        heartbeats.confirm(B, ack(MINE, 1, MINE));
        assertTrue(heartbeats.hasQuorum(8, 300, 0));
    }

    @Test
    void aNewBallotForgetsTheOldOnesAcknowledgements() {
        Heartbeats heartbeats = started(members(3), 0, A, B, C);
        beat(heartbeats, 0);
        heartbeats.start(ballot(9, A), List.of(A), 10);
        assertFalse(heartbeats.hasQuorum(8, 300, 10));
        heartbeats.confirm(B, ack(MINE, 1, MINE));
        heartbeats.confirm(B, ack(ballot(9, A), 1, ballot(9, A)));
        assertFalse(heartbeats.hasQuorum(8, 300, 10), "heartbeat 1 of the new ballot was not sent yet");
    }

    @Test
    void theQuorumIsOfPhase2() {
        Heartbeats even = started(members(4), 0, A, B);
        assertFalse(even.hasQuorum(8, 300, 0));
        Heartbeats small = started(members(4, new QuorumSystem.FlexibleSizes(3, 2), 8), 0, A, B);
        assertTrue(small.hasQuorum(8, 300, 0));
        Heartbeats alone = started(members(1), 0);
        assertTrue(alone.hasQuorum(8, 300, 1_000_000));
    }

    @Test
    void answersToHeartbeatsLongPastAreForgotten() {
        Heartbeats heartbeats = started(members(3), 0, A);
        for (int i = 0; i < 300; i++) {
            beat(heartbeats, 50L * i);
        }
        heartbeats.confirm(B, ack(MINE, 44, MINE));
        assertFalse(heartbeats.hasQuorum(8, 1_000_000, 15_000));
        heartbeats.confirm(B, ack(MINE, 45, MINE));
        assertTrue(heartbeats.hasQuorum(8, 1_000_000, 15_000));
    }

    // ---- a leader with and without -----------------------------------------------------------------------------

    private static Ballot leads(Stepper leader) {
        Ballot mine = leader.lead(B);
        leader.force();
        leader.votes(B, mine, slot(1));
        return mine;
    }

    @Test
    void aLeaderThatHearsNobodySaysSoFirstAndThenResigns() {
        Stepper a = Stepper.of(memory(A, members(3)));
        leads(a);
        long led = a.nowMillis();
        assertTrue(flagAt(a, led + 250));
        assertFalse(flagAt(a, led + 300));
        assertFalse(flagAt(a, led + 400));
        Effects resigned = a.at(led + 450);
        assertEquals(List.of(), resigned.sendNow());
        assertEquals(List.of(new Notice.LeaderChanged(Ballot.NONE, false)), resigned.notices());
        assertEquals(Role.FOLLOWER, a.replica.status().role());
    }

    private static boolean flagAt(Stepper leader, long nowMillis) {
        return messagesIn(leader.at(nowMillis).sendNow(), Heartbeat.class)
                .get(0)
                .hasQuorum();
    }

    @Test
    void aLeaderThatIsAcknowledgedLeadsOn() {
        Stepper a = Stepper.of(memory(A, members(3)));
        Ballot mine = leads(a);
        for (int i = 0; i < 100; i++) {
            Heartbeat beat = messagesIn(a.later(50).sendNow(), Heartbeat.class).get(0);
            assertTrue(beat.hasQuorum());
            wanted().of(a.hear(i % 2 == 0 ? B : C, ack(mine, beat.sequence(), mine)));
        }
    }

    /** Who promised another will refuse the next accept: it follows, but it carries nobody. */
    @Test
    void acknowledgementsAtAnotherPromiseKeepNobodyInOffice() {
        Stepper a = Stepper.of(memory(A, members(3)).promised(ballot(3, A), 9));
        Ballot mine = leads(a);
        for (int i = 0; i < 9; i++) {
            List<Heartbeat> beats = messagesIn(a.later(50).sendNow(), Heartbeat.class);
            for (Heartbeat beat : beats) {
                a.hear(C, ack(mine, beat.sequence(), ballot(2, B)));
            }
        }
        assertEquals(Role.FOLLOWER, a.replica.status().role());
    }
}
