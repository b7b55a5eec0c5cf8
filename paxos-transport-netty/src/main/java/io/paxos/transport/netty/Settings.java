// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoopGroup;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.connect.Address;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link NettyTransportBuilder} was told.
 *
 * @param bind where to listen
 * @param peers where the peers listen; perhaps also this node
 * @param limits the bounds
 * @param allocator of every buffer
 * @param sockets of every connection
 * @param eventLoopGroup the host application's, or null for our own
 */
record Settings(
        Address bind,
        Map<NodeId, Address> peers,
        Limits limits,
        ByteBufAllocator allocator,
        Sockets sockets,
        @Nullable EventLoopGroup eventLoopGroup) {

    Settings {
        peers = new TreeMap<>(peers);
    }

    @Override
    public String toString() {
        return "bind " + bind + ", peers " + peers + ", " + limits + ", allocator "
                + allocator.getClass().getSimpleName()
                + (eventLoopGroup == null ? "" : ", event loops of the host application");
    }
}
