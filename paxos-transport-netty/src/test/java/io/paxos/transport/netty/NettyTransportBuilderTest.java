// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.paxos.model.NodeId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class NettyTransportBuilderTest {
    private static final NodeId N2 = new NodeId(2);

    @Test
    void whatIsOutOfRangeIsRefusedWithFieldValueAndRange() {
        Map<String, UnaryOperator<NettyTransportBuilder>> table = new LinkedHashMap<>();
        table.put("bind host: ' ' must not be blank", b -> b.bind(" ", 1));
        table.put("bind port: -1 is outside the allowed range 0..65535", b -> b.bind("a", -1));
        table.put("bind port: 65536 is outside the allowed range 0..65535", b -> b.bind("a", 65_536));
        table.put("peer n2 port: 0 is outside the allowed range 1..65535", b -> b.peer(N2, "a", 0));
        table.put("peer n2 host: '' must not be blank", b -> b.peer(N2, "", 1));
        table.put("peer: none is no node", b -> b.peer(NodeId.NONE, "a", 1));
        table.put("frameBytesMax: 4095 is outside the allowed range 4096..268435456", b -> b.frameBytesMax(4_095));
        table.put(
                "peerBudgetBytesMax: 4194304 is outside the allowed range 4259840..1099511627776",
                b -> b.peerBudgetBytesMax(4 << 20));
        table.put(
                "unidentifiedConnectionsMax: 0 is outside the allowed range 1..65536",
                b -> b.unidentifiedConnectionsMax(0));
        table.put("ioThreads: 65 is outside the allowed range 1..64", b -> b.ioThreads(65));
        table.put("connectTimeoutMillis: 9 is outside the allowed range 10..3600000", b -> b.connectTimeoutMillis(9));
        table.put("helloTimeoutMillis: 0 is outside the allowed range 10..3600000", b -> b.helloTimeoutMillis(0));
        table.put("deadPeerMillis: 999 is outside the allowed range 1000..3600000", b -> b.deadPeerMillis(999));
        table.put("reconnectMillisMin: 0 is outside the allowed range 1..3600000", b -> b.reconnectMillis(0, 5));
        table.put("reconnectMillisMax: 5 is outside the allowed range 6..3600000", b -> b.reconnectMillis(6, 5));
        table.forEach((message, wrong) -> {
            NettyTransportBuilder builder = NettyTransport.builder().bind("localhost", 0);
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class, () -> wrong.apply(builder).build());
            assertEquals(message, refused.getMessage());
        });
        assertEquals(
                "bind: missing, say where to listen",
                assertThrows(IllegalArgumentException.class, () -> NettyTransport.builder()
                                .build())
                        .getMessage());
    }

    @Test
    void everyValueInForceIsPrinted() {
        assertEquals(
                "Netty transport, bind localhost:7001, peers {n2=example.org:7002}, Limits[frameBytesMax=4194304,"
                        + " peerBudgetBytesMax=16777216, sendBufferBytes=262144, unidentifiedConnectionsMax=64, ioThreads=1,"
                        + " connectTimeoutMillis=2000, helloTimeoutMillis=3000, deadPeerMillis=5000,"
                        + " reconnectMillisMin=50, reconnectMillisMax=2000], allocator PooledByteBufAllocator",
                NettyTransport.builder()
                        .bind("localhost", 7001)
                        .peer(N2, "example.org", 7002)
                        .build()
                        .toString());
    }
}
