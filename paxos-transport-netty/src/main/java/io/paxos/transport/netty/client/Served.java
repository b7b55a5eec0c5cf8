// SPDX-License-Identifier: Apache-2.0
package io.paxos.transport.netty.client;

import io.paxos.ClientGateway;
import io.paxos.model.NodeId;
import io.paxos.transport.netty.client.ClientMessage.LeaderHint;
import io.paxos.transport.netty.client.ClientMessage.Welcome;
import io.paxos.transport.netty.connect.Address;
import io.paxos.transport.netty.guard.Complaints;
import io.paxos.transport.netty.guard.UnidentifiedConnections;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What all connections of an endpoint share. Any thread. */
final class Served {
    private final ClientGateway gateway;
    private final EndpointLimits limits;
    private final Map<NodeId, Address> addresses;
    private final Complaints complaints;
    private final UnidentifiedConnections unidentified = new UnidentifiedConnections(EndpointLimits.UNIDENTIFIED_MAX);
    private final Set<ClientConnection> welcomed = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * @param addresses where the other nodes serve clients, as far as the host application said
     */
    Served(ClientGateway gateway, EndpointLimits limits, Map<NodeId, Address> addresses, Complaints complaints) {
        this.gateway = gateway;
        this.limits = limits;
        this.addresses = addresses;
        this.complaints = complaints;
    }

    ClientGateway gateway() {
        return gateway;
    }

    EndpointLimits limits() {
        return limits;
    }

    Complaints complaints() {
        return complaints;
    }

    UnidentifiedConnections unidentified() {
        return unidentified;
    }

    String name() {
        return gateway.node() + " for clients";
    }

    /** False if it was closed before. */
    boolean close() {
        return closed.compareAndSet(false, true);
    }

    boolean isClosed() {
        return closed.get();
    }

    /** False if there are as many connections as are allowed. */
    boolean admit(ClientConnection connection) {
        if (welcomed.size() >= limits.connectionsMax()) {
            return false;
        }
        return welcomed.add(connection);
    }

    void leave(ClientConnection connection) {
        welcomed.remove(connection);
    }

    int connections() {
        return welcomed.size();
    }

    void tellLeader(@Nullable NodeId leader) {
        LeaderHint hint = hint(leader);
        for (ClientConnection connection : welcomed) {
            connection.tell(new ClientMessage.Leader(hint));
        }
    }

    LeaderHint hint(@Nullable NodeId leader) {
        if (leader == null) {
            return LeaderHint.NONE;
        }
        Address address = addresses.get(leader);
        return address == null ? new LeaderHint(leader, "", 0) : new LeaderHint(leader, address.host(), address.port());
    }

    Welcome welcome() {
        return new Welcome(
                ClientCodec.VERSION,
                gateway.cluster().name(),
                gateway.node(),
                limits.frameBytesMax(),
                limits.commandsMax(),
                limits.commandBytesMax(),
                Math.min(limits.readsMax(), gateway.readsMax()),
                Math.max(1, Math.min(gateway.commandBytesMax(), FramePacking.commandBytesMax(limits.frameBytesMax()))),
                gateway.agreedTimeMillis(),
                hint(gateway.leader().orElse(null)));
    }
}
