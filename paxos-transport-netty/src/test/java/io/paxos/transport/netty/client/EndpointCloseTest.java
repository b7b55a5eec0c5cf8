// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import io.paxos.transport.netty.connect.EventLoops;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whom an endpoint has still to do with when it closes, on two loops: one accepts, the other gets the first connection. */
@Timeout(30)
class EndpointCloseTest {
    private static final int MILLIS_MAX = 10_000;

    private final EventLoopGroup group = EventLoops.of(2, "endpoint-under-test", NioIoHandler.newFactory());
    private final List<EventExecutor> loops = new ArrayList<>();
    private final CountDownLatch held = new CountDownLatch(1);

    @AfterEach
    void end() {
        held.countDown();
        EventLoops.shutDown(group, 5);
    }

    private NettyClientEndpoint serve() throws Exception {
        group.forEach(loops::add);
        return NettyClientEndpoint.on("127.0.0.1", 0)
                .gateway(new SilentGateway())
                .eventLoopGroup(group)
                .start();
    }

    /** Connects, and returns when the connection is on its way to the loop that is held. */
    private Socket connectedOnItsWay(NettyClientEndpoint endpoint) throws Exception {
        SingleThreadEventExecutor second = (SingleThreadEventExecutor) loops.get(1);
        CountDownLatch isHeld = new CountDownLatch(1);
        second.execute(() -> {
            isHeld.countDown();
            while (held.getCount() > 0) {
                Thread.onSpinWait();
            }
        });
        isHeld.await();
        int tasks = second.pendingTasks();
        Socket client = new Socket(
                endpoint.localAddress().getAddress(), endpoint.localAddress().getPort());
        client.setSoTimeout(MILLIS_MAX);
        while (second.pendingTasks() == tasks) {
            Thread.onSpinWait();
        }
        return client;
    }

    @Test
    void aConnectionThatIsAcceptedBehindTheCloseIsClosed() throws Exception {
        NettyClientEndpoint endpoint = serve();
        try (Socket client = connectedOnItsWay(endpoint)) {
            endpoint.close();
            held.countDown();
            assertEquals(-1, client.getInputStream().read());
        }
    }

    @Test
    void aConnectionThatReachesALoopWhichEndsIsClosed() throws Exception {
        NettyClientEndpoint endpoint = serve();
        try (Socket client = connectedOnItsWay(endpoint)) {
            Future<?> unused = group.shutdownGracefully(0, 5, TimeUnit.SECONDS);
            held.countDown();
            assertTrue(group.awaitTermination(5, TimeUnit.SECONDS));
            assertEquals(-1, client.getInputStream().read());
            endpoint.close();
        }
    }

    @Test
    void anEndpointClosesOnItsOwnLoop() throws Exception {
        NettyClientEndpoint endpoint = serve();
        loops.get(0).submit(endpoint::close).get(MILLIS_MAX, TimeUnit.MILLISECONDS);
    }
}
