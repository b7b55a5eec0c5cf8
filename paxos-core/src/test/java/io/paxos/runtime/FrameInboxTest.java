// SPDX-License-Identifier: Apache-2.0
package io.paxos.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.paxos.driver.Driver;
import io.paxos.message.Frame;
import io.paxos.message.FrameCodec;
import io.paxos.message.Message;
import io.paxos.model.FoundingId;
import io.paxos.model.Incarnation;
import io.paxos.model.MemberId;
import io.paxos.model.NodeId;
import org.junit.jupiter.api.Test;

class FrameInboxTest {

    private static final Frame FRAME = new Frame(
            new FoundingId(1, 2), 0, new MemberId(new NodeId(2), new Incarnation(3)), 1, new Message.Canvass(5, 0));

    private final StopSignal stop = new StopSignal();
    private final FrameInbox inbox = new FrameInbox(3L * FrameCodec.encodedLength(FRAME), false, stop);

    @Test
    void framesBeyondTheBoundAreDroppedAndCountedOnce() {
        for (int i = 0; i < 5; i++) {
            inbox.receive(FRAME);
        }
        assertEquals(3, inbox.poll().size());
        assertEquals(2, inbox.takeDropped());
        assertEquals(0, inbox.takeDropped());
    }

    /**
     * Simulator, seed 490: a page of values that is as long as the inbox, with its headers longer, was dropped each time it
     * came, and its receiver never caught up.
     */
    @Test
    void aFrameLongerThanTheBoundIsTakenWhenNothingElseWaits() {
        FrameInbox narrow = new FrameInbox(1, false, stop);
        narrow.receive(FRAME);
        narrow.receive(FRAME);
        assertEquals(1, narrow.poll().size());
        assertEquals(1, narrow.takeDropped());
    }

    @Test
    void whatIsNoFrameIsNeverDropped() {
        for (int i = 0; i < 5; i++) {
            inbox.receive(FRAME);
            inbox.put(Driver::endTurn);
        }
        assertEquals(3 + 5, inbox.poll().size());
    }

    @Test
    void aNodeThatEndsTakesNothingIn() {
        stop.close();
        inbox.receive(FRAME);
        assertEquals(0, inbox.poll().size());
        assertEquals(0, inbox.takeDropped());
    }
}
