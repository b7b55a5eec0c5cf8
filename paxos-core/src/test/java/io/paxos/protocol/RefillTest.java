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
import static io.paxos.protocol.Stepper.messageIn;
import static io.paxos.protocol.Stepper.messagesIn;
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message.Canvass;
import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.Heartbeat;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.LeadershipOffer;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import io.paxos.model.SlotRange;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Values that this member's journal lost. Catches: a prefix that goes back, a hole that is served or proposed in, a value
 * taken that nobody asked for, a member without the value asked for ever in one step (hazards S9, S10, S14); a cluster that
 * stands still because the only one that knew a value chosen lost it and stays in office.
 */
class RefillTest {

    private static final Ballot OLD = ballot(1, B);
    private static final Limits PAGES_OF_TWO = new Limits(4, 1_024, 4, 1_024, 1_024, 2, 16);

    private static Proposal x(long slot) {
        return proposal(slot, OLD, "x" + slot);
    }

    private static Stepper knowing(long prefix, SlotRange... unknown) {
        return Stepper.of(memory(A, members(3)).known(prefix, 0).unknown(unknown), PAGES_OF_TWO);
    }

    private static Effects hears(Stepper a, MemberId from, long knownChosen) {
        return a.hear(from, new HeartbeatAck(ballot(1, A), 1, OLD, Ballot.NONE, knownChosen, true));
    }

    private static long nonceIn(Effects effects) {
        return messageIn(effects.sendNow(), CatchUpRequest.class).nonce();
    }

    @Test
    void holesAreAskedForLowestFirstAndJournalledAsChosen() {
        Stepper a = knowing(9, slots(3, 5), slot(8));
        wanted().of(a.at(1_000));
        wanted().of(hears(a, B, 2));
        wanted().of(hears(a, B, 9));
        Effects asked = a.at(1_000 + Timing.DEFAULT.heartbeatMillis());
        long nonce = nonceIn(asked);
        wanted().now(B, new CatchUpRequest(nonce, slots(3, 4), 9)).of(asked);
        Effects page = a.hear(B, new CatchUpPage(nonce, 3, List.of(x(3), x(4)), 0, 9));
        long next = nonceIn(page);
        wanted().write(new DurableRecord.Chosen(x(3)), new DurableRecord.Chosen(x(4)))
                .now(B, new CatchUpRequest(next, slot(5), 9))
                .notice(new Notice.Refilled(3, B))
                .notice(new Notice.Refilled(4, B))
                .of(page);
        Effects last = a.hear(B, new CatchUpPage(next, 5, List.of(x(5)), 0, 9));
        long end = nonceIn(last);
        wanted().write(new DurableRecord.Chosen(x(5)))
                .now(B, new CatchUpRequest(end, slot(8), 9))
                .notice(new Notice.Refilled(5, B))
                .of(last);
        wanted().write(new DurableRecord.Chosen(x(8)))
                .notice(new Notice.Refilled(8, B))
                .of(a.hear(B, new CatchUpPage(end, 8, List.of(x(8)), 0, 9)));
        wanted().of(a.hear(B, new CatchUpPage(end, 8, List.of(x(8)), 0, 9)));
    }

    @Test
    void whatARoundOfReadingFoundIsAskedForToo() {
        Stepper a = knowing(9);
        hears(a, C, 9);
        Effects asked = a.step(new Event.ValuesUnknown(slot(7)));
        long nonce = nonceIn(asked);
        wanted().now(C, new CatchUpRequest(nonce, slot(7), 9)).of(asked);
        wanted().of(a.step(new Event.ValuesUnknown(slot(7))));
        // A value of another request, or of a slot that is whole here, is not taken.
        wanted().of(a.hear(C, new CatchUpPage(nonce + 1, 7, List.of(x(7)), 0, 9)));
        Effects more = a.hear(C, new CatchUpPage(nonce, 7, List.of(x(7), x(8)), 0, 9));
        wanted().write(new DurableRecord.Chosen(x(7)))
                .notice(new Notice.Refilled(7, C))
                .of(more);
    }

    @Test
    void whoHasTheSameHoleIsAskedOnceAHeartbeatAndTheNextOneInTurn() {
        Stepper a = knowing(9, slot(3));
        long nonce = nonceIn(hears(a, B, 9));
        wanted().of(hears(a, C, 9));
        wanted().of(a.hear(B, new CatchUpPage(nonce, 3, List.of(), 0, 9)));
        wanted().of(a.at(Timing.DEFAULT.heartbeatMillis() - 1));
        Effects again = a.at(Timing.DEFAULT.heartbeatMillis());
        wanted().now(C, new CatchUpRequest(nonceIn(again), slot(3), 9)).of(again);
    }

    // ---- what is promised ------------------------------------------------------------------------------------

    private static Promise promised(Stepper a, long from) {
        return messageIn(a.hear(B, new Prepare(ballot(2, B), 5, from)).sendAfterWrites(), Promise.class);
    }

