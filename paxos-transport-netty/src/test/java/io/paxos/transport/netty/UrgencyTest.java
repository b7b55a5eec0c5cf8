// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static io.paxos.transport.netty.Fixtures.accept;
import static io.paxos.transport.netty.Fixtures.heartbeat;
import static io.paxos.transport.netty.Fixtures.notice;
import static io.paxos.transport.netty.Fixtures.piece;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.message.Message;
import io.paxos.model.Command;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What may overtake what. Catches: what is of one order, however small, sent ahead of what it belongs behind. */
class UrgencyTest {

    private static Urgency of(Frame frame) {
        return Urgency.of(frame.message(), FrameCodec.encodedLength(frame));
    }

    @Test
    void whatOthersWaitForOvertakesValuesAndBulk() {
        assertEquals(Urgency.URGENT, of(heartbeat(1, 1, 1)));
        assertEquals(Urgency.BULK, of(piece(1, 1, 10)));
        assertEquals(Urgency.VALUES, of(accept(1, 1, 60_000)));
    }

    @Test
    void valuesAndTheWordOfThemStayInOrderHoweverSmall() {
        Frame nine = accept(1, 1, 10);
        assertEquals(Urgency.VALUES, of(nine));
        assertEquals(Urgency.VALUES, of(notice(1, 1)));
        assertEquals(
                Urgency.VALUES,
                Urgency.of(new Message.ChosenValues(List.of(((Message.Accept) nine.message()).proposal()), 9), 60));
    }

    /** Those of one session: the leader would take the later ones, and all would be sent again. */
    @Test
    void commandsStayInOrderHoweverFew() {
        assertEquals(Urgency.VALUES, Urgency.of(new Message.Forward(1, List.of(Command.tick())), 60));
    }

    @Test
    void whatIsLargeIsNotUrgentWhateverItIs() {
        Message any = heartbeat(1, 1, 1).message();
        assertEquals(Urgency.URGENT, Urgency.of(any, Limits.SMALL_FRAME_BYTES_MAX));
        assertEquals(Urgency.VALUES, Urgency.of(any, Limits.SMALL_FRAME_BYTES_MAX + 1));
    }
}
