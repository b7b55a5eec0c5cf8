// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.D;
import static io.paxos.protocol.Given.E;
import static io.paxos.protocol.Given.command;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.slot;
import static io.paxos.protocol.Given.slots;
import static io.paxos.protocol.Stepper.acceptsTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message.Accept;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.Forward;
import io.paxos.model.Ballot;
import io.paxos.model.MemberId;
import io.paxos.model.Membership;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.protocol.Effects.Envelope;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A leader that spares its followers, stepped through a whole replica. Catches: a spared member that is never told, or told
 * what was chosen before it has the value; a slot that waits for good because its only follower is silent; anybody spared by a leader whose
 * own disk is the slow one, while somebody waits at another member, or where it was not asked for.
 */
class ThriftyAcceptsTest {

    private static final long SPARE_MILLIS = 3;

    private Stepper a = Stepper.sparing(memory(A, members(3)), membership(3), SPARE_MILLIS);
    private Ballot mine = Ballot.NONE;
    private long lastSlot = 1;

    private static Membership membership(int voters) {
        return members(voters);
    }

    private void lead(MemberId... others) {
        mine = a.lead(others);
        a.force();
        for (MemberId each : others) {
            a.votes(each, mine, slot(1));
        }
        a.at(a.nowMillis());
    }

    private Effects submitOne() {
        lastSlot++;
        return a.submit(command(lastSlot, "x"));
    }

    /** One command, chosen by the leader's own vote and theirs, at once. */
    private void chooseOne(MemberId... others) {
        submitOne();
        a.force();
        for (MemberId each : others) {
            a.votes(each, mine, slot(lastSlot));
        }
        assertEquals(lastSlot, a.replica.status().knownChosen());
    }

    /** A sample in which that follower's votes were first. */
    private void sampleWith(MemberId... quick) {
        for (int i = 0; i < ThriftyAccepts.SAMPLE_SLOTS; i++) {
            chooseOne(quick);
        }
    }

    private static List<Long> slotsOf(List<Proposal> accepts) {
        return accepts.stream().map(Proposal::slot).toList();
    }

    private static boolean isAsked(MemberId member, Effects effects) {
        return !acceptsTo(member, effects).isEmpty();
    }

