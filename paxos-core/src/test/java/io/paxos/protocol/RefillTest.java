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
import static io.paxos.protocol.Wanted.wanted;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Message.CatchUpPage;
import io.paxos.message.Message.CatchUpRequest;
import io.paxos.message.Message.HeartbeatAck;
import io.paxos.message.Message.Prepare;
import io.paxos.message.Message.Promise;
import io.paxos.model.Ballot;
import io.paxos.model.DurableRecord;
import io.paxos.model.MemberId;
import io.paxos.model.Proposal;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Values that this member's journal lost. Catches: a prefix that goes back, a hole that is served or proposed in, a value
 * taken that nobody asked for, a member without the value asked for ever in one step (hazards S9, S10, S14).
 */
class RefillTest {

    private static final Ballot OLD = ballot(1, B);
    private static final Limits PAGES_OF_TWO = new Limits(4, 1_024, 4, 1_024, 1_024, 2, 16);

    private static Proposal x(long slot) {
        return proposal(slot, OLD, "x" + slot);
    }

    private static Stepper knowing(long prefix, io.paxos.model.SlotRange... unknown) {
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
        wanted().now(B, new CatchUpRequest(nonce, slots(3, 4))).of(asked);
        Effects page = a.hear(B, new CatchUpPage(nonce, 3, List.of(x(3), x(4)), 0, 9));
        long next = nonceIn(page);
        wanted().write(new DurableRecord.Chosen(x(3)), new DurableRecord.Chosen(x(4)))
                .now(B, new CatchUpRequest(next, slot(5)))
                .notice(new Notice.Refilled(3, B))
                .notice(new Notice.Refilled(4, B))
                .of(page);
        Effects last = a.hear(B, new CatchUpPage(next, 5, List.of(x(5)), 0, 9));
        long end = nonceIn(last);
        wanted().write(new DurableRecord.Chosen(x(5)))
                .now(B, new CatchUpRequest(end, slot(8)))
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
        wanted().now(C, new CatchUpRequest(nonce, slot(7))).of(asked);
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
        wanted().now(C, new CatchUpRequest(nonceIn(again), slot(3))).of(again);
    }

    @Test
    void aHoleNeitherMovesThePrefixBackNorIsPromised() {
        Stepper a = knowing(9, slot(3), slot(11));
        Ballot ballot = ballot(2, B);
        Effects promised = a.hear(B, new Prepare(ballot, 5, 1));
        Promise page = messageIn(promised.sendAfterWrites(), Promise.class);
        assertEquals(9, page.knownChosen());
        // Slot 3 is chosen, which the prefix says; of slot 11 nobody knows the vote.
        assertEquals(List.of(slot(11)), page.unknown());
    }
}
