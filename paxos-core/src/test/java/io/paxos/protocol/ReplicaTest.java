// SPDX-License-Identifier: Apache-2.0
package io.paxos.protocol;

import static io.paxos.protocol.Given.A;
import static io.paxos.protocol.Given.B;
import static io.paxos.protocol.Given.C;
import static io.paxos.protocol.Given.STRANGER;
import static io.paxos.protocol.Given.ballot;
import static io.paxos.protocol.Given.command;
import static io.paxos.protocol.Given.members;
import static io.paxos.protocol.Given.memory;
import static io.paxos.protocol.Given.proposal;
import static io.paxos.protocol.Given.slots;
import static io.paxos.protocol.Given.upFrom;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Message;
import io.paxos.message.Message.Accept;
import io.paxos.message.Message.Accepted;
import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CanvassReply;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.ChosenNotice;
import io.paxos.message.Message.Forward;
import io.paxos.message.Message.ForwardRefused;
import io.paxos.message.Message.FoundingActivation;
import io.paxos.message.Message.FoundingAdopted;
import io.paxos.message.Message.FoundingGreeting;
import io.paxos.message.Message.FoundingRefusal;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.LeadershipOffer;
import io.paxos.message.Message.LeaseSurrender;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.message.Message.ReadPointAnswer;
import io.paxos.message.Message.ReadPointRequest;
import io.paxos.message.Message.ReadRound;
import io.paxos.message.Message.ReadRoundAnswer;
import io.paxos.message.Message.RefusalReason;
import io.paxos.message.Message.Rejected;
import io.paxos.model.Ballot;
import io.paxos.model.CorruptValueException;
import io.paxos.model.FoundingId;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import io.paxos.model.Value;
import io.paxos.protocol.Effects.Envelope;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * A replica as a whole: dead is dead, time goes one way, and the same events under the same seed give the same effects.
 * Catches: a step that goes on behind a violation, a draw from anything but the seed, iteration in hash order, any answer of
 * the acceptor in {@code sendNow} (S1).
 */
class ReplicaTest {

    // ---- death -----------------------------------------------------------------------------------------------

    @Test
    void afterAViolatedInvariantEveryStepThrowsAndEmitsNothing() {
        Stepper a = Stepper.of(memory(A, members(3)).votes(proposal(1, ballot(1, B), "x")));
        assertThrows(InvariantViolation.class, () -> a.hear(B, new Accept(proposal(1, ballot(1, B), "y"))));
        for (int i = 0; i < 3; i++) {
            IllegalStateException dead = assertThrows(IllegalStateException.class, () -> a.at(10));
            assertEquals("this replica is dead: an earlier step failed", dead.getMessage());
        }
        assertThrows(IllegalStateException.class, () -> a.hear(B, new Prepare(ballot(3, B), 1, 1)));
        assertThrows(IllegalStateException.class, () -> a.submit(command(1, "x")));
    }

    @Test
    void anyOtherExceptionKillsItToo() {
        Proposal noBatch = new Proposal(1, ballot(1, B), Value.of(new byte[3]));
        Stepper a = Stepper.of(memory(A, members(3)).votes(noBatch));
        ChosenNotice chosen = new ChosenNotice(ballot(1, B), new SlotRange(1, 1), 1);
        assertThrows(CorruptValueException.class, () -> a.hear(B, chosen));
        assertThrows(IllegalStateException.class, () -> a.at(1));
    }

    @Test
    void timeNeverGoesBack() {
        Stepper a = Stepper.of(memory(A, members(3)));
        a.at(100);
        a.at(100);
        InvariantViolation back = assertThrows(InvariantViolation.class, () -> a.at(99));
        assertEquals("time goes back: 99", back.getMessage());
        assertThrows(IllegalStateException.class, () -> a.at(100));
    }

    // ---- strangers -------------------------------------------------------------------------------------------

