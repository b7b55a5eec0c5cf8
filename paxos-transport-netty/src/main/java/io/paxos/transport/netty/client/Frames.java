// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The frames that go out of one end of a connection: collected during a turn of its event loop, encoded into as few buffers as
 * may be, written and flushed once. On the event loop.
 */
final class Frames {
    /** Frames of one turn share buffers of up to this size; a larger frame has its own. */
    private static final int BUFFER_BYTES = 256 << 10;

    private final List<ClientMessage> collected = new ArrayList<>();
    private long bytesOnTheirWay;

    void add(ClientMessage message) {
        collected.add(message);
    }

    /** Forgets what was collected: the connection is gone. */
    void clear() {
        collected.clear();
    }

    /** Bytes that were written and that the operating system has not taken. */
    long bytesOnTheirWay() {
        return bytesOnTheirWay;
    }

    /** Writes and flushes what was collected. */
    void flush(Channel channel) {
        if (collected.isEmpty()) {
            return;
        }
        int from = 0;
        while (from < collected.size()) {
            int to = from;
            long bytes = 0;
            long next = ClientCodec.encodedLength(collected.get(from));
            while (to == from || (to < collected.size() && bytes + next <= BUFFER_BYTES)) {
                bytes += next;
                to++;
                next = to < collected.size() ? ClientCodec.encodedLength(collected.get(to)) : 0;
            }
            write(channel, from, to, Math.toIntExact(bytes));
            from = to;
        }
        collected.clear();
        channel.flush();
    }

    private void write(Channel channel, int from, int to, int bytes) {
        ByteBuf buffer = channel.alloc().directBuffer(bytes, bytes);
        try {
            ByteBuffer out = buffer.internalNioBuffer(0, bytes);
            for (int i = from; i < to; i++) {
                ClientCodec.encode(collected.get(i), out);
            }
            buffer.writerIndex(bytes - out.remaining());
        } catch (RuntimeException failed) {
            buffer.release();
            throw failed;
        }
        bytesOnTheirWay += bytes;
        ChannelFuture written = channel.write(buffer);
        ChannelFuture unused = written.addListener(done -> bytesOnTheirWay -= bytes);
    }
}
