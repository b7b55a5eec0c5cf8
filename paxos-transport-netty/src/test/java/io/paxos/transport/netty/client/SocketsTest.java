// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.ChannelException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.local.LocalIoHandler;
import io.paxos.Outcome;
import io.paxos.PaxosNode;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.NettyTransport;
import io.paxos.transport.netty.Ports;
import io.paxos.transport.netty.Sockets;
import io.paxos.transport.netty.connect.EventLoops;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Members, an endpoint and a client on the kind of sockets that a host hands in. */
@Timeout(60)
class SocketsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String LOOPBACK = "127.0.0.1";
    private static final NodeId N1 = new NodeId(1);
    private static final NodeId N2 = new NodeId(2);

    @TempDir
    private Path directory;

    /** Sockets of NIO that count what is made of them. */
    private static final class Counted {
        final AtomicInteger handlers = new AtomicInteger();
        final AtomicInteger dialled = new AtomicInteger();
        final AtomicInteger listening = new AtomicInteger();
        final Sockets sockets = new Sockets(
                executor -> {
                    handlers.incrementAndGet();
                    return Sockets.NIO.ioHandlers().newHandler(executor);
                },
                () -> {
                    dialled.incrementAndGet();
                    return Sockets.NIO.dialling().newChannel();
                },
                () -> {
                    listening.incrementAndGet();
                    return Sockets.NIO.listening().newChannel();
                });
    }

    private PaxosNode start(NodeId self, int port, NodeId other, int otherPort, Sockets sockets) throws IOException {
        return PaxosNode.builder()
                .cluster("sockets")
                .node(self)
                .voters(List.of(N1, N2))
                .directory(directory.resolve(self.toString()))
                .formatIfEmpty(true)
                .transport(NettyTransport.builder()
                        .bind(LOOPBACK, port)
                        .peer(other, LOOPBACK, otherPort)
                        .sockets(sockets)
                        .build())
                .stateMachine(entry -> entry.command())
                .start();
    }

    @Test
    void everyConnectionIsOfTheKindThatWasHandedIn() throws Exception {
        Counted members = new Counted();
        Counted serving = new Counted();
        Counted asking = new Counted();
        int first = Ports.free();
        int second = Ports.free();
        byte[] command = {7};
        try (PaxosNode one = start(N1, first, N2, second, members.sockets);
                PaxosNode two = start(N2, second, N1, first, members.sockets);
                NettyClientEndpoint endpoint = NettyClientEndpoint.on(LOOPBACK, 0)
                        .gateway(one.clients())
                        .sockets(serving.sockets)
                        .start();
                PaxosClient client = PaxosClient.builder()
                        .address(LOOPBACK, endpoint.localAddress().getPort())
                        .sockets(asking.sockets)
                        .connect()) {
            two.awaitReady(PATIENCE);
            assertInstanceOf(Outcome.Done.class, client.executeAndWait(command, PATIENCE));
        }
        assertEquals(2, members.handlers.get(), "one loop each");
        assertEquals(2, members.listening.get());
        assertTrue(members.dialled.get() >= 2, "each dialled the other: " + members.dialled);
        assertEquals(1, serving.handlers.get());
        assertEquals(1, serving.listening.get());
        assertEquals(1, asking.handlers.get());
        assertTrue(asking.dialled.get() >= 1);
    }

    /** Too many files may be open for a while: links of members and of clients dial on. */
    @Test
    void whereNoSocketCanBeHadForAWhileItIsDialledAgain() throws Exception {
        AtomicInteger lacking = new AtomicInteger(6);
        Sockets sockets = new Sockets(
                Sockets.NIO.ioHandlers(),
                () -> {
                    if (lacking.getAndDecrement() > 0) {
                        throw new ChannelException("planted: too many open files");
                    }
                    return Sockets.NIO.dialling().newChannel();
                },
                Sockets.NIO.listening());
        int first = Ports.free();
        int second = Ports.free();
        byte[] command = {7};
        try (PaxosNode one = start(N1, first, N2, second, sockets);
                PaxosNode two = start(N2, second, N1, first, sockets);
                NettyClientEndpoint endpoint = NettyClientEndpoint.on(LOOPBACK, 0)
                        .gateway(one.clients())
                        .start()) {
            two.awaitReady(PATIENCE);
            lacking.set(2);
            try (PaxosClient client = PaxosClient.builder()
                    .address(LOOPBACK, endpoint.localAddress().getPort())
                    .sockets(sockets)
                    .connect()) {
                assertInstanceOf(Outcome.Done.class, client.executeAndWait(command, PATIENCE));
            }
        }
        assertTrue(lacking.get() < 0, "dialled again: " + lacking);
    }

    @Test
    void eventLoopsOfAnotherKindAreRefused() {
        EventLoopGroup loops = EventLoops.of(1, "of-another-kind", LocalIoHandler.newFactory());
        try {
            IOException refused = assertThrows(IOException.class, () -> NettyClientEndpoint.on(LOOPBACK, 0)
                    .gateway(new SilentGateway())
                    .eventLoopGroup(loops)
                    .start());
            assertTrue(refused.getMessage().contains("incompatible event loop type"), refused.getMessage());
        } finally {
            EventLoops.shutDown(loops, 5);
        }
    }
}
