// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.ClientGateway;
import io.paxos.transport.netty.guard.Complaints;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** A client that is connected to a node without a socket or a thread: it was welcomed, and time stands still unless it is told to go on. */
final class EmbeddedClient implements AutoCloseable {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ClientMessage.Welcome welcome;

    EmbeddedClient(ClientGateway node, EndpointLimits limits) {
        Complaints complaints = new Complaints(LoggerFactory.getLogger(EmbeddedClient.class), System::nanoTime);
        channel.freezeTime();
        channel.pipeline().addLast(new ClientConnection(new Served(node, limits, Map.of(), complaints)));
        channel.pipeline().fireChannelActive();
        send(new ClientMessage.Hello(1, 1, 1 << 16, "", "test"));
        List<ClientMessage> said = said();
        assertEquals(1, said.size(), said::toString);
        welcome = assertInstanceOf(ClientMessage.Welcome.class, said.get(0));
    }

    ClientMessage.Welcome welcome() {
        return welcome;
    }

    void send(ClientMessage message) {
        channel.writeInbound(Unpooled.wrappedBuffer(ClientCodec.encode(message)));
    }

    /** Everything that the client was told since it was asked last. */
    List<ClientMessage> said() {
        channel.runPendingTasks();
        List<ClientMessage> said = new ArrayList<>();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            byte[] bytes = new byte[next.readableBytes()];
            next.readBytes(bytes);
            next.release();
            said.add(ClientCodec.decode(ByteBuffer.wrap(bytes)));
        }
        return said;
    }

    /** Time goes by, a millisecond at a time, and everything that falls due in it is done when it does. */
    List<ClientMessage> saidWithin(int millis) {
        List<ClientMessage> said = new ArrayList<>();
        for (int i = 0; i < millis; i++) {
            channel.advanceTimeBy(1, TimeUnit.MILLISECONDS);
            channel.runScheduledPendingTasks();
            said.addAll(said());
        }
        return said;
    }

    @Override
    public void close() {
        channel.finishAndReleaseAll();
    }
}