    private static void assertVouchesFor(long prefix, List<SlotRange> unknown, Promise page) {
        assertEquals(prefix, page.knownChosen());
        assertEquals(unknown, page.unknown());
    }

    /**
     * B knows 1, has the vote of slot 3 like C, and stands. A knew 9 and lost 3. If A vouched for 9, B would fetch up to 9
     * before it leads, from A alone, and A cannot give it 3.
     */
    @Test
    void aPromiseVouchesForNothingFromTheFirstHoleOn() {
        Stepper a = knowing(9, slot(3), slot(11));
        assertVouchesFor(2, List.of(slots(3, 9), slot(11)), promised(a, 2));
        assertVouchesFor(2, List.of(slots(3, 9), slot(11)), promised(a, 3));
    }

    @Test
    void whoReadsFromBehindTheHoleOnIsPromisedTheWholePrefix() {
        Stepper a = knowing(9, slot(3), slot(11));
        assertVouchesFor(9, List.of(slot(11)), promised(a, 4));
        assertVouchesFor(9, List.of(slot(11)), promised(a, 9));
    }

    /** The next page of a report that began below the hole says no more than the first did. */
    @Test
    void aPageAboveThePrefixVouchesForWhatIsBelowTheHoleOnly() {
        Stepper a = knowing(9, slot(3), slot(11));
        assertVouchesFor(2, List.of(slot(11)), promised(a, 10));
    }

    @Test
    void aFilledHoleIsVouchedForAgain() {
        Stepper a = knowing(9, slot(3));
        long nonce = nonceIn(hears(a, B, 9));
        a.hear(B, new CatchUpPage(nonce, 3, List.of(x(3)), 0, 9));
        assertVouchesFor(9, List.of(), promised(a, 2));
    }

    // ---- a value that only this member knew chosen -----------------------------------------------------------

    /** A leads, knows 9 and lost 3. */
    private static Stepper leading() {
        Stepper a = knowing(9, slot(3));
        Ballot mine = a.lead(B);
        a.force();
        a.votes(B, mine, slot(10));
        Heartbeat beat = messagesIn(a.later(50).sendNow(), Heartbeat.class).get(0);
        for (MemberId each : List.of(B, C)) {
            a.hear(each, new HeartbeatAck(mine, beat.sequence(), mine, mine, 2, true));
        }
        return a;
    }

    private static List<LeadershipOffer> offered(Stepper a) {
        List<LeadershipOffer> offers = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            offers.addAll(messagesIn(a.later(25).sendNow(), LeadershipOffer.class));
        }
        return offers;
    }

    /** B and C voted in slot 3 and never heard that it was chosen: only with one of them in office is it found out. */
    @Test
    void aLeaderAskedForAValueItLostByOneThatKnowsLessHandsOver() {
        Stepper a = leading();
        a.hear(B, new CatchUpRequest(7, slots(3, 4), 2));
        assertEquals(2, offered(a).get(0).knownChosen(), "it offers to whoever knows all that can be fetched from it");
    }

    @Test
    void aLeaderAskedForWhatItHasOrByOneThatLostTheSameValueStays() {
        Stepper a = leading();
        a.hear(B, new CatchUpRequest(7, slots(4, 5), 3));
        a.hear(C, new CatchUpRequest(8, slots(2, 3), 1));
        a.hear(C, new CatchUpRequest(9, slots(3, 3), 9)); // a refill: C knows as much, and lost it too
        assertEquals(List.of(), offered(a));
    }

    @Test
    void whoIsNeededAndCannotHelpDoesNotStandUntilItIsAskedNoMore() {
        Stepper a = knowing(9, slot(3));
        a.at(0);
        a.hear(B, new CatchUpRequest(7, slot(3), 2));
        long quiet = 2 * Timing.DEFAULT.electionTimeoutMaxMillis();
        for (int now = 0; now < quiet; now += 10) {
            assertEquals(List.of(), messagesIn(a.at(now).sendNow(), Canvass.class));
        }
        List<Canvass> canvasses = new ArrayList<>();
        for (long now = quiet; now <= quiet + Timing.DEFAULT.electionTimeoutMaxMillis(); now += 10) {
            canvasses.addAll(messagesIn(a.at(now).sendNow(), Canvass.class));
        }
        assertEquals(false, canvasses.isEmpty());
    }

    @Test
    void whoGotTheValueBackStandsAtOnce() {
        Stepper a = knowing(9, slot(3));
        a.at(0);
        a.hear(B, new CatchUpRequest(7, slot(3), 2));
        hears(a, C, 9);
        long asked = Timing.DEFAULT.heartbeatMillis();
        long nonce = nonceIn(a.at(asked));
        a.hear(C, new CatchUpPage(nonce, 3, List.of(x(3)), 0, 9));
        List<Canvass> canvasses = new ArrayList<>();
        for (long now = asked; now <= Timing.DEFAULT.electionTimeoutMaxMillis() + 10; now += 10) {
            canvasses.addAll(messagesIn(a.at(now).sendNow(), Canvass.class));
        }
        assertEquals(false, canvasses.isEmpty());
    }
}
