// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.connect;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Opens connections, and says on their event loop what became of them. Netty says it on a thread of its own when not even a socket
 * could be had, because the process has too many files open, say.
 */
public final class Dialling {

    private Dialling() {}

    /**
     * Dials; on the event loop.
     *
     * @param connection all about it but its event loop and where it goes
     * @param failed told why, once, on the event loop, after this has returned; never if the event loop is shut down meanwhile
     * @return the connection to be, or null if no socket could be had
     */
    public static @Nullable Channel dial(
            Bootstrap connection, EventLoop loop, InetSocketAddress address, Consumer<Throwable> failed) {
        ChannelFuture connecting = connection.group(loop).connect(address);
        connecting.addListener((ChannelFutureListener) connected -> {
            Throwable why = connected.isSuccess() ? null : connected.cause();
            if (why != null) {
                try {
                    loop.execute(() -> failed.accept(why));
                } catch (RejectedExecutionException shutDown) {
                    // Whoever would be told has gone with its event loop.
                }
            }
        });
        Channel channel = connecting.channel();
        return channel.isRegistered() ? channel : null;
    }
}
