// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.paxos.message.Frame;
import io.paxos.transport.Transport;
import io.paxos.transport.netty.guard.Complaints;
import io.paxos.transport.netty.guard.RecordingAllocator;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/** The accepting end of a connection to n1, without sockets: bytes in, bytes and frames out. */
final class Wire {
    final List<Frame> received = new ArrayList<>();
    final RecordingAllocator allocator = new RecordingAllocator();
    final LocalNode local;
    final EmbeddedChannel channel;

    Wire() {
        this(null);
    }

    /**
     * @param receiver who gets the frames, or null to keep them
     */
    Wire(Transport.Receiver receiver) {
        Complaints complaints = new Complaints(LoggerFactory.getLogger(Wire.class), System::nanoTime);
        local = Fixtures.local(receiver == null ? received::add : receiver, complaints);
        channel = connect();
    }

    /** One more connection to the same node. */
    EmbeddedChannel connect() {
        EmbeddedChannel another = new EmbeddedChannel(new InboundConnection(local, peer -> {}));
        another.config().setAllocator(allocator);
        return another;
    }

    /** What comes after the connection was closed is read by nobody. */
    void feed(byte[] bytes) {
        if (channel.isActive()) {
            channel.writeInbound(Unpooled.wrappedBuffer(bytes));
        }
    }

    void feedByteByByte(byte[] bytes) {
        for (byte b : bytes) {
            feed(new byte[] {b});
        }
    }

    void pass(long millis) {
        channel.advanceTimeBy(millis, TimeUnit.MILLISECONDS);
        channel.runScheduledPendingTasks();
    }

    /** What the other end has read so far. */
    List<ControlFrame> answers() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            byte[] bytes = new byte[next.readableBytes()];
            next.readBytes(bytes).release();
            all.writeBytes(bytes);
        }
        ByteBuffer in = ByteBuffer.wrap(all.toByteArray());
        List<ControlFrame> answers = new ArrayList<>();
        while (in.hasRemaining()) {
            int length = ControlCodec.lengthOf(in);
            answers.add(ControlCodec.decode(in.slice(in.position(), length)));
            in.position(in.position() + length);
        }
        return answers;
    }

    /** Closes the connection, after which every buffer must have been released. */
    void finish() {
        channel.finishAndReleaseAll();
        assertEquals(0, allocator.live(), "buffers that nobody released");
    }
}
