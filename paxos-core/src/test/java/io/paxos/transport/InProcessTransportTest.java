// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.paxos.message.Frame;
import io.paxos.message.Message;
import io.paxos.model.Ballot;
import io.paxos.model.FoundingId;
import io.paxos.model.NodeId;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class InProcessTransportTest extends TransportContract {

    @Override
    protected World newWorld() {
        InProcessNetwork network = new InProcessNetwork(8 << 20);
        return new World() {
            @Override
            public Transport transport(NodeId node) {
                return network.transport(node);
            }

            @Override
            public String address(NodeId node) {
                return node.toString();
            }

            @Override
            public long framesDropped(Transport transport) {
                return ((InProcessTransport) transport).framesDropped();
            }

            @Override
            public int frameBytesMax() {
                return 8 << 20;
            }

            @Override
            public boolean survivesHangingReceivers() {
                return false;
            }

            @Override
            public long inFlightBytesMax() {
                return 8 << 20;
            }
        };
    }

    @Test
    void aCutLinkDropsInItsDirectionOnlyUntilItIsHealed() throws Exception {
        InProcessNetwork network = new InProcessNetwork();
        try (InProcessTransport a = network.transport(N1);
                InProcessTransport b = network.transport(N2)) {
            BlockingQueue<Frame> atA = new LinkedBlockingQueue<>();
            BlockingQueue<Frame> atB = new LinkedBlockingQueue<>();
            a.start(introduction(1, 1), atA::add);
            b.start(introduction(2, 1), atB::add);

            network.cut(N1, N2);
            sendNow(a, N2, frame(1, 1));
            sendNow(b, N1, frame(2, 2));
            assertEquals(frame(2, 2), atA.poll(10, TimeUnit.SECONDS));
            assertEquals(1, a.framesDropped());
            assertFalse(a.isReachable(N2));
            assertTrue(b.isReachable(N1));

            network.heal(N1, N2);
            sendNow(a, N2, frame(1, 3));
            assertEquals(frame(1, 3), atB.poll(10, TimeUnit.SECONDS));
            assertTrue(atB.isEmpty(), "what was dropped stays dropped");

            network.cut(N2, N1);
            network.cut(N1, N2);
            network.healAll();
            sendNow(a, N2, frame(1, 4));
            assertEquals(frame(1, 4), atB.poll(10, TimeUnit.SECONDS));
            assertEquals(1, a.framesReceived());
            assertEquals(2, b.framesReceived());
        }
    }

    @Test
    void aReceiverMayCloseItsOwnTransport() throws Exception {
        InProcessNetwork network = new InProcessNetwork();
        BlockingQueue<Frame> arrived = new LinkedBlockingQueue<>();
        try (InProcessTransport a = network.transport(N1);
                InProcessTransport b = network.transport(N2)) {
            Runnable closeB = b::close;
            a.start(introduction(1, 1), frame -> {});
            b.start(introduction(2, 1), frame -> {
                arrived.add(frame);
                closeB.run();
            });
            sendNow(a, N2, frame(1, 1));
            sendNow(a, N2, frame(1, 2));
            assertEquals(frame(1, 1), arrived.poll(10, TimeUnit.SECONDS));
            assertTrue(arrived.isEmpty());
            assertEquals(1, a.framesDropped());
        }
    }

    @Test
    void aLinkBudgetOutOfRangeIsRefusedWithFieldValueAndRange() {
        IllegalArgumentException refused =
                assertThrows(IllegalArgumentException.class, () -> new InProcessNetwork(1_023));
        assertEquals("linkBytesMax: 1023 is outside the allowed range 1024..1099511627776", refused.getMessage());
    }

    @Test
    void aTransportOfAnotherNodeCannotBeStarted() throws IOException {
        try (InProcessTransport transport = new InProcessNetwork().transport(N1)) {
            assertThrows(IllegalArgumentException.class, () -> transport.start(introduction(2, 1), frame -> {}));
        }
    }

    private static void sendNow(Transport transport, NodeId to, Frame frame) {
        transport.send(to, frame);
        transport.flush();
    }

    private static Frame frame(int from, long sequence) {
        Message heartbeat = new Message.Heartbeat(new Ballot(1, member(from)), sequence, true, 0);
        return new Frame(FoundingId.NONE, 0, member(from), 1, heartbeat);
    }
}
