// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.paxos.Outcome;
import io.paxos.PaxosNode;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.NettyTransport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An endpoint on the event loops of its node's transport. */
@Timeout(60)
class SharedLoopsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final NodeId SELF = new NodeId(1);

    @TempDir
    private Path directory;

    private final NettyTransport transport =
            NettyTransport.builder().bind("127.0.0.1", 0).ioThreads(1).build();
    private PaxosNode node;
    private NettyClientEndpoint endpoint;

    @BeforeEach
    void start() throws IOException {
        node = PaxosNode.builder()
                .cluster("shared")
                .node(SELF)
                .voters(List.of(SELF))
                .directory(directory)
                .formatIfEmpty(true)
                .transport(transport)
                .stateMachine(entry -> entry.command())
                .start();
        node.awaitReady(PATIENCE);
        endpoint = serve(0);
    }

    private NettyClientEndpoint serve(int port) throws IOException {
        return NettyClientEndpoint.on("127.0.0.1", port)
                .gateway(node.clients())
                .eventLoopGroup(transport.eventLoopGroup())
                .start();
    }

    @AfterEach
    void close() {
        endpoint.close();
        node.close();
    }

    private PaxosClient client() {
        return PaxosClient.builder()
                .cluster("shared")
                .address("127.0.0.1", endpoint.localAddress().getPort())
                .connect();
    }

    private static void isServed(PaxosClient client) throws InterruptedException {
        byte[] command = {7};
        assertInstanceOf(Outcome.Done.class, client.executeAndWait(command, PATIENCE));
    }

    private static long secondsOf(Runnable work) {
        long began = System.nanoTime();
        work.run();
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);
    }

    @Test
    void anEndpointThatClosesFirstLeavesTheLoopsToTheTransport() throws Exception {
        PaxosClient bereft = client();
        isServed(bereft);
        assertEquals(0, secondsOf(endpoint::close));
        bereft.close(Duration.ofMillis(10));
        EventLoopGroup loops = transport.eventLoopGroup();
        assertFalse(loops.isShuttingDown());
        endpoint = serve(0);
        try (PaxosClient client = client()) {
            isServed(client);
        }
        endpoint.close();
        node.close();
        assertTrue(loops.isTerminated());
    }

    @Test
    void thePortIsFreeWhenCloseReturnsThoughTheLoopsLiveOn() throws Exception {
        int port = endpoint.localAddress().getPort();
        for (int i = 0; i < 200; i++) {
            endpoint.close();
            endpoint = serve(port);
        }
    }

    @Test
    void anEndpointWhoseNodeClosedFirstClosesAtOnce() throws Exception {
        PaxosClient bereft = client();
        isServed(bereft);
        node.close();
        assertTrue(transport.eventLoopGroup().isTerminated());
        assertEquals(0, secondsOf(endpoint::close));
        assertEquals(0, endpoint.connections());
        bereft.close(Duration.ofMillis(10));
    }

    /** A loop that hears of its end amid its tasks ended with the sockets of others open, and an endpoint waited for them. */
    @Test
    void anEndpointWhoseNodeClosedWhileTheLoopWasBusyClosesAtOnceAndItsPortIsFree() throws Exception {
        int port = endpoint.localAddress().getPort();
        PaxosClient bereft = client();
        isServed(bereft);
        EventLoopGroup loops = transport.eventLoopGroup();
        loops.execute(() -> {
            while (!loops.isShuttingDown()) {
                Thread.onSpinWait();
            }
        });
        node.close();
        assertTrue(loops.isTerminated());
        assertEquals(0, secondsOf(endpoint::close));
        assertEquals(0, endpoint.connections());
        bereft.close(Duration.ofMillis(10));
        try (ServerSocket free = new ServerSocket()) {
            free.setReuseAddress(true);
            free.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        }
    }
}
