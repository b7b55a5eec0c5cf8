// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.channel.ChannelFactory;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.Objects;

/**
 * Which of Netty's kinds of TCP sockets a transport, an endpoint or a client uses: the three parts that have to be of one kind.
 * It is {@link #NIO} unless said otherwise, which runs everywhere. A host that has the native part of its Netty on the class path
 * hands in that one:
 *
 * <pre>{@code
 * new Sockets(EpollIoHandler.newFactory(), EpollSocketChannel::new, EpollServerSocketChannel::new)
 * }</pre>
 *
 * <p>Immutable, and for any number of transports, endpoints and clients at a time; its parts are called by any thread.
 *
 * @param ioHandlers what event loops are made with; not used where a host hands in its own event loops, which have to be of the
 *     same kind
 * @param dialling makes the channels that connect
 * @param listening makes the channels that accept
 */
public record Sockets(
        IoHandlerFactory ioHandlers,
        ChannelFactory<? extends SocketChannel> dialling,
        ChannelFactory<? extends ServerSocketChannel> listening) {

    /** Of the JDK's selectors. */
    public static final Sockets NIO =
            new Sockets(NioIoHandler.newFactory(), NioSocketChannel::new, NioServerSocketChannel::new);

    public Sockets {
        Objects.requireNonNull(ioHandlers, "ioHandlers");
        Objects.requireNonNull(dialling, "dialling");
        Objects.requireNonNull(listening, "listening");
    }
}