    @Test
    void nobodyButMembersIsListenedTo() {
        Stepper a = Stepper.of(memory(A, members(3)));
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 2_000; i++) {
            Message message = randomMessage(random, STRANGER);
            if (!(message instanceof FoundingGreeting) && !(message instanceof FoundingActivation)) {
                wanted().of(a.hear(STRANGER, message));
            }
        }
        wanted().of(a.hear(Given.member(4), new Prepare(ballot(1, Given.member(4)), 1, 1)));
    }

    // ---- the same again --------------------------------------------------------------------------------------

    @Test
    void theSameSeedAndEventsGiveTheSameEffects() {
        int steps = 0;
        int deaths = 0;
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Stepper one = replica(seed);
            Stepper two = replica(seed);
            long now = 0;
            for (int i = 0; i < 200; i++) {
                Event event = randomEvent(random, now, one);
                if (event instanceof Event.TimeIsNow time) {
                    now = time.nowMillis();
                }
                String first = outcome(one, event);
                assertEquals(first, outcome(two, event), "seed " + seed + ", step " + i + ", " + event);
                assertEquals(one.replica.status(), two.replica.status());
                steps++;
                if (first.startsWith("died")) {
                    deaths++;
                    break;
                }
            }
        }
        assertTrue(steps > 40_000, "steps " + steps + ", deaths " + deaths);
    }

    @Test
    void anotherSeedGivesOtherNonces() {
        assertNotEquals(replica(1).canvass().nonce(), replica(2).canvass().nonce());
    }

    /** Hazard S1, over whatever comes: nothing that depends on the disk leaves before the disk has it. */
    @Test
    void whatRevealsAPromiseOrAVoteNeverLeavesAtOnce() {
        TreeSet<String> seen = new TreeSet<>();
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            Stepper a = replica(seed);
            long now = 0;
            for (int i = 0; i < 200; i++) {
                Event event = randomEvent(random, now, a);
                if (event instanceof Event.TimeIsNow time) {
                    now = time.nowMillis();
                }
                Effects effects;
                try {
                    effects = a.step(event);
                } catch (IllegalStateException died) {
                    break;
                }
                for (Envelope each : effects.sendNow()) {
                    assertFalse(reveals(each.message()), "seed " + seed + ", step " + i + ": " + each);
                    assertNotEquals(A.node(), each.to(), "to itself at once: " + each);
                }
                for (Envelope each : effects.sendAfterWrites()) {
                    seen.add(each.message().getClass().getSimpleName());
                }
            }
        }
        assertEquals(
                new TreeSet<>(List.of(
                        "Accepted",
                        "CanvassReply",
                        "FoundingActivation",
                        "FoundingRefusal",
                        "HeartbeatAck",
                        "Prepare",
                        "Promise",
                        "Rejected")),
                seen,
                "the random events must reach every kind of answer");
    }

    private static boolean reveals(Message message) {
        return message instanceof Promise
                || message instanceof Accepted
                || message instanceof Rejected
                || message instanceof CanvassReply
                || message instanceof HeartbeatAck
                || message instanceof FoundingAdopted
                || message instanceof FoundingGreeting
                || message instanceof FoundingActivation
                || message instanceof FoundingRefusal;
    }

    private static Stepper replica(long seed) {
        return new Stepper(
                memory(A, members(3)).known(2, 0).votes(value(4, ballot(1, B))).state(),
                Given.plan(members(3)),
                new Limits(4, 1_024, 4, 1_024, 1_024, 3, 8),
                seed);
    }

    private static String outcome(Stepper replica, Event event) {
        try {
            return replica.step(event).toString();
        } catch (IllegalStateException died) {
            return "died: " + died.getMessage();
        }
    }

    /** Time moves, its own words come back from the disk, a cooperative member answers, or anything at all arrives. */
    private static Event randomEvent(SplittableRandom random, long now, Stepper replica) {
        List<Message> own = replica.toItself();
        Message agreement = replica.agreement();
        int lot = random.nextInt(14);
        if (lot == 13) {
            return random.nextInt(4) == 0
                    ? new Event.TimeWasLost()
                    : new Event.ReadPointWanted(1 + random.nextInt(9), random.nextBoolean());
        }
        if (lot == 12) {
            return random.nextInt(4) == 0
                    ? new Event.HandOverAsked(random.nextBoolean() ? null : B.node())
                    : new Event.FitnessChanged(random.nextInt(3) > 0, random.nextInt(4) > 0, random.nextInt(3) > 0);
        }
        if (lot >= 9 && agreement != null) {
            return new Event.MessageArrived(B, agreement);
        }
        if (lot < 3) {
            return new Event.TimeIsNow(now + random.nextInt(120));
        }
        if (lot < 5 && !own.isEmpty()) {
            return new Event.MessageArrived(A, own.get(own.size() - 1));
        }
        if (lot < 6) {
            return new Event.CommandsSubmitted(List.of(command(1 + random.nextInt(9), "x")));
        }
        MemberId from = random.nextBoolean() ? B : C;
        return new Event.MessageArrived(from, randomMessage(random, from));
    }

    /** Of each slot one value, whatever the ballot, so that hardly any message contradicts another. */
    private static Proposal value(long slot, Ballot ballot) {
        return proposal(slot, ballot, "value of " + slot);
    }

    private static Message randomMessage(SplittableRandom random, MemberId from) {
        Ballot theirs = ballot(1 + random.nextInt(6), from);
        Ballot any = ballot(1 + random.nextInt(6), Given.member(1 + random.nextInt(3)));
        Ballot maybe = random.nextBoolean() ? any : Ballot.NONE;
        long slot = 1 + random.nextLong(8);
        long known = random.nextInt(6);
        long nonce = 1 + random.nextLong(3);
        boolean yes = random.nextBoolean();
        List<Message> all = new ArrayList<>();
        all.add(new FoundingGreeting(yes ? Given.FOUNDING : FoundingId.NONE, 5));
        all.add(new FoundingActivation(Given.FOUNDING));
        all.add(new Canvass(nonce, known));
        all.add(new CanvassReply(nonce, yes, maybe, maybe, known));
        all.add(new Prepare(theirs, nonce, slot));
        all.add(new Promise(any, nonce, upFrom(slot), 0, known, List.of(value(slot, theirs)), List.of(), List.of()));
        all.add(new Accept(value(slot, theirs)));
        all.add(new Accepted(any, slots(slot, slot + 2), any, known));
        all.add(new Rejected(any, yes ? nonce : 0, slot, any, maybe, known));
        all.add(new Heartbeat(theirs, nonce, yes, known));
        all.add(new HeartbeatAck(any, nonce, any, maybe, known, true));
        all.add(new LeadershipOffer(yes ? theirs : any, nonce, known));
        all.add(new ChosenNotice(theirs, slots(slot, slot + 1), known));
        all.add(new CatchUpRequest(nonce, slots(slot, slot + 3), known));
        all.add(new CatchUpPage(nonce, slot, List.of(value(slot, theirs)), 0, known));
        all.add(new Forward(yes ? 1 : 0, List.of(command(slot, "forwarded"))));
        all.add(new ReadRound(theirs, nonce, yes ? 300 : 0));
        all.add(new ReadRoundAnswer(any, nonce, yes));
        all.add(new ReadPointRequest(yes ? 1 : 0, from.node(), nonce));
        all.add(new ReadPointAnswer(from.node(), nonce, any, known));
        all.add(new LeaseSurrender(any));
        all.add(new ForwardRefused(RefusalReason.NO_LEADER, slot, yes ? A : C, maybe, known));
        return all.get(random.nextInt(all.size()));
    }
}