    @Test
    void afterASampleTheSlowerFollowerIsSparedAndGetsManySlotsInOneGo() {
        lead(B);
        sampleWith(B);
        List<Long> spared = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            Effects asked = submitOne();
            assertTrue(isAsked(B, asked));
            assertEquals(List.of(), acceptsTo(C, asked));
            spared.add(lastSlot);
            a.force();
            a.votes(B, mine, slot(lastSlot));
        }
        Effects early = a.later(SPARE_MILLIS - 1);
        assertEquals(List.of(), acceptsTo(C, early));
        Effects due = a.later(1);
        assertEquals(spared, slotsOf(acceptsTo(C, due)));
        List<Object> toC = new ArrayList<>();
        for (Envelope each : due.sendNow()) {
            if (each.to().equals(C.node())) {
                toC.add(each.message());
            }
        }
        assertTrue(toC.get(4) instanceof Accept, "the values first");
        SlotRange told = slots(spared.get(0), spared.get(4));
        assertEquals(new ChosenNotice(mine, told, lastSlot), toC.get(5));
    }

    @Test
    void whoWasSlowIsAskedAgainWhenTheOneThatIsAskedFallsSilent() {
        lead(B);
        sampleWith(B);
        submitOne();
        a.force();
        Effects late = a.later(SPARE_MILLIS);
        assertEquals(List.of(lastSlot), slotsOf(acceptsTo(C, late)));
        assertEquals(1, a.votes(C, mine, slot(lastSlot)).chosen().size());
        Effects next = submitOne();
        assertTrue(isAsked(B, next) && isAsked(C, next), "everyone, until it is known again who is quick");
        a.force();
        a.votes(C, mine, slot(lastSlot));
        sampleWith(C);
        Effects after = submitOne();
        assertTrue(isAsked(C, after));
        assertEquals(List.of(), acceptsTo(B, after));
    }

    @Test
    void nobodyIsSparedWhereVotesTakeLong() {
        lead(B);
        for (int i = 0; i < 3 * ThriftyAccepts.SAMPLE_SLOTS; i++) {
            Effects asked = submitOne();
            assertTrue(isAsked(B, asked) && isAsked(C, asked));
            a.force();
            a.later(SPARE_MILLIS);
            a.votes(B, mine, slot(lastSlot));
        }
    }

    /** With two followers that are quicker than its own disk, a leader would wait for that disk. */
    @Test
    void nobodyIsSparedByALeaderWhoseOwnVoteComesLast() {
        lead(B);
        for (int i = 0; i < 10 * ThriftyAccepts.SAMPLE_SLOTS; i++) {
            Effects asked = submitOne();
            assertTrue(isAsked(B, asked) && isAsked(C, asked));
            a.votes(B, mine, slot(lastSlot));
            a.votes(C, mine, slot(lastSlot));
            a.force();
        }
    }

    @Test
    void whileSomebodyWaitsAtAnotherMemberNobodyIsSpared() {
        lead(B);
        sampleWith(B);
        submitOne();
        Effects forwarded = a.hear(C, new Forward(1, List.of(command(1_000, "y"))));
        lastSlot++;
        assertEquals(
                List.of(lastSlot - 1, lastSlot), slotsOf(acceptsTo(C, forwarded)), "what it was spared, and the next");
        Effects next = submitOne();
        assertTrue(isAsked(B, next) && isAsked(C, next));
    }

    @Test
    void nowAndThenEveryoneIsAskedAnew() {
        lead(B);
        sampleWith(B);
        int spared = 0;
        Effects asked = submitOne();
        while (!isAsked(C, asked) || slotsOf(acceptsTo(C, asked)).size() > 1) {
            spared++;
            a.force();
            a.votes(B, mine, slot(lastSlot));
            assertTrue(spared <= ThriftyAccepts.SPARING_SLOTS_MAX);
            asked = submitOne();
        }
        assertEquals(ThriftyAccepts.SPARING_SLOTS_MAX, spared);
    }

    @Test
    void ofFiveTwoAreAsked() {
        a = Stepper.sparing(memory(A, members(5)), membership(5), SPARE_MILLIS);
        lead(B, C);
        sampleWith(E, C);
        Effects asked = submitOne();
        assertTrue(isAsked(C, asked) && isAsked(E, asked));
        assertTrue(!isAsked(B, asked) && !isAsked(D, asked));
        a.force();
        a.votes(C, mine, slot(lastSlot));
        assertEquals(1, a.votes(E, mine, slot(lastSlot)).chosen().size());
    }

    @Test
    void byDefaultEveryoneIsAsked() {
        a = Stepper.of(memory(A, members(3)));
        lead(B);
        sampleWith(B);
        sampleWith(B);
        Effects asked = submitOne();
        assertTrue(isAsked(B, asked) && isAsked(C, asked));
    }

    /** Leadership that ends forgets what it held back: the next leader finds it among the votes, or not at all. */
    @Test
    void whatWasHeldBackIsForgottenWithTheLeadership() {
        lead(B);
        sampleWith(B);
        submitOne();
        mine = a.lead(B);
        assertEquals(
                List.of(),
                acceptsTo(C, a.later(SPARE_MILLIS)).stream()
                        .filter(each -> !each.ballot().equals(mine))
                        .toList());
    }

    @Test
    void theDelayIsBelowTheRetransmission() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> Timing.DEFAULT.sparing(100));
        assertEquals(
                "spareMillis: 100 ms is outside the allowed range 0..99, below retransmitMillis", refused.getMessage());
    }
}
