// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.paxos.model.NodeId;
import io.paxos.transport.Transport;
import io.paxos.transport.TransportContract;
import java.util.Map;
import java.util.TreeMap;

class NettyTransportTest extends TransportContract {
    private static final String LOOPBACK = "127.0.0.1";
    private static final int NODES = 5;
    private static final int BUDGET_BYTES = 8 << 20;

    /** What Linux lets one connection hold on both ends, at its usual settings; and one read of Netty's. */
    private static final int SYSTEM_BYTES = 16 << 20;

    @Override
    protected World newWorld() {
        Map<NodeId, Integer> ports = new TreeMap<>();
        for (int number = 1; number <= NODES; number++) {
            ports.put(new NodeId(number), Ports.free());
        }
        return new World() {
            @Override
            public Transport transport(NodeId node) {
                NettyTransportBuilder builder =
                        NettyTransport.builder().bind(LOOPBACK, ports.get(node)).peerBudgetBytesMax(BUDGET_BYTES);
                ports.forEach((peer, port) -> builder.peer(peer, LOOPBACK, port));
                return builder.build();
            }

            @Override
            public String address(NodeId node) {
                return LOOPBACK + ":" + ports.get(node);
            }

            @Override
            public long framesDropped(Transport transport) {
                return ((NettyTransport) transport).counters().framesDropped();
            }

            @Override
            public int frameBytesMax() {
                return Limits.DEFAULT.frameBytesMax();
            }

            @Override
            public boolean survivesHangingReceivers() {
                return true;
            }

            @Override
            public long inFlightBytesMax() {
                return BUDGET_BYTES + SYSTEM_BYTES;
            }
        };
    }
}
